"""When series take place: the rule holds for every year, and the hour of Paris never moves."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from events.recurrence import (
    DAYS,
    BadRule,
    NoSuchHour,
    horizon,
    moment,
    monthly_rule,
    occurrences,
    weekly_rule,
    words,
)
from tests.events.conftest import PARIS

days = st.dates(date(2012, 1, 1), date(2060, 12, 31))
hours = st.times().map(lambda hour: hour.replace(second=0, microsecond=0))
FIRST_TUESDAY_BUT_AUGUST = monthly_rule(1, 1, [8])


@given(days, st.integers(30, 700))
@settings(deadline=None)
def test_first_tuesdays_are_first_tuesdays_and_never_in_august(first_on, length):
    until = first_on + timedelta(days=length)
    found = [m.astimezone(PARIS) for m in occurrences(FIRST_TUESDAY_BUT_AUGUST, first_on, time(9), PARIS, until)]
    every_day = (first_on + timedelta(days=n) for n in range(length + 1))
    expected = [day for day in every_day if day.weekday() == 1 and day.day <= 7 and day.month != 8]
    assert [moment.date() for moment in found] == expected


@given(days, hours, st.integers(0, 6), st.integers(1, 4))
@settings(deadline=None)
def test_the_local_hour_is_the_same_all_year(first_on, hour, weekday, every):
    found = occurrences(weekly_rule(every, weekday), first_on, hour, PARIS, first_on + timedelta(days=400))
    for start in found:
        local = start.astimezone(PARIS)
        skipped = (start - timedelta(hours=1)).astimezone(PARIS).utcoffset() < local.utcoffset()
        assert local.time() == hour or (skipped and local.weekday() == 6)
        assert local.weekday() == weekday


@given(days, st.sampled_from([1, 2, 3, 4, -1]), st.integers(0, 6), st.sets(st.integers(1, 12), max_size=11))
@settings(deadline=None)
def test_a_month_has_one_occurrence_unless_it_is_skipped(first_on, ordinal, weekday, skipped):
    first_on = first_on.replace(day=1)
    until = date(first_on.year + 1, first_on.month, 1) - timedelta(days=1)
    found = occurrences(monthly_rule(ordinal, weekday, skipped), first_on, time(14, 30), PARIS, until)
    assert sorted(start.astimezone(PARIS).month for start in found) == sorted(set(range(1, 13)) - skipped)


def test_an_exception_takes_one_date_off():
    found = occurrences(monthly_rule(1, 1), date(2026, 1, 1), time(9), PARIS, date(2026, 4, 1), ["2026-02-03"])
    assert [start.astimezone(PARIS).date() for start in found] == [date(2026, 1, 6), date(2026, 3, 3)]


def test_a_series_at_the_hour_that_summer_time_skips_takes_place_an_hour_later_that_day():
    found = occurrences(weekly_rule(1, 6), date(2026, 3, 22), time(2, 30), PARIS, date(2026, 4, 5))
    local = [start.astimezone(PARIS) for start in found]
    assert [(each.day, each.hour) for each in local] == [(22, 2), (29, 3), (5, 2)]


def test_an_hour_said_twice_is_the_first_one():
    assert moment(date(2026, 10, 25), time(2, 30)).astimezone(UTC) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_an_hour_that_summer_time_skips_is_refused():
    with pytest.raises(NoSuchHour):
        moment(date(2026, 3, 29), time(2, 30))


@pytest.mark.parametrize("rule", ["FREQ=PARFOIS", "n’importe quoi", "FREQ=MONTHLY;BYDAY=9XX", "FREQ=SECONDLY"])
def test_a_rule_that_makes_no_sense_is_refused(rule):
    with pytest.raises(BadRule):
        occurrences(rule, date(2026, 1, 1), time(9), PARIS, date(2027, 6, 30))


def test_a_rule_without_any_month_left_is_refused():
    with pytest.raises(BadRule):
        monthly_rule(1, 1, range(1, 13))


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (monthly_rule(1, 1, [8]), "le premier mardi de chaque mois, sauf en août"),
        (monthly_rule(-1, 4, [7, 8, 12]), "le dernier vendredi de chaque mois, sauf en juillet, août et décembre"),
        (weekly_rule(1, 0), "le lundi, chaque semaine"),
        (weekly_rule(2, 3), "le jeudi, toutes les 2 semaines"),
    ],
)
def test_a_rule_is_said_in_french(rule, said):
    assert words(rule) == said


@given(days)
def test_the_horizon_is_the_end_of_the_eighteenth_month(today):
    until = horizon(today)
    assert (until + timedelta(days=1)).day == 1
    assert (until.year * 12 + until.month) - (today.year * 12 + today.month) == 18


def test_days_are_named_from_monday():
    assert DAYS[date(2026, 12, 1).weekday()] == "mardi"
