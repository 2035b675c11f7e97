from django.urls import include, path
from wagtail import hooks

from extranet.circles import listing
from extranet.circles.frame import NavEntry
from extranet.circles.sections import Section
from extranet.notices.kinds import NoticeKind
from extranet.notices.models import Channel
from extranet.search.sources import SearchSource

from . import tasks
from .domain import SEARCH_KIND, search_entry
from .models import Resource
from .shelves import latest_files, shown


@hooks.register("register_extranet_urls")
def urls():
    return [path("", include("extranet.library.urls"))]


@hooks.register("register_extranet_nav")
def library_entry():
    return NavEntry("Ressources", "library:index", icon="ressources", order=400)


@hooks.register("register_notice_kind")
def added_kind():
    return NoticeKind(
        tasks.ADDED,
        "Nouvelle ressource dans mes groupes",
        channel=Channel.DIGEST,
        letter=tasks.letter,
        shelf="Ressources",
        order=400,
    )


@hooks.register("register_search_source")
def resources_source():
    return SearchSource(SEARCH_KIND, "Bibliothèque", "ressources", Resource, _every_entry, order=100)


def _every_entry():
    for resource in Resource.objects.filter(archived_at=None).order_by("pk").iterator():
        yield search_entry(resource)


class NewResources(Section):
    """The newest resources: of a circle on its page, of all her circles on the dashboard."""

    name = "ressources"
    title = "Ressources"
    order = 400
    aside = ("dashboard",)
    template_name = "library/section.html"
    shown = 3

    def get_context_data(self, parent_context=None):
        resources = shown(Resource.objects.filter(archived_at=None))
        page = listing.newest(self.user, resources, limit=self.shown, circle=self.circle)
        files = latest_files(page)
        rows = [(resource, files.get(resource.pk)) for resource in page]
        return super().get_context_data(parent_context) | {"rows": rows}


@hooks.register("register_circle_section")
def new_resources():
    return NewResources
