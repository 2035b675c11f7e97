"""What each person reads of the agenda, and at what cost."""

from datetime import timedelta

import pytest
from django.utils import timezone

from events import domain
from events.models import Answer
from extranet.circles.todos import todos_for
from tests.events.conftest import at, convene

OPEN = "Réunion mensuelle"
SECRET = "Achats, séance secrète"


def titles(response):
    return [event.title for event in response.context["events"]]


def month_of(event):
    return f"/agenda/mois/{timezone.localtime(event.starts_at):%Y-%m}/"


@pytest.mark.parametrize(
    ("person", "seen"),
    [
        ("helene", [OPEN, SECRET]),
        ("yves", [OPEN, SECRET]),
        ("admin", [OPEN, SECRET]),
        ("guest", [SECRET]),
        ("karim", [OPEN]),
        ("marc", [OPEN]),
        ("elue", [OPEN]),
    ],
)
def test_each_person_sees_the_meetings_of_her_circles(agenda, as_person, person, seen):
    client = as_person(getattr(agenda, person))
    assert sorted(titles(client.get("/agenda/a-venir/"))) == sorted(seen)
    assert sorted(titles(client.get(month_of(agenda.open)))) == sorted(seen)
    for event in (agenda.open, agenda.closed_group):
        for address in (f"/agenda/{event.pk}/", f"/agenda/{event.pk}.ics"):
            assert client.get(address).status_code == (200 if event.title in seen else 404)


def test_nobody_reads_the_agenda_without_signing_in(agenda, client):
    for address in ("/agenda/", "/agenda/a-venir/", f"/agenda/{agenda.open.pk}/", f"/agenda/{agenda.open.pk}.ics"):
        assert client.get(address).url.startswith("/compte/")


def test_a_hidden_meeting_answers_as_a_missing_one(agenda, as_person):
    client = as_person(agenda.karim)
    for path in ("", "modifier/", "annuler/", "inscriptions.csv"):
        hidden = client.get(f"/agenda/{agenda.closed_group.pk}/{path}")
        missing = client.get(f"/agenda/999999/{path}")
        huge = client.get(f"/agenda/{10**30}/{path}")
        assert (hidden.status_code, missing.status_code, huge.status_code) == (404, 404, 404)


@pytest.mark.parametrize("person", ["karim", "marc", "elue", "helene", "guest"])
def test_only_those_who_run_the_circle_change_its_meetings(agenda, as_person, person):
    client = as_person(getattr(agenda, person))
    for path in ("modifier/", "annuler/", "inscriptions.csv"):
        assert client.get(f"/agenda/{agenda.closed_group.pk}/{path}").status_code == 404
        assert client.post(f"/agenda/{agenda.closed_group.pk}/{path}", {"reason": "x"}).status_code in (404, 405)
    agenda.closed_group.refresh_from_db()
    assert agenda.closed_group.cancelled_at is None


@pytest.mark.parametrize(("person", "status"), [("yves", 200), ("admin", 200), ("marc", 404), ("elue", 404)])
def test_those_who_run_a_circle_convene(agenda, as_person, person, status):
    client = as_person(getattr(agenda, person))
    assert client.get("/agenda/nouvelle/").status_code == status
    assert client.get("/agenda/nouvelle-serie/").status_code == status


def test_another_territory_sees_nothing(agenda, as_person):
    client = as_person(agenda.stranger)
    assert client.get("/agenda/", headers={"Host": "saumur.test"}).status_code == 200
    there = client.get(f"/agenda/{agenda.open.pk}/", headers={"Host": "saumur.test"})
    assert there.status_code == 404
    assert client.get("/agenda/").status_code == 403


@pytest.mark.parametrize("key", ["2026-0", "2026-13", "0000-01", "9999-12", "1-1"])
def test_a_month_that_does_not_exist_is_not_found(world, as_person, key):
    assert as_person(world.helene).get(f"/agenda/mois/{key}/").status_code == 404


def test_a_made_up_cursor_is_not_found(world, as_person):
    assert as_person(world.helene).get("/agenda/a-venir/?apres=xyz").status_code == 404
    assert as_person(world.helene).get("/agenda/passees/?apres=xyz&nature=monthly").status_code == 404


def test_the_month_shows_holidays_of_france_and_days_around(world, as_person):
    days = [day for week in as_person(world.helene).get("/agenda/mois/2026-12/").context["weeks"] for day in week]
    assert (days[0].date.isoformat(), days[-1].date.isoformat()) == ("2026-11-30", "2027-01-03")
    assert {day.date.isoformat(): day.holiday for day in days if day.holiday} == {
        "2026-12-25": "Noël",
        "2027-01-01": "Jour de l’an",
    }


def test_a_meeting_of_several_days_stands_on_each_of_them(world, as_person):
    event = domain.convene(
        world.admin, [world.everyone], "Université", "summer", at(2026, 12, 30), at(2027, 1, 2, 17), at=at(2026, 9, 1)
    )
    december = as_person(world.helene).get("/agenda/mois/2026-12/").context
    shown = [day.date.day for week in december["weeks"] for day in week if event in day.events]
    assert shown == [30, 31, 1, 2]
    january = as_person(world.helene).get("/agenda/mois/2027-01/").context
    assert january["events"] == [event]


