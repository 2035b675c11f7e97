from django.db import transaction
from django.utils import timezone

from extranet.circles import access
from extranet.circles.models import Mandate

from ..models import Answer, Event, Registration
from .meetings import MeetingError, one_line


@transaction.atomic
def register(event, user, answer, by=None, note="", at=None):
    """Say whether `user` comes to the meeting; a new answer replaces the one before.

    Arguments:
        answer: an Answer. `represented` needs a note: by whom.
        by: who answers in place of `user`: someone who runs the home circle.
        at: when it was answered (now by default); closing and end are judged at that moment.

    Raises: Http404 when the person may not register, MeetingError when it is too late or there is no seat left.
    """
    event = Event.objects.select_for_update().get(pk=event.pk)  # the last seat goes to one person
    access.require(user, "contribute", event)
    if by is not None and by != user:
        access.require(by, "moderate", event)
    now, note = at or timezone.now(), one_line(note)
    _check(event, user, answer, note, now)
    registration, _ = Registration.objects.update_or_create(
        event=event,
        user=user,
        defaults={"answer": answer, "note": note, "answered_at": now, "commune": _commune_of(user, event, now)},
    )
    return registration


def _check(event, user, answer, note, now):
    if answer not in Answer.values:
        raise MeetingError("Cette réponse n’existe pas\u202f: choisissez-en une dans la liste.")
    if event.cancelled_at:
        raise MeetingError("Cette rencontre est annulée.")
    if not event.takes(answer, now):
        raise MeetingError("Les inscriptions sont closes.")
    if answer in (Answer.ON_SITE, Answer.REMOTE) and answer not in dict(event.answers):
        where = "à distance" if answer == Answer.REMOTE else "sur place"
        raise MeetingError(f"Cette rencontre ne se tient pas {where}.")
    if answer == Answer.REPRESENTED and not note:
        raise MeetingError("Dites par qui vous serez représenté.", "note")
    if answer == Answer.ON_SITE and event.capacity is not None:
        others = event.registrations.filter(answer=Answer.ON_SITE).exclude(user=user).count()
        if others >= event.capacity:
            raise MeetingError("Il ne reste plus de place sur place pour cette rencontre.")


def _commune_of(user, event, now):
    mandates = Mandate.objects.active(timezone.localdate(now)).filter(
        user=user, territory=event.home_circle.territory_id, commune__isnull=False
    )
    mandate = mandates.select_related("commune").first()
    return mandate.commune if mandate else None
