"""What can be done with the log: append, and ring."""

from functools import partial

from django.db import connection, transaction
from django.db.models import F
from django.db.transaction import TransactionManagementError
from django.utils import timezone

from . import bell
from .models import Entry, Topic


def publish(topic, kind, key, object_id=None, at=None):
    """Append to the log of `topic` (« forums.thread:42 ») and ring the bell once the transaction is committed.

    Call it last in the transaction that writes the thing itself: the topic's row stays locked until the end, which is
    what keeps the numbers without a gap and in the order of commits. `kind` is one of models.Kind, `key` the
    `data-live-key` of the piece in the page. Returns the entry's number. Raises TransactionManagementError outside a
    transaction.
    """
    if not transaction.get_connection().in_atomic_block:
        raise TransactionManagementError("live.domain.publish belongs in the transaction of what it tells.")
    allocated = _allocate(topic)
    if allocated is None:
        Topic.objects.get_or_create(name=topic)
        allocated = _allocate(topic)
    pk, seq = allocated
    Entry.objects.create(topic_id=pk, seq=seq, kind=kind, key=key, object_id=object_id, at=at or timezone.now())
    bell.ring_after_commit(topic)
    return seq


def _allocate(topic):
    """(id of the topic, its next number), None when nothing was ever published there. The update locks the row on both
    databases; asked and answered in one query, which the ORM cannot say."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {Topic._meta.db_table} SET last_seq = last_seq + 1 WHERE name = %s RETURNING id, last_seq",  # noqa: S608
            [topic],
        )
        return cursor.fetchone()


def publish_each(topics, kind, key):
    """Append the same entry to the log of each of these topics, as `publish` does, in as many queries for one as for
    three hundred. Raises TransactionManagementError outside a transaction."""
    if not transaction.get_connection().in_atomic_block:
        raise TransactionManagementError("live.domain.publish_each belongs in the transaction of what it tells.")
    names = sorted(set(topics))
    Topic.objects.bulk_create([Topic(name=name) for name in names], ignore_conflicts=True)
    rows = Topic.objects.filter(name__in=names)
    # In one order, so that two such calls never wait for each other.
    locked = list(rows.select_for_update().order_by("name"))
    rows.update(last_seq=F("last_seq") + 1)
    Entry.objects.bulk_create([Entry(topic=topic, seq=topic.last_seq + 1, kind=kind, key=key) for topic in locked])
    transaction.on_commit(partial(bell.ring, names), robust=True)


def last_seq(topic):
    """The number of the topic's last entry, 0 when nothing was ever published there."""
    return Topic.objects.filter(name=topic).values_list("last_seq", flat=True).first() or 0


def recheck(topic):
    """Those who may see `topic` are no longer the same (its audience changed): ask again who follows it."""
    bell.ring_after_commit(topic)
