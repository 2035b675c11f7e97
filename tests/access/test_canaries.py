"""What each persona receives, everywhere she can go: the canaries of her circles, and none of the others'."""

import html
import re
from urllib.parse import urljoin, urlsplit

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.urls import reverse

from extranet.circles import access

from . import matrix
from .asking import Ask, Browser, read_body, send

CANARY = re.compile(r"kz(group|south|avrille|saumur)([a-z]+)zq")
LINK = re.compile(r"""(?:href|src|action|data-[a-z-]+url)="([^"#\s]+)""")
DEEPEST = 2  # links away from where the crawl starts: months follow each other without end
# Wagtail's own admin, what ends the session, what goes back to the page that leads there.
LEFT_OUT = ("/admin/", "/django-admin/", "/static/", "/compte/", "/_util/", "/affichage/")
MARKS = ("group", "south", "avrille", "saumur")
# Who may view what; the foreigner asks at her own host name too.
VIEWS = {
    "nobody": set(),
    "other": {"avrille"},
    "observer": {"group"},
    "member": {"group", "south"},
    "facilitator": {"group"},
    "manager": {"avrille"},
    "administrator": {"group", "south", "avrille"},
    "foreigner": set(),
    "disabled": set(),
    "removed": set(),
    "expired": set(),
}
# The texts that every reader of a circle meets somewhere: without them the crawl proves nothing.
MET = {
    "": {"mission", "guestname"},
    "forums": {
        "title",
        "post",
        "edited",
        "reason",
        "closedtitle",
        "mailtitle",
        "mailed",
        "mailfile",
        "outsider",
        "question",
        "questionchoice",
        "questionmotive",
        "outcome",
    },
    "events": {"meeting", "point", "speaker", "description", "place", "address", "calledoff", "cancelreason"},
    "extranet.library": {"resource", "summary", "sheet", "law", "second", "secondinside", "secondreason", "link"},
}
SEARCHED = ("guestname", "title", "resource", "secondinside")  # test_twin_worlds.py searches for all


def crawl(browser):
    """{address: what it answers} for all that links lead to from the pages without an id; of filters, the circle's."""
    lists = [row for row in matrix.requests() if row.method == "GET" and row.ask == "nothing"]
    level = sorted({reverse(row.what) for row in lists if not reverse(row.what).startswith(LEFT_OUT)} | {"/"})
    found, client = {}, browser.client()
    for _ in range(DEEPEST + 1):
        found |= {path: read_body(client.get(path, follow=True)) for path in level}
        links = (urljoin(path, html.unescape(link)) for path in level for link in LINK.findall(found[path]))
        level = sorted({link for link in links if follows(link)} - found.keys())
    return found


def follows(link):
    url = urlsplit(link)
    filtered = url.query.count("=") > 1 or url.query.startswith(("nature", "reponse", "forme", "theme"))
    return not url.scheme and not url.netloc and not filtered and not url.path.startswith(LEFT_OUT)


def asked_directly(house, browser, marks):
    """What she is answered by the addresses of the matrix with the things of the circles `marks`, secrets left out, and
    by a search for their words. What she sent herself is taken out of it."""
    found = {}
    for row in matrix.requests():
        for ask in (house.made[mark].asks[row.ask] for mark in marks if row.method == "GET"):
            if ask not in (Ask(), house.made["group"].asks["home"]) and "token" not in ask.kwargs:
                url = ask.url(row.what) + "".join(ask.query.values())
                found[f"{row.what} {url}"] = without(url, read_body(send(browser, row.what, "GET", ask)))
    for word in (house.made[mark].word(name) for mark in marks for name in SEARCHED):
        found[f"search {word}"] = without(word, read_body(browser.get(reverse("search:results"), {"q": word})))
    return found


def without(sent, answer):
    for match in CANARY.finditer(sent):
        answer = answer.replace(match[0], "")
    return answer


def marks_in(text):
    return {match[1] for match in CANARY.finditer(text)}


@pytest.mark.parametrize("persona", VIEWS)
def test_nothing_foreign_is_received(house, persona):
    """By any address that links, the matrix or a search lead to."""
    browser, foreign = house.browsers[persona], [mark for mark in MARKS if mark not in VIEWS[persona]]
    if not VIEWS[persona]:
        foreign = ["group"]  # whoever may enter nowhere is answered the same whatever she asks
    received = crawl(browser)
    met = {match[0] for text in received.values() for match in CANARY.finditer(text)}
    received |= asked_directly(house, browser, foreign)
    leaks = {where: sorted(marks_in(text) - VIEWS[persona]) for where, text in received.items()}
    assert {where: marks for where, marks in leaks.items() if marks} == {}
    names = {name for app, fields in MET.items() if not app or apps.is_installed(app) for name in fields}
    assert {house.made[mark].word(name) for mark in VIEWS[persona] for name in names} - met == set()


def test_each_territory_is_alone_at_its_host_name(house):
    """Someone of Saumur, at Saumur's host name: all of hers, nothing of Angers."""
    browser = Browser(house.people["foreigner"], host="saumur.test")
    received = crawl(browser)
    assert house.made["saumur"].word("mission") in "".join(received.values())
    received |= asked_directly(house, browser, ["group", "south", "avrille"])
    leaks = {where: sorted(marks_in(text) - {"saumur"}) for where, text in received.items()}
    assert {where: marks for where, marks in leaks.items() if marks} == {}


def test_a_mail_holds_nothing_of_another_circle(house):
    """The mails that left while the four circles were filled: each is about one circle, and went to its people."""
    assert len(house.mails) >= len(MARKS)
    for message in house.mails:
        text = "\n".join([message.subject, message.body, *(body for body, _ in message.alternatives), str(message.to)])
        assert len(marks_in(text)) == 1, message.subject
        made = house.made[marks_in(text).pop()]
        readers = get_user_model().objects.filter(pk__in=access.viewers(made.circle)).values_list("email", flat=True)
        assert set(message.recipients()) <= {made.invitation.email, *readers}


# What a person takes away as a file: the texts of its circle, of no other, and none that was removed.
TAKEN = {
    "forums:pdf thread": {"title", "post", "edited", "reason"},
    "forums:print thread": {"title", "post", "edited", "reason"},
    "forums:export circle": {"title", "edited", "closedpost", "mailed", "outsider", "mailfile", "mailfileinside"},
}
REMOVED = {"removed", "lost", "lostfile", "lostfileinside"}


@pytest.mark.skipif(not apps.is_installed("forums"), reason="forums is left out")
@pytest.mark.parametrize("taken", TAKEN)
def test_what_is_taken_away_holds_its_circle_and_nothing_removed(house, taken):
    pattern, name = taken.split()
    made = house.made["group"]
    text = read_body(send(house.browsers["facilitator"], pattern, "GET", made.asks[name]))
    assert marks_in(text) == {"group"}
    assert {made.word(name) for name in TAKEN[taken]} - {match[0] for match in CANARY.finditer(text)} == set()
    assert not [name for name in REMOVED if made.word(name) in text]
