import uuid
from datetime import time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.db.models import Count, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from extranet.circles.models import Circle, Commune, Shared


class Kind(models.TextChoices):
    """What sort of meeting it is."""

    MONTHLY = "monthly", "Réunion mensuelle"
    QUADRANT = "quadrant", "Réunion de quadrant"
    WORKING = "working", "Séance de groupe de travail"
    BRIEFING = "briefing", "Point d’expert"
    TRAINING = "training", "Formation"
    SEMINAR = "seminar", "Séminaire"
    SUMMER = "summer", "Université d’été"
    EXTERNAL = "external", "Rencontre extérieure"


class Answer(models.TextChoices):
    """What a person says to an invitation."""

    ON_SITE = "on_site", "Sur place"
    REMOTE = "remote", "À distance"
    REPRESENTED = "represented", "Représenté"
    EXCUSED = "excused", "Excusé"


# The answers that bring a commune to the meeting, and count for it.
COMING = (Answer.ON_SITE, Answer.REMOTE, Answer.REPRESENTED)


class Series(models.Model):
    """Meetings that come back by a rule. The occurrences are stored events: see domain.extend."""

    home_circle = models.ForeignKey(Circle, models.PROTECT, related_name="+", verbose_name="groupe")
    circles = models.ManyToManyField(Circle, related_name="+", verbose_name="destinataires")
    title = models.CharField("intitulé", max_length=200)
    kind = models.CharField("nature", max_length=12, choices=Kind.choices, default=Kind.MONTHLY)
    rule = models.CharField("règle (RFC 5545)", max_length=300)
    first_on = models.DateField("à partir du")
    ends_on = models.DateField("jusqu’au", null=True, blank=True)
    exceptions = models.JSONField("dates sans séance", default=list, blank=True)  # ISO dates
    starts = models.TimeField("de", default=time(9))
    minutes = models.PositiveIntegerField("durée (minutes)", default=120)
    time_zone = models.CharField("fuseau horaire", max_length=40, default="Europe/Paris")
    # What each occurrence takes over when it is made: place, address, video_url, description, capacity.
    template = models.JSONField("modèle de séance", default=dict, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "série"
        verbose_name_plural = "séries"

    def __str__(self):
        return self.title

    @property
    def zone(self):
        return ZoneInfo(self.time_zone)


class EventQuerySet(models.QuerySet):
    def as_seen_by(self, user):
        """Adds what a list shows of each meeting: `my_answer` ("" without one) and `communes_coming`, a number."""
        mine = Registration.objects.filter(event=OuterRef("pk"), user=user).values("answer")
        coming = (
            Registration.objects.filter(event=OuterRef("pk"), answer__in=COMING)
            .order_by()
            .values("event")
            .annotate(number=Count("commune", distinct=True))
            .values("number")
        )
        return self.select_related("home_circle").annotate(
            my_answer=Coalesce(Subquery(mine), Value("")), communes_coming=Coalesce(Subquery(coming), 0)
        )

    def between(self, start, end):
        """Meetings that touch the time from `start` to `end` (aware), in order. None lasts over LONGEST_DAYS."""
        earliest = start - timedelta(days=Event.LONGEST_DAYS)
        touching = self.filter(starts_at__gte=earliest, starts_at__lt=end, ends_at__gt=start)
        return touching.order_by("starts_at", "pk")


class Event(Shared):
    """A meeting, from invitation to minutes. Moments are stored in UTC and said in Paris time.

    `listed_at` is `starts_at`: lists of meetings are in the order in which they take place.
    """

    LONGEST_DAYS = 31

    kind = models.CharField("nature", max_length=12, choices=Kind.choices, default=Kind.WORKING)
    title = models.CharField("intitulé", max_length=200)
    description = models.TextField("présentation", blank=True)
    html = models.TextField(blank=True, editable=False)
    starts_at = models.DateTimeField("début", db_index=True)
    ends_at = models.DateTimeField("fin")
    place = models.CharField("lieu", max_length=200, blank=True)
    address = models.TextField("adresse", max_length=500, blank=True)
    video_url = models.URLField("lien de visioconférence", max_length=500, blank=True)
    capacity = models.PositiveIntegerField("places sur place", null=True, blank=True)
    closes_at = models.DateTimeField("clôture des inscriptions", null=True, blank=True)

    uid = models.CharField(max_length=80, unique=True, default=uuid.uuid4, editable=False)  # RFC 5545 3.8.4.7
    sequence = models.PositiveIntegerField(default=0, editable=False)  # RFC 5545 3.8.7.4: one more at each change
    series = models.ForeignKey(Series, models.SET_NULL, null=True, blank=True, related_name="events")
    original_start = models.DateTimeField(null=True, blank=True, editable=False)  # which occurrence of the series
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="convoquée par"
    )
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)
    last_changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    cancelled_at = models.DateTimeField("annulée le", null=True, blank=True)
    cancel_reason = models.CharField("motif de l’annulation", max_length=300, blank=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = "rencontre"
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="event_ends_after_it_starts"),
            models.UniqueConstraint(fields=["series", "original_start"], name="one_event_per_occurrence"),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("events:event", args=[self.pk])

    @property
    def days(self):
        """The first and the last calendar day, as local dates."""
        last = self.ends_at - timedelta(microseconds=1)
        return timezone.localtime(self.starts_at).date(), timezone.localtime(last).date()

    @property
    def is_over(self):
        return self.ends_at <= timezone.now()

    @property
    def answers(self):
        """The answers one may give in one click, with how they are said."""
        offered = []
        if self.place or not self.video_url:
            offered.append((Answer.ON_SITE, "Sur place"))
        if self.video_url:
            offered.append((Answer.REMOTE, "À distance"))
        return [*offered, (Answer.EXCUSED, "M’excuser")]

    def takes(self, answer, now):
        """Whether this answer may still be given at `now`: one may excuse oneself until the end."""
        if self.cancelled_at or now >= self.ends_at:
            return False
        return answer == Answer.EXCUSED or self.closes_at is None or now < self.closes_at

    @property
    def is_open(self):
        """Whether registration is open now."""
        return self.takes(Answer.ON_SITE, timezone.now())


