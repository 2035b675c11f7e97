import hashlib
import secrets

from django.db import transaction
from django.utils import timezone

from extranet.circles import access
from extranet.circles import domain as circles

from ..models import FeedToken


@transaction.atomic
def issue_feed(user):
    """A new secret for the person's calendar feed; those before stop working. It can be read here, and only once."""
    revoke_feed(user)
    token = secrets.token_urlsafe(32)
    FeedToken.objects.create(user=user, token_hash=_hash(token))
    return token


def revoke_feed(user):
    """End the person's calendar feed. Returns whether there was one."""
    return bool(FeedToken.objects.filter(user=user, revoked_at=None).update(revoked_at=timezone.now()))


def person_of_feed(token, territory):
    """Whose feed this secret opens, with her rights of now in `territory`; None when it opens nothing.

    A revoked secret, a disabled account and a person without any right left all give None.
    """
    found = FeedToken.objects.filter(token_hash=_hash(token), revoked_at=None, user__is_active=True)
    feed = found.select_related("user").first()
    if feed is None:
        return None
    user = feed.user
    access.within(user, territory)
    if access.rights_of(user).stale:  # a mandate began or ended since: no page of hers has refreshed it
        circles.refresh_rights([user.pk])
        access.within(user, territory)
    return user if access.circles_of(user) else None


def _hash(token):
    return hashlib.sha256(token.encode()).hexdigest()
