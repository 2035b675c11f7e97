"""Mails: when they leave, to whom, what they say, and how they stop."""

from datetime import time, timedelta
from email import message_from_bytes, policy

import pytest
from django.core import signing
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from extranet.circles import domain as circles
from extranet.notices import domain
from extranet.notices.links import Less
from extranet.notices.models import LEASE, Channel, Choice, Delivery, Frequency, Level, Notice, Preferences

from .conftest import LATER, NOW
from .posting import EVENING, NOON, link_of, run, to

pytestmark = pytest.mark.usefixtures("noon")


# At once -------------------------------------------------------------------------------------------------------------
def test_a_mail_is_written_as_by_a_person(house):
    house.tell()
    message, *others = house.mails()
    assert not others
    assert message.subject == "Re: La Meignanne"
    assert message.to == [house.world.helene.email]
    assert message.reply_to == [house.world.yves.email]
    assert message.from_email.endswith("<extranet@example.org>")
    html = message.alternatives[0][0]
    for text in (message.body, html):
        for words in (
            "Yves Cormerais",
            "DGS, Feneu",
            "Le texte 1 de",
            "Achats",
            "En recevoir moins",
            "nouvelle pressée",
        ):
            assert words in text
    assert '<a href="http://testserver/annuaire/1/">Yves</a>' in html
    assert "Yves (http://testserver/annuaire/1/)" in message.body
    assert html.count("http://testserver/discussions/1/") == message.body.count("http://testserver/discussions/1/") == 1


