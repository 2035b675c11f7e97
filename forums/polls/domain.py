"""What members do with a question put to a group. The only writer of polls."""

from functools import partial

from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Case, F, Q, Value, When
from django.utils import timezone

from extranet.circles import access

from .. import domain as forums
from .. import tasks as forums_tasks
from . import tally, tasks
from .models import CONSENT, Ballot, Elector, Poll

LONGEST_QUESTION = 300
LONGEST_CHOICE = 200
LONGEST_REASON = 500
LONGEST_OUTCOME = 5_000
MOST_CHOICES = 12
FEWEST_CHOICES = 2


class PollClosed(Exception):
    """The poll takes no more voices."""


class AlreadyVoted(Exception):
    """A secret ballot cannot be taken back."""


@transaction.atomic
def open_poll(author, thread, question, kind, choices=(), *, closes_at, text="", key=None, at=None, **options):
    """Put a question to those who may contribute to `thread` now, in a message of its own. Returns the Poll.

    Arguments:
        choices: the words of the answers, in order; aware datetimes for dates; nothing for a consent.
        closes_at: aware datetime after which no voice is taken.
        text: Markdown shown above the question.
        at: aware datetime, when it is written down after the fact; now by default.
        key: UUID made once by what sends; sent again, it gives the same poll.
        options: `by_commune`, `secret`, `most` (of several answers), `quorum` (voices), `quorum_share` (percent of the
            electors).

    Raises: forums.domain.Closed; forums.domain.Conflict; ValueError for a question without words, too few or too many
    choices, or a deadline that is past.
    """
    question = forums.clean_title(question)[:LONGEST_QUESTION]
    choices = _clean_choices(kind, choices)
    if not question or closes_at <= (at or timezone.now()):
        raise ValueError("a poll needs a question and a deadline to come")
    post = forums.reply(thread, author, text.strip() or question, key=key, at=at)
    poll = Poll.objects.filter(post=post).first()  # sent before
    if poll is None:
        words = {"question": question, "kind": kind, "choices": choices}
        poll = Poll.objects.create(post=post, opened_at=post.created_at, closes_at=closes_at, **words, **options)
        _write_electors(poll, post.thread)
        _after_commit(tasks.tell_of_opening, poll.pk, at is not None)
    return poll


@transaction.atomic
def vote(poll, by, voice, marks, reason="", at=None):
    """`by` says, for the elector `voice`, what `marks` say (one number a choice: see tally.py). It replaces what that
    voice said before; but in a secret poll the first time is final.

    Raises: ValueError when `marks` are no answer to this poll, or for an objection without a reason; PollClosed;
    AlreadyVoted; PermissionDenied when the voice is not hers, or no longer.
    """
    poll = Poll.objects.select_for_update(of=("self",)).select_related("post__thread").get(pk=poll.pk)
    if not may_vote(by, poll, voice):
        raise PermissionDenied
    now = at or timezone.now()  # once the lock is held: who waited for it may have waited too long
    if poll.closed_at or now >= poll.closes_at:
        raise PollClosed
    reason = reason.strip()[:LONGEST_REASON]
    if not tally.is_answer(poll, marks) or (poll.kind == Poll.Kind.CONSENT and marks[1] and not reason):
        raise ValueError("these marks are no answer to this poll")
    if poll.secret:
        _drop_in_the_box(poll, voice, marks, reason)
    else:
        said = {"marks": marks, "reason": reason, "cast_by": by, "cast_by_name": str(by), "cast_at": now}
        poll.electors.filter(pk=voice.pk).update(voted=True, **said)
    forums.show_again(poll.post)


@transaction.atomic
def close(poll, by):
    """End a poll before its day. Its author and the moderators of the home circle may. Raises: PermissionDenied."""
    poll = Poll.objects.select_for_update(of=("self",)).select_related("post__thread").get(pk=poll.pk)
    if not may_run(by, poll.post):
        raise PermissionDenied
    if poll.is_open:
        _end(poll, timezone.now(), by)


def close_due():
    """End the polls whose day is past: people are told, open pages show the result. Returns how many."""
    due = Poll.objects.filter(closed_at=None, closes_at__lte=timezone.now()).values_list("pk", flat=True)
    return sum(_close_one_due(pk) for pk in list(due))


