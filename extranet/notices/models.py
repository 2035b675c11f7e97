from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone

INBOX = "notices.inbox"


class Notice(models.Model):
    """Something that a person is told about a shared content; shown only while she may see that content."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices")
    kind = models.CharField("nature", max_length=60)  # a NoticeKind's name
    content_type = models.ForeignKey(ContentType, models.CASCADE, related_name="+")
    object_id = models.PositiveBigIntegerField()
    text = models.CharField("texte", max_length=300)
    times = models.PositiveIntegerField("fois", default=1)  # how many things it stands for, the last in its text
    url = models.CharField("adresse", max_length=500)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField("date")
    read_at = models.DateTimeField("lue le", null=True, blank=True)

    class Meta:
        verbose_name = "notification"
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["user", "read_at"], name="unread_notices_of_a_person"),
            models.Index(fields=["user", "-created_at", "-id"], name="newest_notices_of_a_person"),
        ]

    def __str__(self):
        return self.text

    @property
    def day(self):
        """The day it came, on the reader's clock."""
        return timezone.localtime(self.created_at).date()
