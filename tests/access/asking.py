"""Asking the site for something as someone, and what it answers, in the words of the matrix."""

from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from io import BytesIO
from zipfile import ZipFile

from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")
# A session notes a visit; nothing of the project's own.
SESSIONS = "django_session"
# Written when a mandate that ended in the night is noticed: it takes rights away, whatever was asked.
RIGHTS = ("accounts_user_groups", "circles_circleuserpermission", "circles_mandate")
REFUSED = {"login", "closed", "400", "403", "404", "405", "410", "422", "429"}


@dataclass(frozen=True)
class Ask:
    """A request less its method and who makes it.

    `kwargs` name the pattern's arguments, `path` stands for them where a pattern has no name. `writes`: whether a POST
    that is granted writes to the database. test_id_swap.py swaps the ids: ints, and strings in `kwargs` and `query`.
    """

    kwargs: dict = field(default_factory=dict)
    query: dict = field(default_factory=dict)
    data: dict = field(default_factory=dict)
    path: str = ""
    writes: bool = True

    def url(self, pattern):
        return self.path or reverse(pattern, kwargs=self.kwargs)


class Browser:
    """A person at a host name, signed in once (nobody: not at all). Each request leaves from the same cookies, and
    finds an empty cache: what the one before it did, such as signing out, is not known to it."""

    def __init__(self, person, host="testserver"):
        client = Client()
        if person:
            client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        self.cookies, self.host = client.cookies.output(header="", sep=";"), host

    def client(self):
        cache.clear()
        client = Client(headers={"host": self.host})
        client.cookies.load(self.cookies)
        return client

    def get(self, path, query=None):
        return self.client().get(path, query_params=query)


@contextmanager
def undone():
    """What the block writes to the database is undone at its end."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def send(browser, pattern, method, ask):
    """The response to a GET or a POST."""
    client = browser.client()
    if method == "POST":
        for value in ask.data.values():
            if hasattr(value, "seek"):
                value.seek(0)  # a file that was sent before
        return client.post(ask.url(pattern), {**ask.data}, query_params=ask.query)
    return client.get(ask.url(pattern), query_params=ask.query)


def word(response):
    """The response as the matrix writes it: its status, but « login » for a redirection to a sign-in page and
    « closed » for the page that says that no mandate opens this territory."""
    status = str(response.status_code)
    if status == "302" and "login/?next=" in response["Location"]:
        return "login"
    if status == "403" and "Votre accès n’est pas ouvert" in response.content.decode():
        return "closed"
    return status


@contextmanager
def written(besides=()):
    """The tables that the block writes to, as a list that it fills; sessions and `besides` left out."""
    tables, ignored = [], (SESSIONS, *besides)

    def watch(execute, sql, params, many, context):
        statement = sql.lstrip().upper()
        if statement.startswith(WRITES) and not any(f'"{table}"' in sql for table in ignored):
            tables.append(sql.split('"')[1] if '"' in sql else sql)
        return execute(sql, params, many, context)

    waiting = len(connection.run_on_commit)
    with connection.execute_wrapper(watch):
        yield tables
    after = [str(callback) for _, callback, _ in connection.run_on_commit[waiting:]]
    tables += [callback for callback in after if not (besides and "refresh_rights" in callback)]


def read_body(response):
    """The whole answer as text, headers too: what a person receives."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    headers = "\n".join(f"{name}: {value}" for name, value in response.headers.items())
    return f"{headers}\n{response.cookies.output()}\n\n{text_of(body)}"


def text_of(octets):
    """The words of an answer: of a PDF, of each file of a ZIP archive, of each mail of an mbox."""
    if octets.startswith(b"%PDF-"):
        reader = PdfReader(BytesIO(octets))
        return "\n".join([str(reader.metadata), *(page.extract_text() for page in reader.pages)])
    if octets.startswith(b"PK\x03\x04"):
        archive = ZipFile(BytesIO(octets))
        return "\n".join(f"{name}\n{text_of(archive.read(name))}" for name in archive.namelist())
    if octets.startswith(b"From "):
        mails = [message_from_bytes(each) for each in octets.split(b"\n\nFrom ")]
        parts = [part for mail in mails for part in mail.walk() if not part.is_multipart()]
        return "\n".join([octets.decode(errors="replace"), *(text_of(part.get_payload(decode=True)) for part in parts)])
    return octets.decode(errors="replace")
