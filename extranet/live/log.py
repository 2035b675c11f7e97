"""Reads the log: the one place where entries become what is sent, by a socket or by HTTP."""

import json
from dataclasses import dataclass, field

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404

from . import topics
from .models import Entry, Kind, Topic

MOST_ENTRIES = 200


@dataclass
class Reading:
    """What a topic has to tell after some entry, and to whom."""

    topic: str
    viewers: set = field(default_factory=set)
    entries: list = field(default_factory=list)
    last: int = 0  # the number up to which this goes
    more: bool = False

    def encode(self):
        """The JSON text, encoded once for all who receive it."""
        told = {"topic": self.topic, "entries": self.entries, "last": self.last, "more": self.more}
        return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def read(topic, after, user_ids):
    """The entries of `topic` after number `after` (None: none, only where the log stands), rendered, and who of
    `user_ids` may see them.

    Rights are asked after the entries are read: nothing written after a removal can reach the one removed.
    """
    kind, object_id = topics.find(topic)
    reading = Reading(topic)
    if kind is None:
        return reading
    pk, reading.last = Topic.objects.filter(name=topic).values_list("pk", "last_seq").first() or (None, 0)
    found = []
    if after is not None and after < reading.last:
        found = list(Entry.objects.filter(topic_id=pk, seq__gt=after).order_by("seq")[: MOST_ENTRIES + 1])
        reading.more = len(found) > MOST_ENTRIES
        found = found[:MOST_ENTRIES]
        reading.last = found[-1].seq
    reading.viewers = _viewers(kind, object_id, user_ids)
    if found and reading.viewers:
        reading.entries = _told(kind, object_id, found)
    return reading


def of_territory(topic, territory_id):
    """Whether `topic` may be seen at the host name of this territory (None: at a host name without one)."""
    kind, object_id = topics.find(topic)
    if kind is None:
        return False
    try:
        return kind.territory is None or kind.territory(object_id) == territory_id
    except (Http404, ObjectDoesNotExist):
        return False


def last_seqs(names):
    """{topic: number of its last entry}, in one query."""
    return dict(Topic.objects.filter(name__in=list(names)).values_list("name", "last_seq"))


def _viewers(kind, object_id, user_ids):
    try:
        return set(kind.viewers(object_id, user_ids)) & set(user_ids)
    except (Http404, ObjectDoesNotExist):
        return set()


def _told(kind, object_id, found):
    standing = {entry.key: entry for entry in found if entry.kind != Kind.REMOVED}
    html = kind.render(object_id, list(standing.values())) if standing else {}
    return [
        {
            "seq": entry.seq,
            "kind": entry.kind,
            "key": entry.key,
            "html": "" if entry.kind == Kind.REMOVED else html.get(entry.key, ""),
        }
        for entry in found
    ]
