"""What can be done with the log: append, and ring."""

from django.db import transaction
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
    rows = Topic.objects.filter(name=topic)
    if not rows.update(last_seq=F("last_seq") + 1):  # the update locks the row on both databases
        Topic.objects.get_or_create(name=topic)
        rows.update(last_seq=F("last_seq") + 1)
    pk, seq = rows.values_list("pk", "last_seq").get()
    Entry.objects.create(topic_id=pk, seq=seq, kind=kind, key=key, object_id=object_id, at=at or timezone.now())
    bell.ring_after_commit(topic)
    return seq


def last_seq(topic):
    """The number of the topic's last entry, 0 when nothing was ever published there."""
    return Topic.objects.filter(name=topic).values_list("last_seq", flat=True).first() or 0


def recheck(topic):
    """Those who may see `topic` are no longer the same (its audience changed): ask again who follows it."""
    bell.ring_after_commit(topic)
