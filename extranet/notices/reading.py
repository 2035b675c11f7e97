"""What a person finds in her inbox: rights are asked again at every reading."""

from django.contrib.auth import get_user_model
from django.db.models import Count, Q, Subquery

from extranet.circles import access
from extranet.live.models import Topic

from .models import INBOX, Notice

PAGE = 50


def inbox(user):
    """The person's notices about what she may still see, newest first."""
    return Notice.objects.filter(access.shared_rows(access.circles_of(user)), user=user)


def page(user, before=""):
    """Fifty notices, those that follow the notice whose id is `before`, and the id to go on from ("" at the end)."""
    notices = inbox(user)
    if before.isdecimal() and len(before) < 19:
        then = Subquery(Notice.objects.filter(user=user, pk=int(before)).values("created_at"))
        notices = notices.filter(Q(created_at__lt=then) | Q(created_at=then, pk__lt=int(before)))
    found = list(notices[: PAGE + 1])
    return found[:PAGE], str(found[PAGE - 1].pk) if len(found) > PAGE else ""


def topic(user):
    """The live topic of the person's bell, and the number of its last entry as a scalar subquery for the frame."""
    name = f"{INBOX}:{user.pk}"
    return name, Subquery(Topic.objects.filter(name=name).values("last_seq"))


def unread(user):
    """The number of notices not read yet, as a scalar subquery for the frame."""
    counted = inbox(user).filter(read_at=None).order_by().values("user").annotate(number=Count("pk"))
    return counted.values("number")


def person(user_id):
    """The active person with this id, or None."""
    return get_user_model().objects.filter(pk=user_id, is_active=True).first()
