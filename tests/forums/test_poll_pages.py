"""The pages of questions, with plain forms: what works without JavaScript."""

import threading
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from extranet.circles import domain as circles
from forums import domain as forums
from forums.polls import domain
from forums.polls.models import Ballot, Elector, Poll
from tests import world as worlds

from .polls import ask, says, voice
from .test_pages import text


def url(name, poll):
    return reverse(f"forums:{name}", args=[poll.post.thread_id, poll.post.seq])


def new_poll(**changes):
    closes_at = timezone.localtime(timezone.now() + timedelta(days=3))
    return {
        "question": "Quel seuil ?",
        "kind": "single",
        "choices": "5 %\n10 %",
        "by_commune": "person",
        "secret": "signed",
        "quorum_unit": "voices",
        "closes_at": f"{closes_at:%Y-%m-%dT%H:%M}",
        **changes,
    }


# Asking -----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({}, {"kind": "single", "choices": ["5 %", "10 %"], "by_commune": False, "secret": False}),
        ({"kind": "multiple", "most": "1"}, {"most": 1}),
        ({"kind": "single", "most": "1"}, {"most": None}),
        ({"kind": "consent", "choices": " "}, {"choices": ["Pas d’objection", "Objection"]}),
        ({"by_commune": "commune", "secret": "secret"}, {"by_commune": True, "secret": True}),
        ({"quorum": "50", "quorum_unit": "share"}, {"quorum": None, "quorum_share": 50}),
        ({"quorum": "2", "quorum_unit": "voices"}, {"quorum": 2, "quorum_share": None}),
    ],
)
def test_question_is_put_with_a_plain_form(world, thread, as_person, data, expected):
    client = as_person(world.helene)
    assert reverse("forums:poll_new", args=[thread.pk]) in text(client.get(thread.get_absolute_url()))
    response = client.post(reverse("forums:poll_new", args=[thread.pk]), new_poll(**data))
    poll = Poll.objects.get()
    assert response.url == poll.post.get_absolute_url()
    assert {name: getattr(poll, name) for name in expected} == expected
    page = text(client.get(response.url))
    assert "Avis technique\u202f: seule une délibération engage la commune" in page.replace(" :", "\u202f:")


def test_dates_are_asked_and_shown_in_french(world, thread, as_person):
    client = as_person(world.helene)
    slots = {"slot_2": "01/12/2031 9 h 05", "slot_1": "2031-12-02T14:00"}
    client.post(reverse("forums:poll_new", args=[thread.pk]), new_poll(kind="dates", **slots))
    page = text(client.get(Poll.objects.get().post.get_absolute_url()))
    first, second = "lundi 1er\u00a0décembre 2031 à 9\u00a0h\u00a005", "mardi 2\u00a0décembre 2031 à 14\u00a0h\u00a000"
    assert page.index(first) < page.index(second)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"question": "  "}, "Écrivez la question."),
        ({"choices": "Oui"}, "Proposez au moins deux réponses"),
        ({"choices": "Oui\nOui"}, "identiques"),
        ({"choices": "\n".join(map(str, range(13)))}, "douze au plus"),
        ({"choices": "Oui\n" + "x" * 201}, "dépasse 200"),
        ({"kind": "dates", "slot_1": "2031-12-02T14:00"}, "Proposez au moins deux dates"),
        ({"kind": "dates", "slot_1": "demain"}, "Cette date n’existe pas"),
        ({"kind": "autre"}, "Sélectionnez un choix valide"),
        ({"closes_at": "2020-01-01T09:00"}, "Cette date est passée"),
        ({"closes_at": ""}, "Donnez la date"),
        ({"quorum": "101", "quorum_unit": "share"}, "Un pourcentage"),
    ],
)
def test_question_that_is_not_whole_comes_back_as_typed(world, thread, as_person, data, said):
    response = as_person(world.helene).post(
        reverse("forums:poll_new", args=[thread.pk]), new_poll(**{"text": "Mon contexte.", **data})
    )
    assert response.status_code == 422
    assert said in text(response)
    assert "Mon contexte." in text(response)
    assert not Poll.objects.exists()


