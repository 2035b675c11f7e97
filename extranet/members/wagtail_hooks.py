from django.contrib.auth import get_user_model
from django.urls import include, path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from extranet.circles import access
from extranet.circles.frame import NavEntry
from extranet.circles.models import Commune
from extranet.search.sources import SearchSource

from .directory import may_invite
from .findable import COMMUNE, PERSON, every_commune, every_person
from .sections import PeopleSection


@hooks.register("register_extranet_urls")
def urls():
    return [path("", include("extranet.members.urls"))]


@hooks.register("register_extranet_nav")
def directory_entry():
    return NavEntry("Annuaire", "members:people", icon="annuaire", order=600, secondary=True)


@hooks.register("register_extranet_nav")
def profile_entry():
    return NavEntry("Mon profil", "members:profile", order=100, slot="menu")


@hooks.register("register_extranet_nav")
def password_entry():
    return NavEntry("Mot de passe", "account_change_password", order=200, slot="menu")


@hooks.register("register_extranet_nav")
def invite_entry():
    return NavEntry("Inviter", "members:invite", order=300, slot="menu", shown_to=may_invite)


@hooks.register("register_circle_section")
def people_section():
    return PeopleSection


@hooks.register("register_search_source")
def people_source():
    return SearchSource(PERSON, "Personnes", "annuaire", get_user_model(), every_person, order=410)


@hooks.register("register_search_source")
def communes_source():
    return SearchSource(COMMUNE, "Communes", "lieu", Commune, every_commune, order=420)


class ImportMenuItem(MenuItem):
    """Seen by the editors who administer the territory: the page itself asks again."""

    def is_shown(self, request):
        territory = getattr(request, "territory", None)
        return territory is not None and access.administers(request.user, territory)


@hooks.register("register_admin_menu_item")
def import_item():
    return ImportMenuItem(
        "Importer des personnes", reverse("members:import"), name="import-people", icon_name="group", order=700
    )
