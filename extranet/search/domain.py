"""What can be done with the index: put a thing in, take it out. The only writer of its tables."""

from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction

from .engines import engine
from .models import Entry
from .words import split

MOST_CHARACTERS = 500_000  # some 200 pages; what follows is not searched


@transaction.atomic
def index(obj, kind, title, text, url, *, listed_at=None):
    """Make `obj` findable, or follow its changes.

    Arguments:
        obj: inherits Shared, or is a circle, a commune or a person: whoever may view it finds it, nobody else.
        kind: the name of a registered SearchSource.
        text: plain text, of which 500,000 characters are kept.
        url: a path of this site.
        listed_at: its date in the results; by default the content's own `listed_at`, or none.
    """
    title, text = _clean(title)[:300], _clean(text)[:MOST_CHARACTERS]
    entry, _ = Entry.objects.update_or_create(
        content_type=ContentType.objects.get_for_model(obj),
        object_id=obj.pk,
        defaults={
            "kind": kind,
            "title": title,
            "text": text,
            "url": url,
            "listed_at": listed_at or getattr(obj, "listed_at", None),
        },
    )
    with connection.cursor() as cursor:
        engine().write(cursor, entry.pk, split(title), split(text))
    return entry


def forget(obj):
    """Take `obj` out of the index. Call it before `obj` is deleted, while it still has its id."""
    drop(Entry.objects.filter(content_type=ContentType.objects.get_for_model(obj), object_id=obj.pk))


@transaction.atomic
def drop(entries):
    """Take these entries out of the index."""
    pks = list(entries.values_list("pk", flat=True))
    with connection.cursor() as cursor:
        engine().remove(cursor, pks)
    Entry.objects.filter(pk__in=pks).delete()


def _clean(text):
    """Without NUL nor lone surrogates, which PostgreSQL refuses."""
    return text.replace("\x00", " ").encode("utf-8", "replace").decode()
