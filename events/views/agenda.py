from collections import Counter

from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from extranet.circles import access
from extranet.circles.listing import BadCursor

from ..agenda import Filters, circles_to_filter, mark_rights, meetings_of_month, meetings_past, meetings_to_come
from ..models import COMING, Kind
from ..month import Month


@require_safe
def month(request, year=None, month=None):
    """A month of meetings, as a table and as a list. Without a year, the current one."""
    today = timezone.localdate()
    try:
        shown = Month(today.year, today.month) if year is None else Month(year, month)
    except ValueError:
        raise Http404 from None
    filters = Filters.read(request.user, request.GET)
    events = mark_rights(request.user, meetings_of_month(request.user, shown, filters))
    kept = [event for event in events if filters.keeps(event)]
    context = {
        "month": shown,
        "weeks": shown.weeks(kept),
        "events": [event for event in kept if shown.holds(event)],
        "today": today,
        "in_month": shown.first <= today < shown.next_first,
        "facets": _facets(request, filters, [event for event in events if shown.holds(event)]),
    }
    return render(request, "events/month.html", context | _around(request, filters))


@require_safe
def to_come(request):
    """The meetings from today on."""
    return _listed(request, meetings_to_come, past=False)


@require_safe
def past(request):
    """The meetings of the past, latest first."""
    return _listed(request, meetings_past, past=True)


def _listed(request, meetings, past):
    filters = Filters.read(request.user, request.GET)
    try:
        page = meetings(request.user, filters, request.GET.get("apres", ""))
    except BadCursor:
        raise Http404 from None
    context = {
        "page": page,
        "events": mark_rights(request.user, page),
        "past": past,
        "facets": _facets(request, filters),
    }
    return render(request, "events/list.html", context | _around(request, filters))


def _around(request, filters):
    circles = [
        {"label": circle.name, "query": _query(request, groupe=circle.slug), "current": circle == filters.circle}
        for circle in circles_to_filter(request.user)
    ]
    return {
        "filters": filters,
        "circles": circles,
        "every_circle": _query(request, groupe=None),
        "kept_query": _query(request),
        "convenes": bool(access.circles_of(request.user, "moderate")),
    }


def _facets(request, filters, events=None):
    """The filters by answer and by kind, as links; with the month's events, each with how many it gives."""
    counts = None
    if events is not None:
        counts = Counter(event.kind for event in events)
        counts["sans"] = sum(event.awaited for event in events)
        counts["mes"] = sum(event.my_answer in COMING for event in events)
    choices = [("sans", "Sans réponse de ma part"), ("mes", "Mes rencontres"), *Kind.choices]
    plain = not filters.kind and not filters.answer
    facets = [
        {"label": "Tout", "query": _query(request, nature=None, reponse=None), "current": plain, "count": None}
        | ({"count": len(events)} if events is not None else {})
    ]
    for value, label in choices:
        by_kind = value in Kind.values
        current = value == (filters.kind if by_kind else filters.answer)
        count = counts[value] if counts is not None else None
        if by_kind and count == 0 and not current:
            continue
        wanted = {"nature": value, "reponse": None} if by_kind else {"nature": None, "reponse": value}
        facets.append({"label": label, "query": _query(request, **wanted), "current": current, "count": count})
    return facets


def _query(request, **changes):
    """The address's query with these parameters changed (None: taken off), back on the first page."""
    query = request.GET.copy()
    for name, value in ({"apres": None} | changes).items():
        query.pop(name, None)
        if value is not None:
            query[name] = value
    return query.urlencode()
