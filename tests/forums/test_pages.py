"""The pages of discussions, with plain forms."""

import uuid

import pytest
from django.urls import reverse

from forums import domain
from forums.models import Post, ReadState, Thread


@pytest.fixture
def thread(world):
    """Yves asks in the group « Achats »."""
    return domain.open_thread(world.yves, "Papier : quel seuil ?", "Bonjour, **quel** seuil ?", [world.group])


def replies(thread, author, number):
    for index in range(number):
        domain.reply(thread, author, f"Réponse {index}")
    thread.refresh_from_db()


def test_index_lists_the_threads_of_ones_circles(world, thread, as_person):
    assert "Papier" in as_person(world.helene).get("/discussions/").content.decode()
    assert "Papier" not in as_person(world.karim).get("/discussions/").content.decode()


def test_page_shows_the_messages(world, thread, as_person):
    page = as_person(world.helene).get(thread.get_absolute_url()).content.decode()
    assert "<strong>quel</strong>" in page
    assert "DGS, Feneu" in page