def test_closed_discussion_offers_no_question(world, thread, as_person):
    forums.close(thread, world.yves)
    client = as_person(world.helene)
    assert "Poser une question" not in text(client.get(thread.get_absolute_url()))
    assert client.get(reverse("forums:poll_new", args=[thread.pk])).status_code == 404


# Answering --------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("kind", "data", "marks"),
    [
        ("single", {"choice": "1"}, [0, 1, 0]),
        ("multiple", {"choice": ["0", "2"]}, [1, 0, 1]),
        ("ranked", {"choice_0": "2", "choice_1": "1", "choice_2": "3"}, [1, 2, 0]),
        ("consent", {"choice": "0"}, [1, 0]),
        ("consent", {"choice": "1", "reason": "Trop tôt."}, [0, 1]),
    ],
)
def test_answer_is_counted_shown_as_mine_and_may_change(world, thread, as_person, kind, data, marks):
    poll = ask(thread, world.yves, kind=kind)
    client = as_person(world.helene)
    assert "Donner mon avis" in text(client.get(poll.post.get_absolute_url()))
    assert client.post(url("poll_vote", poll), data).url == poll.post.get_absolute_url()
    assert voice(poll, world.helene).marks == marks
    page = text(client.get(poll.post.get_absolute_url()))
    assert "Vous avez répondu" in page
    assert "Changer mon avis" in page
    controls = page.split('class="poll"')[1].split("</section>")[0]
    assert controls.count(" checked>") + controls.count(" selected>") == (3 if kind == "ranked" else sum(marks))
    client.post(url("poll_vote", poll), data)
    assert Elector.objects.filter(poll=poll, voted=True).count() == 1


def test_dates_are_answered_one_by_one(world, thread, as_person):
    days = [timezone.now() + timedelta(days=day) for day in (5, 6)]
    poll = ask(thread, world.yves, kind="dates", choices=days)
    client = as_person(world.helene)
    client.post(url("poll_vote", poll), {"choice_0": "2", "choice_1": "1"})
    assert voice(poll, world.helene).marks == [2, 1]
    page = text(client.get(poll.post.get_absolute_url()))
    assert "1 oui" in page
    assert "1 si besoin" in page


@pytest.mark.parametrize(
    ("kind", "data", "said"),
    [
        ("single", {}, "Choisissez une réponse."),
        ("single", {"choice": ["0", "1"]}, "Choisissez une réponse."),
        ("single", {"choice": "9"}, "Choisissez une réponse."),
        ("multiple", {"choice": ["0", "1", "2"]}, "Choisissez 2 réponses au plus."),
        ("ranked", {"choice_0": "1", "choice_1": "1", "choice_2": "3"}, "un rang différent"),
        ("ranked", {"choice_0": "1"}, "un rang différent"),
        ("consent", {"choice": "1", "reason": " "}, "une objection est motivée"),
        ("single", {"choice": "0", "reason": "x" * 501}, "dépasse 500"),
    ],
)
def test_answer_that_is_not_one_comes_back_as_typed(world, thread, as_person, kind, data, said):
    poll = ask(thread, world.yves, kind=kind, most=2 if kind == "multiple" else None)
    response = as_person(world.helene).post(url("poll_vote", poll), {"reason": "Mes raisons", **data})
    assert response.status_code == 422
    assert said in text(response)
    assert data.get("reason", "Mes raisons") in text(response)
    assert not Elector.objects.filter(voted=True).exists()


def test_one_who_runs_two_communes_says_for_which(world, thread, as_person):
    circles.give_mandate(world.helene, "substitute", territory=world.alm, commune=world.avrille)
    poll = ask(thread, world.yves, by_commune=True)
    client = as_person(world.helene)
    page = text(client.get(poll.post.get_absolute_url()))
    assert "Je réponds pour" in page
    assert client.post(url("poll_vote", poll), {"choice": "0"}).status_code == 422
    client.post(url("poll_vote", poll), {"choice": "0", "voice": voice(poll, world.avrille.circle).pk})
    assert [each.name for each in Elector.objects.filter(voted=True)] == ["Avrillé"]
    page = text(client.get(poll.post.get_absolute_url()))
    assert "Avrillé a répondu" in page.replace("\u202f", " ")


