from django.contrib import messages
from django.core.exceptions import BadRequest
from django.db import transaction
from django.http import FileResponse, Http404
from django.shortcuts import redirect, render
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from extranet.circles import access, listing
from extranet.circles.models import Circle
from extranet.files.checks import Refused
from extranet.ui import markdown

from . import domain
from .forms import FILE, LINK, SHEET, ResourceForm, VersionForm
from .models import FileVersion, Resource
from .sheets import sections
from .shelves import circle_named, latest_files, read_address, shelf

WHATS = {FILE: "Un fichier", SHEET: "Une fiche rédigée", LINK: "Un lien"}


@require_safe
def index(request):
    """The library: what the person may see, narrowed by facets and words."""
    asked = read_address(request.user, request.GET)
    try:
        found = shelf(request.user, asked)
    except listing.BadCursor as error:
        raise BadRequest("cursor") from error
    files = latest_files([resource for resource, _ in found.rows])
    context = {
        "asked": asked,
        "shelf": found,
        "rows": [(resource, files.get(resource.pk), extract) for resource, extract in found.rows],
        "may_add": bool(access.circles_of(request.user, "contribute")),
    }
    return render(request, "library/index.html", context)


@require_safe
def resource(request, pk):
    """A resource: its sheet or what is said of it, its versions, who sees it."""
    shown = Resource.objects.select_related("theme", "author").prefetch_related("audience")
    found = access.get(request.user, shown, pk=pk)
    circles = access.rights_of(request.user).circles
    audience = [row.circle_id for row in found.audience.all()]
    context = {
        "resource": found,
        "sections": sections(found.html),
        "references": [line.strip() for line in found.legal_references.splitlines() if line.strip()],
        "versions": list(found.versions.select_related("author").defer("text")),
        "circles": sorted((circles[each] for each in audience if each in circles), key=lambda circle: circle.name),
        "others": sum(each not in circles for each in audience),
        "may_change": _may_change(request.user, found),
    }
    return render(request, "library/resource.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request):
    """Add a file, a written sheet or a link."""
    what = request.GET.get("quoi", FILE)
    mine = access.circles_of(request.user, "contribute")
    if what not in WHATS or not mine:
        raise Http404
    circle = circle_named(request.user, request.GET.get("groupe", ""))
    initial = {"circles": [circle.pk]} if circle and circle.pk in mine else {}
    form = ResourceForm(request.POST or None, request.FILES or None, user=request.user, what=what, initial=initial)
    if request.method == "POST" and "preview" in request.POST:
        return _preview(request, form, what)
    if request.method == "POST" and form.is_valid():
        added = _add(request.user, form)
        if added:
            messages.success(request, f"«\u202f{added.title}\u202f» est dans la bibliothèque.")
            return redirect(added)
    return _show_form(request, form, what)


def _add(user, form):
    circles = sorted(form.cleaned_data["circles"], key=_home_first)
    file = form.cleaned_data.get("file")
    try:
        return domain.add_resource(user, circles, file=file, **form.details())
    except Refused as reason:
        form.add_error("file", str(reason))
        return None


def _home_first(circle):
    """Among the circles chosen, the most particular one is the home: its facilitators moderate."""
    order = [Circle.Kind.GROUP, Circle.Kind.COMMISSION, Circle.Kind.COMMUNE, Circle.Kind.QUADRANT, Circle.Kind.EVERYONE]
    return order.index(circle.kind), circle.name


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request, pk):
    """Change a resource: its author, or whoever moderates its home circle."""
    found = _to_change(request, pk)
    what = SHEET if found.body else LINK if found.kind == Resource.Kind.LINK else FILE
    audience = set(found.audience.values_list("circle", flat=True))
    form = ResourceForm(
        request.POST or None, user=request.user, what=what, instance=found, initial={"circles": list(audience)}
    )
    if request.method == "POST" and "preview" in request.POST:
        return _preview(request, form, what)
    if request.method == "POST" and form.is_valid():
        hers = {circle.pk for circle in form.fields["circles"].queryset}
        kept = Circle.objects.filter(pk__in=audience - hers)
        domain.change(found, circles=[*form.cleaned_data["circles"], *kept], **form.details())
        messages.success(request, "Les changements sont enregistrés.")
        return redirect(found)
    return _show_form(request, form, what, found)


