"""What reaches whom and when: the rules alone."""

from datetime import UTC, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extranet.notices.deciding import Reason, decide, digest_slot, mail_time
from extranet.notices.models import Channel, Frequency, Level, Preferences

MAILED = {Channel.MAIL, Channel.DIGEST}
levels, channels, reasons = st.sampled_from(Level), st.sampled_from(Channel), st.sampled_from(Reason)
moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))


@pytest.mark.parametrize(
    ("level", "named", "concerned", "followed"),
    [
        (Level.WATCHING, "mail", "mail", "mail"),
        (Level.NORMAL, "mail", "mail", "none"),
        (Level.MENTIONS, "mail", "none", "none"),
        (Level.MUTED, "site", "none", "none"),
    ],
)
def test_each_level_lets_through_what_it_says(level, named, concerned, followed):
    assert [decide(reason, level, Channel.MAIL).value for reason in Reason] == [named, concerned, followed]


@given(reasons, channels)
def test_what_is_muted_never_mails(reason, choice):
    assert decide(reason, Level.MUTED, choice) not in MAILED


@given(reasons, levels)
def test_a_kind_that_is_refused_tells_nothing(reason, level):
    assert decide(reason, level, Channel.NONE) == Channel.NONE


@given(reasons, levels, channels)
def test_nobody_gets_more_than_she_chose(reason, level, choice):
    assert decide(reason, level, choice) in {choice, Channel.SITE, Channel.NONE}


@given(reasons, levels, levels, channels)
def test_a_closer_level_never_tells_less(reason, one, other, choice):
    low, high = sorted((one, other))
    if decide(reason, low, choice) != Channel.NONE:
        assert decide(reason, high, choice) != Channel.NONE


def at(text):
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("now", "leaves"),
    [
        ("2026-11-17T19:59:00+01:00", "2026-11-17T19:59:00+01:00"),
        ("2026-11-17T20:00:00+01:00", "2026-11-18T07:30:00+01:00"),
        ("2026-11-17T23:59:59+01:00", "2026-11-18T07:30:00+01:00"),
        ("2026-11-18T00:00:00+01:00", "2026-11-18T07:30:00+01:00"),
        ("2026-11-18T07:30:00+01:00", "2026-11-18T07:30:00+01:00"),
        ("2026-10-24T22:00:00+02:00", "2026-10-25T07:30:00+01:00"),  # the clocks are put back in this night
        ("2026-03-28T22:00:00+01:00", "2026-03-29T07:30:00+02:00"),  # and forward in this one
    ],
)
def test_quiet_hours_end_in_the_morning_whatever_the_night(now, leaves):
    preferences = Preferences(quiet_from=time(20), quiet_until=time(7, 30))
    assert mail_time(preferences, at(now)) == at(leaves)


@pytest.mark.parametrize(
    ("now", "leaves"),
    [
        ("2026-10-25T02:10:00+02:00", "2026-10-25T02:30:00+01:00"),  # this hour comes twice: the second one ends it
        ("2026-10-25T02:10:00+01:00", "2026-10-25T02:30:00+01:00"),
        ("2026-03-29T01:30:00+01:00", "2026-03-29T03:30:00+02:00"),  # this hour does not exist: the next one ends it
    ],
)
def test_quiet_hours_end_once_when_the_clocks_change(now, leaves):
    preferences = Preferences(quiet_from=time(1), quiet_until=time(2, 30))
    assert mail_time(preferences, at(now)) == at(leaves)


@given(st.times(), st.times(), moments)
def test_a_mail_waits_a_day_at_most_and_never_goes_back(start, end, now):
    leaves = mail_time(Preferences(quiet_from=start, quiet_until=end), now)
    assert 0 <= (leaves - now).total_seconds() <= 25 * 3600


@given(st.sampled_from([Frequency.DAILY, Frequency.WEEKLY]), st.integers(0, 23), st.integers(0, 6), moments)
def test_a_digest_was_due_within_its_period(frequency, hour, day, now):
    preferences = Preferences(digest=frequency, digest_hour=hour, digest_day=day)
    late = (now - digest_slot(preferences, now)).total_seconds()
    assert 0 <= late < (24 + 1) * 3600 * (7 if frequency == Frequency.WEEKLY else 1)


@pytest.mark.parametrize(
    ("now", "slot"),
    [
        ("2026-11-17T17:59:00+01:00", "2026-11-16T18:00:00+01:00"),
        ("2026-11-17T18:00:00+01:00", "2026-11-17T18:00:00+01:00"),
        ("2026-10-25T18:00:00+01:00", "2026-10-25T18:00:00+01:00"),
    ],
)
def test_a_daily_digest_is_due_at_its_hour_in_paris(now, slot):
    assert digest_slot(Preferences(), at(now)) == at(slot)


def test_a_weekly_digest_is_due_on_its_day():
    weekly = Preferences(digest=Frequency.WEEKLY, digest_day=4, digest_hour=8)
    assert digest_slot(weekly, at("2026-11-20T07:59:00+01:00")) == at("2026-11-13T08:00:00+01:00")
    assert digest_slot(weekly, at("2026-11-20T08:00:00+01:00")) == at("2026-11-20T08:00:00+01:00")


def test_who_wants_no_digest_has_none_due():
    assert digest_slot(Preferences(digest=Frequency.NEVER), at("2026-11-17T18:00:00+01:00")) is None