def test_button_names_the_commune(world, thread, as_person):
    poll = ask(thread, world.yves, by_commune=True)
    assert "Donner l’avis de Bouchemaine" in text(as_person(world.helene).get(poll.post.get_absolute_url()))


def test_voice_of_another_commune_is_not_mine_to_give(world, thread, as_person):
    poll = ask(thread, world.yves, by_commune=True)
    data = {"choice": "0", "voice": voice(poll, world.feneu.circle).pk}
    assert as_person(world.helene).post(url("poll_vote", poll), data).status_code == 422
    assert not Elector.objects.filter(voted=True).exists()


def test_reader_sees_the_question_without_a_form(world, thread, as_person):
    circles.invite_observer(world.group, world.avrille.circle)
    poll = ask(thread, world.yves)
    client = as_person(world.karim)
    page = text(client.get(poll.post.get_absolute_url()))
    assert "Quel seuil retenir" in page
    assert "Donner mon avis" not in page
    assert client.post(url("poll_vote", poll), {"choice": "0"}).status_code == 404


def test_answer_that_comes_too_late_is_not_counted(world, thread, as_person):
    poll = ask(thread, world.yves)
    with time_machine.travel(poll.closes_at, tick=False):
        client = as_person(world.helene)
        response = client.post(url("poll_vote", poll), {"choice": "0"}, follow=True)
        assert "votre réponse n’a pas été comptée" in text(response)
        assert "Donner mon avis" not in text(response)
    assert not Elector.objects.filter(voted=True).exists()


# Secrecy ----------------------------------------------------------------------------------------
def test_no_page_tells_partial_results_or_voters_of_a_secret_poll(world, thread, as_person):
    poll = ask(thread, world.yves, secret=True, choices=["Canari", "Merle"])
    says(poll, world.helene, [1, 0], "Motif canari")
    for reader in (world.yves, world.helene, world.admin, world.guest):
        client = as_person(reader)
        page = text(client.get(poll.post.get_absolute_url())).split('class="poll"')[1].split("</section>")[0]
        assert "1 personne sur 4 a répondu" in page
        for told in ("Motif canari", "1 personne<", 'class="bar"', "Voir qui", " checked"):
            assert told not in page
        assert ("Votre vote est compté" in page) == (reader == world.helene)
        assert client.get(url("poll_csv", poll)).status_code == 404
    response = as_person(world.helene).post(url("poll_vote", poll), {"choice": "1"}, follow=True)
    assert "à bulletin secret, il est définitif" in text(response)
    assert Ballot.objects.count() == 1


def test_secret_result_has_counts_and_no_names(world, thread, as_person):
    poll = ask(thread, world.yves, secret=True)
    says(poll, world.helene, [0, 1, 0], "Motif canari")
    domain.close(poll, world.yves)
    client = as_person(world.guest)
    page, table = text(client.get(poll.post.get_absolute_url())), export(client, poll)
    assert "1 personne<" in page
    for answer in (page.split('class="poll"')[1].split("</section>")[0], table):
        assert "Motif canari" in answer
        assert "Hélène" not in answer


def export(client, poll):
    return b"".join(client.get(url("poll_csv", poll)).streaming_content).decode("utf-8-sig")


# Once closed ------------------------------------------------------------------------------------
def test_closed_poll_is_exported_for_a_spreadsheet(world, thread, as_person):
    poll = ask(thread, world.yves, by_commune=True, quorum=2)
    says(poll, world.helene, [0, 1, 0], "=1+1", voice_of=world.bouchemaine.circle)
    client = as_person(world.helene)
    assert client.get(url("poll_csv", poll)).status_code == 404
    domain.close(poll, world.yves)
    lines = export(client, poll).split("\r\n")
    assert lines[:4] == ["Choix;Réponses;", "Oui;0;", "Non;1;", "Blanc;0;"]
    assert "Quorum atteint;non" in lines
    assert any(line.startswith("Bouchemaine;Non;'=1+1;Hélène Marchais;") for line in lines)


