from django.http import Http404
from django.urls import include, path
from wagtail import hooks

from . import access
from .frame import NavEntry
from .models import CirclePage


@hooks.register("register_extranet_urls")
def urls():
    return [path("", include("extranet.circles.urls"))]


@hooks.register("register_extranet_nav")
def groups_entry():
    return NavEntry("Groupes", "circles:index", icon="groupes", order=100, secondary=True, prefix="/groupes/")


@hooks.register("before_serve_page")
def only_to_its_people(page, request, serve_args, serve_kwargs):
    """A circle's page is served to whoever may view the circle; to others it does not exist."""
    if isinstance(page, CirclePage):
        access.require(request.user, "view", page.circle)


@hooks.register("before_serve_document")
def documents_of_editors_only(document, request):
    """Members' files belong to the library, which asks `access`; the site's own documents stay with its editors."""
    if not request.user.has_perm("wagtailadmin.access_admin"):
        raise Http404
