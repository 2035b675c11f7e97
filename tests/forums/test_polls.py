"""Questions put to a group: who has a voice, until when, what is counted and what nobody learns."""

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from extranet.circles import domain as circles
from extranet.circles.models import Function, Mandate
from extranet.live import log
from extranet.notices.models import Notice
from extranet.search import query
from forums import domain as forums
from forums.polls import domain, reading, tally
from forums.polls.models import Ballot, Elector, Poll
from tests import world as worlds
from tests.world import person

from .polls import ask, says, voice


def result(poll, user=None):
    poll.refresh_from_db()
    post = type(poll.post).objects.select_related("poll").get(pk=poll.post_id)
    post.thread = poll.post.thread
    return reading.shown(post, user)


def counts(poll):
    return [line.count for line in result(poll).lines]


# Who has a voice --------------------------------------------------------------------------------
def test_electors_are_those_who_may_contribute_when_it_opens(world, thread):
    circles.invite_observer(world.group, world.avrille.circle)
    poll = ask(thread, world.yves)
    assert {elector.user for elector in poll.electors.all()} == {world.yves, world.helene, world.guest, world.admin}


def test_electors_of_communes_are_those_that_a_contributor_runs(world, thread):
    poll = ask(thread, world.yves, by_commune=True)
    assert [elector.name for elector in poll.electors.all()] == ["Bouchemaine", "Feneu"]


def test_electorate_is_frozen_at_opening(world, thread):
    poll = ask(thread, world.yves)
    circles.join(world.group, world.karim)
    karim = type(world.karim).objects.get(pk=world.karim.pk)
    assert not Elector.objects.filter(poll=poll, user=karim).exists()
    with pytest.raises(PermissionDenied):
        domain.vote(poll, karim, voice(poll, world.helene), [1, 0, 0])
    assert result(poll).electors == 4


def test_elector_who_lost_the_right_cannot_vote_any_more(world, thread):
    poll = ask(thread, world.yves)
    circles.leave(world.group, world.helene)
    helene = type(world.helene).objects.get(pk=world.helene.pk)
    with pytest.raises(PermissionDenied):
        says(poll, helene, [1, 0, 0])


def test_voice_of_another_cannot_be_cast(world, thread):
    poll = ask(thread, world.yves)
    with pytest.raises(PermissionDenied):
        domain.vote(poll, world.helene, voice(poll, world.yves), [1, 0, 0])
    other = ask(thread, world.yves)
    with pytest.raises(PermissionDenied):
        domain.vote(poll, world.helene, voice(other, world.helene), [1, 0, 0])


def test_commune_speaks_by_whoever_runs_it_and_the_last_one_counts(world, thread):
    deputy = person("dga@bouchemaine.example", "Odile", "Adjointe")
    circles.give_mandate(deputy, Function.DEPUTY, territory=world.alm, commune=world.bouchemaine)
    circles.join(world.group, deputy)
    poll = ask(thread, world.yves, by_commune=True)
    says(poll, world.helene, [1, 0, 0], voice_of=world.bouchemaine.circle)
    says(poll, deputy, [0, 1, 0], voice_of=world.bouchemaine.circle)
    assert counts(poll) == [0, 1, 0]
    assert [(each.name, each.cast_by_name) for each in result(poll).said] == [("Bouchemaine", "Odile Adjointe")]


def test_administrator_runs_no_commune(world, thread, as_person):
    poll = ask(thread, world.yves, by_commune=True)
    with pytest.raises(PermissionDenied):
        says(poll, world.admin, [1, 0, 0], voice_of=world.bouchemaine.circle)
    assert result(poll, world.admin).mine == []


def test_agent_of_a_commune_does_not_speak_for_it(world, thread):
    circles.join(world.group, world.marc)
    circles.join(world.group, world.karim)
    poll = ask(thread, world.yves, by_commune=True)
    marc = type(world.marc).objects.get(pk=world.marc.pk)
    with pytest.raises(PermissionDenied):
        says(poll, marc, [1, 0, 0], voice_of=world.avrille.circle)


