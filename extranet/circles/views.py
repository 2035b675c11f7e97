from django.apps import apps
from django.contrib.auth import get_user_model
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from . import access
from .models import Circle, CircleIndexPage, CirclePage, Shared


@require_safe
def go_to_circle(request, slug):
    """A circle's page, wherever it stands in the site's tree."""
    circle = access.get(request.user, Circle.objects.filter(territory=request.territory), slug=slug)
    page = get_object_or_404(CirclePage.objects.live(), circle=circle)
    return redirect(page.get_url(request))


@require_safe
def go_to_index(request):
    """The page that lists the person's circles, wherever it stands in the site's tree."""
    root = request.territory.site.root_page if request.territory and request.territory.site_id else None
    page = CircleIndexPage.objects.live().descendant_of(root).first() if root else None
    if page is None:
        raise Http404
    return redirect(page.get_url(request))


@require_safe
def explain(request, model, pk):
    """Who sees a content and why, for the administrators of the territory."""
    if request.territory is None or not access.administers(request.user, request.territory):
        raise Http404
    obj = access.get(request.user, _shared_model(model)._default_manager.all(), pk=pk)
    readers = get_user_model().objects.filter(pk__in=access.viewers(obj)).order_by("last_name", "first_name")
    chosen = readers.filter(pk=request.GET["personne"]).first() if request.GET.get("personne", "").isdigit() else None
    context = {
        "object": obj,
        "circles": [obj] if isinstance(obj, Circle) else Circle.objects.filter(pk__in=obj.audience.values("circle")),
        "readers": readers,
        "chosen": chosen,
        "reasons": access.explain(chosen, obj) if chosen else [],
    }
    return render(request, "circles/explain.html", context)


def _shared_model(label):
    try:
        model = apps.get_model(label)
    except (LookupError, ValueError):
        raise Http404 from None
    if not issubclass(model, Shared | Circle):
        raise Http404
    return model
