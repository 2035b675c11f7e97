"""Convening, changing, cancelling: who may, what is refused, what follows."""

from datetime import date, time, timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command
from django.http import Http404
from django.utils import timezone

from events import domain
from events.models import Answer, Event, Kind
from extranet.circles import access
from extranet.circles import domain as circles
from extranet.notices.models import Notice
from extranet.search.query import search
from tests.events.conftest import PARIS, at, convene

FORM = {
    "title": "Point d’expert",
    "kind": "briefing",
    "day": "2030-01-15",
    "starts": "09:00",
    "ends": "11:00",
    "points-TOTAL_FORMS": "1",
    "points-INITIAL_FORMS": "0",
}


def fresh(user):
    return type(user).objects.get(pk=user.pk)


def test_a_member_who_runs_nothing_there_may_not_convene(world):
    with pytest.raises(Http404):
        convene(world.karim, [world.everyone])
    with pytest.raises(Http404):
        convene(world.helene, [world.group])


def test_a_meeting_is_shared_with_its_circles_and_listed_at_its_start(world):
    event = convene(world.admin, [world.group, world.south])
    assert set(event.audience.values_list("circle", flat=True)) == {world.group.pk, world.south.pk}
    assert set(event.audience.values_list("listed_at", flat=True)) == {event.starts_at}


def test_a_facilitator_may_only_invite_circles_she_belongs_to(world):
    with pytest.raises(Http404):
        convene(world.yves, [world.group, world.south])


def test_two_territories_never_meet(world):
    circles.give_mandate(world.admin, "administrator", territory=world.saumur)
    with pytest.raises(domain.MeetingError):
        convene(fresh(world.admin), [world.everyone, world.saumur_everyone])


def test_a_meeting_that_moves_moves_in_every_list(agenda):
    start = agenda.open.starts_at + timedelta(days=3)
    event = domain.change(agenda.open, agenda.admin, starts_at=start, ends_at=start + timedelta(hours=1))
    assert event.sequence == 1
    assert event.audience.get().listed_at == start


def test_a_meeting_cannot_end_before_it_starts(agenda):
    with pytest.raises(domain.MeetingError):
        domain.change(agenda.open, agenda.admin, ends_at=agenda.open.starts_at)


def test_a_meeting_is_changed_by_those_who_run_its_home_circle_alone(agenda):
    for person in (agenda.helene, agenda.guest, agenda.karim):
        with pytest.raises(Http404):
            domain.change(agenda.closed_group, person, title="Prise")


def test_a_cancelled_meeting_is_neither_changed_nor_cancelled_again(agenda):
    domain.cancel(agenda.open, agenda.admin, "Neige")
    with pytest.raises(domain.MeetingError):
        domain.change(agenda.open, agenda.admin, title="Si")
    with pytest.raises(domain.MeetingError):
        domain.cancel(agenda.open, agenda.admin, "Encore")


def test_a_series_makes_the_meetings_of_eighteen_months(world):
    rule = "FREQ=MONTHLY;BYDAY=1TU;BYMONTH=1,2,3,4,5,6,7,9,10,11,12"
    series = domain.convene_series(
        world.admin, [world.everyone], "Mensuelle", Kind.MONTHLY, rule, date(2026, 9, 1), time(9), 180,
        place="Angers", at=at(2026, 8, 20),
    )  # fmt: skip
    found = [event.starts_at.astimezone(PARIS) for event in series.events.all()]
    assert len(found) == 17  # September 2026 to February 2028, but August 2027
    assert {start.time() for start in found} == {time(9)}
    assert {event.place for event in series.events.all()} == {"Angers"}
    assert len({event.uid for event in series.events.all()}) == 17


def test_a_series_is_extended_without_making_again_what_was_moved_or_cancelled(world):
    series = domain.convene_series(
        world.admin, [world.everyone], "Hebdo", Kind.WORKING, "FREQ=WEEKLY;BYDAY=MO", date(2026, 9, 1), time(9), 60,
        at=at(2026, 8, 20),
    )  # fmt: skip
    first, second, *_ = series.events.order_by("starts_at")
    domain.cancel(first, world.admin, "Rentrée")
    moved = second.starts_at + timedelta(hours=3)
    domain.change(second, world.admin, starts_at=moved, ends_at=moved + timedelta(hours=1))
    before = series.events.count()
    assert domain.extend(series, at=at(2026, 8, 20)) == []
    made = domain.extend(series, at=at(2026, 9, 20))
    assert [event.starts_at.astimezone(PARIS).month for event in made] == [3] * len(made)
    assert series.events.count() == before + len(made)


def test_a_series_without_any_meeting_is_refused_and_leaves_nothing(world):
    with pytest.raises(domain.MeetingError):
        domain.convene_series(
            world.admin, [world.everyone], "Jamais", Kind.WORKING, "FREQ=WEEKLY;BYDAY=MO", date(2026, 9, 1), time(9),
            60, ends_on=date(2026, 9, 2), at=at(2026, 8, 20),
        )  # fmt: skip
    assert not Event.objects.exists()


