from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction

from extranet.circles.models import Mandate

from .. import columns
from ..models import Profile


def find_person(email):
    """The person with this address, compared without case, or None."""
    return get_user_model().objects.filter(email__iexact=email).order_by("pk").first()


def create_person(email, first_name, last_name):
    """A person without a password yet, or the one whom a concurrent request has just created.

    Where the host's user has a username besides (Django's own), the address is the username.
    """
    model = get_user_model()
    user = model(email=email.lower(), first_name=first_name, last_name=last_name)
    if model.USERNAME_FIELD != "email":
        setattr(user, model.USERNAME_FIELD, email.lower())
    user.set_unusable_password()
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError:
        return find_person(email)
    return user


def change_profile(user, *, first_name=None, last_name=None, phone=None, themes=None):
    """Change what is given of a person's names and profile. Returns the words that changed, in French, in order.

    Raises: ValueError, in French, for a phone number that is none.
    """
    phone = None if phone is None else columns.phone(phone)
    changed = _change(user, {"first_name": first_name, "last_name": last_name})
    profile = Profile.objects.filter(user=user).first() or Profile(user=user)
    changed += _change(profile, {"phone": phone, "themes": themes})
    return changed


def _change(obj, values):
    new = {name: value for name, value in values.items() if value is not None and getattr(obj, name) != value}
    if new:
        for name, value in new.items():
            setattr(obj, name, value)
        obj.save(update_fields=list(new) if obj.pk else None)
    return [str(obj._meta.get_field(name).verbose_name) for name in new]


def known_elsewhere(user, territory):
    """Whether another territory knows this person: her names and phone are then hers alone to change."""
    return Mandate.objects.filter(user=user).exclude(territory=territory).exists()
