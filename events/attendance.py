"""Who comes to a meeting, commune by commune. Reads only."""

import unicodedata
from collections import Counter
from dataclasses import dataclass

from django.db.models import OuterRef

from extranet.circles import access
from extranet.circles.frame import function_label
from extranet.circles.models import Commune, Mandate

from .models import COMING, Answer, Registration

# The commune's own state, from its people's answers: the first that one of them gives.
BEST_FIRST = (Answer.ON_SITE, Answer.REMOTE, Answer.REPRESENTED, Answer.EXCUSED)
NO_ANSWER, EVERY_LINE = "sans", "toutes"  # in addresses
FIRST_LINES = 8
BAR, GAP = 10, 3
USUAL_BARS = 33  # a drawing of four communes keeps the scale of one of many

SHAPES = {Answer.ON_SITE: "in", Answer.REMOTE: "half", Answer.REPRESENTED: "light", Answer.EXCUSED: "out", "": "none"}
SAID_OF_COMMUNES = {
    Answer.ON_SITE: ("sur place", "sur place"),
    Answer.REMOTE: ("à distance", "à distance"),
    Answer.REPRESENTED: ("représentée", "représentées"),
    Answer.EXCUSED: ("excusée", "excusées"),
    "": ("sans réponse", "sans réponse"),
}
SAID_OF_ONE = {
    Answer.ON_SITE: "Sur place", Answer.REMOTE: "À distance", Answer.REPRESENTED: "Représentée",
    Answer.EXCUSED: "Excusée", "": "Sans réponse",
}  # fmt: skip


@dataclass
class Line:
    """A line of the table: a commune or a person without one, and what was answered."""

    place: str
    answer: str = ""
    registration: Registration | None = None

    @property
    def function(self):
        """The person's function without the place, which the line already says."""
        return (self.registration.label or "").removesuffix(f", {self.place}")

    @property
    def said(self):
        return SAID_OF_ONE[self.answer]


@dataclass
class Bar:
    x: int
    shape: str


class Attendance:
    """The answers to one meeting: its lines, and the tally by commune. Three queries at most, made when it is built."""

    def __init__(self, event, circle_ids):
        self.registrations = list(registrations_of(event))
        communes = list(invited_communes(circle_ids))
        answered = {}
        for registration in self.registrations:
            answered.setdefault(registration.commune_id, []).append(registration)
        known = {commune.pk for commune in communes}
        elsewhere = {each.commune for each in self.registrations if each.commune_id and each.commune_id not in known}
        self.communes = sorted({*communes, *elsewhere}, key=lambda commune: _as_in_a_dictionary(commune.name))
        self.states = {commune.pk: _best(answered.get(commune.pk, [])) for commune in self.communes}
        self.lines = [
            Line(commune.name, each.answer if each else "", each)
            for commune in self.communes
            for each in answered.get(commune.pk) or [None]
        ]
        self.lines += [Line(event.home_circle.territory.name, each.answer, each) for each in answered.get(None, [])]

    @property
    def coming(self):
        """How many communes come, in whatever way."""
        return sum(state in COMING for state in self.states.values())

    @property
    def key(self):
        """The legend: (shape, « 19 sur place ») for each state that occurs."""
        counts = Counter(self.states.values())
        return [
            (SHAPES[state], f"{counts[state]} {SAID_OF_COMMUNES[state][counts[state] > 1]}")
            for state in (*BEST_FIRST, "")
            if counts[state]
        ]

    @property
    def bars(self):
        order = {state: place for place, state in enumerate((*BEST_FIRST, ""))}
        states = sorted(self.states.values(), key=order.get)
        return [Bar(n * (BAR + GAP), SHAPES[state]) for n, state in enumerate(states)]

    @property
    def width(self):
        return max(len(self.states), USUAL_BARS) * (BAR + GAP) - GAP

    def filtered(self, wanted):
        """The lines with this answer: "sans" for none, "toutes" for all, "" for the first ones."""
        if wanted == EVERY_LINE:
            return self.lines
        if not wanted:
            return self.lines[: FIRST_LINES if len(self.lines) > FIRST_LINES + 2 else None]
        return [line for line in self.lines if line.answer == ("" if wanted == NO_ANSWER else wanted)]

    def facets(self, wanted):
        """The filters of the table: (value, label, count, current)."""
        counts = Counter(line.answer or NO_ANSWER for line in self.lines)
        several = ((each, f"{SAID_OF_ONE[each]}s") for each in BEST_FIRST)
        choices = [("", "Toutes"), *several, (NO_ANSWER, SAID_OF_ONE[""])]
        plain = {Answer.ON_SITE: "Sur place", Answer.REMOTE: "À distance"}
        return [
            (
                value,
                plain.get(value, label),
                len(self.lines) if not value else counts[value],
                value == wanted.removesuffix(EVERY_LINE),
            )
            for value, label in choices
            if not value or counts[value]
        ]


def registrations_of(event):
    """The answers to a meeting with person, commune and function of today, by commune then name."""
    label = function_label(OuterRef("user"), event.home_circle.territory_id)
    found = Registration.objects.filter(event=event).annotate(label=label).select_related("user", "commune")
    return found.order_by("commune__name", "user__last_name", "user__first_name")


def invited_communes(circle_ids):
    """The communes whose people the meeting's circles gather."""
    invited = Mandate.objects.active().filter(user__in=access.people_of(circle_ids), commune__isnull=False)
    return Commune.objects.filter(pk__in=invited.values("commune"))


def _as_in_a_dictionary(name):
    """A key that sorts Écouflant between Briollay and Feneu."""
    plain = "".join(sign for sign in unicodedata.normalize("NFD", name) if not unicodedata.combining(sign))
    return plain.casefold(), name


def _best(registrations):
    given = {registration.answer for registration in registrations}
    return next((answer for answer in BEST_FIRST if answer in given), "")
