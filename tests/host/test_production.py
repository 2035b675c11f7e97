"""Production settings, in a process of their own: secrets come from the environment, nothing of the demo is there."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENT = {
    "DJANGO_SETTINGS_MODULE": "config.settings.production",
    "SECRET_KEY": "k7Vd0-aZq3_only-for-this-test_9wXn5Lr2Tb8Yc4Mf6Hg1Js",
    "ALLOWED_HOSTS": "extranet.example.org,.reseau.example.org",
    "REDIS_URL": "redis://127.0.0.1:6379/0",
    "DATABASE_URL": "postgres://extranet@127.0.0.1/extranet",
    "EMAIL_URL": "smtp+tls://user:pass@mail.example.org:587",
}


def manage(tmp_path, *arguments, **changes):
    inherited = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LD_LIBRARY_PATH")}
    environment = {**inherited, "VAR_DIR": str(tmp_path), **ENVIRONMENT, **changes}
    command = [sys.executable, "site/manage.py"]
    return subprocess.run(
        [*command, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False
    )


def setting(tmp_path, expression, **changes):
    """The value, printed, of an expression on `settings` and `apps`."""
    code = f"from django.apps import apps; from django.conf import settings; print({expression})"
    done = manage(tmp_path, "shell", "--no-imports", "-c", code, **changes)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_deployment_check_is_silent(tmp_path):
    done = manage(tmp_path, "check", "--deploy", "--fail-level", "WARNING")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "System check identified no issues (0 silenced).\n"


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"SECRET_KEY": "demo-only-not-a-secret-production-refuses-it" + "x" * 20}, "SECRET_KEY"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS"),
        ({"REDIS_URL": ""}, "REDIS_URL"),
    ],
)
def test_production_refuses_what_is_unsafe(tmp_path, change, named):
    done = manage(tmp_path, "check", **change)
    assert done.returncode != 0
    assert f"ImproperlyConfigured: {named}" in done.stderr


def test_production_holds_nothing_of_the_demo(tmp_path):
    assert setting(tmp_path, "apps.is_installed('demo'), getattr(settings, 'DEMO', False), settings.DEBUG") == (
        "False False False"
    )


def test_production_knows_no_demo_command(tmp_path):
    done = manage(tmp_path, "demo")
    assert done.returncode != 0
    assert "Unknown command: 'demo'" in done.stderr


def test_hosts_are_trusted_by_https_only(tmp_path):
    assert setting(tmp_path, "settings.CSRF_TRUSTED_ORIGINS") == (
        "['https://extranet.example.org', 'https://*.reseau.example.org']"
    )


def test_session_cookie_is_bound_to_the_host(tmp_path):
    names = "settings.SESSION_COOKIE_NAME, settings.SESSION_COOKIE_SECURE, settings.SESSION_COOKIE_HTTPONLY"
    assert setting(tmp_path, names) == "__Host-session True True"


def test_static_files_are_collected_and_a_database_away_is_a_503_page(tmp_path):
    collected = manage(tmp_path, "collectstatic", "--noinput", "--verbosity", "0")
    assert collected.returncode == 0, collected.stderr
    visit = """
from django.conf import settings
from django.test import Client
page = Client(headers={"host": "extranet.example.org"}, raise_request_exception=False).get("/", secure=True)
print(page.status_code, page.headers["Retry-After"], "<h1" in page.content.decode())
print(settings.DATABASES["default"]["OPTIONS"]["pool"]["timeout"])
"""
    nobody_answers = "postgres://extranet@127.0.0.1:1/extranet"
    done = manage(tmp_path, "shell", "--no-imports", "-c", visit, DATABASE_URL=nobody_answers)
    # A connection is waited for four seconds at most, so that the page comes within five (RELIABILITY, R15).
    assert done.stdout.split() == ["503", "30", "True", "4"], done.stderr
