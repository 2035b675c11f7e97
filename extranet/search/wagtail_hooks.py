from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.urls import include, path
from wagtail import hooks

from extranet.circles.frame import NavEntry, circle_url
from extranet.circles.models import Circle

from . import domain
from .sources import SearchSource

CIRCLE = "circles.circle"


@hooks.register("register_extranet_urls")
def urls():
    return [path("", include("extranet.search.urls"))]


@hooks.register("register_search_source")
def circles_source():
    return SearchSource(CIRCLE, "Groupes", "groupes", Circle, _every_circle, order=400)


def _every_circle():
    for circle in Circle.objects.order_by("pk").iterator():
        yield _entry(circle)


def _entry(circle):
    text = "\n\n".join(part for part in (circle.get_kind_display(), circle.mission, circle.deliverables) if part)
    return {"obj": circle, "kind": CIRCLE, "title": circle.name, "text": text, "url": circle_url(circle)}


# Circles stand below search and cannot call it: the index follows them. It decides nothing.
@receiver(post_save, sender=Circle)
def follow(sender, instance, raw=False, **kwargs):
    if not raw:
        domain.index(**_entry(instance))


@receiver(post_delete, sender=Circle)
def let_go(sender, instance, **kwargs):
    domain.forget(instance)


@hooks.register("register_extranet_nav")
def search_field():
    return NavEntry("Rechercher", "search:results", slot="search")
