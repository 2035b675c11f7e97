"""What is shown of polls: to a person on a page, to everybody in a live frame."""

from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby

from django.contrib.auth import get_user_model
from django.db.models import BooleanField, Count, ExpressionWrapper, Q, Value
from django.utils import timezone

from extranet.circles import access
from extranet.ui import french

from ..models import Thread
from . import tally
from .models import Ballot, Elector, Poll

NOBODY = Value(False, output_field=BooleanField())
ANSWERS = {tally.YES: "oui", tally.MAYBE: "si besoin", tally.NO: "non"}


@dataclass
class Shown:
    """A poll as a page shows it. `lines` are without counts while nobody may know them."""

    poll: Poll
    lines: list
    electors: int
    voices: int
    needed: int
    mine: list = field(default_factory=list)  # the voices of the person who reads
    said: list = field(default_factory=list)  # the voices to be shown by name
    reasons: list = field(default_factory=list)  # those of a secret poll, once it is closed
    for_all: bool = False  # the same for every reader, as in a live frame
    form: object = None  # what she has just sent, with what is wrong

    @property
    def open_for(self):
        """The voices of the reader that can speak now."""
        return [voice for voice in self.mine if self.poll.is_open and not (self.poll.secret and voice.voted)]

    @property
    def date_answers(self):
        return [(str(mark), word) for mark, word in ANSWERS.items()]

    @property
    def has_quorum(self):
        return self.voices >= self.needed

    @property
    def who(self):
        """One of those who answer."""
        return "commune" if self.poll.by_commune else "personne"

    @property
    def leaders(self):
        """The words of what comes first, once the poll is closed and if it counts."""
        return [line.label for line in self.lines if line.leads] if not self.poll.is_open and self.voices else []

    @property
    def rank_choices(self):
        return [str(rank) for rank in range(1, len(self.lines) + 1)]

    @property
    def most_points(self):
        return len(self.lines) - 1

    @property
    def first(self):
        """The voice that the form is filled in for: one that has not spoken yet, if any."""
        return min(self.open_for, key=lambda voice: voice.voted, default=None)

    @property
    def chosen_voice(self):
        sent = self.form.data.get("voice", "") if self.form is not None else ""
        return int(sent) if sent.isdecimal() else self.first.pk

    @property
    def has_answered(self):
        return all(voice.voted for voice in self.open_for)

    @property
    def button(self):
        """The words of the button that sends: « Donner l’avis de Bouchemaine »."""
        verb = "Changer" if self.has_answered else "Donner"
        if not self.poll.by_commune:
            return f"{verb} mon avis"
        return f"{verb} l’avis {french.of(self.first.name) if len(self.open_for) == 1 else 'de la commune'}"

    @property
    def lines_to_fill(self):
        """The lines, each with the `value` of its control: what was just sent, else what that voice said."""
        typed = self.form.typed if self.form is not None else typed_marks(self.poll, self.first and self.first.marks)
        for line in self.lines:
            line.value = typed.get(line.index, "")
        return self.lines

    @property
    def reason(self):
        return self.form.data.get("reason", "") if self.form is not None else self.first.reason


def typed_marks(poll, marks):
    """{choice: the value of its control} for what a voice said; of a ranking, ranks."""
    if not marks:
        return {}
    ranked = poll.kind == Poll.Kind.RANKED
    return {index: str(len(marks) - mark) if ranked else str(mark) for index, mark in enumerate(marks)}


def words_of(poll, marks):
    """What a voice said, in words."""
    names = labels(poll)
    if poll.kind == Poll.Kind.RANKED:
        order = sorted(range(len(marks)), key=lambda index: -marks[index])
        return " puis ".join(names[index] for index in order)
    if poll.kind == Poll.Kind.DATES:
        return ", ".join(f"{name}\u202f: {ANSWERS[mark]}" for name, mark in zip(names, marks, strict=True))
    return ", ".join(name for name, mark in zip(names, marks, strict=True) if mark)


def labels(poll):
    """The words of its choices."""
    if poll.kind != Poll.Kind.DATES:
        return poll.choices
    moments = [datetime.fromisoformat(each) for each in poll.choices]
    return [f"{french.day(moment)} à {french.hour(moment, full=True)}" for moment in moments]


def attach(posts, user=None, speaks=True):
    """Give each of `posts` that holds a poll its `shown_poll`, for `user` (None: for everybody alike, as in a frame).

    The posts come with their poll (select_related). Two queries at most, whatever the number of polls; none without.
    `speaks`: whether `user` may contribute to their thread.
    """
    with_poll = [post for post in posts if getattr(post, "poll", None) and not post.removed_at]
    if not with_poll:
        return
    polls = {post.poll.pk: post.poll for post in with_poll}
    electors, ballots = _electors(polls, user if speaks else None), _ballots(polls)
    for post in with_poll:
        post.poll.post = post
        post.shown_poll = _show(post.poll, electors.get(post.poll.pk, []), ballots.get(post.poll.pk, []))
        post.shown_poll.for_all = user is None


def shown(post, user):
    """The Shown of the poll of one post."""
    attach([post], user)
    return post.shown_poll


def _electors(polls, user):
    hers = Q(user=user) | Q(access.run_by(user)) if user else NOBODY
    rows = Elector.objects.filter(poll__in=polls).order_by("poll", "name", "pk")
    rows = rows.annotate(hers=ExpressionWrapper(hers, output_field=BooleanField()))
    return {pk: list(found) for pk, found in groupby(rows, lambda row: row.poll_id)}


def _ballots(polls):
    """Of the secret polls that are closed."""
    closed = [pk for pk, poll in polls.items() if poll.secret and not poll.is_open]
    rows = Ballot.objects.filter(poll__in=closed).order_by("poll", "id") if closed else []
    return {pk: list(found) for pk, found in groupby(rows, lambda row: row.poll_id)}


def _show(poll, electors, ballots):
    said = [] if poll.secret else [each for each in electors if each.voted]
    marks = [each.marks for each in (ballots if poll.secret else said)]
    result = Shown(
        poll=poll,
        lines=tally.count(poll.kind, labels(poll), marks),
        electors=len(electors),
        voices=sum(each.voted for each in electors),
        needed=tally.needed(poll, len(electors)),
        mine=[each for each in electors if each.hers],
        said=said,
        reasons=sorted(each.reason for each in ballots if each.reason),
    )
    for voice in said:
        voice.words = words_of(poll, voice.marks)
    return result


# What waits for a person ----------------------------------------------------------------------------------------------
def awaited(user):
    """The voices of `user` that have not spoken in open polls to which she may still contribute, the next to close
    first."""
    waiting = Elector.objects.filter(
        Q(user=user) | Q(access.run_by(user)),
        access.shared_with(Thread, access.circles_of(user, "contribute"), outer="poll__post__thread"),
        voted=False,
        poll__closed_at=None,
        poll__closes_at__gt=timezone.now(),
        poll__post__removed_at=None,
    )
    return waiting.select_related("poll__post").order_by("poll__closes_at", "poll", "name")


def number_awaited(user):
    """How many they are, as a scalar subquery for the frame."""
    found = awaited(user).select_related(None).order_by().annotate(one=Value(1)).values("one")
    return found.annotate(number=Count("pk")).values("number")


def people_asked(poll):
    """The people who speak in a poll today: its electors, and those who run its communes."""
    if poll.by_commune:
        return access.facilitators_of(poll.electors.exclude(circle=None).values_list("circle", flat=True))
    return get_user_model().objects.filter(pk__in=poll.electors.exclude(user=None).values("user"))