def test_those_who_may_answer_are_told_and_nobody_else(world, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        event = convene(world.admin, [world.everyone], "Rentrée des DGS")
    told = {notice.user for notice in Notice.objects.filter(kind="events.convened")}
    assert told == {world.helene, world.karim, world.yves, world.marc}  # neither the reader nor the admin who convened
    assert Notice.objects.filter(url=f"/agenda/{event.pk}/").count() == 4


def test_a_series_tells_once(world, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        domain.convene_series(
            world.admin, [world.everyone], "Mensuelle", Kind.MONTHLY, "FREQ=MONTHLY;BYDAY=1TU",
            timezone.localdate(), time(9), 180,
        )  # fmt: skip
    notice = Notice.objects.get(user=world.helene)
    assert notice.text == "Nouvelle série : « Mensuelle », le premier mardi de chaque mois"


def test_a_move_is_told_to_those_who_come(agenda, django_capture_on_commit_callbacks):
    domain.register(agenda.open, agenda.helene, Answer.ON_SITE)
    domain.register(agenda.open, agenda.karim, Answer.EXCUSED)
    with django_capture_on_commit_callbacks(execute=True):
        domain.change(agenda.open, agenda.admin, place="Trélazé, salle Aragon")
    notice = Notice.objects.get(kind="events.changed")
    assert notice.user == agenda.helene
    assert notice.text.endswith("change de lieu : Trélazé, salle Aragon")


def test_a_cancellation_is_told_with_its_reason_but_to_the_excused(agenda, django_capture_on_commit_callbacks):
    domain.register(agenda.open, agenda.karim, Answer.EXCUSED)
    with django_capture_on_commit_callbacks(execute=True):
        domain.cancel(agenda.open, agenda.admin, "Neige sur les routes")
    told = Notice.objects.filter(kind="events.cancelled")
    assert {notice.user for notice in told} == {agenda.helene, agenda.yves, agenda.marc}
    assert all(notice.text.endswith("Neige sur les routes") for notice in told)


def test_search_finds_a_meeting_by_its_agenda_for_those_who_see_it(world, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        event = convene(world.yves, [world.group], "Séance", items=[{"title": "Denrées alimentaires", "minutes": 20}])
    assert [hit.url for hit in search(fresh(world.helene), "denrées").items] == [f"/agenda/{event.pk}/"]
    assert search(fresh(world.karim), "denrées").items == []


def test_a_facilitator_convenes_from_the_site(world, as_person):
    data = FORM | {"home": world.group.pk, "points-0-title": "Accueil", "points-0-minutes": "10"}
    response = as_person(world.yves).post("/agenda/nouvelle/", data)
    event = Event.objects.get()
    assert response.url == f"/agenda/{event.pk}/"
    assert event.starts_at == at(2030, 1, 15, 9)
    assert event.ends_at == at(2030, 1, 15, 11)
    assert [(item.position, item.title, item.minutes) for item in event.items.all()] == [(1, "Accueil", 10)]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"ends": "08:00"}, "La fin doit venir après le début."),
        ({"day": "2030-02-31"}, "Cette date n’existe pas"),
        ({"day": "31/02/2030"}, "Cette date n’existe pas"),
        ({"starts": "25:00"}, "Cette heure n’existe pas"),
        ({"day": "2026-03-29", "starts": "02:30"}, "on passe cette nuit-là à l’heure d’été"),
        ({"last_day": "2030-03-20"}, "Une rencontre dure au plus 31 jours."),
        ({"closes_on": "2030-01-20"}, "Cette date vient après la rencontre."),
        ({"video_url": "javascript:alert(1)"}, "URL"),
        ({"points-0-minutes": "10"}, "Donnez un intitulé à ce point."),
        ({"title": ""}, "Champ requis."),
        ({"title": "Avec un \x00"}, "Le caractère nul"),
    ],
)
def test_a_bad_form_says_what_is_wrong_and_keeps_what_was_typed(world, as_person, wrong, said):
    data = FORM | {"home": world.group.pk, "description": "Ce que j’ai tapé"} | wrong
    response = as_person(world.yves).post("/agenda/nouvelle/", data)
    page = response.content.decode()
    assert response.status_code == 200
    assert said in page
    assert "Ce que j’ai tapé" in page
    assert not Event.objects.exists()


def test_an_hour_may_be_typed_as_one_writes_it(world, as_person):
    data = FORM | {"home": world.group.pk, "day": "15/01/2030", "starts": "9 h 30", "ends": "11h"}
    as_person(world.yves).post("/agenda/nouvelle/", data)
    assert Event.objects.get().starts_at == at(2030, 1, 15, 9, 30)


def test_more_lines_of_agenda_lose_nothing(world, as_person):
    data = FORM | {"points-0-title": "Accueil", "more_items": "1"}
    page = as_person(world.yves).post("/agenda/nouvelle/", data).content.decode()
    assert page.count('-speaker"') >= 5
    assert 'value="Accueil"' in page
    assert not Event.objects.exists()


