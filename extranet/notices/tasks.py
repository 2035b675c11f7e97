"""What leaves by mail. Rights are asked, and the words read, when it leaves."""

import logging

from django.utils import timezone
from django_tasks import task

from extranet.circles.domain import refresh_due

from . import leaving
from .models import Delivery

logger = logging.getLogger(__name__)


@task()
def send_mails(delivery_ids):
    """Send these mails, less those whose hour has not come. One that fails is tried again later, and stops no other."""
    refresh_due()
    ready = Delivery.objects.filter(pk__in=delivery_ids, not_before__lte=timezone.now())
    for pk in ready.order_by("pk").values_list("pk", flat=True):
        _attempt(leaving.send_mail, pk)


@task()
def send_digest(digest_id):
    """Send one digest, if there is still something to say in it."""
    refresh_due()
    _attempt(leaving.send_digest, digest_id)


def _attempt(send, pk):
    try:
        send(pk)
    except Exception:
        logger.exception("Mail %s %s did not leave: it is tried again when its lease is over", send.__name__, pk)
