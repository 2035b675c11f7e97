"""Sessions end: idle, and whatever happens after a while."""

import pytest
import time_machine
from django.contrib.auth import SESSION_KEY

HOUR = 3600
START = 1_792_000_000  # any moment


@pytest.fixture
def signed_in(world, as_person):
    """A function that signs a person in at START and says, `seconds` later, whether the session still holds."""

    def sign_in(user):
        with time_machine.travel(START, tick=False):
            browser = as_person(user)

        def holds_after(seconds, path="/sante/"):
            with time_machine.travel(START + seconds, tick=False):
                browser.get(path)
                return SESSION_KEY in browser.session

        return holds_after

    return sign_in


def test_member_stays_signed_in_for_twelve_idle_hours(world, signed_in):
    assert signed_in(world.helene)(12 * HOUR)


def test_member_is_signed_out_past_twelve_idle_hours(world, signed_in):
    assert not signed_in(world.helene)(12 * HOUR + 1)


def test_a_visit_starts_the_idle_time_again(world, signed_in):
    holds_after = signed_in(world.helene)
    assert holds_after(11 * HOUR)
    assert holds_after(22 * HOUR)


def test_the_page_catching_up_by_itself_does_not_count_as_a_visit(world, signed_in):
    holds_after = signed_in(world.helene)
    holds_after(11 * HOUR, path="/live/forums.thread:1")
    assert not holds_after(13 * HOUR)


def test_session_ends_after_seven_days_however_busy(world, signed_in):
    holds_after = signed_in(world.helene)
    assert all(holds_after(hours * HOUR) for hours in range(10, 7 * 24, 10))
    assert not holds_after(7 * 24 * HOUR + 1)


def test_administrator_is_signed_out_past_half_an_idle_hour(world, signed_in):
    world.admin.is_staff = True
    world.admin.save()
    assert signed_in(world.admin)(HOUR // 2)
    assert not signed_in(world.admin)(HOUR // 2 + 1)


def test_administrator_is_signed_out_after_eight_hours_however_busy(world, signed_in):
    world.admin.is_superuser = True
    world.admin.save()
    holds_after = signed_in(world.admin)
    assert all(holds_after(minutes * 60) for minutes in range(20, 8 * 60, 20))
    assert not holds_after(8 * HOUR + 1)


def test_reading_a_page_again_writes_no_session(world, as_person):
    browser = as_person(world.helene)
    browser.get("/sante/")
    before = browser.session["session_limits"]
    browser.get("/sante/")
    assert browser.session["session_limits"] == before
