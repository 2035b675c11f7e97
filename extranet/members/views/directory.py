from django.contrib import messages
from django.contrib.auth import get_user_model
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_safe

from extranet.circles import access
from extranet.circles.models import Circle, Commune, Function
from extranet.ui.tables import csv_response

from .. import directory, domain
from ..forms import ProfileForm
from ..models import Profile
from ..vcard import vcard


def territory_of(request):
    """The territory of this host, or Http404 where none is served."""
    if request.territory is None:
        raise Http404
    return request.territory


@require_safe
def people(request):
    """The people whom the reader may see, filtered, fifty a page."""
    territory = territory_of(request)
    filters = directory.Filters.of(request.GET)
    page = directory.page_of_people(request.user, territory, filters, request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "page": page,
        "filters": filters,
        "query": query.urlencode(),
        "communes": directory.commune_choices(request.user, territory),
        "functions": Function.choices,
        "circle": _chosen_circle(request.user, filters),
        "may_invite": directory.may_invite(request.user),
    }
    return render(request, "members/people.html", context)


def _chosen_circle(user, filters):
    circles = access.rights_of(user).circles.values()
    return next((circle for circle in circles if filters.circle and circle.slug == filters.circle), None)


@require_safe
def people_csv(request):
    """The same list for a spreadsheet."""
    territory = territory_of(request)
    ids = directory.people(request.user, territory, directory.Filters.of(request.GET))
    headers = ["Nom", "Prénom", "Fonction", "Commune", "Téléphone", "Courriel"]
    rows = (
        [
            person.last_name,
            person.first_name,
            ", ".join(mandate.title or mandate.get_function_display() for mandate in person.functions),
            ", ".join(place for place in map(_place, person.functions) if place),
            person.profile.phone if hasattr(person, "profile") else "",
            person.email,
        ]
        for person in directory.described(request.user, territory, ids)
    )
    return csv_response(f"annuaire-{timezone.localdate():%Y-%m-%d}.csv", headers, rows)


def _place(mandate):
    """Where a function is held; a guest's is in no commune."""
    return "" if mandate.circle_id else str(mandate.commune or mandate.territory)


@require_safe
def communes(request):
    """The communes of the territory, as a table."""
    rows = directory.communes(request.user, territory_of(request))
    return render(request, "members/communes.html", {"rows": rows})


@require_safe
def commune(request, insee_code):
    """A commune and its people."""
    territory = territory_of(request)
    listed = Commune.objects.filter(territory=territory).select_related("quadrant", "circle", "merged_into")
    found = access.get(request.user, listed, insee_code=insee_code)
    ids = directory.people(request.user, territory, directory.Filters(commune=insee_code))
    context = {
        "commune": found,
        "people": directory.described(request.user, territory, ids),
        "circle": access.rights_of(request.user).circles.get(found.circle.pk),
        "quadrant": access.rights_of(request.user).circles.get(found.quadrant_id),
        "may_invite": access.can(request.user, "moderate", found.circle),
    }
    return render(request, "members/commune.html", context)


@require_safe
def person(request, pk):
    """A person: functions, how to reach her, the circles she shares with the reader."""
    found = _person(request, pk)
    shared = access.circles_in_common(request.user, found)
    kinds = {Circle.Kind.COMMUNE: "Commune", Circle.Kind.QUADRANT: "Quadrant"}
    context = {
        "person": found,
        "profile": getattr(found, "profile", None),
        "circles": [(circle, kinds.get(circle.kind, "")) for circle in shared],
        "is_me": found.pk == request.user.pk,
    }
    return render(request, "members/person.html", context)


@require_safe
def person_vcard(request, pk):
    """The person's card, for an address book."""
    found = _person(request, pk)
    url = request.build_absolute_uri(reverse("members:person", args=[pk]))
    name = slugify(found.get_full_name()) or "contact"
    response = HttpResponse(vcard(found, found.functions, url), content_type="text/vcard; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=f"{name}.vcf")
    return response


def _person(request, pk):
    territory = territory_of(request)
    visible = access.get(request.user, get_user_model().objects.only("pk"), pk=pk)
    found = directory.described(request.user, territory, [visible.pk])[0]
    if not found.functions:
        raise Http404
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def profile(request):
    """What I say of myself."""
    mine = Profile.objects.filter(user=request.user).first() or Profile(user=request.user)
    initial = {
        "first_name": request.user.first_name,
        "last_name": request.user.last_name,
        "phone": mine.phone,
        "themes": mine.themes,
    }
    form = ProfileForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        domain.change_profile(request.user, **form.cleaned_data)
        messages.success(request, "Votre profil est enregistré.")
        return redirect("members:person", request.user.pk)
    return render(request, "members/profile.html", {"form": form})
