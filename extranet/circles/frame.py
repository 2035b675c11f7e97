"""What surrounds every page, for one person: navigation with its counts, her circles, her name and function.

Plugins add entries with the hook `register_extranet_nav`, a function that returns a NavEntry (docs/architecture.md).
All counts, and the person's function, come in one query.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.db import connection
from django.db.models import BooleanField, Case, CharField, Exists, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Concat
from django.urls import reverse
from django.utils import timezone
from wagtail import hooks

from extranet.ui.frame import Bell, Brand, CircleLink, FootLink, Frame, MenuItem, NavItem, Person
from extranet.ui.french import initials

from . import access
from .models import Circle, Commune, Function, Mandate

MOST_CIRCLES = 8
KIND_ORDER = [Circle.Kind.GROUP, Circle.Kind.COMMISSION, Circle.Kind.QUADRANT, Circle.Kind.EVERYONE]


@dataclass(frozen=True)
class NavEntry:
    """An entry that a plugin adds to the frame.

    `badge` takes the person and gives a scalar database expression (a Subquery), or None for nothing; it joins the
    one query that reads every count, whose text is kept an hour for the same person with the same rights. `slot` is
    "nav", "bell" (the notices' tool), "search" (where the search field leads), "menu" (the person's menu), "home"
    (whose badges add up to the things to do, shown at « Accueil ») or "foot", which is shown to everybody, signed
    in or not.
    """

    label: str
    url_name: str
    icon: str = ""
    order: int = 500
    slot: str = "nav"
    secondary: bool = False
    warm: bool = False
    badge: Callable | None = None
    prefix: str = ""  # where its pages stand, when not below its own address
    topic: Callable | None = None  # takes the person; gives the live topic of its count and the number it stands at
    scripts: tuple = ()  # static files that it adds to every page
    shown_to: Callable | None = None  # takes the person; without a query of its own (access.circles_of has none)

    @property
    def url(self):
        return reverse(self.url_name)

    def is_current(self, path):
        return path.startswith(self.prefix or self.url)


def entries(slot):
    """The entries of one slot, in order."""
    found = [hook() for hook in hooks.get_hooks("register_extranet_nav")]
    return sorted((entry for entry in found if entry.slot == slot), key=lambda entry: entry.order)


def build_frame(request):
    """The Frame of this request; for nobody, the brand alone."""
    territory = getattr(request, "territory", None)
    brand = Brand(name="Réseau des DGS", subtitle=territory.name if territory else "", home_url="/")
    foot = [FootLink(label=entry.label, url=entry.url) for entry in entries("foot")]
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return Frame(brand=brand, foot=foot)
    shown = _shown(user)
    facts = _facts(user, territory, shown)
    name = user.get_full_name() or user.get_username()
    return Frame(
        brand=brand,
        nav=[_home_item(request, shown, facts), *_nav_items(request, shown, facts)],
        circles=_circle_links(user),
        person=Person(name=name, initials=initials(name), label=facts["label"]),
        menu=[
            *(MenuItem(label=entry.label, url=entry.url) for entry in shown if entry.slot == "menu"),
            *_account_items(facts["enters the admin"]),
        ],
        bell=next((_bell(entry, user, facts) for entry in shown if entry.slot == "bell"), None),
        search_url=next((entry.url for entry in shown if entry.slot == "search"), ""),
        scripts=[script for entry in shown for script in entry.scripts],
        foot=foot,
    )


def _shown(user):
    if not access.circles_of(user):
        return []
    found = [entry for slot in ("nav", "bell", "search", "menu", "home") for entry in entries(slot)]
    return [entry for entry in found if entry.shown_to is None or entry.shown_to(user)]


def function_label(user_ref, territory_ref):
    """An expression: « DGS, Bouchemaine », the label of the person's first function of today in the territory."""
    names = (When(function=value, then=Value(label)) for value, label in Function.choices)
    function = Case(*names, output_field=CharField())
    guests = When(function__in=[Function.GUEST, Function.PARTNER], then=Value(""))
    of_the_authority = When(commune=None, then=Concat(Value(", "), "territory__name"))
    place = Case(guests, of_the_authority, default=Concat(Value(", "), "commune__name"), output_field=CharField())
    titled = Case(When(title="", then=function), default="title", output_field=CharField())
    mandates = Mandate.objects.active().filter(user=user_ref, territory=territory_ref).order_by("commune__name", "pk")
    return Subquery(mandates.annotate(words=Concat(titled, place)).values("words")[:1])


