"""How a meeting is said: its day, its hours, its mark in the month."""

from datetime import timedelta
from itertools import groupby

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import mark_safe

from extranet.ui import french

from ..models import COMING
from ..month import SHORT_MONTHS

register = template.Library()


@register.filter
def date_block(event, under="month"):
    """The day as a block: its number, and below it the weekday or the month."""
    day = event.days[0]
    number = format_html("<b>{}{}</b>", day.day, mark_safe("<sup>er</sup>") if day.day == 1 else "")
    word = french.DAYS[day.weekday()] if under == "weekday" else SHORT_MONTHS[day.month - 1]
    return format_html("{} {}", number, word)


@register.filter
def hours(event, under="month"):
    """The hours, with the weekday where the block says the month: "Mardi, 9 h 00 à 12 h 00"."""
    first, last = event.days
    if first != last:
        return f"Du {french.day(first, year=False)} au {french.day(last, year=False)}"
    words = f"{french.hour(event.starts_at, full=True)} à {french.hour(event.ends_at, full=True)}"
    return words if under == "weekday" else f"{french.DAYS[first.weekday()].capitalize()}, {words}"


@register.filter
def whole_span(event):
    """ "Mardi 1er décembre 2026, de 9 h 00 à 12 h 00": the year always, a page is kept and printed."""
    first, last = event.days
    start, end = clock(event.starts_at), clock(event.ends_at)
    if first == last:
        words = f"{french.day(first, year=True)}, de {start} à {end}"
    else:
        words = f"du {french.day(first, year=True)} à {start} au {french.day(last, year=True)} à {end}"
    return words[0].upper() + words[1:]


@register.filter
def lower_first(text):
    return text[:1].lower() + text[1:]


@register.filter
def clock(moment):
    """ "9 h 00"."""
    return french.hour(moment, full=True)


@register.filter
def short_hour(event, day):
    """ "9 h " before a title in the month; nothing on the following days of a meeting that lasts."""
    return f"{french.hour(event.starts_at)} " if event.days[0] == day else ""


@register.filter
def mark(event):
    """How the month marks it: awaited, going or known."""
    if event.cancelled_at:
        return "known cancelled"
    if event.my_answer in COMING:
        return "going"
    return "awaited" if event.awaited else "known"


@register.filter
def by_month(events):
    """[("décembre 2026", [events])], in the order of the list."""

    def month_of(event):
        start = timezone.localtime(event.starts_at)
        return start.year, start.month

    return [
        (f"{french.MONTHS[month - 1]} {year}", list(group)) for (year, month), group in groupby(events, key=month_of)
    ]


@register.filter
def closing_day(moment):
    """The last day on which one may answer: registration closes as it ends."""
    return timezone.localtime(moment - timedelta(microseconds=1)).date()
