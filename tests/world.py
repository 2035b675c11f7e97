"""The small world of the tests: a territory of three communes, their people, a group, and a second territory."""

from datetime import timedelta
from types import SimpleNamespace

from django.contrib.auth import get_user_model
from django.utils import timezone
from wagtail.models import Locale, Page, Site

from extranet.circles import domain
from extranet.circles.models import Circle, Function, Membership
from home.models import HomePage

PASSWORD = "une phrase assez longue"


def person(email, first_name, last_name, **fields):
    return get_user_model().objects.create_user(
        email=email, password=PASSWORD, first_name=first_name, last_name=last_name, **fields
    )


def new_site(host, title, **fields):
    """A Wagtail site of its own with the host's home page."""
    Locale.objects.get_or_create(language_code="fr")
    root = Page.objects.filter(depth=1).first() or Page.add_root(title="Root", slug="root")
    home = root.add_child(instance=HomePage(title=title, slug=host.replace(".", "-")))
    return Site.objects.create(hostname=host, root_page=home, site_name=title, **fields)


def build():
    """Angers (territory `alm`, host « testserver ») and Saumur (`saumur`, host « saumur.test »).

    People: helene (DGS of Bouchemaine), karim (deputy of Avrillé), yves (DGS of Feneu, facilitator of the group
    « Achats »), marc (agent of Avrillé), elue (elected reader of Avrillé), guest (in the group until tomorrow), admin
    (authority), stranger (DGS in the other territory). The group's members: yves and helene.
    """
    w = SimpleNamespace()
    Site.objects.all().delete()
    w.site = new_site("testserver", "Angers", is_default_site=True)
    w.other_site = new_site("saumur.test", "Saumur")
    w.alm = domain.create_territory(siren="244900015", name="Angers Loire Métropole", kind="CU", site=w.site)
    w.everyone = Circle.objects.get(territory=w.alm, kind=Circle.Kind.EVERYONE)
    w.south = domain.open_circle(w.alm, Circle.Kind.QUADRANT, "Quadrant Sud-Ouest")
    w.north = domain.open_circle(w.alm, Circle.Kind.QUADRANT, "Quadrant Nord-Ouest")
    w.bouchemaine = domain.add_commune(
        w.alm, insee_code="49035", name="Bouchemaine", quadrant=w.south, population=6580, population_year=2026
    )
    w.avrille = domain.add_commune(w.alm, insee_code="49015", name="Avrillé", quadrant=w.north, population=15251)
    w.feneu = domain.add_commune(w.alm, insee_code="49135", name="Feneu", quadrant=w.north, population=2212)
    w.meignanne = domain.add_commune(w.alm, insee_code="49196", name="La Meignanne", quadrant=w.north)
    w.commission = domain.open_circle(
        w.alm, Circle.Kind.COMMISSION, "Communes de moins de 4 500 habitants", population_under=4500
    )
    w.group = domain.open_circle(w.alm, Circle.Kind.GROUP, "Achats", mission="Préparer les groupements.")
    _people(w)
    w.saumur = domain.create_territory(siren="244900999", name="Saumur Val de Loire", kind="CA", site=w.other_site)
    w.montsoreau = domain.add_commune(w.saumur, insee_code="49219", name="Montsoreau", population=434)
    w.saumur_everyone = Circle.objects.get(territory=w.saumur, kind=Circle.Kind.EVERYONE)
    w.stranger = person("paul@montsoreau.example", "Paul", "Roy")
    domain.give_mandate(w.stranger, Function.DGS, territory=w.saumur, commune=w.montsoreau)
    return w


def _people(w):
    def named(email, first, last, function, commune=None, **details):
        user = person(email, first, last)
        domain.give_mandate(user, function, territory=w.alm, commune=commune, **details)
        return user

    w.helene = named("helene@bouchemaine.example", "Hélène", "Marchais", Function.DGS, w.bouchemaine)
    w.karim = named("karim@avrille.example", "Karim", "Belkacem", Function.DEPUTY, w.avrille)
    w.yves = named("yves@feneu.example", "Yves", "Cormerais", Function.DGS, w.feneu)
    w.marc = named("marc@avrille.example", "Marc", "Petit", Function.AGENT, w.avrille)
    w.elue = named("elue@avrille.example", "Jeanne", "Élue", Function.ELECTED, w.avrille)
    tomorrow = timezone.localdate() + timedelta(days=1)
    w.guest = named("expert@conseil.example", "Luc", "Expert", Function.GUEST, circle=w.group, ends_on=tomorrow)
    w.admin = named("dg@alm.example", "Anne", "Direction", Function.ADMINISTRATOR)
    domain.join(w.group, w.yves, Membership.Role.FACILITATOR)
    domain.join(w.group, w.helene)
