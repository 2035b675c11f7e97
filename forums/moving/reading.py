"""An mbox file, read: the heads of its messages first, then each letter when it is wanted. Writes nothing.

The standard library's compat32 policy is used rather than `email.policy.default`, which raises on the broken headers
that archives are full of (words.py reads them).
"""

import email
import hashlib
import mailbox
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from . import words

OLDEST = datetime(1990, 1, 1, tzinfo=UTC)
IDS = re.compile(r"<\s*([^<>\s]+)\s*>")
LONGEST_ID = 200
# What our own export adds: a letter that carries it is given back as it was (export.py).
DISCUSSION, FUNCTION, MOMENT = "X-Extranet-Discussion", "X-Extranet-Fonction", "X-Extranet-Date"


@dataclass
class Head:
    """What makes a message's place: its number in the file (from 1), its id, those it answers to (oldest first)."""

    number: int
    key: int
    id: str
    parents: tuple
    subject: str
    at: datetime
    discussion: str = ""  # set by our export
    troubles: list = field(default_factory=list)


@dataclass
class Letter:
    """What a message says: its sender, its text and its files, as (name, octets)."""

    name: str
    address: str
    text: str = ""
    function: str = ""
    files: list = field(default_factory=list)
    troubles: list = field(default_factory=list)


class Archive:
    """An mbox file."""

    def __init__(self, path):
        """Raises OSError, and ValueError when the file is no mbox."""
        with open(path, "rb") as file:
            start = file.read(5)
        if start and start != b"From ":
            raise ValueError("Ce fichier n’est pas une archive mbox\u202f: elle commence par « From ».")
        self.box = mailbox.mbox(path, create=False)

    def __len__(self):
        return len(self.box)

    def heads(self):
        """Yields the Head of each message, in the order of the file."""
        last = None
        for number, key in enumerate(self.box.keys(), start=1):
            head = _head(number, key, self.box.get_bytes(key, from_=True), last)
            last = head.at
            yield head

    def letter(self, head):
        """The Letter of a head."""
        message = email.message_from_bytes(self.box.get_bytes(head.key))
        name, address = words.sender(_raw(message, "From"))
        letter = Letter(name, address, function=words.header(_raw(message, FUNCTION)))
        _collect(message, letter)
        if not head.discussion:
            letter.text = letter.text.strip()
        return letter


def _head(number, key, octets, last):
    first_line, _, rest = octets.partition(b"\n")
    message = email.message_from_bytes(rest.split(b"\n\n", 1)[0].split(b"\r\n\r\n", 1)[0] + b"\n\n")
    found = _ids(_raw(message, "Message-ID"))
    head = Head(
        number=number,
        key=key,
        id=found[-1] if found else f"{hashlib.sha256(rest).hexdigest()[:40]}@sans-identifiant",
        parents=tuple(dict.fromkeys(_ids(_raw(message, "References")) + _ids(_raw(message, "In-Reply-To")))),
        subject=words.header(_raw(message, "Subject")),
        at=None,
        discussion=words.header(_raw(message, DISCUSSION)),
    )
    if not message.keys():
        head.troubles.append("message sans en-tête (une ligne qui commence par « From » l’a peut-être coupé)")
    head.at = _date(message, first_line)
    if head.at is None:
        head.at = last or datetime.now(UTC)
        head.troubles.append("date illisible\u202f: celle du message précédent est prise")
    elif head.at > datetime.now(UTC) + timedelta(days=1):
        head.at = datetime.now(UTC)
        head.troubles.append("date à venir\u202f: celle d’aujourd’hui est prise")
    return head


def _raw(message, name):
    """A header as it is written: `get` turns one whose octets are not announced into something else."""
    return next((str(value) for key, value in message.raw_items() if key.lower() == name.lower()), "")


def _ids(value):
    """The message ids of a header, each of a bounded length."""
    value = words.header(value)
    found = IDS.findall(value) or ([value.strip()] if "@" in value else [])
    return [
        each if len(each) <= LONGEST_ID else hashlib.sha256(each.encode("utf-8", "replace")).hexdigest()
        for each in found
    ]


