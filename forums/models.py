import uuid

from django.conf import settings
from django.db import models
from django.urls import reverse

from extranet.circles.models import Shared

from .polls.models import Ballot, Elector, Poll

__all__ = ["TOPIC", "Ballot", "Elector", "Poll", "Post", "PostRevision", "ReadState", "Thread"]

TOPIC = "forums.thread"


class Thread(Shared):
    """A discussion shared with circles. Its sort date (`listed_at`) is that of its last message."""

    title = models.CharField("titre", max_length=200)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="ouverte par"
    )
    # The names as they were at writing: a list or a page of messages asks nothing about each author.
    author_name = models.CharField(max_length=300)
    author_label = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField("ouverte le")
    last_post_at = models.DateTimeField("dernier message le")
    last_author_name = models.CharField(max_length=300)
    last_author_label = models.CharField(max_length=300, blank=True)
    post_count = models.PositiveIntegerField("messages", default=0)  # less those removed
    last_seq = models.PositiveIntegerField(default=0)
    live_seq = models.PositiveBigIntegerField(default=0)  # what a page already shows of the live topic
    closed = models.BooleanField("close", default=False)
    summary_seq = models.PositiveIntegerField("message qui la résume", null=True, blank=True)

    class Meta:
        verbose_name = "discussion"

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("forums:thread", args=[self.pk])

    @property
    def topic(self):
        """Its live topic."""
        return f"{TOPIC}:{self.pk}"


class Post(models.Model):
    """A message of a thread: `seq` is its number there, without gap."""

    thread = models.ForeignKey(Thread, models.CASCADE, related_name="posts", verbose_name="discussion")
    seq = models.PositiveIntegerField("numéro")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="auteur"
    )
    author_name = models.CharField(max_length=300)
    author_label = models.CharField(max_length=300, blank=True)
    body = models.TextField("texte")  # Markdown, as typed
    html = models.TextField(editable=False)  # rendered once, at writing
    created_at = models.DateTimeField("écrit le")
    edited_at = models.DateTimeField("modifié le", null=True, blank=True)
    removed_at = models.DateTimeField("retiré le", null=True, blank=True)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="retiré par"
    )
    removal_reason = models.CharField("motif", max_length=300, blank=True)
    # Its files: {"name", "mime", "size", "sha256", "path"} each. Kept here: a page of messages asks for no more.
    files = models.JSONField("pièces jointes", default=list, blank=True)
    message_id = models.CharField(max_length=200, blank=True, editable=False)  # of the mail that it was
    # What the browser made to send once: the same key gives the same message, with another text it is refused.
    key = models.UUIDField(default=uuid.uuid4, editable=False)
    body_hash = models.CharField(max_length=64, editable=False)

    class Meta:
        verbose_name = "message"
        ordering = ["seq"]
        constraints = [
            models.UniqueConstraint(fields=["thread", "seq"], name="one_post_per_number"),
            models.UniqueConstraint(fields=["author", "key"], name="one_post_per_sending"),
            models.UniqueConstraint(
                fields=["thread", "message_id"], condition=~models.Q(message_id=""), name="one_post_per_mail"
            ),
        ]

    def __str__(self):
        return f"{self.thread_id}, message {self.seq}"

    def get_absolute_url(self):
        """Its permanent address: the page of the thread where it stands."""
        return f"{reverse('forums:thread', args=[self.thread_id])}?message={self.seq}#{self.dom_key}"

    @property
    def attachments(self):
        """(number, file) of each of its files, for their addresses."""
        return list(enumerate(self.files, start=1))

    @property
    def dom_key(self):
        """Its name in the page and in the live topic."""
        return f"message-{self.seq}"


class PostRevision(models.Model):
    """A text that a message had before it was modified."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="revisions")
    body = models.TextField("texte")
    written_at = models.DateTimeField("écrit le")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = "version d’un message"
        ordering = ["-written_at", "-pk"]

    def __str__(self):
        return f"{self.post} ({self.written_at:%Y-%m-%d %H:%M})"


class ReadState(models.Model):
    """A person in a thread: how far she has read (only ever rising) and how many messages she wrote."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    thread = models.ForeignKey(Thread, models.CASCADE, related_name="read_states")
    last_read_seq = models.PositiveIntegerField(default=0)
    posts = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = "lecture d’une discussion"
        constraints = [models.UniqueConstraint(fields=["user", "thread"], name="one_read_state_per_person")]

    def __str__(self):
        return f"{self.user_id} → {self.thread_id}:{self.last_read_seq}"
