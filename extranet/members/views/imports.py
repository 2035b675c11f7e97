import secrets

from django.core.cache import cache
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from extranet.circles import access

from .. import domain
from ..forms import ImportForm
from .directory import territory_of

KEPT_SECONDS = 3600  # the time to read the trial run before confirming it
GONE = "Le fichier n’est gardé qu’une heure entre l’essai et l’importation\u202f: choisissez-le à nouveau."


@require_http_methods(["GET", "HEAD", "POST"])
def import_people(request):
    """Bring in a list of people in two steps: a trial that shows each line, then the import. Administrators only."""
    territory = territory_of(request)
    if not access.administers(request.user, territory):
        raise Http404
    if request.POST.get("table"):
        return _confirm(request, territory)
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        return _try(request, territory, form)
    return _page(request, form)


def _try(request, territory, form):
    rows = form.cleaned_data["file"]
    try:
        report = domain.import_people(rows, territory, dry_run=True)
    except ValueError as error:
        form.add_error("file", str(error))
        return _page(request, form)
    table = secrets.token_urlsafe(16)
    cache.set(_key(request, table), rows, KEPT_SECONDS)
    return _page(request, form, report=report, table=table)


def _confirm(request, territory):
    """Import the table of the trial. `partial` leaves the wrong lines out; without it one wrong line stops all."""
    key = _key(request, request.POST["table"])
    rows = cache.get(key)
    if rows is None:
        form = ImportForm({}, {})
        form.full_clean()
        form.errors["file"] = form.error_class([GONE])
        return _page(request, form)
    partial = "partial" in request.POST
    report = domain.import_people(rows, territory, by=request.user, partial=partial, send="mail" in request.POST)
    if report.done:
        cache.delete(key)
    return _page(request, ImportForm(), report=report, table="" if report.done else request.POST["table"])


def _key(request, table):
    return f"extranet:import:{request.territory.pk}:{request.user.pk}:{table}"


def _page(request, form, report=None, table=""):
    context = {"form": form, "report": report, "table": table, "territory": request.territory}
    return render(request, "members/import.html", context)
