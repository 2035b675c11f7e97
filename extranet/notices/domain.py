"""Who is told what. The only writer of notices; other plugins call `tell` after their own transaction has committed."""

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.text import Truncator

from extranet.circles import access
from extranet.live import domain as live
from extranet.live.models import Kind

from . import kinds
from .models import INBOX, Notice

BELL = "bell"


def tell(users, kind, obj, text, url, actor=None, at=None):
    """Tell `users` something about `obj`; those who may not view it, and `actor` who did it, are left out.

    Arguments:
        kind: the name of a NoticeKind.
        obj: the content that it is about, which inherits Shared: the notice is shown only to whoever may view it.
        text: one line, cut at 300 characters.
        url: a path of this site.
        at: when it happened, now by default.

    Returns the ids of those who were told. Raises ValueError for an unknown kind.
    """
    known = kinds.registered().get(kind)
    if known is None:
        raise ValueError(f"no notice kind is named {kind}")
    wanted = {user.pk for user in users} - {actor.pk if actor else None}
    told = access.viewers(obj, wanted) if wanted else set()
    about = {"kind": kind, "content_type": ContentType.objects.get_for_model(type(obj)), "object_id": obj.pk}
    news = {
        "text": Truncator(" ".join(text.split())).chars(300),
        "actor": actor,
        "created_at": at or timezone.now(),
    }
    with transaction.atomic():
        joined = _join(told, about, news) if known.gathers else set()
        Notice.objects.bulk_create(
            [Notice(user_id=user_id, url=url, **about, **news) for user_id in sorted(told - joined)]
        )
        for user_id in sorted(told):
            _ring(user_id)
    return told


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


def _join(user_ids, about, news):
    """Put the news into the notices about the same thing that are not read yet: they lead to the first of them. Returns
    whose."""
    unread = Notice.objects.filter(user__in=user_ids, read_at=None, **about)
    joined = set(unread.values_list("user_id", flat=True))
    if joined:
        unread.update(times=F("times") + 1, **news)
    return joined


def _mark(user, notices):
    if notices.filter(user=user, read_at=None).update(read_at=timezone.now()):
        _ring(user.pk)


def _ring(user_id):
    live.publish(f"{INBOX}:{user_id}", Kind.STATE, BELL)
