"""The same requests with and without a secret circle's things: equal to the byte, for one who may not see them."""

import re

import pytest
from django.contrib.auth import get_user_model
from django.test import TestCase
from django.urls import reverse

from . import matrix, samples
from .asking import Browser, read_body, send, undone

# What changes from one request to the next by chance: CSRF tokens, nonces, the keys that make a sending unique.
BY_CHANCE = re.compile(
    r"csrfmiddlewaretoken\" value=\"\w+|csrftoken=\w+|nonce[=-][\"']?[\w+/=-]+"
    r"|[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}|X-CSRFToken\"?: ?\"?\w+"
)
# Someone of another commune, one who runs its circle, one who reads the group, someone of the other territory: with the
# things that each may see.
LOOKERS = {"other": ["avrille"], "manager": ["avrille"], "observer": ["group"], "foreigner": ["saumur"]}


def masked(text):
    return BY_CHANCE.sub("…", text)


@pytest.fixture
def secret(house):
    """Makes the secret: a circle of its own with one of each thing, after all the rest."""

    def make():
        territory = house.world.alm
        people = (house.world.helene, house.world.yves, house.world.marc)
        # Read anew: what a person may do is kept with the object.
        writer, runner, newcomer = (get_user_model().objects.get(pk=person.pk) for person in people)
        with TestCase.captureOnCommitCallbacks(execute=True):
            circle = samples.circles.open_circle(territory, "group", "kzsecretnamezq")
            samples.circles.join(circle, writer)
            samples.circles.join(circle, runner, "facilitator")
            made = samples.make("secret", circle, writer, runner, newcomer)
        samples.finish(made)
        return made

    return make


def looked_at(house, browser, marks):
    """{address: answer} for all that a person may ask without naming the secret, and with its words."""
    asks = {
        f"{row.what} {mark} {row.ask}": (row.what, house.made[mark].asks[row.ask])
        for row in matrix.requests()
        for mark in marks
        if row.method == "GET" and "token" not in house.made[mark].asks[row.ask].kwargs
    }
    found = {}
    for name, (what, ask) in asks.items():
        with undone():  # to open a notice is to read it
            found[name] = masked(read_body(send(browser, what, "GET", ask)))
    words = (*samples.SEARCHED, "name")
    for query in [{"q": samples.canary("secret", word)} for word in words] + [{"q": "kzsecret"}]:
        for url in ("search:results", "members:people"):
            found[f"{url} {query}"] = masked(read_body(browser.get(reverse(url), query)))
    return found


@pytest.mark.parametrize("persona", LOOKERS)
def test_a_secret_changes_nothing_for_others(house, secret, persona):
    host = "saumur.test" if persona == "foreigner" else "testserver"
    browser = Browser(house.people[persona], host=host)
    without = looked_at(house, browser, LOOKERS[persona])
    secret()
    with_it = looked_at(house, browser, LOOKERS[persona])
    assert [name for name in without if with_it[name] != without[name]] == []


def test_a_secret_changes_something_for_its_people(house, secret):
    """Else the two worlds prove nothing."""
    browser = house.browsers["member"]
    without = looked_at(house, browser, ["group"])
    secret()
    changed = [name for name, answer in looked_at(house, browser, ["group"]).items() if answer != without[name]]
    assert len(changed) > 10


@pytest.mark.parametrize(
    "row",
    [row for row in matrix.requests() if (row.method, row.answers["other"]) == ("GET", "404") and row.ask != "nothing"],
    ids=str,
)
def test_hidden_and_missing_are_answered_alike(house, row):
    """Status, body and headers of the address of a thing that one may not see, and of one that does not exist."""
    made, browser, answers = house.made["group"], house.browsers["other"], []
    hidden = made.asks[row.ask]
    for ask in (hidden, missing(hidden, made.circle.slug)):
        answer = read_body(send(browser, row.what, "GET", ask))
        answers.append(masked(answer).replace(ask.url(row.what), "the address"))
    assert answers[0] == answers[1]


def missing(ask, slug):
    """The same request, about nothing."""

    def nothing(value):
        return 10**18 if isinstance(value, int) else "rien" if value == slug else value

    path = re.sub(r"/\d+/", "/999999999/", ask.path).replace(slug, "rien")
    kwargs, query = ({name: nothing(value) for name, value in each.items()} for each in (ask.kwargs, ask.query))
    return samples.Ask(kwargs, query, path=path)