def test_one_who_ran_a_commune_speaks_for_it_no_more(world, thread):
    poll = ask(thread, world.yves, by_commune=True)
    circles.end_mandate(Mandate.objects.get(user=world.helene))
    helene = type(world.helene).objects.get(pk=world.helene.pk)
    with pytest.raises(PermissionDenied):
        says(poll, helene, [1, 0, 0], voice_of=world.bouchemaine.circle)


# Until when -------------------------------------------------------------------------------------
def test_poll_closes_by_itself_at_the_millisecond(world, thread):
    closes_at = timezone.now() + timedelta(hours=1)
    poll = ask(thread, world.yves, closes_at=closes_at)
    with time_machine.travel(closes_at - timedelta(milliseconds=1), tick=False):
        says(poll, world.helene, [1, 0, 0])
        assert result(poll).poll.is_open
    with time_machine.travel(closes_at, tick=False):
        with pytest.raises(domain.PollClosed):
            says(poll, world.helene, [0, 1, 0])
        assert not result(poll).poll.is_open
    assert counts(poll) == [1, 0, 0]
    assert poll.ended_at == closes_at


def test_results_are_dated_at_the_deadline_whenever_it_is_noticed(world, thread):
    poll = ask(thread, world.yves)
    with time_machine.travel(poll.closes_at + timedelta(hours=5), tick=False):
        call_command("close_polls", verbosity=0)
        poll.refresh_from_db()
        assert poll.closed_at == poll.closes_at
        assert domain.close_due() == 0


def test_author_and_moderators_close_it_before_its_day(world, thread):
    poll = ask(thread, world.helene)
    with pytest.raises(PermissionDenied):
        domain.close(poll, world.guest)
    domain.close(poll, world.yves)
    with pytest.raises(domain.PollClosed):
        says(poll, world.helene, [1, 0, 0])
    closed_at = Poll.objects.get().closed_at
    domain.close(poll, world.helene)
    assert Poll.objects.get().closed_at == closed_at


def test_outcome_is_said_after_closing_with_its_author_and_review_date(world, thread):
    poll = ask(thread, world.helene)
    with pytest.raises(ValueError, match="outcome"):
        domain.say_outcome(poll, world.helene, "Retenu.")
    domain.close(poll, world.helene)
    with pytest.raises(PermissionDenied):
        domain.say_outcome(poll, world.guest, "Retenu.")
    said = domain.say_outcome(poll, world.yves, "Retenu.", timezone.localdate())
    assert (said.outcome, said.outcome_by_name, said.review_on) == ("Retenu.", "Yves Cormerais", timezone.localdate())


def test_poll_of_a_removed_message_takes_no_voice(world, thread):
    poll = ask(thread, world.yves)
    forums.remove(poll.post, world.yves, "Doublon")
    with pytest.raises(PermissionDenied):
        says(poll, world.helene, [1, 0, 0])


# What is counted --------------------------------------------------------------------------------
@given(st.integers(2, 6).flatmap(lambda size: st.lists(st.permutations(range(1, size + 1)), min_size=1)), st.randoms())
def test_borda_does_not_depend_on_the_order_of_ballots(rankings, chance):
    size = len(rankings[0])
    ballots = [tally.points_of_ranking(ranks) for ranks in rankings]
    shuffled = ballots[:]
    chance.shuffle(shuffled)
    lines = tally.count(Poll.Kind.RANKED, list("abcdef"[:size]), ballots)
    assert lines == tally.count(Poll.Kind.RANKED, list("abcdef"[:size]), shuffled)
    assert sum(line.points for line in lines) == len(rankings) * size * (size - 1) // 2
    assert max(line.points for line in lines) <= len(rankings) * (size - 1)


def test_borda_prefers_a_good_second_to_a_contested_first():
    ballots = [tally.points_of_ranking(ranks) for ranks in ([1, 2, 3], [1, 2, 3], [3, 1, 2], [3, 1, 2], [3, 2, 1])]
    lines = tally.count(Poll.Kind.RANKED, ["A", "B", "C"], ballots)
    assert [line.points for line in lines] == [4, 7, 4]
    assert [line.label for line in lines if line.leads] == ["B"]


