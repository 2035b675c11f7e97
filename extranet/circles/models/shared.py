from django.contrib.contenttypes.fields import GenericRelation
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone

from .circle import Circle


class Audience(models.Model):
    """A circle that can see a content. Rows carry the content's sort date, so that the newest things of a person's
    circles come straight off the index, whatever the number of contents and circles (docs/permissions.md)."""

    content_type = models.ForeignKey(ContentType, models.CASCADE, related_name="+")
    object_id = models.PositiveBigIntegerField()
    circle = models.ForeignKey(Circle, models.CASCADE, related_name="+")
    listed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["content_type", "object_id", "circle"], name="one_audience_row_per_circle")
        ]
        indexes = [
            models.Index(fields=["content_type", "circle", "-listed_at", "-object_id"], name="newest_of_a_circle"),
        ]

    def __str__(self):
        return f"{self.content_type_id}:{self.object_id} → {self.circle_id}"


class Shared(models.Model):
    """What is shared with circles: seen by whoever may view any circle of its audience, added to by whoever may
    contribute to any, moderated by those who moderate its home circle."""

    home_circle = models.ForeignKey(Circle, models.PROTECT, related_name="+", verbose_name="groupe")
    listed_at = models.DateTimeField("date de classement", default=timezone.now, editable=False)
    audience = GenericRelation(Audience)

    class Meta:
        abstract = True
