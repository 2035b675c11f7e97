"""Calendars, read by another library and by hand than the one that writes them."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import recurring_ical_events
from dateutil.parser import parse
from django.utils import timezone
from icalendar import Calendar

from events import domain
from events.models import Answer, Event, FeedToken, Kind
from extranet.circles import domain as circles
from tests.events.conftest import at, convene


def properties(body):
    """The unfolded lines of a calendar as [(name, value)], read without any library (RFC 5545 3.1)."""
    lines = re.sub(r"\r\n[ \t]", "", body.decode()).split("\r\n")
    assert lines[-1] == ""
    return [(name.split(";")[0], value) for name, _, value in (line.partition(":") for line in lines[:-1])]


def values(body, name):
    return [value for key, value in properties(body) if key == name]


def feed_of(client, user, **headers):
    return client.get(f"/agenda/flux/{domain.issue_feed(user)}.ics", headers=headers)


def test_one_meeting_goes_to_a_calendar(agenda, as_person):
    response = as_person(agenda.helene).get(f"/agenda/{agenda.open.pk}.ics")
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert values(response.content, "UID") == [str(agenda.open.uid)]
    assert values(response.content, "STATUS") == ["TENTATIVE"]
    assert parse(values(response.content, "DTSTART")[0]) == agenda.open.starts_at
    assert parse(values(response.content, "DTEND")[0]) == agenda.open.ends_at


@pytest.mark.parametrize("hour", [datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)])
def test_both_half_past_two_of_an_autumn_night_are_right_on_page_and_in_calendar(world, as_person, hour):
    event = domain.convene(
        world.admin, [world.everyone], "Veille", Kind.EXTERNAL, hour, hour + timedelta(minutes=10), at=at(2026, 9, 1)
    )
    client = as_person(world.helene)
    assert "de 2\u00a0h\u00a030 à 2\u00a0h\u00a040" in client.get(f"/agenda/{event.pk}/").content.decode()
    body = client.get(f"/agenda/{event.pk}.ics").content
    assert values(body, "DTSTART") == [f"{hour:%Y%m%dT%H%M%SZ}"]


def test_the_night_of_summer_time_is_right_on_page_and_in_calendar(world, as_person):
    start, end = at(2026, 3, 29, 1, 30), at(2026, 3, 29, 3, 30)  # one hour, on the clock two
    event = domain.convene(world.admin, [world.everyone], "Veille", Kind.EXTERNAL, start, end, at=at(2026, 3, 1))
    client = as_person(world.helene)
    assert "de 1\u00a0h\u00a030 à 3\u00a0h\u00a030" in client.get(f"/agenda/{event.pk}/").content.decode()
    body = client.get(f"/agenda/{event.pk}.ics").content
    assert values(body, "DTSTART") == ["20260329T003000Z"]
    assert values(body, "DTEND") == ["20260329T013000Z"]


def test_line_breaks_and_commas_of_a_title_stay_inside_it(world, as_person):
    title = "Achats,\r\nDTSTART:19700101T000000Z; suite"
    event = convene(world.admin, [world.everyone], title, place="Angers, salle; A")
    assert event.title == "Achats, DTSTART:19700101T000000Z; suite"
    body = as_person(world.helene).get(f"/agenda/{event.pk}.ics").content
    assert len(values(body, "DTSTART")) == 1
    assert values(body, "SUMMARY") == ["Achats\\, DTSTART:19700101T000000Z\\; suite"]
    assert values(body, "LOCATION") == ["Angers\\, salle\\; A"]


def test_a_feed_holds_the_persons_meetings_and_no_other(agenda, client):
    response = feed_of(client, agenda.karim)
    read = recurring_ical_events.of(Calendar.from_ical(response.content))
    found = read.between(timezone.now(), timezone.now() + timedelta(days=30))
    assert [str(event["SUMMARY"]) for event in found] == ["Réunion mensuelle"]
    assert found[0].start == agenda.open.starts_at
    assert "secrète" not in response.content.decode()


def test_a_feed_says_what_was_answered(agenda, client):
    domain.register(agenda.open, agenda.yves, Answer.REMOTE)
    domain.register(agenda.closed_group, agenda.yves, Answer.EXCUSED)
    body = feed_of(client, agenda.yves).content
    assert values(body, "UID") == [str(agenda.open.uid)]
    assert values(body, "STATUS") == ["CONFIRMED"]


def test_the_video_link_goes_to_those_who_come_only(agenda, client):
    assert b"visio.example" not in feed_of(client, agenda.helene).content
    domain.register(agenda.open, agenda.helene, Answer.REMOTE)
    assert b"visio.example" in feed_of(client, agenda.helene).content


def test_a_change_keeps_the_uid_and_raises_the_sequence(agenda, client):
    domain.change(agenda.open, agenda.admin, title="Réunion avancée")
    body = feed_of(client, agenda.helene).content
    position = values(body, "UID").index(str(agenda.open.uid))
    assert values(body, "SEQUENCE")[position] == "1"
    assert values(body, "SUMMARY")[position] == "Réunion avancée"


def test_a_cancelled_meeting_is_cancelled_in_calendars(agenda, client):
    domain.cancel(agenda.open, agenda.admin, "Neige")
    body = feed_of(client, agenda.karim).content
    assert values(body, "STATUS") == ["CANCELLED"]
    assert values(body, "SEQUENCE") == ["1"]
    assert values(body, "DESCRIPTION")[0].startswith("Motif de l’annulation\u202f: Neige")


def test_the_same_feed_is_not_sent_twice(agenda, client):
    address = f"/agenda/flux/{domain.issue_feed(agenda.helene)}.ics"
    first = client.get(address)
    assert first["Cache-Control"].startswith("private")
    again = client.get(address, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    domain.register(agenda.open, agenda.helene, Answer.ON_SITE)
    assert client.get(address, headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_only_a_hash_of_the_secret_is_kept(world):
    token = domain.issue_feed(world.helene)
    assert len(token) == 43
    assert token not in str(FeedToken.objects.values().get())


def test_a_new_feed_ends_the_one_before(agenda, client):
    old = domain.issue_feed(agenda.helene)
    new = domain.issue_feed(agenda.helene)
    assert client.get(f"/agenda/flux/{old}.ics").status_code == 404
    assert client.get(f"/agenda/flux/{new}.ics").status_code == 200


def test_a_revoked_unknown_or_made_up_secret_opens_nothing(agenda, client):
    token = domain.issue_feed(agenda.helene)
    assert domain.revoke_feed(agenda.helene)
    for secret in (token, "x" * 43, "é", "a" * 5000):
        assert client.get(f"/agenda/flux/{secret}.ics").status_code == 404


def test_a_feed_ends_with_the_mandate(agenda, client):
    token = domain.issue_feed(agenda.helene)
    circles.end_mandate(agenda.helene.mandates.get())
    assert client.get(f"/agenda/flux/{token}.ics").status_code == 404


def test_a_feed_ends_with_a_mandate_that_no_page_has_refreshed(agenda, client, time_machine_days):
    token = domain.issue_feed(agenda.guest)
    assert client.get(f"/agenda/flux/{token}.ics").status_code == 200
    with time_machine_days(2):
        assert client.get(f"/agenda/flux/{token}.ics").status_code == 404


def test_a_feed_ends_with_the_account(agenda, client):
    token = domain.issue_feed(agenda.helene)
    agenda.helene.is_active = False
    agenda.helene.save()
    assert client.get(f"/agenda/flux/{token}.ics").status_code == 404


def test_a_feed_loses_the_meetings_of_a_circle_that_was_left(agenda, client):
    token = domain.issue_feed(agenda.helene)
    assert "secrète" in client.get(f"/agenda/flux/{token}.ics").content.decode()
    circles.leave(agenda.group, agenda.helene)
    assert "secrète" not in client.get(f"/agenda/flux/{token}.ics").content.decode()


def test_a_feed_opens_nothing_on_another_territorys_host(agenda, client):
    token = domain.issue_feed(agenda.helene)
    assert client.get(f"/agenda/flux/{token}.ics", headers={"Host": "saumur.test"}).status_code == 404


def test_a_feed_costs_the_same_for_one_meeting_and_for_thirty(agenda, client, django_assert_num_queries):
    address = f"/agenda/flux/{domain.issue_feed(agenda.karim)}.ics"
    client.get(address)
    with django_assert_num_queries(4):  # secret and person, rights, meetings, agendas
        assert client.get(address).content.count(b"BEGIN:VEVENT") == 1
    for days in range(1, 31):
        convene(agenda.admin, [agenda.everyone], days=days)
    with django_assert_num_queries(4):
        assert client.get(address).content.count(b"BEGIN:VEVENT") == 31


def test_the_address_of_the_feed_is_shown_once(world, as_person):
    client = as_person(world.helene)
    page = client.post("/agenda/mon-flux/", {"action": "issue"})
    address = re.search(r"http://testserver(/agenda/flux/[\w-]{43}\.ics)", page.content.decode())[1]
    assert "no-store" in page["Cache-Control"]
    assert "/agenda/flux/" not in client.get("/agenda/mon-flux/").content.decode()
    client.logout()
    assert client.get(address).status_code == 200
    as_person(world.helene).post("/agenda/mon-flux/", {"action": "revoke"})
    assert client.get(address).status_code == 404


def test_uids_are_unique(agenda):
    assert Event.objects.values("uid").distinct().count() == Event.objects.count()
