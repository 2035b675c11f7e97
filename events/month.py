"""A month as a page of a wall calendar: weeks from Monday to Sunday. Pure."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache

import holidays
from django.utils import timezone

from extranet.ui import french

FIRST, LAST = 1990, 2100


@dataclass
class Day:
    date: date
    other: bool  # belongs to the month before or after
    holiday: str = ""
    events: list = field(default_factory=list)

    @property
    def weekend(self):
        return self.date.weekday() >= 5

    @property
    def month_label(self):
        return SHORT_MONTHS[self.date.month - 1]


SHORT_MONTHS = ("janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc.")


class Month:
    """A month of a year, its weeks, and the months around it."""

    def __init__(self, year, month):
        """Raises ValueError outside 1990-2100."""
        if not FIRST <= year <= LAST:
            raise ValueError(f"{year} is not a year of this calendar")
        self.first = date(year, month, 1)
        self.next_first = (self.first + timedelta(days=31)).replace(day=1)
        self.start = self.first - timedelta(days=self.first.weekday())
        self.end = self.next_first + timedelta(days=-self.next_first.weekday() % 7)

    @property
    def key(self):
        return f"{self.first:%Y-%m}"

    @property
    def name(self):
        return f"{french.MONTHS[self.first.month - 1]} {self.first.year}"

    @property
    def short_name(self):
        return french.MONTHS[self.first.month - 1]

    @property
    def previous(self):
        return self._at(self.first - timedelta(days=1))

    @property
    def next(self):
        return self._at(self.next_first)

    @property
    def bounds(self):
        """The aware moments at which the shown weeks begin and end."""
        zone = timezone.get_default_timezone()
        return tuple(datetime.combine(day, time.min, tzinfo=zone) for day in (self.start, self.end))

    def holds(self, event):
        """Whether the event touches the month itself, not only the edges of its neighbours."""
        first, last = event.days
        return first < self.next_first and last >= self.first

    def weeks(self, events):
        """The weeks, with each event on each of its days."""
        days = [
            Day(day, day.month != self.first.month, public_holidays(day.year).get(day, ""))
            for day in (self.start + timedelta(days=n) for n in range((self.end - self.start).days))
        ]
        by_date = {day.date: day for day in days}
        for event in events:
            day, last = max(event.days[0], self.start), event.days[1]
            while day <= last and day in by_date:
                by_date[day].events.append(event)
                day += timedelta(days=1)
        return [days[n : n + 7] for n in range(0, len(days), 7)]

    @staticmethod
    def _at(day):
        return Month(day.year, day.month) if FIRST <= day.year <= LAST else None


@lru_cache(maxsize=32)
def public_holidays(year):
    """The public holidays of France in a year: {date: name}."""
    return {day: french.typo(name) for day, name in holidays.country_holidays("FR", years=year, language="fr").items()}
