"""The same requests with and without a secret circle's things: equal to the byte, for one who may not see them."""

import re

import pytest
from django.contrib.auth import get_user_model
from django.test import TestCase
from django.urls import reverse

from . import matrix, samples
from .asking import Browser, read_body, send

# What changes from one request to the next by chance: CSRF tokens, nonces, the keys that make a sending unique.
BY_CHANCE = re.compile(
    r"csrfmiddlewaretoken\" value=\"\w+|csrftoken=\w+|nonce[=-][\"']?[\w+/=-]+"
    r"|[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}|X-CSRFToken\"?: ?\"?\w+"
)
# Someone of another commune, one who runs another circle, one who reads a commune's only, someone of the other territory.
LOOKERS = ("other", "manager", "observer", "foreigner")


def masked(text):
    return BY_CHANCE.sub("…", text)


@pytest.fixture
def secret(house):
    """Makes the secret: a circle of its own with one of each thing, after all the rest."""

    def make():
        territory = house.world.alm
        # Read anew: what a person may do is kept with the object.
        writer, runner, newcomer = (get_user_model().objects.get(pk=person.pk) for person in (
            house.world.helene, house.world.yves, house.world.marc))
        with TestCase.captureOnCommitCallbacks(execute=True):
            circle = samples.circles.open_circle(territory, "group", "kzsecretnamezq")
            samples.circles.join(circle, writer)
            samples.circles.join(circle, runner, "facilitator")
            made = samples.make("secret", circle, writer, runner, newcomer)
        samples.with_secrets(made)
        return made

    return make


def looked_at(house, browser):
    """{address: answer} for all that a person may ask without naming the secret, and with its words."""
    asks = {
        f"{row.what} {mark} {row.ask}": (row.what, house.made[mark].asks[row.ask])
        for row in matrix.requests()
        for mark in ("avrille", "group")
        if row.method == "GET" and "token" not in house.made[mark].asks[row.ask].kwargs
    }
    found = {name: masked(read_body(send(browser, what, "GET", ask))) for name, (what, ask) in asks.items()}
    words = ("title", "post", "meeting", "resource", "secondinside", "mission", "guestname", "name")
    for query in [{"q": samples.canary("secret", word)} for word in words] + [{"q": "kz"}, {"q": "kzsecret"}]:
        for url in ("search:results", "members:people"):
            found[f"{url} {query}"] = masked(read_body(browser.get(reverse(url), query)))
    return found


@pytest.mark.parametrize("persona", LOOKERS)
def test_a_secret_changes_nothing_for_others(house, secret, persona):
    host = "saumur.test" if persona == "foreigner" else "testserver"
    browser = Browser(house.people[persona], host=host)
    without = looked_at(house, browser)
    secret()
    with_it = looked_at(house, browser)
    assert [name for name in without if with_it[name] != without[name]] == []


def test_a_secret_changes_something_for_its_people(house, secret):
    """Else the two worlds prove nothing."""
    browser = house.browsers["member"]
    without = looked_at(house, browser)
    secret()
    changed = [name for name, answer in looked_at(house, browser).items() if answer != without[name]]
    assert len(changed) > 10


@pytest.mark.parametrize("row", [row for row in matrix.requests() if row.method == "GET"], ids=str)
def test_hidden_and_missing_are_answered_alike(house, row):
    """Status, body and headers of the address of a thing, for one who may not see it, and of one that does not exist."""
    hidden = house.made["group"].asks[row.ask]
    if row.answers["other"] != "404" or not hidden.kwargs:
        pytest.skip("shown to others, or without an id")
    browser, answers = house.browsers["other"], []
    for kwargs in (hidden.kwargs, missing(hidden.kwargs)):
        ask = samples.Ask(kwargs)
        answer = masked(read_body(send(browser, row.what, "GET", ask)))
        answers.append(answer.replace(ask.url(row.what), "the address"))
    assert answers[0] == answers[1]


def missing(kwargs):
    """The same arguments, of nothing: ids as long as those there were, for the answer may repeat them."""
    return {name: 10**18 if isinstance(value, int) else "rien" if name == "slug" else value for name, value in kwargs.items()}
