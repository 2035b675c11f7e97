"""The page « Ce que je reçois » and the note « Suivi » of a circle."""

from datetime import date, time

import pytest

from extranet.notices.kinds import registered
from extranet.notices.models import Channel, Choice, Delivery, Level, Preferences, Watch

from .conftest import LATER, NOW

ADDRESS = "/notifications/preferences/"


@pytest.fixture
def answers(mail_kinds):
    """What the page sends when nothing is changed in it."""
    choices = {name: str(kind.channel) for name, kind in registered().items()}
    return {**choices, "digest": "daily", "digest_hour": "18", "digest_day": "0"}


def test_the_page_is_in_the_menu_and_shows_what_holds(world, as_person, answers):
    client = as_person(world.helene)
    assert "Ce que je reçois" in client.get("/notifications/").content.decode()
    page = client.get(ADDRESS).content.decode()
    assert f'name="{LATER}" value="digest" aria-label="Nouvelle tranquille\u202f: Récapitulatif" checked' in page


def test_choices_are_kept(world, as_person, answers):
    sent = {**answers, NOW: "none", "digest": "weekly", "digest_hour": "8", "digest_day": "4"}
    sent |= {"quiet_from": "20:00", "quiet_until": "07:30", "away_from": "2026-12-21", "away_until": "2027-01-03"}
    assert as_person(world.helene).post(ADDRESS, {**sent, "substitute": world.yves.pk}).url == ADDRESS
    kept = Preferences.objects.get(user=world.helene)
    assert Choice.objects.get(user=world.helene, kind=NOW).channel == Channel.NONE
    assert (kept.digest, kept.digest_hour, kept.digest_day) == ("weekly", 8, 4)
    assert (kept.quiet_from, kept.quiet_until) == (time(20), time(7, 30))
    assert (kept.away_from, kept.away_until, kept.substitute) == (date(2026, 12, 21), date(2027, 1, 3), world.yves)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"quiet_from": "20:00"}, "Donnez les deux heures, ou aucune."),
        ({"away_until": "2027-01-03"}, "Donnez les deux jours, ou aucun."),
        ({"away_from": "2027-01-03", "away_until": "2026-12-21"}, "Le dernier jour vient avant le premier."),
        ({"quiet_from": "17:00", "quiet_until": "07:00"}, "Cette heure est dans votre plage de silence."),
        ({NOW: "pigeon"}, "pigeon"),
        ({NOW: ""}, "Choisissez comment recevoir ceci."),
        ({"quiet_from": "minuit", "quiet_until": "07:00"}, "minuit"),
    ],
)
def test_what_cannot_be_is_said_and_stays_in_the_form(world, as_person, answers, changes, said):
    answer = as_person(world.helene).post(ADDRESS, {**answers, **changes})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    for name, value in changes.items():
        assert name == NOW or f'value="{value}"' in page
    assert not Preferences.objects.exists()


def test_nobody_names_as_substitute_someone_she_may_not_see(world, as_person, answers):
    answer = as_person(world.helene).post(ADDRESS, {**answers, "substitute": world.stranger.pk})
    assert answer.status_code == 422
    assert not Preferences.objects.exists()


def test_a_circle_is_followed_from_its_page(world, as_person):
    client, circle = as_person(world.helene), world.group
    answer = client.post(f"/notifications/suivi/circles.circle/{circle.pk}/", {"level": "1"})
    assert Watch.objects.get(user=world.helene).level == Level.MENTIONS
    page = client.get(answer.url, follow=True).content.decode()
    assert '<option value="1" selected>' in page


@pytest.mark.parametrize("model", ["accounts.user", "rien", "a.b.c", "notices.notice"])
def test_what_is_not_shared_is_not_followed(world, as_person, model):
    assert as_person(world.helene).post(f"/notifications/suivi/{model}/1/", {"level": "1"}).status_code == 404


@pytest.mark.parametrize("number", [1, 30])
def test_the_page_costs_as_much_whatever_waits(world, as_person, house, django_assert_num_queries, number):
    for part in range(number):
        house.tell(LATER, part=part)
    assert Delivery.objects.count() == number
    client = as_person(world.helene)
    client.get(ADDRESS)
    with django_assert_num_queries(6):  # person, rights, her choices, her preferences, possible substitutes, frame
        client.get(ADDRESS)
