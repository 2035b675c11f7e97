"""Make the virtual environment from python3 and pip alone: `environment.py run|dev VENV`; renew the pins: `… pin`.

Debian may lack python3-venv and refuses `pip install` outside an environment, so: a bootstrap environment without pip,
uv installed into it by the machine's pip, and uv brings the real environment to the pinned versions. Standard library
only.
"""

import ast
import hashlib
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

SITE = Path(__file__).resolve().parent
BOOT = SITE.parent / ".boot"
REQUIREMENTS = {"run": SITE / "requirements.txt", "dev": SITE / "requirements-dev.txt"}
# What a machine without any setting needs; a variable already set by the person wins.
UV_DEFAULTS = {
    "UV_PYTHON_DOWNLOADS": "never",
    "UV_LINK_MODE": "copy",
    # All indexes count alike, as for pip. Safe here: each file is held to its hash.
    "UV_INDEX_STRATEGY": "unsafe-best-match",
}
# pip's setting: (uv's variable, separator between values)
FROM_PIP = {
    "index-url": ("UV_DEFAULT_INDEX", " "),
    "extra-index-url": ("UV_INDEX", " "),
    "find-links": ("UV_FIND_LINKS", ","),
    "trusted-host": ("UV_INSECURE_HOST", " "),
    "cert": ("SSL_CERT_FILE", " "),
    "client-cert": ("SSL_CLIENT_CERT", " "),
    "timeout": ("UV_HTTP_TIMEOUT", " "),
    "proxy": ("ALL_PROXY", " "),
}


def pip_config_list():
    """The machine's pip configuration, environment variables included, as pip itself lists it."""
    command = [sys.executable, "-m", "pip", "config", "list"]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


def pip_settings(listed):
    """{name: value} of what `pip config list` printed, the strongest value of each."""
    found = {}
    for section in ("global", "install", ":env:"):  # from the weakest to the strongest
        for line in listed.splitlines():
            name, _, value = line.partition("=")
            if name.startswith(f"{section}.") and value:
                found[name[len(section) + 1 :]] = str(ast.literal_eval(value))
    return found


def uv_environment(listed):
    """Environment variables by which uv fetches from where pip would: company mirror, proxy, certificate.

    `listed` is what `pip config list` printed; a variable already set for uv wins.
    """
    translated = {}
    for name, value in pip_settings(listed).items():
        if name in FROM_PIP:
            variable, separator = FROM_PIP[name]
            translated[variable] = separator.join(value.split())
    return {**UV_DEFAULTS, **translated, **os.environ}


def fingerprint(kind):
    """What the environment must hold, as one digest: the pins and the interpreter."""
    return hashlib.sha256(REQUIREMENTS[kind].read_bytes() + sys.version.encode()).hexdigest()


def is_ready(venv, kind):
    """Whether `venv` holds the pins of `kind`; the development pins hold the site's own."""
    stamp = venv / ".pins"
    if not (stamp.exists() and (venv / "bin" / "python").exists()):
        return False
    wanted = {fingerprint("dev")} | ({fingerprint("run")} if kind == "run" else set())
    return stamp.read_text() in wanted


def bootstrap():
    """uv itself, at the pinned version and hash; returns its path."""
    uv = BOOT / "bin" / "uv"
    pin = re.search(r"^uv==([\w.]+)(?:.*\\\n)(?:.+--hash=\S+(?: \\)?\n)+", REQUIREMENTS["dev"].read_text(), re.M)
    if uv.exists():
        version = subprocess.run([uv, "--version"], capture_output=True, text=True, check=False).stdout
        if version.split()[1:2] == [pin[1]]:
            return uv
    say(f"1/2  Préparation de l’installateur (uv {pin[1]})…")
    run([sys.executable, "-m", "venv", "--clear", "--without-pip", BOOT])
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as pins:
        pins.write(pin[0])
        pins.flush()
        pip = [sys.executable, "-m", "pip", "--python", BOOT / "bin" / "python", "install", "--quiet"]
        run([*pip, "--disable-pip-version-check", "--require-hashes", "--no-deps", "-r", pins.name])
    return uv


def make(venv, kind):
    """Bring `venv` to the pins of `kind` ("run" or "dev"); nothing to do when it holds them already."""
    if is_ready(venv, kind):
        return
    uv = bootstrap()
    count = len(re.findall(r"^\S+==", REQUIREMENTS[kind].read_text(), re.M))
    say(f"2/2  Installation des {count} bibliothèques dans {venv} (une demi-minute environ)…")
    quiet = [] if sys.stderr.isatty() else ["--quiet"]
    env = uv_environment(pip_config_list())
    if not (venv / "bin" / "python").exists():
        run([uv, "venv", "--quiet", "--clear", "--python", sys.executable, venv], env=env)
    python = venv / "bin" / "python"
    run([uv, "pip", "sync", *quiet, "--python", python, "--require-hashes", REQUIREMENTS[kind]], env=env)
    (venv / ".pins").write_text(fingerprint(kind))
    say("     L’environnement est prêt.")


def pin(*options):
    """Resolve the .in files again into the pinned ones; the development pins hold the site's own."""
    uv = bootstrap()
    for kind, constraints in (("run", []), ("dev", ["--constraints", REQUIREMENTS["run"].name])):
        target = REQUIREMENTS[kind].name
        say(f"Versions de {target}…")
        written = ["--generate-hashes", "--no-header", "--no-emit-index-url", "--output-file", target]
        source = Path(target).with_suffix(".in")
        command = [
            uv,
            "pip",
            "compile",
            "--quiet",
            "--python-version",
            "3.11",
            *written,
            *constraints,
            *options,
            source,
        ]
        run(command, env=uv_environment(pip_config_list()), cwd=SITE)


def run(command, env=None, cwd=None):
    """Run a step; its failure ends everything, with the step's own message above ours."""
    if subprocess.run([str(part) for part in command], env=env, cwd=cwd, check=False).returncode:
        sys.exit(
            "L’installation a échoué : le message ci-dessus dit pourquoi. Vérifiez l’accès au dépôt de paquets Python "
            "(« pip config list » montre les réglages utilisés), puis relancez la même commande."
        )


def say(message):
    print(message, flush=True)


if __name__ == "__main__":
    if sys.version_info < (3, 11):
        sys.exit(f"Python 3.11 ou plus récent est nécessaire ; {sys.executable} est en {sys.version.split()[0]}.")
    if sys.argv[1] == "pin":
        pin(*sys.argv[2:])
    else:
        make(Path(sys.argv[2]).resolve(), sys.argv[1])
