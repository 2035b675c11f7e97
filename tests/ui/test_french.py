"""Dates, hours, numbers and signs as they are written in French."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from extranet.ui import french

NOW = datetime(2026, 11, 26, 9, 30, tzinfo=UTC)  # Thursday, 10 h 30 in Paris


def plain(words: str) -> str:
    return words.replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize(
    ("ago", "words"),
    [
        (timedelta(seconds=20), "à l’instant"),
        (timedelta(minutes=1), "il y a une minute"),
        (timedelta(minutes=20), "il y a vingt minutes"),
        (timedelta(minutes=21), "il y a vingt et une minutes"),
        (timedelta(minutes=59, seconds=59), "il y a cinquante-neuf minutes"),
        (timedelta(hours=1, minutes=18), "ce matin à 9 h 12"),
        (timedelta(hours=20, minutes=25), "hier à 14 h 05"),
        (timedelta(days=2), "mardi à 10 h 30"),
        (timedelta(days=8, hours=1, minutes=38), "mercredi 18 novembre à 8 h 52"),
        (timedelta(days=365), "mercredi 26 novembre 2025 à 10 h 30"),
        (timedelta(hours=-4), "cet après-midi à 14 h 30"),
        (timedelta(hours=-10), "ce soir à 20 h 30"),
        (timedelta(days=-1), "demain à 10 h 30"),
        (timedelta(days=-2), "samedi 28 novembre à 10 h 30"),
    ],
)
def test_moment_is_said_as_people_say_it(ago, words):
    assert plain(french.when(NOW - ago, now=NOW)) == words


def test_moment_is_told_on_the_clock_of_paris_across_the_change_of_hour():
    twice = datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert [plain(french.hour(moment)) for moment in twice] == ["2 h 30", "2 h 30"]
    assert plain(french.hour(datetime(2026, 3, 29, 1, 0, tzinfo=UTC))) == "3 h"


def test_evening_in_utc_may_be_tomorrow_in_paris():
    assert french.date_of(datetime(2026, 11, 30, 23, 30, tzinfo=UTC)) == date(2026, 12, 1)


def test_first_of_the_month_is_an_ordinal_and_another_year_is_named():
    today = date(2026, 11, 26)
    assert plain(french.day(date(2026, 12, 1), today=today)) == "mardi 1er décembre"
    assert plain(french.day(date(2026, 12, 1), today=today, year=True)) == "mardi 1er décembre 2026"
    assert plain(french.day(date(2027, 1, 2), today=today)) == "samedi 2 janvier 2027"


def test_date_without_hour_is_said_as_a_day():
    today = date(2026, 11, 26)
    said = [french.lately(today - timedelta(days=days), today=today) for days in (0, 1, -1, 2, 6)]
    assert said == ["aujourd’hui", "hier", "demain", "mardi", "vendredi"]
    assert plain(french.lately(date(2026, 11, 18), today=today)) == "18 novembre"


@time_machine.travel(NOW, tick=False)
def test_span_names_the_day_once_when_the_meeting_ends_the_same_day():
    start = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)
    assert plain(french.span(start, start + timedelta(hours=3))) == "Mardi 1er décembre, 9 h 00 à 12 h 00"
    assert plain(french.span(start)) == "Mardi 1er décembre à 9 h 00"
    assert (
        plain(french.span(start, start + timedelta(days=1)))
        == "Du mardi 1er décembre à 9 h 00 au mercredi 2 décembre à 9 h 00"
    )
    assert plain(french.span(date(2026, 12, 1), date(2026, 12, 1))) == "Mardi 1er décembre"
    assert plain(french.span(date(2026, 12, 1), date(2026, 12, 2))) == "Du mardi 1er décembre au mercredi 2 décembre"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "non connue"),
        ("", "non connue"),
        (float("nan"), "non connue"),
        (0, "0"),
        (1234567, "1\u202f234\u202f567"),
        (-1500, "\u22121\u202f500"),
        (Decimal("12.50"), "12,5"),
        (Decimal("1E+3"), "1\u202f000"),
    ],
)
def test_number_is_grouped_by_three_and_an_unknown_one_says_so(value, words):
    assert french.number(value) == words


@given(st.integers(min_value=-(10**20), max_value=10**20))
def test_number_can_be_read_back(value):
    assert int(french.number(value).replace("\u202f", "").replace("\u2212", "-")) == value


def test_money_has_cents_only_when_there_are_some():
    assert french.euros(Decimal("1234567.5")) == "1\u202f234\u202f567,50\u00a0€"
    assert french.euros(1200) == "1\u202f200\u00a0€"
    assert french.euros(Decimal("0.005")) == "0,01\u00a0€"
    assert french.euros(None) == "non connue"


@pytest.mark.parametrize(
    ("octets", "words"),
    [(1, "1 octet"), (900, "900 octets"), (188_000, "184 Ko"), (1_500_000, "1,4 Mo"), (52_428_800, "50 Mo"),
     (1_023_990, "1 Mo"), (5 * 1024**4, "5 120 Go"), (None, "taille non connue")],
)  # fmt: skip
def test_file_weighs_as_in_windows(octets, words):
    assert plain(french.size(octets)) == words


def test_initials_are_of_the_first_and_last_words():
    names = ["Hélène Marchais", "Anne-Lise Guérin", "Jean de La Fontaine", "Paul d’Angers", "Nadia", "", "  ", "éa b"]
    assert [french.initials(name) for name in names] == ["HM", "AG", "JF", "PA", "N", "", "", "ÉB"]


def test_zero_and_one_and_a_half_are_singular():
    assert [french.plural(count) for count in (0, 1, 1.5, 2, None)] == ["", "", "", "s", ""]
    assert [french.plural(count, "cheval,chevaux") for count in (1, 3)] == ["cheval", "chevaux"]


def test_signs_take_narrow_spaces_and_curved_apostrophes():
    typed = "L'avis « favorable » : d'accord ? Oui ! 4 % à 9 h 05, voir http://a.fr:80/?b=c"
    assert french.typo(typed) == (
        "L’avis «\u202ffavorable\u202f»\u202f: d’accord\u202f? Oui\u202f! 4\u202f% à 9\u00a0h\u00a005, "
        "voir http://a.fr:80/?b=c"
    )


@given(st.text())
def test_typography_settles_at_once_and_adds_nothing(text):
    once = french.typo(text)
    assert french.typo(once) == once
    assert len(once) == len(text)
