"""Counting. Pure functions: what was said comes as marks, what is shown goes out as lines.

What a voice says is a list of numbers, one for each choice:
    single, multiple, consent: 1 for what it chose, else 0;
    ranked: Borda's points, of n choices n - 1 for the first, 0 for the last;
    dates: 2 (yes), 1 (if need be) or 0 (no).
A result is then the sum of lists: the order in which voices came cannot matter.
"""

from dataclasses import dataclass
from math import ceil

from .models import Poll

YES, MAYBE, NO = 2, 1, 0


@dataclass
class Line:
    """One choice of a poll, and how it fares."""

    index: int
    label: str
    count: int = 0  # voices that chose it, or said yes
    maybe: int = 0  # voices that said « if need be »
    points: int = 0
    width: int = 0  # of its bar, out of 100
    leads: bool = False


def points_of_ranking(ranks):
    """Borda's points of ranks that go from 1 (preferred) to n."""
    return [len(ranks) - rank for rank in ranks]


def is_answer(poll, marks):
    """Whether `marks` are what a voice may say in `poll`."""
    size = len(poll.choices)
    if poll.kind == Poll.Kind.RANKED:
        return sorted(marks) == list(range(size))
    if poll.kind == Poll.Kind.DATES:
        return len(marks) == size and set(marks) <= {YES, MAYBE, NO}
    most = (poll.most or size) if poll.kind == Poll.Kind.MULTIPLE else 1
    return len(marks) == size and set(marks) <= {0, 1} and 1 <= sum(marks) <= most


def count(kind, labels, marks):
    """A Line for each label, in their order, from the list of what each voice said."""
    lines = [Line(index, label) for index, label in enumerate(labels)]
    for line in lines:
        said = [each[line.index] for each in marks]
        line.points = sum(said)
        line.maybe = said.count(MAYBE) if kind == Poll.Kind.DATES else 0
        line.count = said.count(YES) if kind == Poll.Kind.DATES else sum(mark > 0 for mark in said)
        most = len(marks) * (len(labels) - 1 if kind == Poll.Kind.RANKED else 1)
        score = line.points if kind == Poll.Kind.RANKED else line.count
        line.width = round(100 * score / most) if most else 0
    best = max(map(_score(kind), lines))
    for line in lines:
        line.leads = any(best) and _score(kind)(line) == best
    return lines


def _score(kind):
    if kind == Poll.Kind.RANKED:
        return lambda line: (line.points,)
    return lambda line: (line.count, line.maybe)


def needed(poll, electors):
    """The number of voices without which the result is worth nothing, 0 when any number will do."""
    return max(poll.quorum or 0, ceil((poll.quorum_share or 0) * electors / 100))
