from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from extranet.circles import access

from .. import tasks
from ..models import Series
from ..recurrence import BadRule, horizon, occurrences
from .meetings import MeetingError, after_commit, convene, one_line

TEMPLATE = {"place", "address", "video_url", "description", "capacity"}


@transaction.atomic
def convene_series(by, circles_, title, kind, rule, first_on, starts, minutes, *, ends_on=None, at=None, **template):
    """Meetings that come back, such as "every first Tuesday but August"; those of eighteen months are made at once.

    Arguments:
        circles_: circles of one territory; the first is the home circle, which `by` must run.
        rule: an RRULE (RFC 5545) without DTSTART nor UNTIL, see `recurrence.monthly_rule`.
        first_on, ends_on: dates, both included.
        starts, minutes: the local hour, the same all year, and how long.
        at: when it was convened (now by default); occurrences are made from `first_on` on.
        template: place, address, video_url, description, capacity of every occurrence.

    Raises: Http404, MeetingError when the rule gives no meeting.
    """
    if unknown := template.keys() - TEMPLATE:
        raise TypeError(f"A series has no {', '.join(sorted(unknown))}")
    home, *_ = circles_ = list(circles_)
    access.require(by, "moderate", home)
    series = Series.objects.create(
        home_circle=home,
        title=one_line(title),
        kind=kind,
        rule=rule,
        first_on=first_on,
        ends_on=ends_on,
        starts=starts,
        minutes=minutes,
        template=template,
        created_by=by,
        created_at=at or timezone.now(),
    )
    series.circles.set(circles_)
    made = extend(series, by=by, at=at)
    if not made:
        raise MeetingError("Cette règle ne donne aucune séance dans les dix-huit mois à venir.", "first_on")
    now = timezone.now()
    coming = next((event for event in made if event.starts_at > now), made[-1])
    after_commit(tasks.tell_of_convocation, coming.pk, at is not None)
    return series


@transaction.atomic
def extend(series, by=None, at=None):
    """Make the occurrences of the coming eighteen months that are not made yet. Returns the new events.

    An occurrence that was moved or cancelled keeps its place: it is not made again.
    """
    until = horizon(timezone.localdate(at))
    if series.ends_on:
        until = min(until, series.ends_on)
    made = set(series.events.values_list("original_start", flat=True))
    home = series.home_circle
    circles_ = [home, *series.circles.exclude(pk=home.pk)]
    try:
        starts = occurrences(series.rule, series.first_on, series.starts, series.zone, until, series.exceptions)
    except BadRule as error:
        raise MeetingError(str(error), "first_on") from error
    return [
        convene(
            by or series.created_by,
            circles_,
            series.title,
            series.kind,
            start,
            start + timedelta(minutes=series.minutes),
            at=at,
            series=series,
            original_start=start,
            **series.template,
        )
        for start in starts
        if start not in made
    ]


def extend_all():
    """Extend every series that goes on: run every night. Returns how many meetings were made.

    A series whose author no longer runs its circle stops there, until a facilitator takes it over.
    """
    made = 0
    for series in Series.objects.select_related("home_circle", "created_by"):
        if series.created_by and access.can(series.created_by, "moderate", series.home_circle):
            made += len(extend(series))
    return made
