import os
import shutil
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.db import connection, connections
from hypothesis import settings as hypothesis_settings

from extranet.circles.grants import permission_ids
from tests import world as worlds

# On the CI the same examples each time; elsewhere new ones, which may find what nobody thought of.
hypothesis_settings.register_profile("ci", derandomize=True)
if os.environ.get("CI"):
    hypothesis_settings.load_profile("ci")

WITHOUT = [app.rpartition(".")[2] for app in os.environ.get("EXTRANET_WITHOUT", "").split(",") if app]


def pytest_ignore_collect(collection_path):
    """The tests of a plugin that is left out are left out with it: its models cannot even be imported."""
    if collection_path.parent.name == "tests" and collection_path.name in WITHOUT:
        return True
    return None


def pytest_xdist_auto_num_workers():
    """A process a core; eight at most, for each has a Redis database of its own."""
    return min(len(os.sched_getaffinity(0)), 8)


def pytest_runtest_setup(item):
    """What a test needs and the machine lacks: said, and an error where REQUIRE_BROWSER=1 wants it there."""
    if item.get_closest_marker("browser") and not shutil.which("chromium"):
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail("REQUIRE_BROWSER=1 and no chromium on this machine")
        pytest.skip("no chromium on this machine (apt install chromium)")
    if item.get_closest_marker("postgres") and connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL: DATABASE_URL=postgres://…")
    if item.get_closest_marker("redis") and not settings.REDIS_URL:
        pytest.skip("needs Redis: REDIS_URL=redis://…")


@pytest.fixture(autouse=True)
def clean_caches():
    """Nothing learnt by one test is known to the next."""
    cache.clear()
    ContentType.objects.clear_cache()
    permission_ids.cache_clear()


@pytest.fixture
def world(db) -> SimpleNamespace:
    """A small territory: see tests/world.py."""
    return worlds.build()


@pytest.fixture
def transactional_db(django_db_setup, django_db_blocker, tmp_path):
    """A database where threads commit for real; what they wrote is gone afterwards.

    In place of pytest-django's, which empties everything and fills it again: quicker, and Wagtail's pages are not
    unpacked against content types learnt meanwhile. SQLite's is a copy in a file, since threads cannot share the one in
    memory.
    """
    switch = _sqlite_copy if connection.vendor == "sqlite" else _postgresql_undone
    with django_db_blocker.unblock():
        yield from switch(tmp_path)


def _sqlite_copy(tmp_path):
    connection.ensure_connection()
    name, kept = connection.settings_dict["NAME"], connection.connection
    copy = str(tmp_path / "copy.sqlite3")
    connection.cursor().execute("VACUUM INTO %s", [copy])
    connection.settings_dict["NAME"] = copy
    connection.connection = None
    yield
    connections.close_all()
    connection.settings_dict["NAME"] = name
    connection.connection = kept


def _postgresql_undone(tmp_path):
    keeper = connection.copy()  # of its own: the test closes the others
    with keeper.cursor() as cursor:
        tables = [f'"{name}"' for name in keeper.introspection.table_names(cursor)]
        filled = " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT FROM {name})" for name in tables)
        cursor.execute(filled)
        kept = [(name, f'"kept_{name[1:]}') for (name,) in cursor.fetchall()]
        cursor.execute(";".join(f"CREATE TEMP TABLE {copy} AS TABLE {name}" for name, copy in kept))
    yield
    connections.close_all()
    with keeper.cursor() as cursor:
        undo = ["BEGIN", "SET LOCAL session_replication_role = replica"]  # foreign keys look away
        undo += [f"DELETE FROM {name}" for name in tables]
        undo += [f"INSERT INTO {name} TABLE {copy}" for name, copy in kept]
        cursor.execute(";".join([*undo, "COMMIT"]))
    keeper.close()


@pytest.fixture
def as_person(client):
    """A client signed in as someone: `as_person(world.helene).get("/")`."""

    def sign_in(user):
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in
