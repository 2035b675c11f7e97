from types import SimpleNamespace

import pytest
import time_machine
from django.core import mail
from django.db import transaction
from django.test import TestCase

from tests import world as worlds

from . import samples
from .asking import Browser, undone
from .personas import PERSONAS, people_of

NOON = "2026-11-17T11:00:00+00:00"  # a Tuesday


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker):
    """The world, the people who ask with their browsers, and one of each thing in four circles; built once a module."""
    with time_machine.travel(NOON, tick=False), django_db_blocker.unblock(), transaction.atomic():
        with TestCase.captureOnCommitCallbacks(execute=True):
            world = worlds.build()
            people = people_of(world)
        before = len(mail.outbox)
        made = samples.everywhere(world)
        mails = mail.outbox[before:]
        browsers = {name: Browser(people[name]) for name in PERSONAS}
        yield SimpleNamespace(world=world, people=people, browsers=browsers, made=made, mails=mails)
        transaction.set_rollback(True)


@pytest.fixture
def db(built):
    """In place of pytest-django's: a savepoint, so that what one test writes is not known to the next."""
    with undone():
        yield


@pytest.fixture
def house(db, built):
    """What was built. `house.made` holds the things by circle: "group" (« Achats »), "south" (a quadrant), "avrille"
    (a commune) and "saumur" (a commune of the other territory). `house.mails`: what left meanwhile."""
    return built
