from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from ..models import Mandate
from .rights import refresh_rights


@transaction.atomic
def give_mandate(user, function, *, territory, commune=None, circle=None, title="", starts_on=None, ends_on=None):
    """Give `user` a function between two days, first and last included; her rights follow in the same transaction.

    Raises: IntegrityError when a guest has no circle or no end, or when a commune's function has no commune.
    """
    mandate = Mandate.objects.create(
        user=user,
        function=function,
        territory=territory,
        commune=commune,
        circle=circle,
        title=title,
        starts_on=starts_on or timezone.localdate(),
        ends_on=ends_on,
    )
    refresh_rights([user.pk])
    return mandate


@transaction.atomic
def change_mandate(mandate, *, starts_on, ends_on):
    """Give a mandate other days, first and last included (`ends_on` None: without end); rights follow at once.

    Raises: IntegrityError when it would end before it starts, or when a guest would have no end.
    """
    mandate.starts_on, mandate.ends_on = starts_on, ends_on
    mandate.save(update_fields=["starts_on", "ends_on"])
    refresh_rights([mandate.user_id])


@transaction.atomic
def end_mandate(mandate, on=None):
    """End a mandate: `on` is its last day. Without it, it ends at once: yesterday was the last day."""
    last_day = on or timezone.localdate() - timedelta(days=1)
    if last_day < mandate.starts_on:
        mandate.delete()
    else:
        mandate.ends_on = last_day
        mandate.save(update_fields=["ends_on"])
    refresh_rights([mandate.user_id])
