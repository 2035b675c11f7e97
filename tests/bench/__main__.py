"""`python -m tests.bench [name…] [--check] [--tiny]`: the measures of docs/performance.md.

Each engine gets a process and a database of its own, thrown away at the end: SQLite always; PostgreSQL where
DATABASE_URL names one, or where one answers on this machine. With `--check`, a missed goal makes the exit code 1.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

from tests.bench.run import MISSED, NAMES

ROOT = Path(__file__).resolve().parents[2]
LOCAL = "postgres://postgres@127.0.0.1:5432/postgres"


def main():
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="Mesures, avec leurs rapports.")
    parser.add_argument("names", nargs="*", choices=[[], *NAMES], metavar="nom", help=", ".join(NAMES))
    parser.add_argument("--check", action="store_true", help="un but manqué donne le code de sortie 1")
    parser.add_argument("--tiny", action="store_true", help="de petites tailles, pour essayer le programme")
    options = parser.parse_args()
    arguments = [*options.names, *(["--tiny"] if options.tiny else [])]
    missed = [_run(url, folder, arguments) for url, folder in _engines()]
    return 1 if options.check and any(missed) else 0


def _engines():
    with tempfile.TemporaryDirectory(prefix="extranet-bench-") as folder:
        yield f"sqlite:///{folder}/bench.sqlite3", folder
        server = _postgresql()
        if server is None:
            print("PostgreSQL ne répond pas : mesures sur SQLite seulement (DATABASE_URL=postgres://… le désigne).")
            return
        with _database(server) as url:
            yield url, folder


def _postgresql():
    """The address of a PostgreSQL that answers, or None."""
    asked = os.environ.get("DATABASE_URL", "")
    server = asked if asked.startswith("postgres") else LOCAL
    try:
        psycopg.connect(server, connect_timeout=2).close()
    except psycopg.OperationalError:
        if server == asked:
            raise
        return None
    return server


@contextmanager
def _database(server):
    name = f"extranet_bench_{os.getpid()}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        try:
            yield urlsplit(server)._replace(path=f"/{name}").geturl()
        finally:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _run(url, folder, arguments):
    """Run the benches in a process of their own. Returns whether a goal was missed."""
    paths = [str(ROOT), str(ROOT / "site")]
    environment = {
        **os.environ,
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "tests.bench.settings",
        "PYTHONPATH": os.pathsep.join(paths),
        "VAR_DIR": folder,
    }
    done = subprocess.run([sys.executable, "-m", "tests.bench.run", *arguments], env=environment, check=False, cwd=ROOT)
    if done.returncode not in (0, MISSED):
        sys.exit(done.returncode)
    return done.returncode == MISSED


if __name__ == "__main__":
    sys.exit(main())
