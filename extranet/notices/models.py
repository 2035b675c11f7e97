from datetime import timedelta

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils import timezone

INBOX = "notices.inbox"
LEASE = timedelta(minutes=10)  # a mail that was begun and not finished is tried again after this


class Level(models.IntegerChoices):
    """How closely a person follows a circle or one thing shared there; each level takes in those below."""

    MUTED = 0, "Rien"
    MENTIONS = 1, "Si l’on me cite"
    NORMAL = 2, "Ce qui me concerne"
    WATCHING = 3, "Tous les messages"


class Channel(models.TextChoices):
    """By what a person is told. A mail and the digest come besides the site's own inbox."""

    MAIL = "mail", "Courriel"
    DIGEST = "digest", "Récapitulatif"
    SITE = "site", "Site seulement"
    NONE = "none", "Rien"


class Frequency(models.TextChoices):
    DAILY = "daily", "Chaque jour"
    WEEKLY = "weekly", "Chaque semaine"
    NEVER = "never", "Jamais"


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


class Watch(models.Model):
    """The level that a person chose for a circle, or for one thing shared there, which comes before its circles."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    content_type = models.ForeignKey(ContentType, models.CASCADE, related_name="+")
    object_id = models.PositiveBigIntegerField()
    level = models.PositiveSmallIntegerField("niveau de suivi", choices=Level)

    class Meta:
        verbose_name = "suivi"
        constraints = [
            models.UniqueConstraint(fields=["content_type", "object_id", "user"], name="one_level_per_thing_followed")
        ]

    def __str__(self):
        return f"{self.user_id} → {self.content_type_id}:{self.object_id} ({self.get_level_display()})"


class Choice(models.Model):
    """The channel that a person chose for one kind of notice, in place of the kind's own."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    kind = models.CharField("nature", max_length=60)  # a NoticeKind's name
    channel = models.CharField("moyen", max_length=6, choices=Channel)

    class Meta:
        verbose_name = "choix de réception"
        constraints = [models.UniqueConstraint(fields=["user", "kind"], name="one_channel_per_kind")]

    def __str__(self):
        return f"{self.user_id} · {self.kind} : {self.channel}"


class Preferences(models.Model):
    """When a person receives mail, and who stands in for her. Hours and days are those of the site's time zone."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    digest = models.CharField("récapitulatif", max_length=6, choices=Frequency, default=Frequency.DAILY)
    digest_hour = models.PositiveSmallIntegerField("heure", default=18)
    digest_day = models.PositiveSmallIntegerField("jour", default=0)  # Monday is 0
    quiet_from = models.TimeField("pas de courriel de", null=True, blank=True)
    quiet_until = models.TimeField("jusqu’à", null=True, blank=True)
    away_from = models.DateField("absence du", null=True, blank=True)
    away_until = models.DateField("au", null=True, blank=True)  # the last day
    substitute = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="remplaçant"
    )

    class Meta:
        verbose_name = "préférences de réception"

    def __str__(self):
        return f"Réception de {self.user_id}"

    def is_away(self, day):
        """Whether her absence takes in this day."""
        return bool(self.away_from and self.away_until and self.away_from <= day <= self.away_until)


class LeavingQuerySet(models.QuerySet):
    """Mails, until they have left. What sends one claims it first: two runs at once send it once, and one killed before
    it said that the mail had left is done again when the lease is over."""

    def waiting(self, now):
        free = Q(claimed_at=None) | Q(claimed_at__lt=now - LEASE)
        return self.filter(free, left_at=None)

    def claim(self, pk, now):
        """Whether this one is ours to send."""
        return self.waiting(now).filter(pk=pk).update(claimed_at=now) == 1


class Digest(models.Model):
    """One « récapitulatif » of a person in a territory: the news that waited for `slot`."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    territory = models.ForeignKey("circles.Territory", models.CASCADE, related_name="+")
    slot = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)

    objects = LeavingQuerySet.as_manager()

    class Meta:
        verbose_name = "récapitulatif"
        constraints = [models.UniqueConstraint(fields=["user", "territory", "slot"], name="one_digest_per_slot")]

    def __str__(self):
        return f"Récapitulatif de {self.user_id}, {self.slot:%Y-%m-%d %H:%M}"


class Delivery(models.Model):
    """News on its way to a person by mail, at once or in a digest. Its words are read when it leaves, not kept here."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    territory = models.ForeignKey("circles.Territory", models.CASCADE, related_name="+")
    kind = models.CharField("nature", max_length=60)
    content_type = models.ForeignKey(ContentType, models.CASCADE, related_name="+")
    object_id = models.PositiveBigIntegerField()
    content = GenericForeignKey()
    part = models.PositiveBigIntegerField(null=True)  # which part of the content, such as a message of a thread
    text = models.CharField("texte", max_length=300)
    url = models.CharField("adresse", max_length=500)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    absent = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+"
    )  # whose copy it is
    channel = models.CharField("moyen", max_length=6, choices=Channel)
    created_at = models.DateTimeField("date", default=timezone.now)
    not_before = models.DateTimeField()
    digest = models.ForeignKey(Digest, models.CASCADE, null=True, related_name="deliveries")
    claimed_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)

    objects = LeavingQuerySet.as_manager()

    class Meta:
        verbose_name = "envoi"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "kind", "content_type", "object_id", "part"], name="one_mail_per_news_and_person"
            )
        ]
        indexes = [
            models.Index(fields=["channel", "not_before"], condition=Q(left_at=None), name="mails_that_wait"),
        ]

    def __str__(self):
        return self.text