def test_a_meeting_until_midnight_stays_on_its_day(world, as_person):
    event = domain.convene(
        world.admin, [world.everyone], "Vœux", "external", at(2026, 12, 31, 20), at(2027, 1, 1, 0), at=at(2026, 9, 1)
    )
    weeks = as_person(world.helene).get("/agenda/mois/2026-12/").context["weeks"]
    assert [day.date.day for week in weeks for day in week if event in day.events] == [31]


def test_filters_are_links_that_narrow_the_lists(agenda, as_person):
    convene(agenda.admin, [agenda.south], "Quadrant")
    domain.register(agenda.open, agenda.helene, Answer.ON_SITE)
    client = as_person(agenda.helene)
    for page in ("/agenda/a-venir/", month_of(agenda.open)):
        assert sorted(titles(client.get(f"{page}?groupe=achats"))) == [SECRET]
        assert titles(client.get(f"{page}?reponse=mes")) == [OPEN]
        assert sorted(titles(client.get(f"{page}?reponse=sans"))) == [SECRET, "Quadrant"]
        assert titles(client.get(f"{page}?nature=training")) == []
        assert len(titles(client.get(f"{page}?nature=monthly"))) == 3
        assert len(titles(client.get(f"{page}?nature=inconnue&groupe=quadrant-nord-ouest"))) == 3


def test_the_list_goes_on_page_after_page(world, as_person):
    for days in range(1, 46):
        convene(world.admin, [world.everyone], f"R{days}", days=days)
    client = as_person(world.helene)
    for query in ("", "&nature=monthly"):
        found, address = [], f"/agenda/a-venir/?{query}"
        while address:
            response = client.get(address)
            found += titles(response)
            following = response.context["page"].next
            address = f"/agenda/a-venir/?apres={following}{query}" if following else ""
        assert found == [f"R{days}" for days in range(1, 46)]


def test_past_meetings_are_listed_latest_first(world, as_person):
    for days in (-1, -10, 3):
        convene(world.admin, [world.everyone], f"R{days}", days=days)
    assert titles(as_person(world.helene).get("/agenda/passees/")) == ["R-1", "R-10"]
    assert titles(as_person(world.helene).get("/agenda/a-venir/")) == ["R3"]


def fill(world, count):
    """So many meetings of this month and to come, each with answers."""
    for number in range(count):
        event = convene(world.admin, [world.everyone, world.south], f"R{number}", days=1, capacity=100)
        for person in (world.helene, world.karim, world.yves, world.marc):
            domain.register(event, person, Answer.ON_SITE)
    return event


@pytest.mark.parametrize(
    ("address", "queries"),
    # person, rights, frame; then the meetings (the list: the ids, then the rows), and the rights on them
    [("{month}", 5), ("{month}?reponse=sans", 5), ("/agenda/a-venir/", 6), ("/agenda/a-venir/?nature=monthly", 5)],
)
def test_lists_cost_the_same_for_one_meeting_and_for_thirty(
    world, as_person, django_assert_num_queries, address, queries
):
    address = address.format(month=month_of(fill(world, 1)))
    client = as_person(world.helene)
    client.get(address)
    with django_assert_num_queries(queries):
        client.get(address)
    fill(world, 29)
    with django_assert_num_queries(queries):
        client.get(address)


@pytest.mark.parametrize("person", ["helene", "admin"])
def test_a_meeting_costs_eight_queries_however_many_answered(world, as_person, django_assert_num_queries, person):
    event = fill(world, 1)
    address = f"/agenda/{event.pk}/"
    client = as_person(getattr(world, person))
    client.get(address)
    # person, rights, frame, meeting, audience, agenda, answers, invited communes
    with django_assert_num_queries(8):
        client.get(address)


def test_the_home_page_proposes_the_next_meetings_with_their_registration(agenda, as_person):
    page = as_person(agenda.helene).get("/").content.decode()
    assert "Prochaines rencontres" in page
    assert f'action="/agenda/{agenda.open.pk}/inscription/"' in page
    assert 'value="remote" aria-label="À distance, Réunion mensuelle"' in page
    assert "csrfmiddlewaretoken" in page


def test_a_circles_page_shows_its_own_meetings(agenda, as_person):
    page = as_person(agenda.helene).get("/groupes/achats/").content.decode()
    assert SECRET in page
    assert f"/agenda/{agenda.open.pk}/" not in page
    assert "/agenda/nouvelle/?groupe=achats" in as_person(agenda.yves).get("/groupes/achats/").content.decode()


def test_what_presses_is_to_be_done_until_it_is_answered(world, as_person):
    near = convene(world.admin, [world.everyone], "Proche", days=3)
    convene(world.admin, [world.everyone], "Lointaine", days=30)
    now = timezone.now()
    convene(world.admin, [world.everyone], "Bientôt close", days=30, closes_at=now + timedelta(days=5))
    domain.cancel(convene(world.admin, [world.everyone], "Annulée", days=2), world.admin, "Neige")
    convene(world.yves, [world.group], "Secrète", days=2)
    client = as_person(world.karim)
    assert [todo.title for todo in todos_for(world.karim)] == ["Proche", "Bientôt close"]
    assert client.get("/agenda/").context["frame"].nav[0].count == 2
    domain.register(near, world.karim, Answer.EXCUSED)
    assert [todo.title for todo in todos_for(world.karim)] == ["Bientôt close"]


def test_nothing_waits_for_an_elected_reader(world):
    convene(world.admin, [world.everyone], days=3)
    assert todos_for(world.elue) == []
