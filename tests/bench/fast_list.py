"""The fast list: a page of the 20 newest contents that a person may see, against the 20 newest of all.

What is measured reads the person's rights too, as the first list of a request does.
"""

from dataclasses import dataclass
from functools import partial

from django.db import connection
from django.test.utils import CaptureQueriesContext

from extranet.circles import access, listing
from extranet.circles.models import Circle
from extranet.library.models import Resource, Theme
from tests.bench import copies, crowd
from tests.bench.report import Report, in_turns, median_ms


@dataclass(frozen=True)
class Sizes:
    circles: int
    few: int
    many: int
    runs: int


FULL = Sizes(circles=36_000, few=1_000, many=500_000, runs=200)
TINY = Sizes(circles=86, few=60, many=200, runs=2)
PAGE = 20
FACTOR, GROWTH, QUERIES = 2.5, 2, 3  # the goals


def measure(sizes):
    report = Report(f"Liste rapide, {PAGE} contenus parmi {sizes.circles} groupes")
    people = crowd.build(sizes.circles)
    sample = _sample(people)
    crowd.fill(sample, people, 1, sizes.few)
    with copies.copied() as name:
        few, many = (copies.opened(each) for each in (connection.settings_dict["NAME"], name))
        try:
            with copies.on(many):
                crowd.fill(sample, people, sizes.few + 1, sizes.many)
            for reader, user in people.readers.items():
                _measure_reader(report, sizes, type(sample), reader, partial(_page, user, people.territory), few, many)
        finally:
            few.close()
            many.close()
    return report


def _measure_reader(report, sizes, model, reader, page, few, many):
    contents = model.objects.all()
    works = [
        partial(_on, connected, work)
        for connected in (few, many)
        for work in (partial(_unfiltered, contents), partial(page, contents))
    ]
    plain_few, page_few, plain_many, page_many = in_turns(works, sizes.runs)
    for number, plain, filtered in ((sizes.few, plain_few, page_few), (sizes.many, plain_many, page_many)):
        what = f"{reader} · {number} contenus"
        report.add(what, median_ms(filtered), limit=median_ms(plain), goal=FACTOR)
    report.add(
        f"{reader} · {sizes.many} contre {sizes.few}", median_ms(page_many), limit=median_ms(page_few), goal=GROWTH
    )
    with copies.on(many), CaptureQueriesContext(many) as queries:
        page(contents)
    report.add(f"{reader} · requêtes", len(queries), unit="", goal=QUERIES)


def _sample(people):
    """A resource as the library's list shows it; all others are its copies."""
    theme, _ = Theme.objects.get_or_create(slug="mutualisation", defaults={"label": "Mutualisation"})
    return Resource.objects.create(
        home_circle=Circle.objects.filter(territory=people.territory).first(),
        kind=Resource.Kind.SHEET,
        title="Convention de mise à disposition de matériel",
        summary="Prêter un engin à la commune voisine : la convention, les assurances, le tarif. " * 2,
        theme=theme,
        author_label="DGS, Bouchemaine",
        listed_at="2019-01-01T00:00:00Z",
    )


def _on(connected, work):
    with copies.on(connected):
        return work()


def _unfiltered(contents):
    return list(contents.order_by("-listed_at", "-pk")[:PAGE])


def _page(user, territory, contents):
    access.within(user, territory)  # forgets what was read before
    return listing.newest(user, contents, limit=PAGE)