def _facts(user, territory, shown):
    place = territory.pk if territory else None
    names = tuple(entry.url_name for entry in shown)
    rights = tuple(access.rights_of(user).ids.values())
    hour = timezone.localtime().replace(minute=0, second=0, microsecond=0)
    asked = _Asked(user.pk, place, rights, names, hour, connection.vendor, user, territory, shown)
    keys, sql, params = _statement(asked)
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        row = cursor.fetchone()
    facts = dict.fromkeys(names) | dict(zip(keys, row, strict=True))
    return {**facts, "label": _label(facts["function"], territory)}


@dataclass(frozen=True)
class _Asked:
    """What the statement of the frame depends on: for the same person, rights, entries and hour it is the same."""

    user_id: int
    territory_id: int | None
    rights: tuple  # of sets of circle ids
    names: tuple
    hour: datetime
    vendor: str
    user: object = field(compare=False)
    territory: object = field(compare=False)
    shown: list = field(compare=False)


@lru_cache(1024)
def _statement(asked):
    """(names, SQL, parameters) of the one query of the frame: building it takes five times as long as running it."""
    columns = {entry.url_name: entry.badge(asked.user) for entry in asked.shown if entry.badge}
    columns |= {f"{entry.url_name} live": entry.topic(asked.user)[1] for entry in asked.shown if entry.topic}
    mandates = Mandate.objects.active().filter(user=OuterRef("pk"), territory=asked.territory)
    parts = Concat("function", Value("\n"), "title", Value("\n"), "commune__name")
    columns["function"] = Subquery(mandates.order_by("commune__name", "pk").annotate(parts=parts).values("parts")[:1])
    columns["enters the admin"] = _enters_the_admin()
    aliased = {f"fact_{index}": column for index, column in enumerate(columns.values())}
    rows = get_user_model().objects.filter(pk=asked.user_id).annotate(**aliased).values_list(*aliased)
    return list(columns), *rows.query.get_compiler(connection=connection).as_sql()


def _label(parts, territory):
    if not parts:
        return ""
    function, title, place = parts.split("\n")
    commune = Commune(name=place) if place else None
    return Mandate(function=function, title=title, commune=commune, territory=territory).label


def _enters_the_admin():
    """An expression: what `has_perm("wagtailadmin.access_admin")` says, without its two queries."""
    permission = Permission.objects.filter(content_type__app_label="wagtailadmin", codename="access_admin")
    granted = permission.filter(Q(group__user=OuterRef("pk")) | Q(user=OuterRef("pk")))
    return Case(When(is_superuser=True, then=Value(True)), default=Exists(granted), output_field=BooleanField())


def _bell(entry, user, facts):
    live = {"topic": entry.topic(user)[0], "seq": facts[f"{entry.url_name} live"] or 0} if entry.topic else {}
    return Bell(url=entry.url, count=facts[entry.url_name] or 0, **live)


def _home_item(request, shown, facts):
    waiting = sum(facts[entry.url_name] or 0 for entry in shown if entry.slot == "home")
    return NavItem(label="Accueil", url="/", icon="accueil", count=waiting, warm=True, current=request.path == "/")


def _nav_items(request, shown, facts):
    return [
        NavItem(
            label=entry.label,
            url=entry.url,
            icon=entry.icon,
            count=facts[entry.url_name] or 0,
            warm=entry.warm,
            secondary=entry.secondary,
            current=entry.is_current(request.path),
        )
        for entry in shown
        if entry.slot == "nav"
    ]


def _circle_links(user):
    rights = access.rights_of(user)
    circles = [circle for circle in rights.circles.values() if circle.kind in KIND_ORDER]
    circles.sort(key=lambda circle: (KIND_ORDER.index(circle.kind), circle.name))
    return [CircleLink(name=circle.name, url=circle_url(circle)) for circle in circles[:MOST_CIRCLES]]


def circle_url(circle):
    """The address of a circle's page, from the circle or its CircleRef."""
    return reverse("circles:circle", args=[circle.slug])


def _account_items(enters_the_admin):
    items = [MenuItem(label="Affichage clair ou sombre", url=reverse("ui:appearance"))]
    if enters_the_admin:
        items.append(MenuItem(label="Administration du site", url=reverse("wagtailadmin_home")))
    return [*items, MenuItem(label="Se déconnecter", url=reverse("account_logout"), post=True)]
