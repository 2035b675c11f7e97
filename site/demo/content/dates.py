"""When things are: written dates, relative to a `now` that the caller gives, in working days."""

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays

from .shapes import EventText, SeriesText
from .typography import french

PARIS = ZoneInfo("Europe/Paris")


@cache
def _public_holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("FR", years=year))


def is_working_day(day: date) -> bool:
    """Monday to Friday, public holidays of metropolitan France excepted."""
    return day.weekday() < 5 and day not in _public_holidays(day.year)


def working_day(today: date, offset: int) -> date:
    """The working day `offset` working days from `today`; 0 is today, or the last one before if today is not one."""
    day = today
    step = timedelta(days=1 if offset > 0 else -1)
    if offset <= 0:
        while not is_working_day(day):
            day += step
    for _ in range(abs(offset)):
        day += step
        while not is_working_day(day):
            day += step
    return day


def instant(text: str, now: datetime) -> datetime:
    """What a written date means, in Paris time.

    "2012-11-05 09:12", "-3d 14:05" (working days), "-25min", or a day alone. Raises ValueError for anything else.
    """
    text = text.strip()
    local = now.astimezone(PARIS)
    if match := re.fullmatch(r"-(\d+)min", text):
        return local - timedelta(minutes=int(match[1]))
    day, _, clock = text.partition(" ")
    hour = time.fromisoformat(clock) if clock else time(0)
    if match := re.fullmatch(r"([+-]\d+)d", day):
        return datetime.combine(working_day(local.date(), int(match[1])), hour, PARIS)
    return datetime.combine(date.fromisoformat(day), hour, PARIS)


def monthly_days(series: SeriesText, first: date, last: date) -> Iterator[date]:
    """The first Tuesdays between two days, in the series' months; a public holiday moves the meeting by a week."""
    month = first.replace(day=1)
    while month <= last:
        day = month + timedelta(days=(1 - month.weekday()) % 7)
        if not is_working_day(day):
            day += timedelta(days=7)
        if month.month in series.months and first <= day <= last:
            yield day
        month = (month + timedelta(days=32)).replace(day=1)


def occurrences(series: SeriesText, first: date, last: date) -> Iterator[EventText]:
    """The meetings of a series between two days, each with its host, in turn, and its agenda."""
    for day in monthly_days(series, first, last):
        host = series.hosts[(day.year * 11 + day.month - (day.month > 8)) % len(series.hosts)]
        yield EventText(
            slug=f"{series.slug}-{day:%Y-%m}",
            title=series.title,
            kind=series.kind,
            circles=series.circles,
            start=f"{day} {series.start_time}",
            end=f"{day} {series.end_time}",
            place=french(host["place"]),
            insee=host["insee"],
            organiser=series.organiser,
            description=series.description,
            agenda=series.agendas_on.get(day.isoformat(), series.agendas[day.month]),
            remote=True,
        )
