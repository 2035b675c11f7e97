"""What a question put to a group is. Registered in the app `forums`: forums/models.py imports it."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from extranet.circles.models import Circle

CONSENT = ["Pas d’objection", "Objection"]


class Poll(models.Model):
    """A question put to those who may contribute to a thread; it stands in one of its messages.

    Its electors are written down when it opens. It takes voices until `closes_at`, or until it is closed by hand: past
    its day it takes none, whether or not `close_polls` has been run since.
    """

    class Kind(models.TextChoices):
        SINGLE = "single", "Une seule réponse"
        MULTIPLE = "multiple", "Plusieurs réponses"
        RANKED = "ranked", "Un classement, par ordre de préférence"
        DATES = "dates", "Des dates\u202f: oui, si besoin ou non"
        CONSENT = "consent", "Un consentement\u202f: pas d’objection, ou une objection motivée"

    post = models.OneToOneField("forums.Post", models.CASCADE, related_name="poll", verbose_name="message")
    question = models.CharField("question", max_length=300)
    kind = models.CharField("forme", max_length=8, choices=Kind.choices)
    choices = models.JSONField("réponses proposées")  # their words, in order; of dates, ISO moments
    most = models.PositiveSmallIntegerField("réponses au plus", null=True, blank=True)  # MULTIPLE only
    by_commune = models.BooleanField("une voix par commune", default=False)
    secret = models.BooleanField("à bulletin secret", default=False)
    quorum = models.PositiveIntegerField("quorum (voix)", null=True, blank=True)
    quorum_share = models.PositiveSmallIntegerField("quorum (% des voix)", null=True, blank=True)
    opened_at = models.DateTimeField("ouverte le")
    closes_at = models.DateTimeField("répondre avant le")
    closed_at = models.DateTimeField("close le", null=True, blank=True)
    outcome = models.TextField("suite donnée", blank=True)
    outcome_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    outcome_by_name = models.CharField(max_length=300, blank=True)
    outcome_at = models.DateTimeField("suite écrite le", null=True, blank=True)
    review_on = models.DateField("à revoir le", null=True, blank=True)

    class Meta:
        verbose_name = "question"
        indexes = [models.Index(fields=["closes_at"], name="polls_to_close", condition=Q(closed_at=None))]

    def __str__(self):
        return self.question

    @property
    def is_open(self):
        return self.closed_at is None and timezone.now() < self.closes_at

    @property
    def ended_at(self):
        """The moment its results are of: the hand's, else the deadline."""
        return self.closed_at or self.closes_at

    @property
    def shows_results(self):
        return not self.secret or not self.is_open


class Elector(models.Model):
    """A voice in a poll, a person's or a commune's, written down when it opened; and what it said, unless it is secret.

    In a secret poll only `voted` is ever filled: see Ballot.
    """

    poll = models.ForeignKey(Poll, models.CASCADE, related_name="electors")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    circle = models.ForeignKey(Circle, models.SET_NULL, null=True, related_name="+")  # a commune's
    name = models.CharField(max_length=300)  # as it was
    voted = models.BooleanField(default=False)
    marks = models.JSONField(null=True)  # one number a choice: see tally.py
    reason = models.TextField("motif", blank=True)
    cast_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    cast_by_name = models.CharField(max_length=300, blank=True)
    cast_at = models.DateTimeField("donné le", null=True)

    class Meta:
        verbose_name = "voix"
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["poll", "user"], name="one_voice_per_person"),
            models.UniqueConstraint(fields=["poll", "circle"], name="one_voice_per_commune"),
        ]

    def __str__(self):
        return self.name


class Ballot(models.Model):
    """What one voice said in a secret poll. Nothing leads from it to who said it.

    No key towards the elector, no date, and an identifier drawn by chance; each vote also writes anew every ballot and
    every elector of the poll, so that the database's own marks (a row's transaction) join none of them. An
    administrator who reads the database cannot tell who voted what. The price: a secret vote is final, for the ballot
    to replace could not be found again. What no database can prevent: comparing two copies taken before and after
    one vote, and reading all when all voted alike.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    poll = models.ForeignKey(Poll, models.CASCADE, related_name="ballots")
    marks = models.JSONField()
    reason = models.TextField("motif", blank=True)

    class Meta:
        verbose_name = "bulletin"
        ordering = ["id"]

    def __str__(self):
        return str(self.pk)
