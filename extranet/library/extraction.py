"""The text of a file, read in a process of its own (reader.py): what harms the reader never harms the site."""

import json
import logging
import os
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

logger = logging.getLogger(__name__)

READER = Path(__file__).with_name("reader.py")
PATIENCE = 30  # seconds on the clock
IMAGES = {"image/png", "image/jpeg"}
TEXTS = {"text/plain", "text/csv"}
MOST_TEXT = 2_000_000

TOO_HEAVY = "La lecture demandait trop de mémoire ou de temps."
LOCKED = "Le fichier est protégé par un mot de passe."
UNREADABLE = "Le fichier est abîmé ou d’une forme inattendue."
SCANNED = "Aucun texte dans ce fichier\u202f: c’est sans doute un document numérisé."


class Unread(Exception):
    """The text could not be read; the message says why, for the member."""


@dataclass(frozen=True)
class Text:
    """What was read; pages are parted by form feeds, and counted when the format has any."""

    text: str
    pages: int | None


def read(file, mime):
    """The Text of an open file. Raises: Unread."""
    if mime in IMAGES:
        return Text("", None)
    if mime in TEXTS:
        return Text(_decoded(file.read(MOST_TEXT)), None)
    answer = _ask_reader(file, mime)
    if "error" in answer:
        logger.info("unread: %s %s", answer["error"], answer.get("detail", ""))
        raise Unread(_reason(answer))
    text = answer["text"].replace("\x00", " ").encode("utf-8", "replace").decode()
    if not text.strip() and mime == "application/pdf":
        raise Unread(SCANNED)
    return Text(text, answer["pages"])


def _decoded(content):
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _ask_reader(file, mime):
    with tempfile.TemporaryDirectory(prefix="extranet-read-") as place:
        path = Path(place) / "file"
        with path.open("wb") as copy:
            for chunk in iter(lambda: file.read(1 << 20), b""):
                copy.write(chunk)
        with tempfile.TemporaryFile() as output:
            _run([sys.executable, "-I", str(READER), str(path), mime], place, output)
            output.seek(0)
            try:
                return json.loads(output.read())
            except ValueError:  # killed by its limits before it could answer
                return {"error": "memory"}


def _run(command, place, output):
    environment = {"PATH": os.defpath, "HOME": place, "TMPDIR": place, "LANG": "C.UTF-8", "MALLOC_ARENA_MAX": "1"}
    process = subprocess.Popen(  # noqa: S603 our own script, arguments of our own making
        command,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.DEVNULL,
        cwd=place,
        env=environment,
        start_new_session=True,
    )
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _reason(answer):
    if answer["error"] in {"memory", "MemoryError"}:
        return TOO_HEAVY
    detail = answer.get("detail", "").lower()
    return LOCKED if "password" in detail or "encrypt" in detail else UNREADABLE
