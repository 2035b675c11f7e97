"""Asking: from what a person types to what she may see of it. Rights are filtered before anything is counted."""

import re
from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.models import Q
from django.utils.safestring import SafeString

from extranet.circles import access
from extranet.circles.models import Shared

from .engines import Term, engine
from .extract import extract
from .models import Entry
from .sources import sources
from .words import LONGEST_WORD, STOP_WORDS, fold, split, stem

PAGE = 20
LAST_PAGE = 50
MOST_CHARACTERS = 300
MOST_TERMS = 12
SHORTEST_BEGINNING = 3
QUOTED = re.compile(r"[\"“”«»]")


@dataclass(frozen=True)
class Result:
    """One thing found. `extract` is safe HTML, with <mark> around what was looked for."""

    title: str
    extract: SafeString
    url: str
    kind: str
    listed_at: datetime | None
    object_id: int


@dataclass(frozen=True)
class Results:
    """A page of what was found, and how much there is of each kind."""

    items: list = field(default_factory=list)
    counts: dict = field(default_factory=dict)
    has_next: bool = False

    def __iter__(self):
        return iter(self.items)

    def __len__(self):
        return len(self.items)

    @property
    def total(self):
        return sum(self.counts.values())


def parse(words):
    """The Terms that all must be found, from what was typed.

    "Between quotes": these words in this order. Words tied by a hyphen or a dot (L. 5211-4-2) are taken in order too.
    The last word may be half typed. Grammatical words count between quotes only, or when nothing else was typed.
    Nothing that is typed acts as an operator.
    """
    words = words[:MOST_CHARACTERS]
    terms, grammatical = [], []
    pieces = QUOTED.split(words)
    for number, piece in enumerate(pieces):
        quoted = number % 2 and number < len(pieces) - 1
        for chunk in [piece] if quoted else piece.split():
            found = split(chunk)
            if not found:
                continue
            term = Term(tuple(map(stem, found)))
            single = len(found) == 1 and not quoted
            (grammatical if single and found[0] in STOP_WORDS else terms).append(term)
    terms = (terms or grammatical)[:MOST_TERMS]
    last = _half_typed(words)
    if last and terms and terms[-1].stems == (stem(last),):
        terms[-1] = Term(terms[-1].stems, beginning=last)
    return terms


def _half_typed(words):
    """The word that the typing ends on, folded; nothing after a space, a quote or a sign."""
    match = re.search(r"[^\W_]+$", words)
    last = fold(match.group())[:LONGEST_WORD] if match else ""
    return last if len(last) >= SHORTEST_BEGINNING and last.isalnum() else ""


def hits(user, terms, *models):
    """The entries that `user` may see and that hold all the terms, with their `score`; `models` inherit Shared."""
    ids = [each.pk for each in ContentType.objects.get_for_models(*models).values()]
    entries = Entry.objects.filter(access.shared_rows(access.circles_of(user)), content_type__in=ids)
    return engine().matching(entries, terms)


def _other_hits(user, terms, models):
    """The same for circles, communes and people, which have no audience: few, named by their ids."""
    visible = Q()
    for model in models:
        theirs = access.visible_to(user, model._default_manager.all()).order_by().values("pk")
        visible |= Q(content_type=ContentType.objects.get_for_model(model), object_id__in=theirs)
    return engine().matching(Entry.objects.filter(visible), terms)


def search(user, words, kinds=None, page=1, by_date=False):
    """What `user` may see that answers `words`, best first: titles first, then the newest. Two queries.

    Arguments:
        kinds: only these kinds (names of sources) are listed; all are counted.
        page: from 1; pages hold 20 results.
        by_date: the newest first, wherever the words stand.
    """
    terms = parse(words)
    if not terms or not access.circles_of(user):
        return Results()
    known = sources()
    models = {source.model for source in known.values()}
    shared = {model for model in models if issubclass(model, Shared)}
    # Two querysets rather than one condition with OR: PostgreSQL then joins the audience instead of reading it whole.
    branches = [hits(user, terms, *shared)] if shared else []
    if models != shared:
        branches.append(_other_hits(user, terms, models - shared))
    counts, pks = _page(branches, list(known), kinds, max(1, min(page, LAST_PAGE)), by_date)
    found = Entry.objects.in_bulk(pks[:PAGE])
    items = [
        Result(entry.title, extract(entry.text, terms), entry.url, entry.kind, entry.listed_at, entry.object_id)
        for entry in (found[pk] for pk in pks[:PAGE] if pk in found)
    ]
    counts = {name: counts[name] for name in known if name in counts}
    return Results(items, counts, has_next=len(pks) > PAGE and page < LAST_PAGE)


def _page(branches, known, kinds, page, by_date):
    """In one pass over the hits: how many of each kind, and the ids of one page plus one."""
    columns = [
        each.filter(kind__in=known).order_by().values_list("pk", "kind", "listed_at", "score") for each in branches
    ]
    compiled = [each.query.sql_with_params() for each in columns]
    union, params = " UNION ALL ".join(sql for sql, _ in compiled), [each for _, some in compiled for each in some]
    where = f"WHERE kind IN ({', '.join(['%s'] * len(kinds))})" if kinds else ""
    order = "listed_at DESC NULLS LAST, id DESC" if by_date else "score DESC, listed_at DESC NULLS LAST, id DESC"
    sql = (
        f"WITH hits (id, kind, listed_at, score) AS MATERIALIZED ({union})"  # noqa: S608 built from code, not from typing
        " SELECT kind, COUNT(*), 0 FROM hits GROUP BY kind"
        f" UNION ALL SELECT '', id, n FROM (SELECT id, ROW_NUMBER() OVER (ORDER BY {order}) AS n FROM hits {where}"
        f" ORDER BY n LIMIT {PAGE + 1} OFFSET {PAGE * (page - 1)}) AS page"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [*params, *(kinds or [])])
        rows = cursor.fetchall()
    counts = {kind: number for kind, number, _ in rows if kind}
    return counts, [pk for kind, pk, _ in sorted(rows, key=lambda row: row[2]) if not kind]
