from django.contrib.contenttypes.models import ContentType
from django.db import transaction

from ..models import Channel, Choice, Delivery, Frequency, Level, Preferences, Watch

SILENT = (Channel.SITE, Channel.NONE)


@transaction.atomic
def follow(user, obj, level):
    """`user` follows a circle, or one thing shared there, at this Level; None: as its circles, or normally."""
    about = {"content_type": ContentType.objects.get_for_model(type(obj)), "object_id": obj.pk}
    rows = Watch.objects.filter(user=user, **about)
    if level is None:
        rows.delete()
    else:
        Watch.objects.update_or_create(user=user, **about, defaults={"level": level})
    if level == Level.MUTED:
        _drop(user, **about)


@transaction.atomic
def choose_channels(user, channels):
    """`user` is told by these channels: {name of a NoticeKind: Channel}."""
    for kind, channel in channels.items():
        Choice.objects.update_or_create(user=user, kind=kind, defaults={"channel": channel})
    _drop(user, kind__in=[kind for kind, channel in channels.items() if channel in SILENT], absent=None)


@transaction.atomic
def set_preferences(user, **changes):
    """Change when `user` receives mail and who stands in for her: fields of Preferences."""
    Preferences.objects.update_or_create(user=user, defaults=changes)
    if changes.get("digest") == Frequency.NEVER:
        _drop(user, channel=Channel.DIGEST)


def stop_kind(user, kind):
    """`user` wants no more mail of this kind; the site goes on telling her."""
    choose_channels(user, {kind: Channel.SITE})


def stop_digest(user):
    """`user` wants no more digest; the site goes on telling her."""
    set_preferences(user, digest=Frequency.NEVER)


@transaction.atomic
def stop_copies(user, absent):
    """`user` no longer stands in for `absent`."""
    Preferences.objects.filter(user=absent, substitute=user).update(substitute=None)
    _drop(user, absent=absent)


def _drop(user, **those):
    """What waited to leave does not leave any more."""
    Delivery.objects.filter(user=user, left_at=None, **those).delete()
