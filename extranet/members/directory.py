"""Reading the directory: who may be seen comes from `access`; then constant queries, whatever the number of people.

Names are compared and sorted here rather than by the database: SQLite knows neither accents nor French order, and an
authority's people are a few thousand at most.
"""

from dataclasses import dataclass, field

from django.contrib.auth import get_user_model
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Prefetch, Q

from extranet.circles import access
from extranet.circles.models import Circle, Commune, Function, Mandate

from .columns import fold
from .models import Invitation

PER_PAGE = 50
RUNS = (Function.DGS, Function.SUBSTITUTE)


@dataclass(frozen=True)
class Filters:
    """What narrows the list of people; an unknown commune, function or circle finds nobody."""

    text: str = ""
    commune: str = ""  # INSEE code
    function: str = ""
    circle: str = ""  # slug

    @classmethod
    def of(cls, query):
        """From an address's query."""
        names = {"text": "q", "commune": "commune", "function": "fonction", "circle": "groupe"}
        return cls(**{name: query.get(key, "").strip().replace("\x00", "")[:200] for name, key in names.items()})

    def __bool__(self):
        return any((self.text, self.commune, self.function, self.circle))


def active_mandates(user, territory):
    """The functions of today in the territory, of the people whom `user` may see."""
    mandates = Mandate.objects.active().filter(territory=territory)
    return access.visible_to(user, mandates).select_related("commune__circle", "circle", "territory").order_by("pk")


def people(user, territory, filters):
    """The ids of the people of the territory whom `user` may see and `filters` keep, in French order. One query."""
    found = access.visible_to(user, get_user_model().objects.all())
    if filters.circle:
        circles = [c.pk for c in access.rights_of(user).circles.values() if c.slug == filters.circle]
        found = found.filter(pk__in=access.people_of(circles))
    held = Mandate.objects.active().filter(territory=territory, user=OuterRef("pk"))
    if filters.commune:
        held = held.filter(commune__insee_code=filters.commune)
    if filters.function:
        held = held.filter(function=filters.function)
    rows = found.filter(Exists(held)).values_list("pk", "last_name", "first_name", "email").order_by()
    words = fold(filters.text).split()
    kept = [
        (fold(last_name), fold(first_name), pk)
        for pk, last_name, first_name, email in rows
        if all(word in fold(f"{first_name} {last_name} {email}") for word in words)
    ]
    return [pk for *_, pk in sorted(kept)]


def described(user, territory, ids):
    """These people in the order of `ids`, each with `functions` (their mandates of today) and profile. Two queries."""
    functions = Prefetch("mandates", active_mandates(user, territory), to_attr="functions")
    rows = get_user_model().objects.filter(pk__in=ids).select_related("profile").prefetch_related(functions)
    by_id = {person.pk: person for person in rows}
    return [by_id[pk] for pk in ids if pk in by_id]


def page_of_people(user, territory, filters, number):
    """The page `number` of the list, its people described. Three queries."""
    page = Paginator(people(user, territory, filters), PER_PAGE).get_page(number)
    page.object_list = described(user, territory, page.object_list)
    return page


@dataclass
class CommuneRow:
    """A commune as the directory shows it."""

    commune: Commune
    directors: list = field(default_factory=list)
    people: set = field(default_factory=set)


def communes(user, territory):
    """The communes of the territory with their DGS and how many people of each `user` may see. Two queries."""
    listed = access.visible_to(user, Commune.objects.filter(territory=territory)).select_related("quadrant")
    rows = {commune.pk: CommuneRow(commune) for commune in listed}
    mandates = active_mandates(user, territory).filter(commune__isnull=False).select_related("user")
    for mandate in mandates:
        row = rows[mandate.commune_id]
        row.people.add(mandate.user_id)
        if mandate.function in RUNS:
            row.directors.append(mandate.user)
    return sorted(rows.values(), key=lambda row: fold(row.commune.name))


def commune_choices(user, territory):
    """The communes to filter by: (INSEE code, name), in French order. One query."""
    listed = access.visible_to(user, Commune.objects.filter(territory=territory)).values_list("insee_code", "name")
    return sorted(listed, key=lambda row: fold(row[1]))


def pending_invitations(user, territory, administers):
    """Invitations not used yet that `user` may send again: those of the communes and groups that she runs."""
    pending = Invitation.objects.pending().filter(territory=territory)
    if not administers:
        runs = access.circles_of(user, "moderate")
        pending = pending.filter(Q(mandate__commune__circle__in=runs) | Q(mandate__circle__in=runs))
    return pending.select_related("user", "sent_by", "mandate__commune", "mandate__circle", "mandate__territory")


def may_invite(user):
    """Whether the person runs a commune or a group, and so may invite to it. No query of its own."""
    rights = access.rights_of(user)
    kinds = (Circle.Kind.COMMUNE, Circle.Kind.GROUP, Circle.Kind.COMMISSION)
    return any(rights.circles[pk].kind in kinds for pk in rights.ids["moderate"] if pk in rights.circles)