def test_dates_count_yes_before_if_need_be():
    lines = tally.count(Poll.Kind.DATES, ["lundi", "mardi", "jeudi"], [[2, 1, 1], [0, 2, 1], [2, 2, 1]])
    assert [(line.count, line.maybe, line.leads) for line in lines] == [(2, 0, False), (2, 1, True), (0, 3, False)]


def test_nothing_leads_without_a_voice():
    assert not any(line.leads for line in tally.count(Poll.Kind.SINGLE, ["a", "b"], []))


@pytest.mark.parametrize(
    ("options", "needed"),
    [({}, 0), ({"quorum": 3}, 3), ({"quorum_share": 50}, 2), ({"quorum_share": 51}, 3), ({"quorum_share": 100}, 4)],
)
def test_quorum_is_a_number_of_voices_or_a_share_of_the_electorate(world, thread, options, needed):
    poll = ask(thread, world.yves, **options)  # four electors
    assert result(poll).needed == needed
    says(poll, world.helene, [1, 0, 0])
    says(poll, world.guest, [1, 0, 0])
    assert result(poll).has_quorum == (needed <= 2)


@pytest.mark.parametrize(
    ("kind", "choices"),
    [("single", ["Oui"]), ("single", ["Oui", "Oui"]), ("single", ["x"] * 13), ("dates", [])],
)
def test_poll_without_real_choices_is_refused(world, thread, kind, choices):
    with pytest.raises(ValueError, match="choices"):
        ask(thread, world.yves, kind=kind, choices=choices)


@pytest.mark.parametrize(
    ("kind", "marks"),
    [
        ("single", [0, 0, 0]),
        ("single", [1, 1, 0]),
        ("single", [1, 0]),
        ("multiple", [1, 1, 1]),
        ("ranked", [2, 2, 0]),
        ("consent", [0, 1]),
    ],
)
def test_marks_that_are_no_answer_are_refused(world, thread, kind, marks):
    poll = ask(thread, world.yves, kind=kind, most=2 if kind == "multiple" else None)
    with pytest.raises(ValueError, match="no answer"):
        says(poll, world.helene, marks)


def test_same_sending_opens_one_poll(world, thread):
    key = "6e7b3a52-5f6e-4c3a-9a53-8f4be1cfd0aa"
    assert ask(thread, world.yves, key=key) == ask(thread, world.yves, key=key)
    assert Poll.objects.count() == 1


def test_closed_discussion_takes_no_question(world, thread):
    forums.close(thread, world.yves)
    with pytest.raises(forums.Closed):
        ask(thread, world.yves)
    assert not Poll.objects.exists()


# What nobody learns -----------------------------------------------------------------------------
def test_secret_poll_keeps_no_link_from_a_voice_to_a_ballot(world, thread):
    poll = ask(thread, world.yves, secret=True)
    says(poll, world.helene, [0, 1, 0], "Trop tôt.")
    says(poll, world.guest, [1, 0, 0])
    kept = Elector.objects.get(poll=poll, user=world.helene)
    assert (kept.voted, kept.marks, kept.reason, kept.cast_by, kept.cast_by_name, kept.cast_at) == (
        True, None, "", None, "", None,
    )  # fmt: skip
    assert {field.name for field in Ballot._meta.get_fields()} == {"id", "poll", "marks", "reason"}
    assert Ballot.objects.count() == 2


@pytest.mark.postgres
def test_rows_of_a_secret_poll_bear_the_same_transaction(transactional_db):
    """PostgreSQL marks each row with what wrote it last: it joins no voice to no ballot."""
    world = worlds.build()
    thread = forums.open_thread(world.yves, "Papier", "Texte", [world.group])
    poll = ask(thread, world.yves, secret=True)
    says(poll, world.helene, [0, 1, 0])
    says(poll, world.guest, [1, 0, 0])
    with connection.cursor() as cursor:
        cursor.execute("SELECT xmin::text FROM forums_elector UNION SELECT xmin::text FROM forums_ballot")
        assert len(cursor.fetchall()) == 1


