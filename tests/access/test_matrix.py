"""Every URL pattern, live topic, kind of notice and task, asked by each persona: what the table says."""

import pytest
from django.core import mail
from django.db import transaction
from django.urls import NoReverseMatch

from extranet.live import topics
from extranet.notices import kinds

from . import matrix, urls
from .asking import REFUSED, RIGHTS, send, word, written
from .personas import PERSONAS

ROWS = matrix.read()


def of(*methods):
    return pytest.mark.parametrize("row", [row for row in ROWS if row.method in methods], ids=str)


@of("GET", "POST")
def test_each_persona_is_answered_as_the_table_says(house, row):
    ask, answers, faults = house.made["group"].asks[row.ask], {}, []
    for persona in PERSONAS:
        mail.outbox.clear()
        with transaction.atomic():
            with written(RIGHTS if persona == "expired" else ()) as tables:
                answers[persona] = word(send(house.browsers[persona], row.what, row.method, ask))
            transaction.set_rollback(True)
        refused = answers[persona] in REFUSED
        if refused and (tables or mail.outbox):
            faults.append(f"{persona} is refused, and yet {tables or mail.outbox} is written")
        if row.method == "POST" and ask.writes and not refused and not tables:
            faults.append(f"{persona} is granted, and yet nothing is written: is what is sent valid?")
    assert row.written_with(answers) == row.written_with(row.answers)
    assert not faults


def test_every_pattern_has_a_row_and_every_row_a_pattern():
    there = {row.what for row in matrix.requests()}
    assert sorted(urls.patterns() - there) == []
    assert sorted(there - urls.patterns()) == []


def test_every_method_of_a_pattern_has_a_row(house):
    """A method that no view knows is answered 405 with those it knows; where it is not, GET is asked for."""
    rows = matrix.requests()
    asks = house.made["group"].asks
    missing = set()
    for row in rows:
        answer = house.browsers["administrator"].generic("BREW", asks[row.ask].url(row.what))
        takes = set(answer.get("Allow", "GET").replace(" ", "").split(",")) & {"GET", "POST"}
        missing |= {(row.what, method) for method in takes} - {(each.what, each.method) for each in rows}
    assert sorted(missing) == []
