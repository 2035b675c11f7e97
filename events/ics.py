"""Meetings as iCalendar (RFC 5545), for Outlook and the others. Pure: no right is asked here, no row is read.

Moments are written in UTC: no client has to know the rules of Paris time, and each occurrence of a series is an event
of its own, so that local hours stay right across daylight saving.
"""

from datetime import UTC, timedelta

from icalendar import Calendar
from icalendar import Event as VEvent

from extranet.ui import markdown

from .models import Answer

PRODUCT = "-//Extranet des DGS//Agenda//FR"
REFRESH = timedelta(hours=1)

# What a client shows: firm when she comes, hatched as long as she has not answered.
STATUS = {Answer.ON_SITE: "CONFIRMED", Answer.REMOTE: "CONFIRMED", Answer.REPRESENTED: "CONFIRMED"}


def calendar(events, address_of, name=""):
    """The bytes of a calendar.

    Arguments:
        events: with `my_answer` (see EventQuerySet.as_seen_by) and their items.
        address_of: a function from an event to the absolute address of its page.
        name: how the client names a feed; a single meeting has none.
    """
    found = Calendar()
    found.add("version", "2.0")
    found.add("prodid", PRODUCT)
    found.add("method", "PUBLISH")
    if name:
        found.add("x-wr-calname", name)
        found.add("name", name)
        found.add("x-published-ttl", "PT1H")
        found.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    for event in events:
        found.add_component(_component(event, address_of(event)))
    return found.to_ical()


def _component(event, address):
    entry = VEvent()
    entry.add("uid", str(event.uid))
    entry.add("sequence", event.sequence)
    # The last change, not the fetch: the same meeting gives the same bytes, hence the same ETag.
    entry.add("dtstamp", event.updated_at.astimezone(UTC).replace(microsecond=0))
    entry.add("last-modified", event.updated_at.astimezone(UTC).replace(microsecond=0))
    entry.add("dtstart", event.starts_at.astimezone(UTC))
    entry.add("dtend", event.ends_at.astimezone(UTC))
    entry.add("summary", f"Annulée\u202f: {event.title}" if event.cancelled_at else event.title)
    entry.add("status", "CANCELLED" if event.cancelled_at else STATUS.get(event.my_answer, "TENTATIVE"))
    entry.add("transp", "TRANSPARENT" if event.cancelled_at else "OPAQUE")
    entry.add("categories", [event.get_kind_display()])
    if place := ", ".join(filter(None, [event.place, *event.address.split("\n")])).replace("\r", ""):
        entry.add("location", place)
    entry.add("description", _text(event, address))
    entry.add("url", address)
    return entry


def _text(event, address):
    parts = [f"Motif de l’annulation\u202f: {event.cancel_reason}"] if event.cancelled_at else []
    if event.video_url and event.my_answer in (Answer.ON_SITE, Answer.REMOTE):
        parts.append(f"Visioconférence\u202f: {event.video_url}")
    if event.html:
        parts.append(markdown.to_text(event.html))
    items = [
        f"{item.position}. {item.title}{f' ({item.minutes} min)' if item.minutes else ''}" for item in event.items.all()
    ]
    if items:
        parts.append("\n".join(["Ordre du jour\u202f:", *items]))
    return "\n\n".join([*parts, address])
