from django.contrib.auth.models import Group
from django.core.cache import cache
from django.db import transaction
from wagtail.models import PageViewRestriction, Site

from ..models import Circle, Commune, Territory
from .circles import open_circle

HOST_CACHE_SECONDS = 300


@transaction.atomic
def create_territory(*, siren, name, kind=Territory.Kind.OTHER, site=None):
    """A new authority, its administrators' group and its circle of all members, served at `site`'s host name."""
    group = Group.objects.create(name=f"{siren} · administrateurs")
    territory = Territory.objects.create(siren=siren, name=name, kind=kind, site=site, administrators_group=group)
    open_circle(territory, Circle.Kind.EVERYONE, "Tous les membres")
    if site:  # the second lock of the house, besides LoginRequiredMiddleware
        PageViewRestriction.objects.get_or_create(page=site.root_page, restriction_type=PageViewRestriction.LOGIN)
    forget_hosts()
    return territory


@transaction.atomic
def add_commune(territory, *, insee_code, name, quadrant=None, **details):
    """A commune of the territory, with its circle. `details` are the other fields of Commune."""
    commune = Commune.objects.create(
        territory=territory, insee_code=insee_code, name=name, quadrant=quadrant, **details
    )
    open_circle(territory, Circle.Kind.COMMUNE, name, commune=commune)
    return commune


def territory_of_host(request):
    """The territory served at the request's host name, or None. Cached: it is asked at each request."""
    key = f"extranet:territory:{cache.get('extranet:hosts', 0)}:{request.get_host()}"
    territory = cache.get(key, default=...)
    if territory is ...:
        site = Site.find_for_request(request)
        territory = Territory.objects.select_related("site").filter(site=site).first() if site else None
        cache.set(key, territory, HOST_CACHE_SECONDS)
    return territory


def forget_hosts(**kwargs):
    """Territories or sites have changed: what the cache says of host names is forgotten."""
    transaction.on_commit(_bump)


def _bump():
    try:
        cache.incr("extranet:hosts")
    except ValueError:
        cache.set("extranet:hosts", 1, None)
