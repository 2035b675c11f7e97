"""Each way of losing a right, by each channel through which things are received: received before, not after."""

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.core import mail
from django.test import TestCase

from extranet.circles import domain as circles
from extranet.circles.models import Commune, Mandate
from extranet.notices import domain as notices
from extranet.notices import kinds, tasks
from extranet.notices.models import Notice

from . import samples
from .asking import read_body, send

# Of each channel: the plugin it needs, the pattern, the sample, the word that is received (None: a redirection).
CHANNELS = {
    "page of the circle": ("", "wagtail_serve", "circle.page", "mission"),
    "list of people": ("", "members:people_csv", "nothing", "guestname"),
    "card of a person": ("", "members:vcard", "guest", "guestname"),
    "page of a thread": ("forums", "forums:thread", "thread", "post"),
    "list of threads": ("forums", "forums:index", "nothing", "title"),
    "live entries": ("forums", "live:entries", "thread.live", "post"),
    "dashboard": ("forums", "wagtail_serve", "home", "title"),
    "search of threads": ("forums", "search:results", "words.post", "title"),
    "page of a meeting": ("events", "events:event", "event", "description"),
    "list of meetings": ("events", "events:to_come", "nothing", "meeting"),
    "month": ("events", "events:index", "nothing", "meeting"),
    "file of a meeting": ("events", "events:ics", "event", "meeting"),
    "feed": ("events", "events:feed", "feed", "meeting"),
    "search of meetings": ("events", "search:results", "words.description", "meeting"),
    "page of a resource": ("extranet.library", "library:resource", "resource", "sheet"),
    "list of resources": ("extranet.library", "library:index", "nothing", "resource"),
    "download": ("extranet.library", "library:download", "resource.file", "secondinside"),
    "search in files": ("extranet.library", "search:results", "words.secondinside", "resource"),
    "bell": ("forums", "notices:index", "nothing", "notice"),
    "notice": ("forums", "notices:open", "notice", None),
}
ABOUT_THE_CIRCLE = {"page of the circle", "list of people", "card of a person"}


def sign_out(house, made, user):
    house.browsers["member"].client().logout()


def disable(house, made, user):
    user.is_active = False
    user.save()


def end_mandates(house, made, user):
    for mandate in Mandate.objects.filter(user=user):
        circles.end_mandate(mandate)


def leave(house, made, user):
    circles.leave(made.circle, user)


def uninvite(house, made, user):
    circles.uninvite_observer(made.circle, Commune.objects.get(pk=house.world.meignanne.pk).circle)


def narrow(house, made, user):
    """What is shared with her circle is shared with its home circle alone."""
    for thing in made.things.values():
        circles.share(thing, [made.circle])


WAYS = {
    # what happens, to whom, the channels that it leaves open
    "signed out": (sign_out, "member", {"feed"}),  # a feed has a secret of its own, which she revokes herself
    "account disabled": (disable, "member", set()),
    "mandate ended": (end_mandates, "member", set()),
    "circle left": (leave, "member", set()),
    "commune no longer invited": (uninvite, "observer", set()),
    "audience narrowed": (narrow, "member", set()),
}


def receives(house, made, persona, channels):
    """Those of `channels` by which the persona receives the thing of the channel."""
    found = set()
    for name in channels:
        _, pattern, sample, word = CHANNELS[name]
        answer = send(house.browsers[persona], pattern, "GET", made.asks[sample])
        text = read_body(answer)
        if answer.status_code < 400 and "login/?next" not in text and (word is None or made.word(word) in text):
            found.add(name)
    return found


@pytest.fixture
def made(house, way):
    """The things of the group; to narrow their audience, things of another circle, shared with the group besides."""
    if way != "audience narrowed":
        return house.made["group"]
    people = get_user_model().objects.in_bulk([house.world.yves.pk, house.world.admin.pk])  # their rights read anew
    yves, admin = people[house.world.yves.pk], people[house.world.admin.pk]
    with TestCase.captureOnCommitCallbacks(execute=True):
        made = samples.make("narrowed", house.world.north, yves, admin, house.world.marc)
        for thing in made.things.values():
            circles.share(thing, [house.world.north, house.world.group])
    samples.of_notices(made, house.world.helene)
    made.asks["feed"] = house.made["group"].asks.get("feed")
    return made


@pytest.mark.parametrize("way", WAYS)
def test_what_is_lost_is_received_no_more(house, made, way):
    lose, persona, stay_open = WAYS[way]
    there = {name for name, (app, *_) in CHANNELS.items() if not app or apps.is_installed(app)}
    if way == "audience narrowed":
        there -= ABOUT_THE_CIRCLE
    if persona == "observer":
        there -= {"feed", "bell", "notice"}  # the member's own
    assert there - receives(house, made, persona, there) == set()
    lose(house, made, house.people[persona])
    assert receives(house, made, persona, there) == stay_open & there


@pytest.mark.parametrize("way", [way for way in WAYS if way != "signed out"])
def test_nothing_is_told_after_it_is_lost(house, made, way):
    if not (made.things and kinds.registered()):
        pytest.skip("nothing tells anything")
    lose, persona, _ = WAYS[way]
    user, kind, thing = house.people[persona], next(iter(kinds.registered())), next(iter(made.things.values()))
    assert notices.tell([user], kind, thing, "Avant.", "/") == {user.pk}
    lose(house, made, user)
    assert notices.tell([user], kind, thing, "Après.", "/") == set()
    assert not Notice.objects.filter(user=user, text="Après.").exists()


@pytest.mark.parametrize("job", ["extranet.notices.tasks.send_mails", "extranet.notices.tasks.send_digest"])
@pytest.mark.parametrize("way", [way for way in WAYS if way != "signed out"])
def test_a_mail_that_waited_does_not_leave_after_it_is_lost(house, made, way, job):
    if not (made.things and kinds.registered()):
        pytest.skip("nothing tells anything")
    lose, persona, _ = WAYS[way]
    user, task = house.people[persona], getattr(tasks, job.rpartition(".")[2])
    reader = house.world.admin  # who loses nothing: hers does leave
    calls = made.jobs[job]([user, reader])
    lose(house, made, user)
    mail.outbox.clear()
    for arguments in calls:
        task.func(*arguments)
    assert [message.to for message in mail.outbox] == [[reader.email]]
