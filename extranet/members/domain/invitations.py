from dataclasses import dataclass
from datetime import timedelta

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from extranet.circles.domain import give_mandate
from extranet.circles.models import Mandate

from .. import tasks
from ..models import Invitation
from .people import change_profile, create_person, find_person

VALID_DAYS = 7


class Refused(Exception):
    """What was asked cannot be done; the message says why, to the person who asked."""


@dataclass(frozen=True)
class Invited:
    """What `invite` did: for whom, with which function, and the invitation, None for someone who has an account."""

    user: AbstractBaseUser
    mandate: Mandate
    invitation: Invitation | None
    is_new: bool
    gave_mandate: bool


@transaction.atomic
def invite(
    email,
    first_name,
    last_name,
    function,
    territory,
    commune=None,
    circle=None,
    starts_on=None,
    ends_on=None,
    phone="",
    by=None,
    send=True,
):
    """Bring someone in: find or create the person by her address, give her the function unless she holds it, write.

    Whoever has never signed in gets a link to choose a password; whoever has an account is told of the new function.
    A known person keeps her names and phone. `send=False` sends nothing and makes no invitation.
    Raises: Refused for a disabled account.
    """
    user = find_person(email)
    is_new = user is None
    if is_new:
        user = create_person(email, first_name, last_name)
        if phone:
            change_profile(user, phone=phone)
    if not user.is_active:
        raise Refused("Le compte de cette personne est désactivé\u202f: l’administrateur du site peut le rouvrir.")
    held = Mandate.objects.filter(user=user, function=function, territory=territory, commune=commune, circle=circle)
    mandate = held.filter(Q(ends_on=None) | Q(ends_on__gte=timezone.localdate())).first()
    gave = mandate is None
    if gave:
        mandate = give_mandate(
            user, function, territory=territory, commune=commune, circle=circle, starts_on=starts_on, ends_on=ends_on
        )
    invitation = announce(user, mandate, by=by, gave_mandate=gave) if send else None
    return Invited(user, mandate, invitation, is_new, gave)


def announce(user, mandate, *, by, gave_mandate=True):
    """Write to someone who has been given a function: an invitation when she has no account yet, which is returned."""
    if user.last_login is None and not user.has_usable_password():
        return _issue(user, mandate, by)
    if gave_mandate:
        transaction.on_commit(lambda: tasks.tell_new_function.enqueue(mandate.pk, by.pk if by else None))
    return None


@transaction.atomic
def resend(invitation, by):
    """Send a pending invitation again: a new link, valid for seven days; the former one is worth nothing any more.

    Raises: Refused when it has been used since, or the person has signed in otherwise.
    """
    if not Invitation.objects.pending().filter(pk=invitation.pk).exists():
        raise Refused("Cette personne a déjà ouvert son compte.")
    return _issue(invitation.user, invitation.mandate, by)


def _issue(user, mandate, by):
    """One living invitation a person and territory: those that were pending are replaced."""
    Invitation.objects.pending().filter(user=user, territory=mandate.territory).delete()
    invitation = Invitation.objects.create(
        user=user,
        territory=mandate.territory,
        mandate=mandate,
        email=user.email,
        sent_by=by,
        expires_at=timezone.now() + timedelta(days=VALID_DAYS),
    )
    transaction.on_commit(lambda: tasks.send_invitation.enqueue(invitation.pk))
    return invitation


def invitation_of(token, territory):
    """The invitation that a link names in this territory, usable or not, or None."""
    found = Invitation.objects.named_by(token).filter(territory=territory)
    return found.select_related("user", "mandate__commune", "mandate__circle", "territory", "sent_by").first()


@transaction.atomic
def accept(token, password):
    """Open the account of the invited person with this password, and return her.

    Single use: the row is claimed by one conditional UPDATE, so that of any number at once one succeeds. It is bound to
    the address it was sent to. Raises: Refused when used, expired, or when the person's address has changed since.
    """
    now = timezone.now()
    claimed = Invitation.objects.named_by(token).filter(used_at=None, expires_at__gt=now).update(used_at=now)
    if not claimed:
        raise Refused("Cette invitation n’est plus valable.")
    invitation = Invitation.objects.named_by(token).get()
    user = get_user_model().objects.select_for_update().get(pk=invitation.user_id)
    same_address = user.email.lower() == invitation.email.lower()
    if not user.is_active or user.last_login is not None or not same_address:
        raise Refused("Cette invitation n’est plus valable.")
    user.set_password(password)
    user.save(update_fields=["password"])
    return user
