from datetime import datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone

from events import domain
from events.models import Kind

PARIS = ZoneInfo("Europe/Paris")


def at(year, month, day, hour=9, minute=0):
    """A moment on the clock of Paris."""
    return datetime(year, month, day, hour, minute, tzinfo=PARIS)


def convene(by, circles, title="Réunion mensuelle", days=7, **details):
    """A meeting of two hours, in so many days."""
    start = timezone.now().replace(microsecond=0) + timedelta(days=days)
    return domain.convene(by, circles, title, Kind.MONTHLY, start, start + timedelta(hours=2), **details)


@pytest.fixture
def agenda(world):
    """The world with two meetings: `open` for all members, `closed_group` for the group « Achats » alone."""
    video = "https://visio.example/dgs"
    return SimpleNamespace(
        **vars(world),
        open=convene(world.admin, [world.everyone], place="Salle du conseil", video_url=video),
        closed_group=convene(world.yves, [world.group], "Achats, séance secrète", place="Feneu"),
    )


@pytest.fixture
def time_machine_days():
    """`with time_machine_days(2):` the day after tomorrow."""
    return lambda days: time_machine.travel(timezone.now() + timedelta(days=days))
