"""Ways of losing a right, each of which rings the bell so that open sockets are looked at at once."""

from django.contrib.auth import get_user_model
from django.contrib.auth.signals import user_logged_out
from django.db import transaction
from django.db.models.signals import post_delete, post_save

from extranet.circles.domain import rights_changed

from . import bell, presence


def connect():
    """Listen to what takes rights away."""
    rights_changed.connect(_rights, dispatch_uid="live.rights")
    user_logged_out.connect(_signed_out, dispatch_uid="live.signed_out")
    post_save.connect(_account, sender=get_user_model(), dispatch_uid="live.account")
    post_delete.connect(_account, sender=get_user_model(), dispatch_uid="live.account_deleted")


def _rights(sender, user_ids, **kwargs):
    bell.ring(people=user_ids)


def _signed_out(sender, request, **kwargs):
    key = request.session.session_key if request is not None and hasattr(request, "session") else None
    if key:
        bell.ring(sessions=[presence.digest(key)])


def _account(sender, instance, created=None, **kwargs):
    """An account that is saved inactive, or deleted (`created` is None then)."""
    if created is None or not instance.is_active:
        user_id = instance.pk
        transaction.on_commit(lambda: bell.ring(people=[user_id]), robust=True)
