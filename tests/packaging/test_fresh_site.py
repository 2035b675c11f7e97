"""The README's promise: a site of `wagtail start`, the wheel, the README's lines, and a circle's page is served."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SERVES_A_CIRCLE = """
from django.contrib.auth import get_user_model
from django.test import Client
from wagtail.models import Site
import extranet
from extranet.circles import domain
from extranet.circles.models import Circle, Function

site = Site.objects.get(is_default_site=True)
territory = domain.create_territory(siren="244900015", name="Angers Loire Métropole", kind="CU", site=site)
commune = domain.add_commune(territory, insee_code="49035", name="Bouchemaine", population=6580)
user = get_user_model().objects.create_user("helene", "helene@bouchemaine.example", first_name="Hélène")
domain.give_mandate(user, Function.DGS, territory=territory, commune=commune)
browser = Client(headers={"host": "localhost"})
closed = browser.get(f"/groupes/{commune.circle.slug}/")
browser.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
page = browser.get(f"/groupes/{commune.circle.slug}/")
print(extranet.__file__)
print(closed.status_code, page.status_code, page.content.decode().count("<h1"), "Bouchemaine" in page.content.decode())
"""


def lines_of_readme(name):
    """The block of code that follows the comment `<!-- name -->`."""
    block = re.search(rf"<!-- {name} -->\n```python\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    return block[1]


@pytest.fixture(scope="module")
def fresh_site(wheel, tmp_path_factory):
    """A function that runs a command in the fresh site, where the plugins come from the wheel alone."""
    place = tmp_path_factory.mktemp("fresh")
    programs = Path(sys.executable).parent
    environment = {
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(place),
        "PYTHONPATH": str(place / "installed"),
        "DJANGO_SETTINGS_MODULE": "monsite.settings.dev",
        "PYTHONUTF8": "1",
    }

    def run(*command, cwd=place / "monsite"):
        done = subprocess.run(
            command, cwd=cwd, env=environment, capture_output=True, text=True, timeout=180, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    install = ("uv", "pip", "install", "--quiet", "--offline", "--no-deps", "--python", sys.executable)
    run(*install, "--target", str(place / "installed"), str(wheel), cwd=place)
    run("wagtail", "start", "monsite", cwd=place)
    package = place / "monsite" / "monsite"
    for file, block in (("settings/base.py", "settings"), ("urls.py", "urls")):
        with (package / file).open("a") as target:
            target.write("\n" + lines_of_readme(block))
    (package / "asgi.py").write_text(lines_of_readme("asgi"))
    return run


def test_fresh_site_serves_a_circle_s_page(fresh_site):
    fresh_site(sys.executable, "manage.py", "migrate", "--verbosity", "0")
    said = fresh_site(sys.executable, "manage.py", "shell", "--no-imports", "-c", SERVES_A_CIRCLE)
    origin, result = said.strip().splitlines()[-2:]
    assert Path(origin).is_relative_to(
        Path(fresh_site(sys.executable, "-c", "import os; print(os.getcwd())").strip()).parent
    )
    assert result == "302 200 1 True"


def test_fresh_site_passes_django_s_checks(fresh_site):
    said = fresh_site(sys.executable, "manage.py", "check", "--fail-level", "WARNING")
    assert said == "System check identified no issues (0 silenced).\n"


def test_fresh_site_needs_no_migration_of_its_own(fresh_site):
    fresh_site(sys.executable, "manage.py", "makemigrations", "--check", "--dry-run")


def test_fresh_site_s_asgi_application_loads(fresh_site):
    said = fresh_site(sys.executable, "-c", "from monsite.asgi import application as a; print(type(a).__name__)")
    assert said == "ProtocolTypeRouter\n"
