"""The fast page of a list: the newest contents that a person may see.

Merged streams: the newest few of each of her circles come off the index (content type, circle, -listed_at, -object),
then are merged. The cost depends on her own circles alone, not on how much there is nor on how many circles exist:
measured in ACCESS.md and by `make bench`.
"""

import base64
import binascii
from dataclasses import dataclass
from datetime import UTC, datetime

from django.contrib.contenttypes.models import ContentType
from django.db import connection

from . import access
from .models import Audience


class BadCursor(ValueError):
    """The cursor of an address was cut or made up."""


@dataclass(frozen=True)
class Slice:
    """A page of a list: its items, and the cursor of the next page ("" at the end)."""

    items: list
    next: str = ""

    def __iter__(self):
        return iter(self.items)

    def __len__(self):
        return len(self.items)


def newest(user, queryset, *, limit=20, after="", circle=None, ascending=False, since=None):
    """The `limit` newest of `queryset`'s model that `user` may view, in two queries.

    Arguments:
        queryset: unfiltered, of a model that inherits Shared; its select_related and annotations are kept.
        after: the cursor of the previous page.
        circle: only what is shared with this circle (nothing when the person may not view it).
        ascending: oldest first, such as the meetings to come.
        since: with a datetime, only what is listed at or after it (or at or before it when not ascending).

    Raises: BadCursor.
    """
    circle_ids = access.circles_of(user)
    if circle is not None:
        circle_ids = circle_ids & {circle.pk}
    found = _newest_ids(queryset.model, sorted(circle_ids), limit + 1, read_cursor(after), ascending, since)
    by_id = queryset.in_bulk(found[:limit]) if found else {}
    items = [by_id[pk] for pk in found[:limit] if pk in by_id]
    return Slice(items, write_cursor(items[-1]) if len(found) > limit and items else "")


def count(user, model, *, circle=None, cap=1001):
    """How many contents of `model` the person may see, counted up to `cap`: an exact count of everything is slow."""
    circle_ids = access.circles_of(user) if circle is None else access.circles_of(user) & {circle.pk}
    rows = Audience.objects.filter(
        content_type=ContentType.objects.get_for_model(model), circle__in=sorted(circle_ids)
    ).values("object_id")
    return rows.distinct()[:cap].count()


def write_cursor(item):
    """The cursor after `item`: its place in the list, opaque, not secret."""
    microseconds = int(item.listed_at.timestamp()) * 1_000_000 + item.listed_at.microsecond
    return base64.urlsafe_b64encode(f"{microseconds}.{item.pk}".encode()).decode().rstrip("=")


def read_cursor(cursor):
    """The (listed_at, pk) that `write_cursor` wrote, None for the first page. Raises BadCursor."""
    if not cursor:
        return None
    try:
        microseconds, pk = map(int, base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).split(b"."))
        seconds, rest = divmod(microseconds, 1_000_000)
        return datetime.fromtimestamp(seconds, UTC).replace(microsecond=rest), pk
    except (ValueError, OverflowError, OSError, binascii.Error) as error:
        raise BadCursor(cursor) from error


def _newest_ids(model, circle_ids, limit, after, ascending, since):
    if not circle_ids:
        return []
    sql, params = _statement(model, circle_ids, limit, after, ascending, since)
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return [row[0] for row in cursor.fetchall()]


def _statement(model, circle_ids, limit, after, ascending, since):
    comparison, opposite, direction = (">", "<", "ASC") if ascending else ("<", ">", "DESC")
    where, bounds = "content_type_id = %s", [ContentType.objects.get_for_model(model).pk]
    if after is not None:
        where += f" AND (listed_at, object_id) {comparison} (%s, %s)"
        bounds += [connection.ops.adapt_datetimefield_value(after[0]), after[1]]
    if since is not None:
        where += f" AND listed_at {comparison}= %s"
        bounds.append(connection.ops.adapt_datetimefield_value(since))
    sort = f"ORDER BY listed_at {direction}, object_id {direction}"
    order = f"{sort} LIMIT {int(limit)}"
    rows = f"FROM {Audience._meta.db_table} WHERE {where} AND circle_id"
    if connection.vendor == "postgresql":
        # What stands beyond a whole page of one circle stands on nobody's page: every circle's stream stops there. The
        # first is a territory's circle of all members, the fullest.
        page_end = f"SELECT listed_at {rows} = %s {sort} LIMIT 1 OFFSET {int(limit) - 1}"
        stop = f"COALESCE(({page_end}), '{'' if ascending else '-'}infinity')"
        stream = f"SELECT object_id, listed_at {rows} = mine.id AND listed_at {opposite}= {stop} {order}"
        rows = f"FROM unnest(%s::bigint[]) AS mine(id), LATERAL ({stream}) AS stream"
        params = [circle_ids, *bounds, *bounds, circle_ids[0]]
    else:  # SQLite leaves each circle's stretch of the index by itself as soon as what follows comes too late
        rows, params = f"{rows} IN ({', '.join(['%s'] * len(circle_ids))})", [*bounds, *circle_ids]
    return f"SELECT DISTINCT object_id, listed_at {rows} {order}", params
