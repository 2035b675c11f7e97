from django.contrib.contenttypes.models import ContentType
from django.db import transaction

from ..models import Audience


@transaction.atomic
def share(content, circles):
    """Make `circles` the audience of `content`, whatever it was. The home circle always belongs to it."""
    content_type = ContentType.objects.get_for_model(type(content))
    wanted = {circle.pk for circle in circles} | {content.home_circle_id}
    rows = Audience.objects.filter(content_type=content_type, object_id=content.pk)
    rows.exclude(circle__in=wanted).delete()
    Audience.objects.bulk_create(
        [
            Audience(content_type=content_type, object_id=content.pk, circle_id=circle_id, listed_at=content.listed_at)
            for circle_id in sorted(wanted)
        ],
        ignore_conflicts=True,
    )


@transaction.atomic
def relist(content, listed_at):
    """Move `content` in every list: its sort date becomes `listed_at`."""
    type(content).objects.filter(pk=content.pk).update(listed_at=listed_at)
    content.listed_at = listed_at
    Audience.objects.filter(content_type=ContentType.objects.get_for_model(type(content)), object_id=content.pk).update(
        listed_at=listed_at
    )
