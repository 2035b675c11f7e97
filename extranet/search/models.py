from django.contrib.contenttypes.models import ContentType
from django.db import models


class Entry(models.Model):
    """What can be found of one content, one circle, one commune or one person. Written by `domain` only.

    Its words stand beside it, in a form of each database's own (engines.py): a tsvector column on PostgreSQL, an FTS5
    table on SQLite.
    """

    content_type = models.ForeignKey(ContentType, models.CASCADE, related_name="+")
    object_id = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=40)
    title = models.CharField(max_length=300)
    text = models.TextField(blank=True)
    url = models.CharField(max_length=500)
    listed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "entrée de l’index"
        verbose_name_plural = "entrées de l’index"
        constraints = [models.UniqueConstraint(fields=["content_type", "object_id"], name="one_entry_per_object")]
        indexes = [models.Index(fields=["kind"], name="entries_of_a_kind")]

    def __str__(self):
        return self.title
