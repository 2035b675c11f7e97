"""The HTML of messages is kept from one reader to the next: each still sees what is hers, as it stands."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.utils import timezone

from forums import domain


@pytest.fixture
def thread(world):
    """Written yesterday, so that the words of its dates change no more today: one message by Yves, one by Hélène."""
    yesterday = timezone.now() - timedelta(days=1)
    thread = domain.open_thread(world.yves, "Papier", "Quel seuil ?", [world.group], at=yesterday)
    domain.reply(thread, world.helene, "Le même qu’avant.", at=yesterday)
    return thread


def shown(as_person, user, thread):
    """The messages of the page, and the tools that each shows."""
    page = as_person(user).get(thread.get_absolute_url()).content.decode()
    posts = re.findall(r'<article class="post".*?</article>', page, re.DOTALL)
    return [(post, re.findall(r"<a (?![^>]* hidden)[^>]*>(Modifier|Retirer)</a>", post)) for post in posts]


def tools(as_person, user, thread):
    return [found for _, found in shown(as_person, user, thread)]


def test_a_page_kept_for_one_reader_shows_another_her_own_tools(world, thread, as_person):
    for _ in range(2):  # the second time, nothing is rendered
        assert tools(as_person, world.helene, thread) == [[], ["Modifier", "Retirer"]]
        assert tools(as_person, world.yves, thread) == [["Modifier", "Retirer"], ["Retirer"]]
        assert tools(as_person, world.guest, thread) == [[], []]


def test_the_second_page_is_the_first(world, thread, as_person, monkeypatch):
    first = shown(as_person, world.guest, thread)
    kept = len(first)
    monkeypatch.setattr(cache, "set_many", None)  # nothing is left to keep
    assert shown(as_person, world.guest, thread) == first
    assert kept == 2


def test_a_message_modified_or_removed_is_seen_as_it_stands(world, thread, as_person):
    shown(as_person, world.guest, thread)
    own = thread.posts.get(seq=2)
    domain.edit(own, world.helene, "Un autre seuil.")
    assert "Un autre seuil." in shown(as_person, world.guest, thread)[1][0]
    domain.remove(own, world.helene, "doublon")
    assert "Un autre seuil." not in shown(as_person, world.guest, thread)[1][0]


def test_a_message_of_a_moment_ago_is_not_kept(world, thread, as_person):
    domain.reply(thread, world.yves, "À l’instant même.")
    shown(as_person, world.guest, thread)
    now = timezone.now() + timedelta(minutes=20)
    with time_machine.travel(now):
        assert "il y a" in shown(as_person, world.guest, thread)[2][0]
