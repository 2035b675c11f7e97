"""What the tests of polls share."""

from datetime import timedelta

from django.utils import timezone

from forums.polls import domain
from forums.polls.models import Elector, Poll


def ask(thread, author, kind=Poll.Kind.SINGLE, choices=("Oui", "Non", "Blanc"), **options):
    """A question in `thread`, open for a day."""
    options = {"closes_at": timezone.now() + timedelta(days=1), **options}
    if kind == Poll.Kind.CONSENT:
        choices = ()
    return domain.open_poll(author, thread, "Quel seuil retenir ?", kind, choices, **options)


def voice(poll, who):
    """The elector of a person, or of a commune by its circle."""
    own = {"user": who} if hasattr(who, "email") else {"circle": who}
    return Elector.objects.get(poll=poll, **own)


def says(poll, who, marks, reason="", voice_of=None, **options):
    domain.vote(poll, who, voice(poll, voice_of or who), marks, reason, **options)
