"""What members may put on the site: files of the office, whose content is what their name says."""

import hashlib
import re
import unicodedata
import zipfile
from dataclasses import dataclass

import puremagic

MOST_OCTETS = 50 * 1024 * 1024
# An office file is a zip archive: a small one can hide a huge one.
MOST_UNPACKED = 500 * 1024 * 1024
MOST_ENTRIES = 10_000
PARTS = {  # the part that makes an archive an office file
    "docx": "word/document.xml",
    "xlsx": "xl/workbook.xml",
    "pptx": "ppt/presentation.xml",
}
OPEN_DOCUMENT = "application/vnd.oasis.opendocument."
OFFICE_OPEN = "application/vnd.openxmlformats-officedocument."
MIMES = {
    "pdf": "application/pdf",
    "docx": f"{OFFICE_OPEN}wordprocessingml.document",
    "xlsx": f"{OFFICE_OPEN}spreadsheetml.sheet",
    "pptx": f"{OFFICE_OPEN}presentationml.presentation",
    "odt": f"{OPEN_DOCUMENT}text",
    "ods": f"{OPEN_DOCUMENT}spreadsheet",
    "odp": f"{OPEN_DOCUMENT}presentation",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "txt": "text/plain",
    "csv": "text/csv",
}
ACCEPTED = "PDF, DOCX, ODT, XLSX, ODS, PPTX, ODP, PNG, JPG, TXT ou CSV"


class Refused(ValueError):
    """A file that is not taken, with the reason for the member."""


@dataclass(frozen=True)
class Inspected:
    """What a file turned out to be."""

    name: str
    mime: str
    size: int
    sha256: str


def inspect(file):
    """What this file is, read from its content; leaves it rewound.

    Raises: Refused, when it is empty, too heavy, of a kind that is not taken, or not what its name says.
    """
    name = clean_name(file.name)
    extension = name.rpartition(".")[2].lower() if "." in name else ""
    if extension not in MIMES:
        raise Refused(_wrong_kind(extension))
    if file.size > MOST_OCTETS:
        raise Refused("Ce fichier dépasse 50\u00a0Mo\u202f: allégez-le, ou partagez-le en plusieurs fichiers.")
    if not file.size:
        raise Refused("Ce fichier est vide.")
    if not _is_really(file, extension):
        raise Refused(
            f"Le contenu de ce fichier n’est pas celui d’un fichier {extension.upper()}\u202f: ouvrez-le, puis"
            " enregistrez-le de nouveau dans ce format."
        )
    file.seek(0)
    digest = hashlib.file_digest(file, "sha256").hexdigest()
    file.seek(0)
    return Inspected(name, MIMES[extension], file.size, digest)


def clean_name(name):
    """A file name without path, control nor direction characters, of 150 characters at most, its extension kept."""
    name = re.split(r"[/\\]", unicodedata.normalize("NFC", name or ""))[-1]
    name = "".join("_" if char in '<>:"|?*' else char for char in name if unicodedata.category(char)[0] != "C")
    stem, dot, extension = re.sub(r"\s+", " ", name).strip(" .").rpartition(".")
    return f"{stem.strip()[:140]}{dot}{extension.strip()[:9]}" if stem else extension[:150]


def _wrong_kind(extension):
    if extension in {"zip", "rar", "7z"}:
        return "Les archives ne sont pas acceptées\u202f: ajoutez les fichiers un par un, chacun sera lu et retrouvé."
    if extension in {"doc", "xls", "ppt"}:
        return f"L’ancien format {extension.upper()} n’est pas accepté\u202f: enregistrez-le en {extension.upper()}X."
    return f"Ce type de fichier n’est pas accepté. Formats possibles\u202f: {ACCEPTED}."


def _is_really(file, extension):
    file.seek(0)
    if extension in PARTS or MIMES[extension].startswith(OPEN_DOCUMENT):
        return _is_office(file, extension)
    if extension in {"txt", "csv"}:
        return _is_text(file)
    try:
        return any(match.mime_type == MIMES[extension] for match in puremagic.magic_string(file.read(4096)))
    except puremagic.PureError:
        return False


def _is_office(file, extension):
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
            if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > MOST_UNPACKED:
                raise Refused("Ce fichier se déploie en un contenu démesuré\u202f: il n’est pas accepté.")
            if extension in PARTS:
                return {"[Content_Types].xml", PARTS[extension]} <= set(archive.namelist())
            with archive.open("mimetype") as part:
                return part.read(200).decode("ascii", "replace").strip() == MIMES[extension]
    except (zipfile.BadZipFile, KeyError, OSError, RuntimeError, NotImplementedError, EOFError):
        return False


def _is_text(file):
    """Readable text, and no page: a browser must have nothing to run in it."""
    start = file.read(64 * 1024)
    if b"\x00" in start or re.match(
        rb"\s*(?:\xef\xbb\xbf)?\s*<(?:!doctype|html|script|svg|\?xml)", start, re.IGNORECASE
    ):
        return False
    return not any(byte < 9 or 13 < byte < 27 for byte in start)