@transaction.atomic
def say_outcome(poll, by, text, review_on=None, at=None):
    """What is done with the result of a closed poll, and the day to look at it again. The last one said is shown.

    Raises: PermissionDenied; ValueError while the poll is open or without a text.
    """
    poll = Poll.objects.select_for_update(of=("self",)).select_related("post__thread").get(pk=poll.pk)
    if not may_run(by, poll.post):
        raise PermissionDenied
    if poll.is_open:
        raise ValueError("an open poll has no outcome")
    poll.outcome, poll.review_on = forums.clean_body(text)[:LONGEST_OUTCOME], review_on
    poll.outcome_by, poll.outcome_by_name, poll.outcome_at = by, str(by), at or timezone.now()
    poll.save(update_fields=["outcome", "review_on", "outcome_by", "outcome_by_name", "outcome_at"])
    forums.show_again(poll.post)
    _after_commit(forums_tasks.index, poll.post.thread_id)
    return poll


def may_run(user, post):
    """Whether `user` may close the poll of `post` and say its outcome."""
    own = post.author_id == user.pk and access.can(user, "contribute", post.thread)
    return post.removed_at is None and (own or access.can(user, "moderate", post.thread))


def may_vote(user, poll, voice):
    """Whether the elector `voice` is `user`, or a commune that she runs, and she may still contribute."""
    if voice.poll_id != poll.pk or poll.post.removed_at or not access.can(user, "contribute", poll.post.thread):
        return False
    return voice.user_id == user.pk or voices_of(user).filter(pk=voice.pk).exists()


def voices_of(user):
    """The electors for whom `user` speaks: herself, and the communes that she runs."""
    return Elector.objects.filter(Q(access.run_by(user)) | Q(user=user))


# How it is written ----------------------------------------------------------------------------------------------------
def _clean_choices(kind, choices):
    if kind == Poll.Kind.CONSENT:
        return CONSENT
    if kind == Poll.Kind.DATES:
        cleaned = [moment.isoformat() for moment in sorted(set(choices))]
    else:
        cleaned = [words for each in choices if (words := forums.clean_title(each)[:LONGEST_CHOICE])]
    if not FEWEST_CHOICES <= len(cleaned) <= MOST_CHOICES or len(set(cleaned)) < len(cleaned):
        raise ValueError(f"a poll has {FEWEST_CHOICES} to {MOST_CHOICES} choices, each once")
    return cleaned


def _write_electors(poll, thread):
    """Write down who has a voice: the people who may contribute now, or the communes that one of them runs."""
    contributors = access.viewers(thread, action="contribute")
    if poll.by_commune:
        communes = access.communes_run_by(contributors)
        electors = [Elector(poll=poll, circle=circle, name=circle.name) for circle in communes]
    else:
        people = get_user_model().objects.filter(pk__in=contributors)
        electors = [Elector(poll=poll, user=person, name=str(person)) for person in people]
    Elector.objects.bulk_create(sorted(electors, key=lambda elector: elector.name))


def _drop_in_the_box(poll, voice, marks, reason):
    """One more ballot, and a voice that has spoken; with nothing that joins them: see models.Ballot."""
    electors = poll.electors.select_for_update()
    if electors.get(pk=voice.pk).voted:
        raise AlreadyVoted
    Ballot.objects.create(poll=poll, marks=marks, reason=reason)
    poll.ballots.update(reason=F("reason"))
    poll.electors.update(voted=Case(When(pk=voice.pk, then=Value(True)), default=F("voted")))


@transaction.atomic
def _close_one_due(pk):
    poll = Poll.objects.select_for_update(of=("self",)).select_related("post__thread").get(pk=pk)
    if poll.closed_at:
        return False
    _end(poll, poll.closes_at, None)
    return True


def _end(poll, at, by):
    poll.closed_at = at
    poll.save(update_fields=["closed_at"])
    forums.show_again(poll.post)
    _after_commit(tasks.tell_of_closing, poll.pk, by.pk if by else None)


def _after_commit(task, *arguments):
    transaction.on_commit(partial(task.enqueue, *arguments), robust=True)
