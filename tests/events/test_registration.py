"""Saying whether one comes: in one click, with and without scripts."""

from datetime import timedelta

import pytest
from django.http import Http404
from django.utils import timezone

from events import domain
from events.attendance import Attendance
from events.models import Answer, Registration
from extranet.circles import domain as circles
from extranet.circles.models import Function
from tests.events.conftest import convene
from tests.world import person


def answer(client, event, value="on_site", **data):
    return client.post(f"/agenda/{event.pk}/inscription/", {"answer": value} | data)


def test_one_click_registers_for_ones_commune_and_comes_back(agenda, as_person):
    response = answer(as_person(agenda.helene), agenda.open, next="/agenda/?nature=monthly")
    assert response.url == "/agenda/?nature=monthly"
    registration = Registration.objects.get()
    assert (registration.user, registration.commune) == (agenda.helene, agenda.bouchemaine)
    assert registration.answer == Answer.ON_SITE


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:alert(1)", ""])
def test_coming_back_never_leaves_the_site(agenda, as_person, target):
    assert answer(as_person(agenda.helene), agenda.open, next=target).url == f"/agenda/{agenda.open.pk}/"


def test_with_scripts_only_the_answer_is_replaced(agenda, as_person):
    response = as_person(agenda.helene).post(
        f"/agenda/{agenda.open.pk}/inscription/", {"answer": "remote"}, headers={"HX-Request": "true"}
    )
    page = response.content.decode()
    assert page.strip().startswith(f'<div class="answer-to" id="reponse-{agenda.open.pk}">')
    assert "Vous participez à distance" in page
    assert "<html" not in page


def test_with_scripts_a_refusal_keeps_the_buttons(agenda, as_person):
    response = as_person(agenda.helene).post(
        f"/agenda/{agenda.open.pk}/inscription/", {"answer": "peut-être"}, headers={"HX-Request": "true"}
    )
    assert 'role="alert"' in response.content.decode()
    assert "<button" in response.content.decode()


def test_a_new_answer_replaces_the_one_before(agenda, as_person):
    client = as_person(agenda.helene)
    answer(client, agenda.open)
    answer(client, agenda.open, "excused")
    assert Registration.objects.get().answer == Answer.EXCUSED


def test_an_elected_reader_only_reads(agenda, as_person):
    client = as_person(agenda.elue)
    page = client.get(f"/agenda/{agenda.open.pk}/").content.decode()
    assert 'class="register"' not in page
    assert answer(client, agenda.open).status_code == 404
    assert not Registration.objects.exists()


def test_a_meeting_that_one_does_not_see_takes_no_answer(agenda, as_person):
    assert answer(as_person(agenda.karim), agenda.closed_group).status_code == 404
    with pytest.raises(Http404):
        domain.register(agenda.closed_group, agenda.karim, Answer.ON_SITE)


def test_a_get_registers_nobody(agenda, as_person):
    assert as_person(agenda.helene).get(f"/agenda/{agenda.open.pk}/inscription/?answer=on_site").status_code == 405


def test_to_be_represented_one_says_by_whom(agenda, as_person):
    client = as_person(agenda.helene)
    refused = client.post(f"/agenda/{agenda.open.pk}/inscription/", {"answer": "represented"}, follow=True)
    assert "Dites par qui" in refused.content.decode()
    answer(client, agenda.open, "represented", note="Yves Cormerais,\r\nFeneu")
    assert Registration.objects.get().note == "Yves Cormerais, Feneu"


def test_the_last_seat_goes_to_one_person(world):
    event = convene(world.admin, [world.everyone], capacity=1, place="Angers", video_url="https://visio.example/")
    domain.register(event, world.helene, Answer.ON_SITE)
    with pytest.raises(domain.MeetingError):
        domain.register(event, world.karim, Answer.ON_SITE)
    domain.register(event, world.karim, Answer.REMOTE, note="")
    domain.register(event, world.helene, Answer.EXCUSED)
    domain.register(event, world.karim, Answer.ON_SITE)
    assert list(event.registrations.filter(answer=Answer.ON_SITE).values_list("user", flat=True)) == [world.karim.pk]


