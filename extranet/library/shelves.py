"""The library's list: what was asked in the address, what answers, and how many there are behind each choice.

Everything counted comes from what the person may see: a hidden resource is in no figure.
"""

from dataclasses import dataclass, field

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Q

from extranet.circles import access, listing
from extranet.circles.models import Audience
from extranet.search.extract import extract
from extranet.search.query import LAST_PAGE, hits, parse

from .models import FileVersion, Resource

PAGE = 20


@dataclass(frozen=True)
class Choice:
    """A choice of a facet: the value that its link puts in the address, and how many answer."""

    value: str
    label: str
    count: int


@dataclass(frozen=True)
class Facet:
    """A way to narrow the list. `param` is its name in the address, `chosen` the choice in force."""

    param: str
    label: str
    choices: list
    chosen: Choice | None


@dataclass
class Asked:
    """What the address asks for, each value checked; what makes no sense is left out."""

    words: str = ""
    terms: list = field(default_factory=list)
    kind: str = ""
    theme: str = ""
    form: str = ""
    circle: object = None
    archived: bool = False
    by_date: bool = False
    after: str = ""
    page: int = 1

    @property
    def narrowed(self):
        return bool(self.kind or self.theme or self.form or self.circle or self.archived)


@dataclass
class Shelf:
    """A page of the list: rows of (resource, extract), the facets, the total, and where the list goes on."""

    rows: list
    facets: list
    total: int
    next: str = ""
    next_page: int | None = None

    @property
    def applied(self):
        return [facet for facet in self.facets if facet.chosen]


def read_address(user, params):
    """The Asked of a request's GET parameters."""
    words, page = params.get("q", "").strip(), params.get("page", "")
    return Asked(
        words=words,
        terms=parse(words),
        kind=params.get("nature", "") if params.get("nature") in Resource.Kind.values else "",
        theme=params.get("theme", "")[:60],
        form=params.get("forme", "") if params.get("forme") in Resource.Form.values else "",
        circle=circle_named(user, params.get("groupe", "")),
        archived=params.get("archivees") == "1",
        by_date=params.get("tri") == "date",
        after=params.get("apres", ""),
        page=min(int(page), LAST_PAGE) if page.isdecimal() and len(page) < 6 and int(page) else 1,
    )


def circle_named(user, slug):
    """The CircleRef of the person's circle with this slug, or None."""
    return next((circle for circle in access.rights_of(user).circles.values() if circle.slug == slug), None)


def shelf(user, asked):
    """What `user` may see of what is asked. At most five queries. Raises: listing.BadCursor."""
    everything = access.visible_to(user, Resource.objects.filter(archived_at__isnull=not asked.archived))
    if asked.terms:
        everything = everything.filter(pk__in=hits(user, asked.terms, Resource).values("object_id"))
    facets, total = _facets(user, everything, asked)
    if asked.terms:
        found = _best(user, everything, asked)
    elif asked.words:  # signs alone: nothing answers
        found = Shelf([], facets, 0)
    elif asked.narrowed:
        found = _newest_of(everything, asked)
    else:
        page = listing.newest(user, shown(Resource.objects.filter(archived_at=None)), limit=PAGE, after=asked.after)
        found = Shelf([(each, "") for each in page], facets, total, page.next)
    found.facets, found.total = facets, total
    return found


def shown(queryset):
    """`queryset` with what a row of a list shows."""
    return queryset.select_related("theme").defer("body", "html", "legal_references")


def latest_files(resources):
    """The latest file of each of these resources, {resource id: FileVersion}, in one query."""
    versions = FileVersion.objects.filter(resource__in=[each.pk for each in resources]).defer("text")
    return {version.resource_id: version for version in versions.order_by("number")}