def test_mails_of_one_thing_make_one_conversation(house):
    house.tell(part=1)
    house.tell(part=2)
    first, second = (message_from_bytes(each.message().as_bytes(), policy=policy.default) for each in house.mails())
    assert first["Subject"] == second["Subject"]
    assert first["References"] == second["References"] == first["In-Reply-To"]
    assert first["Message-ID"] != second["Message-ID"]
    assert first["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert first["Auto-Submitted"] == "auto-generated"
    assert [part.get_content_type() for part in first.iter_parts()] == ["text/plain", "text/html"]


def test_what_is_told_twice_is_mailed_once(house):
    house.tell(part=1)
    house.tell(part=1)
    assert len(house.mails()) == 1


def test_what_was_removed_meanwhile_is_not_said(house):
    house.tell(part=404)
    assert house.mails() == []
    assert Delivery.objects.get().left_at


def test_history_is_told_to_nobody_by_mail(house):
    house.tell(history=True)
    house.tell(LATER, history=True)
    assert (house.mails(), Delivery.objects.count(), Notice.objects.count()) == ([], 0, 2)


def test_no_header_takes_a_line_end(house, monkeypatch):
    monkeypatch.setattr("extranet.circles.models.Commune.__str__", lambda self: "Titre\r\nBcc: pirate@evil.example")
    house.tell()
    sent = house.mails()[0].message()
    assert sent["Subject"] == "Re: Titre Bcc: pirate@evil.example"
    assert "Bcc" not in sent


@pytest.mark.parametrize(
    ("level", "channel", "mailed", "on_site"),
    [
        (Level.NORMAL, Channel.MAIL, 1, 1),
        (Level.NORMAL, Channel.SITE, 0, 1),
        (Level.NORMAL, Channel.NONE, 0, 0),
        (Level.MENTIONS, Channel.MAIL, 0, 0),
        (Level.MUTED, Channel.MAIL, 0, 0),
    ],
)
def test_each_gets_what_she_chose(house, level, channel, mailed, on_site):
    domain.follow(house.world.helene, house.world.group, level)
    domain.choose_channels(house.world.helene, {NOW: channel})
    house.tell()
    assert (len(house.mails()), Notice.objects.count()) == (mailed, on_site)


def test_the_thing_comes_before_its_circle(house):
    domain.follow(house.world.helene, house.world.group, Level.MUTED)
    domain.follow(house.world.helene, house.content, Level.NORMAL)
    house.tell()
    assert len(house.mails()) == 1
    domain.follow(house.world.helene, house.content, None)
    house.tell(part=2)
    assert house.mails() == []


def test_only_those_who_watch_hear_of_what_they_take_no_part_in(house):
    house.tell(users=[house.world.helene], reason=domain.Reason.FOLLOWED)
    assert house.mails() == []
    domain.follow(house.world.helene, house.world.group, Level.WATCHING)
    house.tell(part=2, reason=domain.Reason.FOLLOWED)
    assert to(house.mails()) == [house.world.helene.email]


def test_one_who_lost_the_right_before_it_leaves_gets_nothing(house, noon):
    domain.set_preferences(house.world.helene, quiet_from=time(11), quiet_until=time(13))
    house.tell()
    circles.leave(house.world.group, house.world.helene)
    noon.move_to(NOON + timedelta(hours=2))
    run()
    assert house.mails() == []


def test_a_mandate_that_ends_in_the_night_ends_the_mails(house, noon):
    """The guest is there until tomorrow: nothing recomputed her rights, and what waited does not leave."""
    guest = house.world.guest
    domain.set_preferences(guest, quiet_from=time(11), quiet_until=time(13))
    house.tell(users=[guest])
    noon.move_to(NOON + timedelta(days=3))
    run()
    assert house.mails() == []


def test_a_mail_waits_for_the_end_of_quiet_hours(house, noon):
    domain.set_preferences(house.world.helene, quiet_from=time(11), quiet_until=time(13))
    house.tell()
    run()
    assert house.mails() == []
    noon.move_to(NOON + timedelta(hours=1))
    run()
    run()
    assert to(house.mails()) == [house.world.helene.email]


def test_a_mail_that_fails_is_tried_again_and_stops_no_other(house, noon, monkeypatch):
    send, broken = EmailBackend.send_messages, [house.world.guest.email]

    def sometimes(self, messages):
        if messages[0].to == broken:
            raise OSError("the mail server is away")
        return send(self, messages)

    monkeypatch.setattr(EmailBackend, "send_messages", sometimes)
    house.tell(users=[house.world.guest, house.world.helene])
    assert to(house.mails()) == [house.world.helene.email]
    broken.clear()
    run()
    assert house.mails() == []
    noon.move_to(NOON + LEASE + timedelta(seconds=1))
    run()
    assert to(house.mails()) == [house.world.guest.email]


# Absence -------------------------------------------------------------------------------------------------------------
@pytest.fixture
def away(house):
    """Hélène is away this week; `away(karim)` makes Karim her substitute."""

    def leave_to(substitute, until=3):
        day = timezone.localdate()
        domain.set_preferences(
            house.world.helene, away_from=day, away_until=day + timedelta(days=until), substitute=substitute
        )

    return leave_to


def test_a_substitute_gets_copies_of_what_she_may_see(house, away):
    away(house.world.guest)
    house.tell()
    own, copy = sorted(house.mails(), key=lambda message: message.to != [house.world.helene.email])
    assert to([own, copy]) == [house.world.helene.email, house.world.guest.email]
    assert copy.subject == f"[Copie] {own.subject}"
    assert "Copie de ce qui arrive à Hélène Marchais" in copy.body


def test_a_substitute_who_may_not_see_it_gets_nothing(house, away):
    away(house.world.karim)
    house.tell()
    assert to(house.mails()) == [house.world.helene.email]


def test_a_substitute_who_silenced_it_gets_nothing(house, away):
    away(house.world.guest)
    domain.follow(house.world.guest, house.world.group, Level.MUTED)
    house.tell()
    assert to(house.mails()) == [house.world.helene.email]


def test_a_substitute_who_is_told_herself_gets_it_once(house, away):
    away(house.world.guest)
    house.tell(users=[house.world.helene, house.world.guest])
    assert sorted(to(house.mails())) == sorted([house.world.helene.email, house.world.guest.email])


def test_copies_end_with_the_absence(house, away, noon):
    away(house.world.guest, until=1)
    noon.move_to(NOON + timedelta(days=1))
    house.tell(part=1)
    assert len(house.mails()) == 2
    noon.move_to(NOON + timedelta(days=2))
    house.tell(part=2)
    assert to(house.mails()) == [house.world.helene.email]


def test_copies_of_a_digest_come_in_the_digest(house, away, noon):
    away(house.world.guest)
    house.tell(LATER)
    noon.move_to(EVENING)
    run()
    copies = [message for message in house.mails() if message.to == [house.world.guest.email]]
    assert "Hélène Marchais" in copies[0].body


# Less ----------------------------------------------------------------------------------------------------------------
def test_one_click_needs_neither_a_session_nor_the_page(house):
    house.tell()
    link = link_of(house.mails()[0])
    answer = Client(enforce_csrf_checks=True).post(link, {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert Choice.objects.get(user=house.world.helene).channel == Channel.SITE
    house.tell(part=2)
    assert house.mails() == []
    assert Notice.objects.filter(user=house.world.helene).count() == 2


def test_reading_the_page_changes_nothing(house, client):
    house.tell()
    page = client.get(link_of(house.mails()[0])).content.decode()
    assert "Ne plus rien recevoir de cette discussion" in page
    assert not Choice.objects.exists()


def test_the_page_silences_the_thing_alone(house, client):
    house.tell()
    client.post(link_of(house.mails()[0]), {"quoi": "cela"})
    house.tell(part=2)
    assert (house.mails(), Choice.objects.count()) == ([], 0)


def test_a_digest_stops_by_its_link(house, noon, client):
    house.tell(LATER)
    noon.move_to(EVENING)
    run()
    client.post(link_of(house.mails()[0]))
    assert Preferences.objects.get(user=house.world.helene).digest == Frequency.NEVER


def test_copies_stop_by_their_link(house, away, client):
    away(house.world.guest)
    house.tell()
    copy = next(message for message in house.mails() if message.to == [house.world.guest.email])
    client.post(link_of(copy))
    house.tell(part=2)
    assert to(house.mails()) == [house.world.helene.email]


def test_a_forged_link_is_refused(house, client):
    path = Less(user=house.world.helene.pk, kind=NOW).path
    forged = path[:-2] + ("x" if path[-2] != "x" else "y") + "/"
    answer = client.post(forged)
    assert (answer.status_code, Choice.objects.count()) == (404, 0)
    assert "Ce lien n’est pas valable" in answer.content.decode()
    other = signing.dumps({"user": house.world.helene.pk, "kind": NOW}, salt="another")
    assert client.post(f"/notifications/moins/{other}/").status_code == 404


def test_an_expired_link_is_refused(house, client, noon):
    path = Less(user=house.world.helene.pk, kind=NOW).path
    noon.move_to(NOON + timedelta(days=181))
    answer = client.post(path)
    assert (answer.status_code, Choice.objects.count()) == (410, 0)
    assert "Ce lien a expiré" in answer.content.decode()


def test_the_link_of_another_person_is_refused(house, as_person):
    answer = as_person(house.world.yves).post(Less(user=house.world.helene.pk, kind=NOW).path)
    assert (answer.status_code, Choice.objects.count()) == (403, 0)
    assert "Ce lien appartient à une autre personne" in answer.content.decode()


def test_what_waited_does_not_leave_once_refused(house, noon, client):
    domain.set_preferences(house.world.helene, quiet_from=time(11), quiet_until=time(13))
    house.tell()
    client.post(Less(user=house.world.helene.pk, kind=NOW).path)
    noon.move_to(NOON + timedelta(hours=2))
    run()
    assert house.mails() == []


# How much it costs ---------------------------------------------------------------------------------------------------
def test_three_hundred_people_cost_as_many_queries_as_three(house, django_user_model):
    people = django_user_model.objects.bulk_create(
        [django_user_model(email=f"p{n}@x.example", first_name="P", last_name=str(n)) for n in range(300)]
    )
    house.world.group.members_group.user_set.add(*people)
    costs = []
    for part, crowd in enumerate((people[:3], people), start=1):
        with CaptureQueriesContext(connection) as counted:
            assert len(domain.tell(crowd, NOW, house.content, "Du nouveau", "/1/", part=part)) == len(crowd)
        # Where a query takes a thousand values at most (SQLite), one insertion is several.
        written = [query["sql"].split()[2] for query in counted.captured_queries if query["sql"].startswith("INSERT")]
        costs.append((len(counted) - len(written), sorted(set(written))))
    assert costs[0] == costs[1]
