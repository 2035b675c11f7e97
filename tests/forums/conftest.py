import pytest
import time_machine
from django.utils import timezone

from forums import domain


@pytest.fixture
def thread(world):
    """Yves asks something in the group « Achats »: Hélène, the guest and the authority may read it, not Karim."""
    return domain.open_thread(world.yves, "Papier : quel seuil ?", "Bonjour, **quel** seuil ?", [world.group])


@pytest.fixture
def write(thread):
    """`write(helene, "texte")` replies in the thread."""

    def reply(author, body="Voici.", **options):
        post = domain.reply(thread, author, body, **options)
        thread.refresh_from_db()
        return post

    return reply


@pytest.fixture
def time_machine_at():
    """Time stands still: a minute does not end in the middle of a test."""
    with time_machine.travel(timezone.now(), tick=False):
        yield