def test_after_closing_one_may_still_excuse_oneself(world):
    event = convene(world.admin, [world.everyone], days=2, closes_at=timezone.now() - timedelta(hours=1))
    with pytest.raises(domain.MeetingError):
        domain.register(event, world.helene, Answer.ON_SITE)
    domain.register(event, world.helene, Answer.EXCUSED)


def test_after_the_meeting_and_after_its_cancellation_no_answer_is_taken(world):
    over = convene(world.admin, [world.everyone], days=-3)
    cancelled = convene(world.admin, [world.everyone])
    domain.cancel(cancelled, world.admin, "Neige")
    for event in (over, cancelled):
        with pytest.raises(domain.MeetingError):
            domain.register(event, world.helene, Answer.EXCUSED)


def test_an_answer_that_the_meeting_does_not_offer_is_refused(world):
    in_the_room = convene(world.admin, [world.everyone], place="Angers")
    online = convene(world.admin, [world.everyone], video_url="https://visio.example/")
    with pytest.raises(domain.MeetingError):
        domain.register(in_the_room, world.helene, Answer.REMOTE)
    with pytest.raises(domain.MeetingError):
        domain.register(online, world.helene, Answer.ON_SITE)


def test_a_facilitator_answers_for_somebody_else_and_a_member_does_not(agenda):
    domain.register(agenda.closed_group, agenda.helene, Answer.ON_SITE, by=agenda.yves)
    with pytest.raises(Http404):
        domain.register(agenda.closed_group, agenda.yves, Answer.EXCUSED, by=agenda.helene)


def test_the_video_link_is_shown_to_those_who_come(agenda, as_person):
    client = as_person(agenda.helene)
    page = f"/agenda/{agenda.open.pk}/"
    assert "visio.example" not in client.get(page).content.decode()
    answer(client, agenda.open, "excused")
    assert "visio.example" not in client.get(page).content.decode()
    answer(client, agenda.open, "remote")
    assert "visio.example" in client.get(page).content.decode()


def test_the_tally_counts_communes_and_not_people(agenda):
    domain.register(agenda.open, agenda.karim, Answer.EXCUSED)
    domain.register(agenda.open, agenda.marc, Answer.REMOTE)
    domain.register(agenda.open, agenda.helene, Answer.ON_SITE)
    domain.register(agenda.open, agenda.admin, Answer.ON_SITE)
    attendance = Attendance(agenda.open, [agenda.everyone.pk])
    assert attendance.coming == 2
    assert attendance.key == [("in", "1 sur place"), ("half", "1 à distance"), ("none", "1 sans réponse")]
    assert [(line.place, line.said) for line in attendance.lines] == [
        ("Avrillé", "Excusée"),
        ("Avrillé", "À distance"),
        ("Bouchemaine", "Sur place"),
        ("Feneu", "Sans réponse"),
        ("Angers Loire Métropole", "Sur place"),
    ]


def test_the_answers_open_in_french_excel(agenda, as_person):
    domain.register(agenda.open, agenda.helene, Answer.REPRESENTED, note="=CMD()")
    response = as_person(agenda.admin).get(f"/agenda/{agenda.open.pk}/inscriptions.csv")
    lines = b"".join(response.streaming_content).decode("utf-8-sig").splitlines()
    assert lines[0] == "Commune;Nom;Prénom;Fonction;Réponse;Précision;Répondu le"
    assert lines[1].startswith("Bouchemaine;Marchais;Hélène;DGS, Bouchemaine;Représenté;'=CMD();")


def test_a_long_table_shows_its_first_lines_and_the_way_to_all(world, as_person):
    event = convene(world.admin, [world.everyone])
    for number in range(12):
        commune = circles.add_commune(world.alm, insee_code=f"493{number:02}", name=f"Commune {number:02}")
        dgs = person(f"dgs{number}@example.org", "D", f"G{number:02}")
        circles.give_mandate(dgs, Function.DGS, territory=world.alm, commune=commune)
    client = as_person(world.helene)
    address = f"/agenda/{event.pk}/"
    assert len(client.get(address).context["lines"]) == 8
    assert "Les afficher toutes" in client.get(address).content.decode()
    assert len(client.get(f"{address}?reponse=toutes").context["lines"]) == 15
    assert client.get(f"{address}?reponse=on_site").context["lines"] == []