class AgendaItem(models.Model):
    """A point of the agenda, timed: minutes from the end of the one before."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="items", verbose_name="rencontre")
    position = models.PositiveSmallIntegerField()
    title = models.CharField("intitulé", max_length=200)
    minutes = models.PositiveSmallIntegerField("minutes", null=True, blank=True)
    speaker = models.CharField("intervenant", max_length=120, blank=True)

    class Meta:
        verbose_name = "point à l’ordre du jour"
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["event", "position"], name="one_item_per_position")]

    def __str__(self):
        return self.title

    @property
    def length(self):
        return timedelta(minutes=self.minutes or 0)


class Registration(models.Model):
    """What a person has answered to a meeting, for a commune (none for the authority's own and guests)."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="registrations", verbose_name="rencontre")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="registrations", verbose_name="personne"
    )
    commune = models.ForeignKey(
        Commune, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="commune"
    )
    answer = models.CharField("réponse", max_length=12, choices=Answer.choices)
    note = models.CharField("précision", max_length=200, blank=True)
    answered_at = models.DateTimeField("répondu le", default=timezone.now)

    class Meta:
        verbose_name = "inscription"
        ordering = ["answered_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["event", "user"], name="one_registration_per_person")]

    def __str__(self):
        return f"{self.user} · {self.event}"


class FeedToken(models.Model):
    """The secret in the address of a person's calendar feed. Only its SHA-256 is kept: 32 random bytes need no salt."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="feed_tokens")
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "abonnement au calendrier"
        verbose_name_plural = "abonnements au calendrier"

    def __str__(self):
        return f"{self.user} · {self.created_at:%d/%m/%Y}"
