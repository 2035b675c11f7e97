"""A circle's threads as files: JSON and their attachments in a ZIP archive, or an mbox that mail programs open.

Everything is made piece by piece, as it is sent: an archive of any size needs the memory of its longest thread and of
its largest file. The formats are described in docs/moving-in.md. The text of a removed message is never given.
"""

import json
import zipfile
from datetime import UTC
from email.encoders import encode_base64
from email.header import Header
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.utils import format_datetime, formataddr
from io import RawIOBase

from django.db.models import Prefetch
from django.utils import timezone

from extranet.circles import access
from extranet.files.storage import private_files
from forums.models import Post, Thread

from .domain import OURS
from .reading import DISCUSSION, FUNCTION, MOMENT

FORMAT = "extranet-discussions/1"
NOBODY = "sans-adresse@hors-extranet.invalid"
READ_ME = """Les discussions de « {circle} », exportées le {day}.

discussions.json   les discussions et leurs messages (format extranet-discussions/1)
discussions.mbox   les mêmes, pour un logiciel de messagerie (Thunderbird…) ou pour « manage.py import_threads »
fichiers/          les pièces jointes, sous le nom que leur donne discussions.json

Le texte des messages retirés n’y figure pas.
"""


def threads_of(circle):
    """The threads shared with `circle`, the oldest first, with their posts."""
    posts = Post.objects.select_related("author").order_by("seq")
    shared = Thread.objects.filter(access.shared_with(Thread, [circle.pk])).order_by("created_at", "pk")
    return shared.prefetch_related(Prefetch("posts", posts)).iterator(chunk_size=20)


def archive(circle):
    """Yields the octets of the ZIP archive."""
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as zipped:
        words = READ_ME.format(circle=circle.name, day=timezone.localtime().strftime("%d/%m/%Y"))
        zipped.writestr("LISEZMOI.txt", words)
        yield from _entry(zipped, sink, "discussions.json", (text.encode() for text in _json(circle)))
        yield from _entry(zipped, sink, "discussions.mbox", mbox(circle))
        for thread in threads_of(circle):
            for name, file in _files_of(thread):
                yield from _entry(zipped, sink, name, _octets(file))
    yield sink.taken()


def mbox(circle):
    """Yields the octets of the mbox, a message at a time."""
    for thread in threads_of(circle):
        root = None
        for post in thread.posts.all():
            if post.removed_at is None:
                root = root or message_id(post)
                yield _mail(thread, post, root)


def message_id(post):
    """The id of the mail that the post was, or one of its own, which an import recognises."""
    return post.message_id or f"{post.key}{OURS}"


def _json(circle):
    head = {
        "format": FORMAT,
        "circle": {"name": circle.name, "slug": circle.slug, "territory": circle.territory.siren},
        "exported_at": timezone.now().isoformat(),
    }
    yield json.dumps(head, ensure_ascii=False)[:-1] + ', "threads": ['
    for index, thread in enumerate(threads_of(circle)):
        yield (",\n" if index else "\n") + json.dumps(_thread(thread), ensure_ascii=False)
    yield "\n]}\n"


def _thread(thread):
    return {
        "id": thread.pk,
        "title": thread.title,
        "author": {"name": thread.author_name, "function": thread.author_label},
        "created_at": thread.created_at.isoformat(),
        "closed": thread.closed,
        "summary": thread.summary_seq,
        "posts": [_post(post) for post in thread.posts.all()],
    }


def _post(post):
    said = {
        "number": post.seq,
        "message_id": message_id(post),
        "author": {
            "name": post.author_name,
            "function": post.author_label,
            "email": post.author.email if post.author else None,
        },
        "created_at": post.created_at.isoformat(),
    }
    if post.removed_at:
        return said | {"removed_at": post.removed_at.isoformat(), "removal_reason": post.removal_reason}
    return said | {
        "edited_at": post.edited_at.isoformat() if post.edited_at else None,
        "markdown": post.body,
        "files": [
            {
                "name": file["name"],
                "mime": file["mime"],
                "size": file["size"],
                "sha256": file["sha256"],
                "entry": _place(post, number),
            }
            for number, file in post.attachments
        ],
    }


def _place(post, number):
    extension = post.files[number - 1]["name"].rpartition(".")[2].lower()
    return f"fichiers/{post.thread_id}-{post.seq}-{number}.{extension}"


def _files_of(thread):
    for post in thread.posts.all():
        if post.removed_at is None:
            yield from ((_place(post, number), file) for number, file in post.attachments)


def _octets(file):
    with private_files().open(file["path"]) as opened:
        yield from opened.chunks()


# A message as a mail ------------------------------------------------------------------------------------------------
def _mail(thread, post, root):
    text = MIMEText(post.body, "plain", "utf-8")
    mail = text
    if post.files:
        # Always the same for a message; what base64 is made of holds no underscore.
        boundary = f"limite_{post.key.hex}"
        mail = MIMEMultipart("mixed", boundary, [text, *(_part(file) for file in post.files)])
    own = message_id(post)
    address = post.author.email if post.author else NOBODY
    mail["From"] = formataddr((post.author_name, address), "utf-8")
    mail["Subject"] = _words(thread.title if own == root else f"Re: {thread.title}")
    mail["Date"] = format_datetime(post.created_at)
    mail["Message-ID"] = f"<{own}>"
    if own != root:
        mail["References"] = mail["In-Reply-To"] = f"<{root}>"
    mail[DISCUSSION] = root
    mail[FUNCTION] = _words(post.author_label)
    mail[MOMENT] = post.created_at.isoformat()
    separator = f"From extranet {post.created_at.astimezone(UTC).ctime()}\n"
    return separator.encode() + mail.as_bytes() + b"\n\n"


def _words(text):
    return text if text.isascii() and "=?" not in text else Header(text, "utf-8")


def _part(file):
    part = MIMEBase(*file["mime"].split("/", 1))
    part.set_payload(b"".join(_octets(file)))
    encode_base64(part)
    part.add_header("Content-Disposition", "attachment", filename=("utf-8", "", file["name"]))
    return part


# ZIP, as it is made -------------------------------------------------------------------------------------------------
class _Sink(RawIOBase):
    """What the archive writes to: it keeps no more than what was not taken yet."""

    def __init__(self):
        super().__init__()
        self.pieces = []

    def writable(self):
        return True

    def write(self, octets):
        self.pieces.append(bytes(octets))
        return len(octets)

    def taken(self):
        pieces, self.pieces = b"".join(self.pieces), []
        return pieces


def _entry(zipped, sink, name, pieces):
    info = zipfile.ZipInfo(name, timezone.localtime().timetuple()[:6])
    info.compress_type = zipfile.ZIP_DEFLATED
    with zipped.open(info, "w", force_zip64=True) as entry:
        for piece in pieces:
            entry.write(piece)
            if taken := sink.taken():
                yield taken
    yield sink.taken()
