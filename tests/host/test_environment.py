"""`make env` fetches from where the machine's pip would."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest

SITE = Path(__file__).resolve().parents[2] / "site"


@pytest.fixture
def environment(monkeypatch):
    monkeypatch.syspath_prepend(str(SITE))
    import environment  # noqa: PLC0415 a script: importable only here

    for name in ("UV_DEFAULT_INDEX", "UV_INDEX", "UV_FIND_LINKS", "SSL_CERT_FILE"):
        monkeypatch.delenv(name, raising=False)
    return environment


def test_company_mirror_of_pip_is_uv_s(environment):
    told = environment.uv_environment(
        "global.index-url='https://mirror.example/simple'\n"
        "global.extra-index-url='\\nhttps://a.example/\\nhttps://b.example/'\n"
        "global.cert='/etc/ssl/company.pem'\n"
        "global.no-color='1'\n"
    )
    assert told["UV_DEFAULT_INDEX"] == "https://mirror.example/simple"
    assert told["UV_INDEX"] == "https://a.example/ https://b.example/"
    assert told["SSL_CERT_FILE"] == "/etc/ssl/company.pem"


def test_pip_s_variable_wins_over_its_files_and_uv_s_own_over_both(environment, monkeypatch):
    listed = (
        ":env:.index-url='https://variable.example/'\n"
        "global.index-url='https://file.example/'\n"
        "install.index-url='https://install.example/'\n"
    )
    assert environment.uv_environment(listed)["UV_DEFAULT_INDEX"] == "https://variable.example/"
    monkeypatch.setenv("UV_DEFAULT_INDEX", "https://said-to-uv.example/")
    assert environment.uv_environment(listed)["UV_DEFAULT_INDEX"] == "https://said-to-uv.example/"


def test_machine_without_pip_settings_uses_uv_s_own_defaults(environment):
    assert "UV_DEFAULT_INDEX" not in environment.uv_environment("")


def test_ready_environment_is_left_alone(environment, tmp_path):
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python").touch()
    stamp = tmp_path / ".pins"
    assert not environment.is_ready(tmp_path, "run")
    stamp.write_text(environment.fingerprint("run"))
    assert environment.is_ready(tmp_path, "run")
    assert not environment.is_ready(tmp_path, "dev")
    stamp.write_text(environment.fingerprint("dev"))
    assert environment.is_ready(tmp_path, "run")
    assert environment.is_ready(tmp_path, "dev")


@pytest.mark.parametrize(("port", "said"), [("abc", "entre 1 et 65535"), ("70000", "entre 1 et 65535")])
def test_port_that_is_none_is_refused_in_words(port, said):
    done = subprocess.run(
        [sys.executable, SITE / "serve.py", port, "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert said in done.stderr


def test_taken_port_is_refused_in_words():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = subprocess.run(
            [sys.executable, SITE / "serve.py", port, "--check"], capture_output=True, text=True, check=False
        )
    assert done.returncode == 1
    assert f"Le port {port} est déjà utilisé" in done.stderr
