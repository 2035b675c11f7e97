"""What the dashboard asks of a person: the pressing meetings that she has not answered."""

from datetime import timedelta

import pytest
from django.utils import timezone

from events import agenda as read
from events import domain
from events.models import Answer, Kind


def meeting(world, days, circle=None, **details):
    start = timezone.now() + timedelta(days=days)
    circle = circle or world.group
    return domain.convene(
        world.admin, [circle], f"Dans {days} jours", Kind.WORKING, start, start + timedelta(hours=2), **details
    )


def test_soonest_unanswered_meeting_comes_first(world):
    later, sooner = meeting(world, 5), meeting(world, 2)
    assert list(read.awaited_soon(world.helene)) == [sooner, later]


def test_answered_cancelled_closed_far_and_hidden_meetings_ask_nothing(world):
    domain.register(meeting(world, 2), world.helene, Answer.EXCUSED)
    domain.cancel(meeting(world, 3), world.admin, "Neige")
    meeting(world, 4, closes_at=timezone.now() - timedelta(hours=1))
    meeting(world, 40)
    meeting(world, 5, circle=world.avrille.circle)
    assert list(read.awaited_soon(world.helene)) == []


def test_far_meeting_whose_registration_closes_soon_presses(world):
    far = meeting(world, 40, closes_at=timezone.now() + timedelta(days=3))
    assert list(read.awaited_soon(world.helene)) == [far]


def test_reader_is_asked_nothing(world):
    meeting(world, 2, circle=world.everyone)
    assert list(read.awaited_soon(world.elue)) == []


@pytest.mark.parametrize("number", [1, 3])
def test_home_counts_and_names_what_waits(world, as_person, number):
    for day in range(number):
        meeting(world, day + 1)
    text = as_person(world.helene).get("/").content.decode()
    assert f'<span class="visually-hidden">À faire\u202f: </span>{number}</span>' in text
    assert ("Une réponse est attendue de vous." if number == 1 else "Trois réponses sont attendues de vous.") in text
    assert text.count('class="todo"') == number
