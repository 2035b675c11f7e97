"""Digests: what they gather, when they leave, what never leaves."""

from datetime import timedelta

import pytest
from django.core.mail import EmailMultiAlternatives
from django.utils import timezone

from extranet.circles import domain as circles
from extranet.notices import domain, tasks
from extranet.notices.models import LEASE, Channel, Delivery, Digest, Frequency

from .conftest import LATER, NOW
from .posting import EVENING, NOON, run

pytestmark = pytest.mark.usefixtures("noon")


def test_a_digest_gathers_what_belongs_together(house, noon):
    for part in (1, 2):
        house.tell(LATER, part=part)
    domain.choose_channels(house.world.helene, {NOW: Channel.DIGEST})
    house.tell(NOW, part=3)
    run()
    assert house.mails() == []
    noon.move_to(EVENING)
    run()
    run()
    (message,) = house.mails()
    assert message.subject == "Récapitulatif du mardi 17 novembre : 3 nouveautés"
    body = message.body
    order = [
        body.index(words) for words in ("ACHATS", "Discussions", "Le texte 3", "Ressources", "Le texte 1", "Le texte 2")
    ]
    assert order == sorted(order)
    assert body.count("La Meignanne") == 2


def test_what_comes_after_the_hour_waits_for_the_next_digest(house, noon):
    noon.move_to(EVENING)
    house.tell(LATER)
    run()
    assert house.mails() == []
    noon.move_to(EVENING + timedelta(days=1))
    run()
    assert len(house.mails()) == 1


def test_an_empty_digest_is_not_sent(house, noon):
    house.tell(LATER)
    domain.mark_all_read(house.world.helene)
    house.tell(LATER, users=[house.world.guest], part=404)
    noon.move_to(EVENING)
    run()
    assert house.mails() == []
    assert not Digest.objects.filter(left_at=None).exists()


def test_a_digest_says_nothing_that_one_may_no_longer_see(house, noon):
    house.tell(LATER)
    circles.leave(house.world.group, house.world.helene)
    noon.move_to(EVENING)
    run()
    assert house.mails() == []


@pytest.mark.parametrize(("leaves", "sent"), [(False, 1), (True, 2)])
def test_a_digest_killed_in_the_middle_loses_nothing_and_comes_twice_at_most(house, noon, monkeypatch, leaves, sent):
    """Killed before the mail leaves, or after and before it is written that it has left."""
    send = EmailMultiAlternatives.send

    def killed(self, **options):
        if leaves:
            send(self, **options)
        raise SystemExit("killed")

    house.tell(LATER)
    noon.move_to(EVENING)
    digest = made_digest(house)
    with monkeypatch.context() as broken:
        broken.setattr(EmailMultiAlternatives, "send", killed)
        with pytest.raises(SystemExit):
            tasks.send_digest.func(digest.pk)
    for _ in range(3):
        run()
        noon.shift(LEASE + timedelta(seconds=1))
    names = [message.extra_headers["Message-ID"] for message in house.mails()]
    assert (len(names), len(set(names))) == (sent, 1)


def made_digest(house):
    digest = Digest.objects.create(user=house.world.helene, territory=house.world.alm, slot=EVENING)
    Delivery.objects.update(digest=digest)
    return digest


def test_two_runs_at_once_send_one_digest(house, noon):
    house.tell(LATER)
    noon.move_to(EVENING)
    digest = made_digest(house)
    assert Digest.objects.claim(digest.pk, timezone.now())
    tasks.send_digest.func(digest.pk)
    assert house.mails() == []


def test_nobody_reads_again_of_what_is_sixty_days_old(house, noon):
    house.tell(LATER)
    noon.move_to(NOON + timedelta(days=61))
    run()
    assert (house.mails(), Delivery.objects.count(), Digest.objects.count()) == ([], 0, 0)


def test_who_wants_no_digest_gets_none(house, noon):
    house.tell(LATER)
    domain.set_preferences(house.world.helene, digest=Frequency.NEVER)
    house.tell(LATER, part=2)
    noon.move_to(EVENING)
    run()
    assert house.mails() == []
