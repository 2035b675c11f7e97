"""What the search holds of people and communes; it follows their changes, whoever makes them, and decides nothing."""

from django.contrib.auth import get_user_model
from django.db.models import Prefetch
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.urls import reverse

from extranet.circles.domain import rights_changed
from extranet.circles.models import Commune, Mandate
from extranet.search import domain as search

from .models import Profile

PERSON, COMMUNE = "members.person", "members.commune"


def every_person():
    """What to index of all who hold a function."""
    for person in _people(get_user_model().objects.filter(mandates__isnull=False).distinct()):
        if person.functions:
            yield _person_entry(person)


def every_commune():
    for commune in Commune.objects.select_related("quadrant").order_by("pk"):
        yield _commune_entry(commune)


def follow_people(user_ids):
    """Index these people again; who holds no function any more is forgotten."""
    for person in _people(get_user_model().objects.filter(pk__in=list(user_ids))):
        if person.functions:
            search.index(**_person_entry(person))
        else:
            search.forget(person)


def _people(users):
    active = Mandate.objects.active().select_related("commune", "territory")
    functions = Prefetch("mandates", active, to_attr="functions")
    return users.order_by("pk").select_related("profile").prefetch_related(functions)


def _person_entry(person):
    """A person of two authorities is found in both by her name: her functions in one are not the other's business."""
    labels = [mandate.label for mandate in person.functions]
    if len({mandate.territory_id for mandate in person.functions}) > 1:
        labels = []
    themes = person.profile.themes if hasattr(person, "profile") else ""
    return {
        "obj": person,
        "kind": PERSON,
        "title": person.get_full_name() or person.email,
        "text": "\n".join(part for part in (*labels, themes) if part),
        "url": reverse("members:person", args=[person.pk]),
    }


def _commune_entry(commune):
    parts = ("Commune", f"code INSEE {commune.insee_code}", commune.quadrant.name if commune.quadrant else "")
    return {
        "obj": commune,
        "kind": COMMUNE,
        "title": commune.name,
        "text": ", ".join(part for part in parts if part),
        "url": reverse("members:commune", args=[commune.insee_code]),
    }


@receiver(rights_changed, dispatch_uid="members.follow_rights")
def follow_rights(sender, user_ids, **kwargs):
    follow_people(user_ids)


@receiver(post_save, dispatch_uid="members.follow_saved")
def follow_saved(sender, instance, raw=False, update_fields=None, **kwargs):
    if raw:
        return
    if sender is Profile:
        follow_people([instance.user_id])
    elif sender is Commune:
        search.index(**_commune_entry(instance))
    elif sender is get_user_model() and set(update_fields or ()) != {"last_login"}:  # written at each sign-in
        follow_people([instance.pk])


@receiver(post_delete, dispatch_uid="members.let_go")
def let_go(sender, instance, **kwargs):
    if sender in (Commune, get_user_model()):
        search.forget(instance)
