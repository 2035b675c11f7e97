"""The meetings that wait for a person's answer: what the dashboard asks of her, and how many."""

from datetime import timedelta

from django.db.models import Count, Exists, OuterRef, Q, Value
from django.urls import reverse
from django.utils import timezone

from extranet.circles import access
from extranet.circles.todos import Todo

from .models import Event, Registration

SOON = timedelta(days=14)


def waiting(user):
    """The meetings of the coming two weeks that `user` may answer and has not, soonest first."""
    now = timezone.now()
    answered = Registration.objects.filter(event=OuterRef("pk"), user=user)
    open_still = Q(closes_at=None) | Q(closes_at__gt=now)
    coming = Event.objects.filter(open_still, ~Exists(answered), cancelled_at=None, starts_at__range=(now, now + SOON))
    return access.visible_to(user, coming, "contribute").order_by("starts_at", "pk")


def number_waiting(user):
    """How many, as a scalar expression for the frame's one query."""
    return waiting(user).order_by().values(all=Value(1)).annotate(number=Count("pk")).values("number")


def todos(user):
    """One thing to do for each."""
    for event in waiting(user)[:20]:
        yield Todo(
            title=event.title,
            url=reverse("events:event", args=[event.pk]),
            action="Répondre",
            due_at=event.closes_at or event.starts_at,
            note="dites si vous venez",
        )