def test_poll_is_closed_and_its_outcome_said_with_plain_forms(world, thread, as_person):
    poll = ask(thread, world.helene)
    client = as_person(world.helene)
    assert "ne se rouvre pas" in text(client.get(url("poll_close", poll)))
    assert client.get(url("poll_outcome", poll)).status_code == 404
    client.post(url("poll_close", poll))
    assert client.post(url("poll_close", poll)).status_code == 404
    assert client.post(url("poll_outcome", poll), {"outcome": " "}).status_code == 422
    client.post(url("poll_outcome", poll), {"outcome": "Retenu.", "review_on": "2031-01-31"})
    page = text(as_person(world.guest).get(poll.post.get_absolute_url()))
    assert "Suite donnée" in page
    assert "à revoir le vendredi 31\u00a0janvier 2031" in page


def test_removed_message_takes_its_poll_away(world, thread, as_person):
    poll = ask(thread, world.yves)
    forums.remove(poll.post, world.yves, "Doublon")
    client = as_person(world.yves)
    assert "Quel seuil retenir" not in text(client.get(poll.post.get_absolute_url()))
    for name in ("poll_close", "poll_outcome", "poll_csv"):
        assert client.get(url(name, poll)).status_code == 404


# What is awaited, and what it costs -------------------------------------------------------------
def test_dashboard_says_which_questions_wait(world, thread, as_person):
    poll = ask(thread, world.yves, by_commune=True)
    client = as_person(world.helene)
    for page in (text(client.get("/")), text(client.get(reverse("forums:polls")))):
        assert "Quel seuil retenir" in page
        assert "pour Bouchemaine" in page
    says(poll, world.helene, [1, 0, 0], voice_of=world.bouchemaine.circle)
    assert "Quel seuil retenir" not in text(client.get("/"))
    assert "Aucune question" in text(client.get(reverse("forums:polls")))


@pytest.mark.parametrize(("number", "queries"), [(0, 6), (1, 8), (30, 8)])
def test_polls_cost_a_thread_page_two_queries_at_most(
    world, thread, as_person, django_assert_num_queries, number, queries
):
    for index in range(number):
        poll = ask(thread, world.yves, secret=bool(index % 2 == 0), by_commune=bool(index % 3))
        if not index % 4:
            domain.close(poll, world.yves)
    client = as_person(world.helene)
    client.get("/discussions/")
    with django_assert_num_queries(queries):
        client.get(thread.get_absolute_url())


@pytest.mark.postgres
def test_commune_has_one_voice_whoever_votes_at_once(transactional_db, world_apart):
    """Two people of one commune, and the same one twice, at the same moment: one ballot, also when it is secret."""
    poll, voters, elector = world_apart
    failures = []

    def cast(by, marks):
        try:
            domain.vote(poll, by, elector, marks)
        except domain.AlreadyVoted:
            failures.append(by)
        finally:
            connection.close()

    threads = [threading.Thread(target=cast, args=(by, [1, 0, 0])) for by in voters * 3]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    if poll.secret:
        assert Ballot.objects.filter(poll=poll).count() == 1
        assert len(failures) == len(threads) - 1
    assert Elector.objects.filter(poll=poll, voted=True).count() == 1


@pytest.fixture(params=[True, False], ids=["secret", "open"])
def world_apart(request, transactional_db):
    world = worlds.build()
    deputy = worlds.person("dga@bouchemaine.example", "Odile", "Adjointe")
    circles.give_mandate(deputy, "deputy", territory=world.alm, commune=world.bouchemaine)
    circles.join(world.group, deputy)
    thread = forums.open_thread(world.yves, "Papier", "Texte", [world.group])
    poll = ask(thread, world.yves, by_commune=True, secret=request.param)
    return poll, [world.helene, deputy], voice(poll, world.bouchemaine.circle)