def _best(user, everything, asked):
    """A page of the search, best first, with extracts."""
    pks = _narrowed(everything, asked).values("pk")
    start = PAGE * (asked.page - 1)
    ordered = hits(user, asked.terms, Resource).filter(object_id__in=pks)
    order = ("-listed_at", "-pk") if asked.by_date else ("-score", "-listed_at", "-pk")
    entries = list(ordered.order_by(*order)[start : start + PAGE + 1])
    by_id = shown(Resource.objects).in_bulk([entry.object_id for entry in entries[:PAGE]])
    rows = [
        (by_id[entry.object_id], extract(entry.text, asked.terms))
        for entry in entries[:PAGE]
        if entry.object_id in by_id
    ]
    return Shelf(rows, [], 0, next_page=asked.page + 1 if len(entries) > PAGE and asked.page < LAST_PAGE else None)


def _newest_of(everything, asked):
    """A page of a narrowed list, the newest first."""
    resources = shown(_narrowed(everything, asked)).order_by("-listed_at", "-pk")
    if asked.after:
        moment, pk = listing.read_cursor(asked.after)
        resources = resources.filter(Q(listed_at__lt=moment) | Q(listed_at=moment, pk__lt=pk))
    found = list(resources[: PAGE + 1])
    following = listing.write_cursor(found[PAGE - 1]) if len(found) > PAGE else ""
    return Shelf([(each, "") for each in found[:PAGE]], [], 0, following)


def _narrowed(resources, asked, but=""):
    """`resources` that answer every facet in force, except the one named `but`."""
    wanted = {"kind": asked.kind, "theme__slug": asked.theme, "cooperation_form": asked.form}
    resources = resources.filter(**{name: value for name, value in wanted.items() if value})
    if asked.circle and but != "groupe":
        resources = resources.filter(access.shared_with(Resource, [asked.circle.pk]))
    return resources


def _facets(user, everything, asked):
    """The facets with their counts, and the total: one query for three of them, one for the circles."""
    rows = everything
    if asked.circle:
        rows = rows.filter(access.shared_with(Resource, [asked.circle.pk]))
    names = ("nature", "theme", "forme")
    grouped = list(
        rows.order_by().values_list("kind", "theme__slug", "cooperation_form", "theme__label").annotate(n=Count("pk"))
    )
    wanted = dict(zip(names, (asked.kind, asked.theme, asked.form), strict=True))

    def counted(but):
        place = names.index(but) if but else None
        counts = {}
        for row in grouped:
            others = (name for name in names if name != but)
            if all(not wanted[name] or row[names.index(name)] == wanted[name] for name in others):
                key = row[place] if but else ""
                counts[key] = counts.get(key, 0) + row[4]
        return counts

    labels = {row[1]: row[3] for row in grouped}
    facets = [
        _facet("nature", "Nature", Resource.Kind.choices, counted("nature"), asked.kind),
        _facet("theme", "Thème", sorted(labels.items(), key=lambda item: item[1]), counted("theme"), asked.theme),
        _facet("forme", "Forme de coopération", Resource.Form.choices, counted("forme"), asked.form),
        _circle_facet(user, everything, asked),
    ]
    return [facet for facet in facets if facet.choices], sum(counted("").values())


def _facet(param, label, values, counts, chosen):
    choices = [Choice(value, name, counts[value]) for value, name in values if counts.get(value)]
    current = next((choice for choice in choices if choice.value == chosen), None)
    if chosen and current is None:  # nothing answers: its link away from there must remain
        current = Choice(chosen, dict(values).get(chosen, chosen), 0)
        choices.append(current)
    return Facet(param, label, choices, current)


def _circle_facet(user, everything, asked):
    circles = access.rights_of(user).circles
    rows = Audience.objects.filter(
        content_type=ContentType.objects.get_for_model(Resource),
        circle__in=list(circles),
        object_id__in=_narrowed(everything, asked, but="groupe").values("pk"),
    )
    counts = dict(rows.order_by().values_list("circle").annotate(n=Count("pk")))
    by_slug = {circles[pk].slug: count for pk, count in counts.items()}
    values = sorted(((each.slug, each.name) for each in circles.values()), key=lambda item: item[1])
    return _facet("groupe", "Groupe", values, by_slug, asked.circle.slug if asked.circle else "")
