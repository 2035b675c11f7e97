from types import SimpleNamespace

import pytest
import time_machine
from django.contrib.contenttypes.models import ContentType
from django.core import mail
from django.test import TestCase
from django.utils import timezone
from wagtail import hooks

from extranet.circles.models import Audience
from extranet.notices import domain
from extranet.notices.kinds import Letter, NoticeKind
from extranet.notices.models import Channel

from .posting import NOON

NOW, LATER = "tests.now", "tests.later"


def letter(content, part):
    """As a plugin writes one: part 404 has been removed since."""
    if part == 404:
        return None
    html = f'<p>Le texte {part} de <a href="/annuaire/1/">Yves</a>.</p>'
    return Letter(f"Re: {content}", html, "Yves Cormerais", "DGS, Feneu", timezone.now())


@pytest.fixture
def mail_kinds():
    """Two kinds, one told by mail at once and one in the digest."""
    now = NoticeKind(NOW, "Nouvelle pressée", channel=Channel.MAIL, letter=letter, shelf="Discussions", order=10)
    later = NoticeKind(
        LATER, "Nouvelle tranquille", channel=Channel.DIGEST, letter=letter, shelf="Ressources", order=20
    )
    with (
        hooks.register_temporarily("register_notice_kind", lambda: now),
        hooks.register_temporarily("register_notice_kind", lambda: later),
    ):
        yield


@pytest.fixture
def house(world, mail_kinds):
    """`house.content`, shared with the group « Achats »; `house.tell(kind, users, part=1)`, then what follows commit;
    `house.mails()`: what has left since it was last asked."""

    def tell(kind=NOW, users=None, **options):
        with TestCase.captureOnCommitCallbacks(execute=True):
            options = {"part": 1, "actor": world.yves, **options}
            return domain.tell(
                users or [world.helene], kind, world.meignanne, "Du nouveau", "/discussions/1/", **options
            )

    def mails():
        sent = list(mail.outbox)
        mail.outbox.clear()
        return sent

    content_type = ContentType.objects.get_for_model(world.meignanne)
    rows = {"content_type": content_type, "object_id": world.meignanne.pk, "listed_at": timezone.now()}
    Audience.objects.create(circle=world.group, **rows)
    mails()
    return SimpleNamespace(world=world, content=world.meignanne, tell=tell, mails=mails)


@pytest.fixture
def noon():
    """A Tuesday; `noon.move_to(moment)` goes on from there."""
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock
