from django.apps import apps
from django.contrib import messages
from django.contrib.auth import get_user_model
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from . import access, domain
from .forms import CircleForm, EndMandateForm, MembershipForm, NewCircleForm, ObserverForm
from .models import Circle, CircleIndexPage, CirclePage, Mandate, Membership, Shared


@require_safe
def go_to_circle(request, slug):
    """A circle's page, wherever it stands in the site's tree."""
    page = get_object_or_404(CirclePage.objects.live(), circle=_circle(request, slug, "view"))
    return redirect(page.get_url(request))


@require_safe
def go_to_index(request):
    """The page that lists the person's circles, wherever it stands in the site's tree."""
    root = request.territory.site.root_page if request.territory and request.territory.site_id else None
    page = CircleIndexPage.objects.live().descendant_of(root).first() if root else None
    if page is None:
        raise Http404
    return redirect(page.get_url(request))


@require_http_methods(["GET", "HEAD", "POST"])
def new(request):
    """Open a working group or a commission: administrators of the territory."""
    _require_administrator(request)
    form = NewCircleForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        circle = domain.open_circle(request.territory, **form.cleaned_data)
        messages.success(request, f"Le groupe « {circle.name} » est créé. Inscrivez maintenant ses membres.")
        return redirect("circles:people", circle.slug)
    context = {"form": form, "title": "Créer un groupe", "action": "Créer le groupe", "back": reverse("circles:index")}
    return render(request, "circles/form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request, slug):
    """Change a circle's mission: its facilitators."""
    circle = _circle(request, slug, "moderate")
    form = CircleForm(request.POST or None, instance=circle, user=request.user)
    if request.method == "POST" and form.is_valid():
        domain.describe(circle, **form.cleaned_data)
        messages.success(request, "La mission du groupe est enregistrée.")
        return redirect("circles:circle", circle.slug)
    context = {
        "form": form,
        "circle": circle,
        "title": "La mission et les livrables",
        "action": "Enregistrer",
        "back": reverse("circles:circle", args=[circle.slug]),
    }
    return render(request, "circles/form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def people(request, slug):
    """Who belongs to a circle and how; its facilitators name people to it."""
    circle = _circle(request, slug, "moderate")
    form = MembershipForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        person = form.cleaned_data["person"]
        domain.join(circle, person, form.cleaned_data["role"])
        messages.success(request, f"{person.get_full_name()} fait désormais partie de « {circle.name} ».")
        return redirect("circles:people", circle.slug)
    named = circle.memberships.select_related("user").order_by("user__last_name", "user__first_name")
    by_function = access.people_of([circle.pk]).exclude(memberships__circle=circle).order_by("last_name", "first_name")
    context = {
        "circle": circle,
        "form": form,
        "named": named,
        "by_function": by_function,
        "observers": access.observers_of(circle),
        "observer_form": ObserverForm(circle=circle, user=request.user),
    }
    return render(request, "circles/people.html", context)


@require_POST
def remove(request, slug, user_id):
    """Take a person off a circle's list: its facilitators."""
    circle = _circle(request, slug, "moderate")
    membership = get_object_or_404(Membership.objects.select_related("user"), circle=circle, user=user_id)
    domain.leave(circle, membership.user)
    messages.success(request, f"{membership.user.get_full_name()} ne figure plus sur la liste de « {circle.name} ».")
    return redirect("circles:people", circle.slug)


@require_POST
def invite_observer(request, slug):
    """Let a commune or another group read what is shared with this one: its facilitators."""
    circle = _circle(request, slug, "moderate")
    form = ObserverForm(request.POST, circle=circle, user=request.user)
    if form.is_valid():
        domain.invite_observer(circle, form.cleaned_data["observer"])
        messages.success(request, f"{form.cleaned_data['observer']} lit désormais ce qui se partage ici.")
    else:
        messages.error(request, "Choisissez dans la liste la commune ou le groupe à inviter.")
    return redirect("circles:people", circle.slug)


@require_POST
def uninvite_observer(request, slug, observer):
    """End what an observer reads: the circle's facilitators."""
    circle = _circle(request, slug, "moderate")
    found = get_object_or_404(access.observers_of(circle), slug=observer)
    domain.uninvite_observer(circle, found)
    messages.success(request, f"{found} ne lit plus ce qui se partage ici.")
    return redirect("circles:people", circle.slug)


@require_http_methods(["GET", "HEAD", "POST"])
def end_mandate(request, pk):
    """End someone's function: whoever runs the commune's (or the guest's) circle, or administers the territory."""
    mandate = access.get(request.user, Mandate.objects.select_related("user", "commune__circle", "territory"), pk=pk)
    if not access.may_end(request.user, mandate):
        raise Http404
    form = EndMandateForm(request.POST or None, mandate=mandate)
    if request.method == "POST" and form.is_valid():
        domain.end_mandate(mandate, form.cleaned_data["last_day"])
        messages.success(request, f"La fonction de {mandate.user.get_full_name()} est close, ses droits avec elle.")
        return redirect("circles:index")
    return render(request, "circles/end_mandate.html", {"mandate": mandate, "form": form})


@require_safe
def explain(request, model, pk):
    """Who sees a content and why, for the administrators of the territory."""
    _require_administrator(request)
    obj = access.get(request.user, _shared_model(model)._default_manager.all(), pk=pk)
    readers = get_user_model().objects.filter(pk__in=access.viewers(obj)).order_by("last_name", "first_name")
    chosen = readers.filter(pk=request.GET["personne"]).first() if request.GET.get("personne", "").isdecimal() else None
    context = {
        "object": obj,
        "circles": [obj] if isinstance(obj, Circle) else Circle.objects.filter(pk__in=obj.audience.values("circle")),
        "readers": readers,
        "chosen": chosen,
        "reasons": access.explain(chosen, obj) if chosen else [],
    }
    return render(request, "circles/explain.html", context)


def _circle(request, slug, action):
    return access.get(request.user, Circle.objects.filter(territory=request.territory), action, slug=slug)


def _require_administrator(request):
    if not access.administers(request.user, request.territory):
        raise Http404


def _shared_model(label):
    try:
        model = apps.get_model(label)
    except (LookupError, ValueError):
        raise Http404 from None
    if not issubclass(model, Shared | Circle):
        raise Http404
    return model
