from datetime import timedelta
from functools import partial

from django.db import transaction
from django.utils import timezone

from extranet.circles import access
from extranet.circles import domain as circles
from extranet.ui import markdown

from .. import tasks
from ..models import AgendaItem, Event

DETAILS = {
    "title",
    "kind",
    "starts_at",
    "ends_at",
    "description",
    "place",
    "address",
    "video_url",
    "capacity",
    "closes_at",
}


CHANGED_MEANWHILE = (
    "Quelqu’un a modifié cette rencontre pendant que vous écriviez. Comparez avec sa page, puis enregistrez à nouveau "
    "pour garder votre texte."
)


class MeetingError(ValueError):
    """What was asked cannot be done; the message is for the member. `field` names the field at fault, if any."""

    def __init__(self, message, field=None):
        super().__init__(message)
        self.field = field


@transaction.atomic
def convene(by, circles_, title, kind, starts_at, ends_at, *, items=(), at=None, **details):
    """A new meeting of these circles; the first is its home circle, which `by` must run.

    Arguments:
        circles_: circles of one territory.
        starts_at, ends_at: aware moments.
        items: the agenda, as dicts with title, minutes (a number or None) and speaker.
        at: when it was convened (now by default).
        details: description (Markdown), place, address, video_url, capacity, closes_at, series, original_start.

    Raises: Http404 when `by` may not convene there, MeetingError, ValueError for a description that is too long.
    """
    home, *_ = circles_ = list(circles_)
    _may_share(by, home, circles_)
    now = at or timezone.now()
    event = Event(
        home_circle=home,
        listed_at=starts_at,
        title=one_line(title),
        kind=kind,
        starts_at=starts_at,
        ends_at=ends_at,
        created_by=by,
        last_changed_by=by,
        created_at=now,
        updated_at=now,
        **details,
    )
    _check_times(event)
    event.html = markdown.render(event.description)
    event.save()
    circles.share(event, circles_)
    _set_items(event, items)
    after_commit(tasks.index, event.pk)
    if event.series is None:  # of a series, the first occurrence speaks for all: see convene_series
        after_commit(tasks.tell_of_convocation, event.pk, at is not None)
    return event


@transaction.atomic
def change(event, by, *, circles_=None, items=None, seen=None, at=None, **details):
    """Change a meeting's details, its audience (the home circle stays) or its agenda. Calendars follow: SEQUENCE rises.

    Arguments:
        seen: the sequence of the meeting that `by` had before her eyes; another's change since then is not overwritten.

    Raises: Http404 when `by` does not run its home circle, MeetingError, ValueError for a description that is too long.
    """
    event = Event.objects.select_for_update().get(pk=event.pk)
    access.require(by, "moderate", event)
    before = (event.starts_at, event.ends_at), event.place
    if event.cancelled_at:
        raise MeetingError("Cette rencontre est annulée\u202f: elle ne se modifie plus.")
    if seen is not None and seen != event.sequence:
        raise MeetingError(CHANGED_MEANWHILE, "sequence")
    if unknown := details.keys() - DETAILS:
        raise TypeError(f"A meeting has no {', '.join(sorted(unknown))}")
    for name, value in details.items():
        setattr(event, name, one_line(value) if name == "title" else value)
    _check_times(event)
    event.html = markdown.render(event.description)
    event.sequence += 1
    event.updated_at, event.last_changed_by = at or timezone.now(), by
    event.save()
    if event.listed_at != event.starts_at:
        circles.relist(event, event.starts_at)
    if circles_ is not None:
        already = set(event.audience.values_list("circle", flat=True))
        _may_share(by, event.home_circle, [circle for circle in circles_ if circle.pk not in already])
        circles.share(event, circles_)
    if items is not None:
        _set_items(event, items)
    after_commit(tasks.index, event.pk)
    moved, elsewhere = before[0] != (event.starts_at, event.ends_at), before[1] != event.place
    if moved or elsewhere:
        after_commit(tasks.tell_of_change, event.pk, moved, at is not None)
    return event


@transaction.atomic
def cancel(event, by, reason, at=None):
    """Cancel a meeting, for a reason that its people read. It stays in the lists and calendars, as cancelled.

    Raises: Http404 when `by` does not run its home circle, MeetingError.
    """
    event = Event.objects.select_for_update().get(pk=event.pk)
    access.require(by, "moderate", event)
    if event.cancelled_at:
        raise MeetingError("Cette rencontre est déjà annulée.")
    event.cancelled_at = event.updated_at = at or timezone.now()
    event.cancel_reason, event.last_changed_by = one_line(reason), by
    event.sequence += 1
    event.save()
    after_commit(tasks.tell_of_cancellation, event.pk, at is not None)
    return event


def one_line(text):
    """A title on one line: line breaks and control characters never reach a calendar or a mail header."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def after_commit(task, *args):
    transaction.on_commit(partial(task.enqueue, *args), robust=True)


def _may_share(by, home, circles_):
    access.require(by, "moderate", home)
    for circle in circles_:
        access.require(by, "contribute", circle)
    if {circle.territory_id for circle in circles_} - {home.territory_id}:
        raise MeetingError("Une rencontre ne peut pas réunir deux intercommunalités.", "circles")


def _check_times(event):
    if event.ends_at <= event.starts_at:
        raise MeetingError("La fin doit venir après le début.", "ends")
    if event.ends_at - event.starts_at > timedelta(days=Event.LONGEST_DAYS):
        raise MeetingError("Une rencontre dure au plus 31 jours.", "last_day")
    if event.closes_at and event.closes_at > event.ends_at:
        raise MeetingError("La clôture des inscriptions vient après la fin de la rencontre.", "closes_on")


def _set_items(event, items):
    event.items.all().delete()
    AgendaItem.objects.bulk_create(
        AgendaItem(
            event=event,
            position=position,
            title=one_line(item["title"]),
            minutes=item.get("minutes"),
            speaker=one_line(item.get("speaker") or ""),
        )
        for position, item in enumerate(items, start=1)
    )
