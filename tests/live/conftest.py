import pytest
from django.db import connection, connections
from wagtail import hooks

from tests import world as worlds
from tests.live import kind


@pytest.fixture(autouse=True)
def topic_kind():
    kind.rendered.clear()
    with hooks.register_temporarily("register_live_topic", kind.of_circles):
        yield


@pytest.fixture
def own_database(django_db_setup, django_db_blocker, tmp_path):
    """A copy of the empty test database, where threads commit for real; it is thrown away afterwards.

    Quicker than emptying the common one and filling it again, and SQLite's is a file: threads cannot share the one in
    memory.
    """
    switch = _sqlite_copy if connection.vendor == "sqlite" else _postgresql_copy
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


def _postgresql_copy(tmp_path):
    name = connection.settings_dict["NAME"]
    copy = f"{name}_copy"
    connections.close_all()
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{copy}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{copy}" TEMPLATE "{name}"')
    connection.settings_dict["NAME"] = copy
    yield
    connections.close_all()
    connection.settings_dict["NAME"] = name
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE "{copy}" WITH (FORCE)')


@pytest.fixture
def real_world(own_database):
    """The small world, committed in a database of its own."""
    return worlds.build()
