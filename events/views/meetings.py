from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from extranet.circles import access
from extranet.ui.tables import csv_response

from .. import domain, ics
from ..attendance import Attendance, registrations_of
from ..forms import CancelForm, EventForm, ItemFormSet, SeriesForm, agenda_of, initial_of
from ..models import Answer, Event, Kind
from ..recurrence import words

KIND_OF_CIRCLE = {"everyone": Kind.MONTHLY, "quadrant": Kind.QUADRANT, "group": Kind.WORKING}
MORE_ITEMS = 4


@require_safe
def event(request, pk):
    """A meeting: when, where, its agenda, who comes, one's own answer."""
    queryset = Event.objects.as_seen_by(request.user).select_related("home_circle__territory", "series", "created_by")
    found = access.get(request.user, queryset, pk=pk)
    circle_ids = list(found.audience.values_list("circle", flat=True))
    found.may_answer = not access.circles_of(request.user, "contribute").isdisjoint(circle_ids)
    found.awaited = found.may_answer and not found.my_answer and found.is_open
    runs_it = access.can(request.user, "moderate", found)
    attendance = Attendance(found, circle_ids)
    mine = next((each for each in attendance.registrations if each.user_id == request.user.pk), None)
    wanted = request.GET.get("reponse", "")
    known = access.rights_of(request.user).circles
    context = {
        "event": found,
        "items": _timed(found),
        "circles": [known[each] for each in circle_ids if each in known],
        "attendance": attendance,
        "lines": attendance.filtered(wanted),
        "today": timezone.localdate(),
        "wanted": wanted,
        "facets": attendance.facets(wanted),
        "mine": mine,
        "runs_it": runs_it,
        "shows_video": found.video_url and (runs_it or found.my_answer in (Answer.ON_SITE, Answer.REMOTE)),
        "repeats": words(found.series.rule) if found.series else "",
    }
    return render(request, "events/event.html", context)


def _timed(found):
    """The agenda with the hour at which each point begins, as long as every point before says how long it takes.

    A point is "done", or the one of "now", by the clock.
    """
    items, moment, now = list(found.items.all()), found.starts_at, timezone.now()
    for item in items:
        item.starts_at = moment
        moment = moment + item.length if moment and item.minutes else None
        over = found.is_over or (moment is not None and moment <= now)
        begun = item.starts_at is not None and item.starts_at <= now
        item.state = "done" if over else "now" if begun else ""
    return items


@require_POST
def register(request, pk):
    """One's own answer, in one click; the fragment alone when htmx asks."""
    found = access.get(request.user, Event.objects.all(), "contribute", pk=pk)
    error = ""
    try:
        domain.register(found, request.user, request.POST.get("answer", ""), note=request.POST.get("note", "")[:200])
    except domain.MeetingError as refused:
        error = str(refused)
    if request.htmx:
        shown = Event.objects.as_seen_by(request.user).get(pk=pk)
        shown.may_answer = True
        context = {"event": shown, "error": error, "just": True, "next": request.POST.get("next", "")}
        return render(request, "events/includes/answer.html", context)
    if error:
        messages.error(request, error)
    else:
        messages.success(request, "Votre réponse est enregistrée.")
    return redirect(_back(request, found))


def _back(request, found):
    wanted = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure()):
        return wanted
    return reverse("events:event", args=[found.pk])


@require_safe
def registrations(request, pk):
    """The answers as a table for Excel, for those who run the meeting."""
    queryset = Event.objects.select_related("home_circle")
    found = access.get(request.user, queryset, "moderate", pk=pk)
    rows = (
        [
            each.commune.name if each.commune else "",
            each.user.last_name,
            each.user.first_name,
            each.label or "",
            each.get_answer_display(),
            each.note,
            each.answered_at,
        ]
        for each in registrations_of(found)
    )
    headers = ["Commune", "Nom", "Prénom", "Fonction", "Réponse", "Précision", "Répondu le"]
    return csv_response(f"inscriptions-{found.starts_at:%Y-%m-%d}.csv", headers, rows)


@require_safe
def one_ics(request, pk):
    """One meeting for one's own calendar."""
    found = access.get(request.user, Event.objects.as_seen_by(request.user), pk=pk)
    body = ics.calendar([found], lambda each: request.build_absolute_uri(reverse("events:event", args=[each.pk])))
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="rencontre-{found.pk}.ics"'
    return response