def test_secret_vote_is_final(world, thread):
    poll = ask(thread, world.yves, secret=True)
    says(poll, world.helene, [0, 1, 0])
    with pytest.raises(domain.AlreadyVoted):
        says(poll, world.helene, [1, 0, 0])
    domain.close(poll, world.yves)
    assert counts(poll) == [0, 1, 0]


def test_frames_and_notices_of_a_secret_poll_tell_neither_counts_nor_voters(
    world, thread, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        poll = ask(thread, world.yves, secret=True)
        says(poll, world.helene, [0, 1, 0], "Motif canari")
    html = log.read(thread.topic, 1, {world.guest.pk}).entries[-1]["html"]
    assert "1 personne sur 4 a répondu" in html
    for told in ("Hélène", "canari", "1 personne<", 'class="bar"', "<form", "checked"):
        assert told not in html
    with django_capture_on_commit_callbacks(execute=True):
        domain.close(poll, world.yves)
    html = log.read(thread.topic, 1, {world.guest.pk}).entries[-1]["html"]
    assert "En tête : Non" in html
    assert "Motif canari" in html
    assert "Hélène" not in html
    assert not any("Non" in notice.text or "Hélène" in notice.text for notice in Notice.objects.all())


def test_frame_of_an_open_poll_is_the_same_for_all(world, thread):
    poll = ask(thread, world.yves)
    says(poll, world.helene, [0, 1, 0])
    html = log.read(thread.topic, 1, {world.guest.pk}).entries[-1]["html"]
    assert "1 personne<" in html
    assert "Hélène Marchais" in html
    for own in ("checked", "csrf", "Vous avez répondu", "<form"):
        assert own not in html


# Told and awaited -------------------------------------------------------------------------------
def test_electors_are_told_when_it_opens_and_when_it_closes(world, thread, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        poll = ask(thread, world.yves, by_commune=True)
    assert {(notice.user, notice.kind) for notice in Notice.objects.all()} == {(world.helene, "forums.poll")}
    with time_machine.travel(poll.closes_at, tick=False), django_capture_on_commit_callbacks(execute=True):
        domain.close_due()
    told = Notice.objects.filter(text__contains="close")
    assert {notice.user for notice in told} == {world.helene, world.yves}
    assert {notice.created_at for notice in told} == {poll.closes_at}


def test_elector_who_may_not_see_it_any_more_is_not_told(world, thread, django_capture_on_commit_callbacks):
    poll = ask(thread, world.yves)
    circles.leave(world.group, world.helene)
    with django_capture_on_commit_callbacks(execute=True):
        domain.close(poll, world.yves)
    assert not Notice.objects.filter(user=world.helene).exists()


def test_question_is_found_by_its_words_and_outcome(world, thread, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        poll = ask(thread, world.yves, text="Un mot.")
        domain.close(poll, world.yves)
        domain.say_outcome(poll, world.yves, "Retenu par acclamation.")
    for words in ("retenir", "acclamation"):
        assert [found.url for found in query.search(world.helene, words).items] == [thread.get_absolute_url()]
        assert query.search(world.karim, words).items == []


def test_awaited_voices_are_mine_and_my_communes_until_they_have_spoken(world, thread):
    person_poll = ask(thread, world.yves)
    commune_poll = ask(thread, world.yves, by_commune=True)
    domain.close(ask(thread, world.yves), world.yves)
    assert [each.poll for each in reading.awaited(world.helene)] == [person_poll, commune_poll]
    assert [each.poll for each in reading.awaited(world.admin)] == [person_poll]
    assert list(reading.awaited(world.karim)) == []
    says(person_poll, world.helene, [1, 0, 0])
    assert [each.poll for each in reading.awaited(world.helene)] == [commune_poll]
    with time_machine.travel(commune_poll.closes_at, tick=False):
        assert list(reading.awaited(world.helene)) == []
    forums.remove(commune_poll.post, world.yves, "Doublon")
    assert list(reading.awaited(world.helene)) == []