def _date(message, first_line):
    """When it was sent: by its header, else as it was received, else as the file says. None when none can be read."""
    exact = words.header(_raw(message, MOMENT))
    if exact:
        try:
            moment = datetime.fromisoformat(exact)
        except ValueError:
            pass
        else:
            return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    received = [value.rpartition(";")[2] for name, value in message.raw_items() if name.lower() == "received"]
    separator = re.sub(rb"^From \S*\s+", b"", first_line).decode("ascii", "replace").strip()
    for text in (words.header(_raw(message, "Date")), *received, _of_separator(separator)):
        moment = _moment(text)
        if moment is not None and moment > OLDEST:
            return moment
    return None


def _of_separator(text):
    """« Thu Dec 13 09:05:00 2012 » in the order of a Date header."""
    found = re.search(r"(\w{3})\s+(\d{1,2})\s+([\d:]{8})\s+(?:\S+\s+)?(\d{4})", text)
    return "{1} {0} {3} {2} +0000".format(*found.groups()) if found else ""


def _moment(text):
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError, OverflowError, IndexError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


# Bodies -------------------------------------------------------------------------------------------------------------
def _collect(part, letter):
    """Add the text and the files of `part` and of what it holds."""
    kind = part.get_content_type()
    if kind == "multipart/alternative":
        _choose(part, letter)
    elif kind == "message/rfc822" and part.is_multipart():
        inner = part.get_payload(0)
        subject, (name, _) = words.header(_raw(inner, "Subject")), words.sender(_raw(inner, "From"))
        letter.text += f"\n\nMessage transmis\u202f: {subject}, {name}\n\n"
        _collect(inner, letter)
    elif part.is_multipart():
        for each in part.get_payload():
            _collect(each, letter)
    elif _is_file(part):
        _keep_file(part, letter)
    else:
        text = _text(part, letter)
        letter.text += ("\n\n" if letter.text else "") + text


def _choose(part, letter):
    """The plain text of an alternative, or else its HTML; the files of both."""
    children = part.get_payload() if part.is_multipart() else []
    read = []
    for child in children:
        side = Letter(letter.name, letter.address)
        _collect(child, side)
        read.append((child.get_content_type() == "text/plain", side))
        letter.files += side.files
    told = [(plain, side) for plain, side in read if side.text.strip()]
    for _, side in sorted(told, key=lambda pair: not pair[0])[:1]:
        letter.text += ("\n\n" if letter.text else "") + side.text
        letter.troubles += side.troubles


def _is_file(part):
    is_text = part.get_content_type() in {"text/plain", "text/html"}
    return part.get_content_disposition() == "attachment" or bool(_file_name(part)) or not is_text


def _file_name(part):
    try:
        return words.header(part.get_filename())
    except (LookupError, ValueError, TypeError):
        return ""


def _octets(part):
    try:
        return part.get_payload(decode=True) or b""
    except (LookupError, ValueError, AssertionError):
        return str(part.get_payload()).encode("utf-8", "surrogateescape")


def _keep_file(part, letter):
    name = _file_name(part) or f"pièce jointe.{part.get_content_subtype()}"
    octets = _octets(part)
    if octets:
        letter.files.append((name, octets))
    else:
        letter.troubles.append(f"pièce jointe vide\u202f: {name}")


def _text(part, letter):
    text, expected = words.decoded(_octets(part), part.get_content_charset("us-ascii"))
    if not expected:
        letter.troubles.append("jeu de caractères autre que celui qui est annoncé")
    text = text.replace("\r\n", "\n")
    if part.get_content_type() == "text/html":
        return words.from_html(text)
    if str(part.get("Content-Transfer-Encoding", "")).strip().lower() not in {"base64", "quoted-printable"}:
        text = re.sub(r"(?m)^>(>*From )", r"\1", text)  # what the archive put before a line that begins so
    if str(part.get_param("format", "")).lower() == "flowed":
        text = words.unflowed(text)
    return text
