"""What is printed of a thread: all of its messages, its summary, who took part."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Min

from forums.models import Post


@dataclass
class Participant:
    """Someone who wrote in a thread, under the name and the function of the last message."""

    name: str
    function: str
    commune: str
    number: int
    first: datetime
    last: datetime


def participants(thread):
    """Those who wrote in `thread` and whose messages stand, who wrote most first. One query."""
    standing = Post.objects.filter(thread=thread, removed_at=None).order_by()
    rows = standing.values("author", "author_name", "author_label").annotate(
        number=Count("pk"), first=Min("created_at"), last=Max("created_at")
    )
    found = {}
    for row in sorted(rows, key=lambda row: row["last"], reverse=True):
        function, comma, commune = row["author_label"].rpartition(", ")
        words = (function, commune) if comma else (commune, "")
        person = Participant(row["author_name"], *words, 0, row["first"], row["last"])
        person = found.setdefault(row["author"] or row["author_name"], person)
        person.number += row["number"]
        person.first = min(person.first, row["first"])
    return sorted(found.values(), key=lambda person: (-person.number, person.name))


def posts(thread):
    """Every message of `thread`, in order. One query."""
    found = list(Post.objects.filter(thread=thread).order_by("seq"))
    for post in found:
        post.thread = thread
    return found