def _preview(request, form, what):
    """The text as it will be read: a piece of the page for htmx, the whole form again without."""
    text = request.POST.get("body", "")
    try:
        html, wrong = markdown.render(text), ""
    except ValueError as reason:
        html, wrong = "", str(reason)
    context = {"sections": sections(html), "wrong": wrong}
    if request.headers.get("HX-Request"):
        return render(request, "library/includes/preview.html", context)
    typed = request.POST.dict() | {"circles": request.POST.getlist("circles")}
    blank = ResourceForm(user=request.user, what=what, instance=form.instance, initial=typed)
    return _show_form(request, blank, what, form.instance if form.instance.pk else None, preview=context)


def _show_form(request, form, what, found=None, preview=None):
    context = {"form": form, "what": what, "whats": WHATS, "resource": found, "preview": preview}
    return render(request, "library/form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new_version(request, pk):
    """Put a new version of a resource's file."""
    found = _to_change(request, pk)
    form = VersionForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            version = domain.add_version(found, form.cleaned_data["file"], request.user, form.cleaned_data["reason"])
        except Refused as reason:
            form.add_error("file", str(reason))
        else:
            messages.success(
                request, f"La version {version.number} est en ligne. Les précédentes restent consultables."
            )
            return redirect(found)
    return render(request, "library/version_form.html", {"form": form, "resource": found})


@require_POST
def archive(request, pk):
    """Take a resource out of lists and search."""
    found = _to_change(request, pk)
    domain.archive(found)
    messages.success(request, "La ressource est archivée\u202f: elle quitte les listes et la recherche.")
    return redirect(found)


@require_POST
def restore(request, pk):
    """Put an archived resource back in lists and search."""
    found = _to_change(request, pk)
    domain.restore(found)
    messages.success(request, "La ressource est de nouveau dans les listes.")
    return redirect(found)


@require_POST
def read_again(request, pk, number):
    """Ask for the text of a file to be read once more."""
    found = _to_change(request, pk)
    version = _version(found, number=number)
    with transaction.atomic():
        domain.read_again(version)
    messages.success(request, "Le fichier va être relu\u202f: son texte sera cherché dès qu’il aura été lu.")
    return redirect(found)


@require_safe
def latest(request, pk):
    """The address that always leads to the latest version."""
    found = access.get(request.user, Resource.objects.all(), pk=pk)
    version = found.versions.defer("text").first()
    if version is None:
        raise Http404
    return redirect(version)


@require_safe
def download(request, pk, number, name):
    """A version's file, always as a download: nothing that a member puts here is run by a browser on this site."""
    found = access.get(request.user, Resource.objects.only("pk"), pk=pk)
    version = _version(found, number=number, name=name)
    etag = f'"{version.sha256}"'
    response = get_conditional_response(request, etag=etag) or _file(version)
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _file(version):
    try:
        response = FileResponse(version.file.open("rb"), content_type=version.mime)
    except FileNotFoundError:
        raise Http404 from None
    response.headers["Content-Length"] = version.size
    response.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=version.name)
    return response


def _version(resource, **lookup):
    try:
        return FileVersion.objects.defer("text").get(resource=resource, **lookup)
    except (FileVersion.DoesNotExist, ValueError, OverflowError):
        raise Http404 from None


def _may_change(user, resource):
    return resource.author_id == user.pk or access.can(user, "moderate", resource)


def _to_change(request, pk):
    """A resource that the person may see and change, or Http404."""
    found = access.get(request.user, Resource.objects.all(), pk=pk)
    if not _may_change(request.user, found):
        raise Http404
    return found
