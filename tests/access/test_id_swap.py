"""Each id of a request, in its path, query or body, replaced by that of a thing that the person may not see."""

import pytest

from . import matrix
from .asking import REFUSED, Ask, send, undone, word, written

# Secrets open what they name to whoever holds them; the words of a search are not ids.
# Wagtail asks for the password of any page, and shows nothing of it.
NO_ID = {"token", "q", "key", "uidb36", "page_view_restriction_id", "page_id"}
# People of one territory see each other: nothing is foreign about them but in the other territory.
PEOPLE = {"person", "pilot", "substitute"}
PEOPLE_ASKED = {"person"}
GRANTED = {"200", "204", "302"}
ASKERS = ("member", "facilitator", "administrator")
# Where a thing stands that the asker may not see.
FOREIGN = {"member": ("avrille", "saumur"), "facilitator": ("south", "saumur"), "administrator": ("saumur",)}


def swaps(ask, other, left_out):
    """(what is replaced, the Ask with it) for each id of `ask` that differs from that of `other`, then for the whole
    path: one id wrong among several could be refused for not going with the others alone."""
    if ask.kwargs != other.kwargs and not NO_ID & ask.kwargs.keys():
        yield "kwargs", Ask(other.kwargs, ask.query, ask.data, writes=ask.writes)
    for name in ("kwargs", "query", "data"):
        mine, theirs = getattr(ask, name), getattr(other, name)
        for key, value in mine.items():
            is_id = name != "data" or isinstance(value, int | list)
            if is_id and value != theirs[key] and key not in left_out:
                fields = {each: getattr(ask, each) for each in ("kwargs", "query", "data")}
                fields[name] = {**mine, key: theirs[key]}
                yield f"{name}.{key}", Ask(**fields, writes=ask.writes)


def has_ids(row):
    """Whether a request may name a thing: those made of the sample « nothing » do not, nor those of the host's own."""
    granted = any(row.answers[persona] in GRANTED for persona in ASKERS)
    return granted and ":" in row.what and not row.ask.startswith(("nothing", "display", "profile", "feed"))


@pytest.mark.parametrize("row", [row for row in matrix.requests() if has_ids(row)], ids=str)
def test_a_foreign_id_is_answered_as_a_missing_one(house, row):
    asked, faults = house.made["group"].asks[row.ask], []
    for persona in ASKERS:
        if row.answers[persona] not in GRANTED:
            continue
        for mark in FOREIGN[persona]:
            left_out = NO_ID if mark == "saumur" else NO_ID | PEOPLE
            if mark != "saumur" and row.ask in PEOPLE_ASKED:
                continue
            for what, ask in swaps(asked, house.made[mark].asks[row.ask], left_out):
                faults += faults_of(house.browsers[persona], row, ask, what, f"{persona}, {what} of {mark}")
    assert faults == []


def faults_of(browser, row, ask, what, case):
    with undone(), written() as tables:
        answer = word(send(browser, row.what, row.method, ask))
    if tables and ask.writes:
        return [f"{case}: answered {answer}, and {tables} is written"]
    # In a path, hidden is missing; a form says that the choice is not one; a filter may find nothing.
    refused = answer == "404" if what.startswith("kwargs") else answer in REFUSED or not tables
    return [] if refused else [f"{case}: answered {answer}"]
