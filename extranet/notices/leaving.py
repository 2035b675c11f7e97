"""Mails that leave: who may still have them, what is still new, each claimed before it is sent (models.LEASE)."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from extranet.circles import access

from . import letters
from .deciding import digest_slot
from .models import Channel, Delivery, Digest, Notice, Preferences

KEPT = timedelta(days=60)  # what has waited longer is no news, and is forgotten


def send_mail(pk):
    """Send the mail of one Delivery, if the person may still see what it is about."""
    if not Delivery.objects.claim(pk, timezone.now()):
        return
    delivery = Delivery.objects.select_related("user", "actor", "absent", "territory__site").get(pk=pk)
    if _allowed(Delivery.objects.filter(pk=pk), delivery.user).exists():
        message = letters.of_delivery(delivery)
        if message:
            message.send()
    Delivery.objects.filter(pk=pk).update(left_at=timezone.now())


def send_digest(pk):
    """Send one Digest: what the person may still see and has not read meanwhile. Nothing left: no mail."""
    if not Digest.objects.claim(pk, timezone.now()):
        return
    digest = Digest.objects.select_related("user", "territory__site").get(pk=pk)
    read = Notice.objects.filter(
        user=OuterRef("user"),
        kind=OuterRef("kind"),
        content_type=OuterRef("content_type"),
        object_id=OuterRef("object_id"),
        read_at__gte=OuterRef("created_at"),
    )
    fresh = digest.deliveries.filter(~Exists(read), created_at__gt=timezone.now() - KEPT)
    news = (
        _allowed(fresh, digest.user).select_related("absent").prefetch_related("content").order_by("created_at", "pk")
    )
    message = letters.of_digest(digest, list(news))
    if message:
        message.send()
    with transaction.atomic():
        now = timezone.now()
        digest.deliveries.update(left_at=now)
        Digest.objects.filter(pk=pk).update(left_at=now)


def gather_digests(now):
    """Put the news that wait for each person into the digest that is due. Returns the ids of all those to send."""
    waiting = Delivery.objects.filter(channel=Channel.DIGEST, digest=None, left_at=None)
    people = list(waiting.order_by().values_list("user", "territory").distinct())
    preferences = {one.user_id: one for one in Preferences.objects.filter(user__in={pk for pk, _ in people})}
    for user_id, territory_id in people:
        slot = digest_slot(preferences.get(user_id) or Preferences(), now)
        mine = waiting.filter(user=user_id, territory=territory_id, created_at__lt=slot) if slot else waiting.none()
        if mine.exists():
            _fill(mine, user_id, territory_id, slot)
    return sorted(Digest.objects.waiting(now).values_list("pk", flat=True))


def late_mails(now):
    """The ids of the mails whose hour has come, or which were begun and did not leave."""
    waiting = Delivery.objects.waiting(now).filter(channel=Channel.MAIL, not_before__lte=now)
    return sorted(waiting.values_list("pk", flat=True))


def forget(now):
    """Keep nothing of mails beyond sixty days, whether they left or not."""
    Delivery.objects.filter(created_at__lt=now - KEPT).delete()
    Digest.objects.filter(slot__lt=now - KEPT).delete()


@transaction.atomic
def _fill(mine, user_id, territory_id, slot):
    digest, created = Digest.objects.get_or_create(user_id=user_id, territory_id=territory_id, slot=slot)
    if created:  # else another run made it: what was committed late waits for the next one
        mine.update(digest=digest)


def _allowed(deliveries, user):
    return deliveries.filter(access.shared_rows(access.circles_of(user)))
