from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone

from extranet.circles import access
from extranet.live import domain as live
from extranet.live.models import Kind

from ..models import INBOX, Notice

BELL = "bell"


@transaction.atomic
def mark_read(user, notice):
    """`user` has opened one of her notices."""
    _mark(user, Notice.objects.filter(pk=notice.pk))


@transaction.atomic
def mark_all_read(user):
    """`user` has nothing left to read, of what she may see."""
    _mark(user, Notice.objects.filter(access.shared_rows(access.circles_of(user))))


@transaction.atomic
def mark_seen(user, obj):
    """`user` has read `obj` itself: the notices about it have nothing more to say."""
    content_type = ContentType.objects.get_for_model(type(obj))
    _mark(user, Notice.objects.filter(content_type=content_type, object_id=obj.pk))


def ring(user_ids):
    """The bells of these people change, in a number of queries that does not depend on theirs."""
    live.publish_each([f"{INBOX}:{user_id}" for user_id in user_ids], Kind.STATE, BELL)


def _mark(user, notices):
    if notices.filter(user=user, read_at=None).update(read_at=timezone.now()):
        ring([user.pk])