def new(request):
    """Convene a meeting."""
    _must_convene(request.user)
    form = EventForm(request.POST or None, user=request.user, initial=_proposed(request))
    items = ItemFormSet(request.POST or None, prefix="points")
    if request.method == "POST" and not _wants_rows(request) and form.is_valid() and items.is_valid():
        found = _try(
            form,
            lambda: domain.convene(
                request.user, form.audience(form.cleaned_data["home"]), items=agenda_of(items), **form.details()
            ),
        )
        if found:
            messages.success(request, "La rencontre est convoquée.")
            return redirect("events:event", found.pk)
    return _form_page(request, form, _with_rows(request, items))


def edit(request, pk):
    """Change a meeting."""
    found = access.get(request.user, Event.objects.select_related("home_circle"), "moderate", pk=pk)
    if found.cancelled_at:
        raise Http404
    form = EventForm(request.POST or None, user=request.user, event=found, initial=initial_of(found))
    points = list(found.items.values("title", "minutes", "speaker"))
    items = ItemFormSet(request.POST or None, prefix="points", initial=None if request.POST else points)
    if request.method == "POST" and not _wants_rows(request) and form.is_valid() and items.is_valid():
        done = _try(
            form,
            lambda: domain.change(
                found,
                request.user,
                circles_=form.audience_of(found),
                items=agenda_of(items),
                seen=form.cleaned_data["sequence"],
                **form.details(),
            ),
        )
        if not done:  # having read what another changed, one may save over it
            form.data = form.data.copy()
            form.data["sequence"] = Event.objects.values_list("sequence", flat=True).get(pk=pk)
        if done:
            messages.success(request, "La rencontre est modifiée.")
            return redirect("events:event", found.pk)
    return _form_page(request, form, _with_rows(request, items), found)


def new_series(request):
    """Convene meetings that come back."""
    _must_convene(request.user)
    form = SeriesForm(request.POST or None, user=request.user, initial=_proposed(request))
    if request.method == "POST" and form.is_valid():
        series = _try(
            form,
            lambda: domain.convene_series(request.user, form.audience(form.cleaned_data["home"]), **form.details()),
        )
        if series:
            count = series.events.count()
            messages.success(request, f"{count} séance{'s' if count > 1 else ''} dans l’agenda.")
            return redirect("events:event", series.events.order_by("starts_at").first().pk)
    return render(request, "events/series_form.html", {"form": form})


def cancel(request, pk):
    """Cancel a meeting, with a reason."""
    found = access.get(request.user, Event.objects.select_related("home_circle"), "moderate", pk=pk)
    if found.cancelled_at:
        raise Http404
    form = CancelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        domain.cancel(found, request.user, form.cleaned_data["reason"])
        messages.success(request, "La rencontre est annulée.")
        return redirect("events:event", found.pk)
    return render(request, "events/cancel.html", {"form": form, "event": found})


def _must_convene(user):
    if not access.circles_of(user, "moderate"):
        raise Http404


def _proposed(request):
    """What a new form proposes: the circle and the day of the link that led here."""
    known = access.rights_of(request.user).circles.values()
    circle = next((each for each in known if each.slug == request.GET.get("groupe")), None)
    proposed = {"home": circle.pk, "kind": KIND_OF_CIRCLE.get(circle.kind, Kind.WORKING)} if circle else {}
    return proposed | {"day": request.GET.get("date", "")[:10], "skipped": [8]}


def _try(form, write):
    """What `write` gives, or None with the refusal shown in the form."""
    try:
        return write()
    except domain.MeetingError as error:
        form.refuse(error)
    except ValueError as error:  # a description that Markdown refuses: the message is for the member
        form.add_error("description", str(error))
    return None


def _wants_rows(request):
    return "more_items" in request.POST


def _with_rows(request, items):
    """The agenda's lines, with more blank ones when they were asked for: nothing typed is lost."""
    if not _wants_rows(request):
        return items
    data = request.POST.copy()
    shown = int(data["points-TOTAL_FORMS"]) if data.get("points-TOTAL_FORMS", "").isdigit() else 0
    data["points-TOTAL_FORMS"] = str(min(shown + MORE_ITEMS, items.absolute_max))
    return ItemFormSet(data, prefix="points")


def _form_page(request, form, items, found=None):
    return render(request, "events/form.html", {"form": form, "items": items, "event": found})