def test_another_circles_id_in_the_form_is_refused(world, as_person):
    for field in ("home", "circles"):
        data = FORM | {"home": world.group.pk} | {field: world.south.pk}
        response = as_person(world.yves).post("/agenda/nouvelle/", data)
        assert response.status_code == 200
    assert not Event.objects.exists()


def test_a_change_from_the_site_keeps_the_circles_that_the_facilitator_does_not_belong_to(world, as_person):
    event = convene(world.admin, [world.group, world.south])
    assert not access.can(fresh(world.yves), "contribute", world.south)
    as_person(world.yves).post(f"/agenda/{event.pk}/modifier/", FORM | {"circles": [world.everyone.pk]})
    event.refresh_from_db()
    assert event.title == "Point d’expert"
    shared = set(event.audience.values_list("circle", flat=True))
    assert shared == {world.group.pk, world.south.pk, world.everyone.pk}


def test_the_form_of_a_meeting_shows_it_as_it_is(agenda, as_person):
    page = as_person(agenda.yves).get(f"/agenda/{agenda.closed_group.pk}/modifier/").content.decode()
    start = timezone.localtime(agenda.closed_group.starts_at)
    assert f'value="{start:%Y-%m-%d}"' in page
    assert f'value="{start:%H:%M}"' in page


def test_a_series_is_convened_from_the_site(world, as_person):
    data = {
        "title": "Mensuelle", "kind": "monthly", "home": world.group.pk, "pattern": "monthly", "ordinal": "1",
        "weekday": "1", "skipped": ["8"], "first_on": "2030-01-01", "ends_on": "2030-12-31", "starts": "09:00",
        "ends": "12:00",
    }  # fmt: skip
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("events.domain.series.horizon", lambda today: date(2031, 6, 30))
        response = as_person(world.yves).post("/agenda/nouvelle-serie/", data)
    assert response.status_code == 302
    assert Event.objects.count() == 11
    assert Event.objects.first().series.rule.startswith("FREQ=MONTHLY;BYDAY=1TU;BYMONTH=1,2,3,4,5,6,7,9")


def test_a_series_that_skips_every_month_says_so(world, as_person):
    data = {"pattern": "monthly", "weekday": "1", "skipped": [str(month) for month in range(1, 13)]}
    page = as_person(world.yves).post("/agenda/nouvelle-serie/", data).content.decode()
    assert "Il ne reste aucun mois" in page


def test_a_meeting_is_cancelled_from_the_site_with_a_reason(agenda, as_person):
    client = as_person(agenda.yves)
    address = f"/agenda/{agenda.closed_group.pk}/annuler/"
    assert "Dites pourquoi" in client.post(address, {"reason": ""}).content.decode()
    client.post(address, {"reason": "Grève des transports"})
    assert "Grève des transports" in client.get(f"/agenda/{agenda.closed_group.pk}/").content.decode()
    assert client.get(address).status_code == 404


def test_two_who_write_at_once_do_not_overwrite_each_other_unawares(agenda, as_person):
    client = as_person(agenda.yves)
    address = f"/agenda/{agenda.closed_group.pk}/modifier/"
    assert 'name="sequence" value="0"' in client.get(address).content.decode()
    domain.change(agenda.closed_group, agenda.admin, title="Titre d’une autre")
    mine = FORM | {"title": "Mon titre", "sequence": "0"}
    page = client.post(address, mine).content.decode()
    assert "pendant que vous écriviez" in page
    assert 'value="Mon titre"' in page
    assert 'name="sequence" value="1"' in page
    agenda.closed_group.refresh_from_db()
    assert agenda.closed_group.title == "Titre d’une autre"
    assert client.post(address, mine | {"sequence": "1"}).status_code == 302


def test_every_night_series_are_extended(world):
    domain.convene_series(
        world.admin, [world.everyone], "Hebdo", Kind.WORKING, "FREQ=WEEKLY;BYDAY=MO", timezone.localdate(), time(9), 60
    )
    before = Event.objects.count()
    with time_machine.travel(timezone.now() + timedelta(days=32)):
        call_command("extend_series", stdout=StringIO())
        assert Event.objects.count() > before
        call_command("extend_series", stdout=(said := StringIO()))
    assert said.getvalue().strip() == "0 séance créée."


def test_the_agenda_follows_the_clock(world, as_person):
    points = [{"title": "Un", "minutes": 10}, {"title": "Deux", "minutes": None}, {"title": "Trois", "minutes": 5}]
    event = convene(world.admin, [world.everyone], items=points)
    client = as_person(world.helene)

    def shown(minutes):
        with time_machine.travel(event.starts_at + timedelta(minutes=minutes), tick=False):
            client.force_login(world.helene, backend="django.contrib.auth.backends.ModelBackend")
            items = client.get(f"/agenda/{event.pk}/").context["items"]
        return [(item.state, item.starts_at and (item.starts_at - event.starts_at).seconds // 60) for item in items]

    assert shown(-60) == [("", 0), ("", 10), ("", None)]
    assert shown(5) == [("now", 0), ("", 10), ("", None)]
    assert shown(15) == [("done", 0), ("now", 10), ("", None)]
    assert shown(121) == [("done", 0), ("done", 10), ("done", None)]
