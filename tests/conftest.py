from types import SimpleNamespace

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache

from tests import world as worlds


@pytest.fixture(autouse=True)
def clean_caches():
    """Nothing learnt by one test is known to the next."""
    cache.clear()
    ContentType.objects.clear_cache()


@pytest.fixture
def world(db) -> SimpleNamespace:
    """A small territory: see tests/world.py."""
    return worlds.build()


@pytest.fixture
def as_person(client):
    """A client signed in as someone: `as_person(world.helene).get("/")`."""

    def sign_in(user):
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in
