from django.db import models
from django.utils import timezone


class Kind(models.TextChoices):
    """What happened to a piece of a live page."""

    ADDED = "added", "ajouté"
    EDITED = "edited", "modifié"
    REMOVED = "removed", "retiré"
    MOVED = "moved", "déplacé"
    STATE = "state", "état changé"


class Topic(models.Model):
    """Something followed live, such as « forums.thread:42 ». Its row is locked while a number is taken."""

    name = models.CharField(max_length=100, unique=True)
    last_seq = models.PositiveBigIntegerField(default=0)

    def __str__(self):
        return self.name


class Entry(models.Model):
    """One line of the log: what happened to the piece `key` of the topic. `seq` counts from 1 without a gap."""

    topic = models.ForeignKey(Topic, models.CASCADE, related_name="entries")
    seq = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=8, choices=Kind)
    key = models.CharField(max_length=100)
    object_id = models.PositiveBigIntegerField(null=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["topic", "seq"], name="one_entry_per_seq")]

    def __str__(self):
        return f"{self.topic_id} n° {self.seq} · {self.kind} {self.key}"
