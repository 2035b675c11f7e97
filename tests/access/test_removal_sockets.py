"""Each way of losing a right, with the socket of a thread open: closed within two seconds, and nothing more on it."""

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import transaction

from extranet.circles import domain as circles
from extranet.circles.models import Commune, Mandate
from extranet.live import domain as live
from tests import world as worlds
from tests.live.conftest import browser, server  # noqa: F401 fixtures

from .personas import people_of

if apps.is_installed("forums"):
    from forums import domain as forums

pytestmark = pytest.mark.skipif(not apps.is_installed("forums"), reason="threads are left out")
SECONDS = 2


def sign_out(world, socket, thread):
    socket.client.logout()


def disable(world, socket, thread):
    member = get_user_model().objects.get(pk=world.helene.pk)
    member.is_active = False
    member.save()


def end_mandates(world, socket, thread):
    for mandate in Mandate.objects.filter(user=world.helene):
        circles.end_mandate(mandate)


def leave(world, socket, thread):
    circles.leave(world.group, world.helene)


def uninvite(world, socket, thread):
    circles.uninvite_observer(world.group, Commune.objects.get(pk=world.meignanne.pk).circle)


def narrow(world, socket, thread):
    with transaction.atomic():
        circles.share(thread, [world.north])
        live.recheck(thread.topic)


WAYS = {
    "signed out": (sign_out, "member"),
    "account disabled": (disable, "member"),
    "mandate ended": (end_mandates, "member"),
    "circle left": (leave, "member"),
    "commune no longer invited": (uninvite, "observer"),
    "audience narrowed": (narrow, "member"),
}


@pytest.fixture
def world(transactional_db):
    with transaction.atomic():
        world = worlds.build()
        world.people = people_of(world)
    return world


@pytest.mark.parametrize("way", WAYS)
def test_the_socket_closes_and_nothing_more_is_written_on_it(world, browser, way):  # noqa: F811
    lose, persona = WAYS[way]
    yves = get_user_model().objects.get(pk=world.yves.pk)  # of the group and of the north
    thread = forums.open_thread(yves, "Papier", "Un premier message.", [world.north, world.group])
    hers, his = browser(world.people[persona]), browser(yves)
    assert [socket.follow(thread.topic, after={thread.topic: 0})[0]["last"] for socket in (hers, his)] == [1, 1]
    forums.reply(thread, yves, "Écrit avant.")
    assert "Écrit avant" in hers.hear()["entries"][0]["html"]
    his.hear()
    lose(world, hers, thread)
    forums.reply(thread, yves, "Écrit après.")
    frames, code = hers.closed(SECONDS)
    assert code in {4401, 4403}
    assert all("gone" in frame for frame in frames)
    assert "Écrit après" in his.hear()["entries"][0]["html"]


@pytest.mark.parametrize("persona", ["other", "manager", "foreigner", "removed", "expired"])
def test_a_thread_is_not_followed_by_who_may_not_read_it(world, browser, persona):  # noqa: F811
    thread = forums.open_thread(world.helene, "Papier", "Entre nous.", [world.group])
    socket = browser(world.people[persona])
    assert socket.follow(thread.topic, after={thread.topic: 0}) == [{"gone": thread.topic}]
    forums.reply(thread, world.helene, "Entre nous encore.")
    assert socket.hears_nothing()
