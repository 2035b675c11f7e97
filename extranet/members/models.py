import hashlib
import secrets

from django.conf import settings
from django.db import models
from django.utils import timezone

TOKEN_BYTES = 32


class Profile(models.Model):
    """What a person says of herself besides her name: how to reach her, what she can help with."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="profile")
    phone = models.CharField("téléphone", max_length=30, blank=True)
    themes = models.TextField("sujets suivis", max_length=500, blank=True)

    class Meta:
        verbose_name = "profil"

    def __str__(self):
        return str(self.user)


class InvitationQuerySet(models.QuerySet):
    def pending(self):
        """Invitations nobody has used, of people who have never signed in; expired ones can be sent again."""
        return self.filter(used_at=None, user__last_login=None)

    def named_by(self, token):
        """The one that a link's token names, if any."""
        return self.filter(token_hash=_hash(token))

    def usable(self):
        """Those whose link still opens an account: once, within its seven days, by someone who never signed in."""
        return self.pending().filter(expires_at__gt=timezone.now(), user__is_active=True)


class Invitation(models.Model):
    """A link sent to one address, with which its owner chooses a password, once."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="invitations")
    territory = models.ForeignKey("circles.Territory", models.CASCADE, related_name="+")
    # What the person is invited as: when this function goes, the invitation goes with it.
    mandate = models.ForeignKey("circles.Mandate", models.CASCADE, related_name="+", verbose_name="fonction")
    email = models.EmailField("adresse électronique")
    # SHA-256 of the token, which only the mail holds; none until the mail has left.
    token_hash = models.CharField(max_length=64, null=True, unique=True, editable=False)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="invité par"
    )
    created_at = models.DateTimeField("créée le", default=timezone.now)
    expires_at = models.DateTimeField("valable jusqu’au")
    sent_at = models.DateTimeField("courriel parti le", null=True, blank=True)
    used_at = models.DateTimeField("acceptée le", null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = "invitation"
        ordering = ["-created_at", "-pk"]

    def __str__(self):
        return self.email

    @property
    def expired(self):
        return self.expires_at <= timezone.now()

    def issue_token(self):
        """A fresh token, for a mail that leaves now. Only its hash is kept: the mail alone holds the token."""
        token = secrets.token_urlsafe(TOKEN_BYTES)
        self.token_hash, self.sent_at = _hash(token), timezone.now()
        self.save(update_fields=["token_hash", "sent_at"])
        return token


def _hash(token):
    return hashlib.sha256(token.encode()).hexdigest()
