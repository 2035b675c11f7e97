"""When mails and digests leave in these tests, and what is read of them."""

from datetime import datetime
from io import StringIO

from django.core.management import call_command

NOON = datetime.fromisoformat("2026-11-17T12:00:00+01:00")
EVENING = NOON.replace(hour=18, minute=1)


def run():
    call_command("send_digests", stdout=StringIO())


def to(mails):
    return [message.to[0] for message in mails]


def link_of(message):
    return "/" + message.extra_headers["List-Unsubscribe"].strip("<>").split("/", 3)[3]
