"""Throw-away copies of the database in use. Nothing else on the database server is touched."""

import os
import tempfile
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from django.db import connection, connections

_numbers = count(1)


@contextmanager
def copied():
    """Copy the database in use; yields the copy's name and drops it afterwards."""
    with _sqlite_copy() if connection.vendor == "sqlite" else _postgresql_copy() as name:
        yield name


def opened(name):
    """A connection to the database `name` of the same engine, closed by whoever opened it."""
    return type(connections["default"])({**connection.settings_dict, "NAME": name}, "default")


@contextmanager
def on(other):
    """Let this thread use the connection `other`."""
    kept = connections["default"]
    connections["default"] = other
    try:
        yield
    finally:
        connections["default"] = kept


@contextmanager
def using(name):
    """Let every thread that connects from now on, this one included, use the database `name`."""
    shared = connections.settings["default"]
    before, other = shared["NAME"], opened(name)
    shared["NAME"] = name
    try:
        with on(other):
            yield
    finally:
        other.close()
        shared["NAME"] = before


@contextmanager
def pooled():
    """Let the threads that connect from now on borrow from a pool, as production's settings do on PostgreSQL."""
    shared = connections.settings["default"]
    if connection.vendor != "postgresql":
        yield
        return
    before = shared["OPTIONS"]
    shared["OPTIONS"] = {**before, "pool": {"min_size": 1, "max_size": 8, "timeout": 5}}
    try:
        yield
    finally:
        connections.create_connection("default").close_pool()
        shared["OPTIONS"] = before


@contextmanager
def _sqlite_copy():
    with tempfile.TemporaryDirectory(prefix="extranet-bench-") as folder:
        name = str(Path(folder) / "copy.sqlite3")
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [name])
        yield name


@contextmanager
def _postgresql_copy():
    source = connection.settings_dict["NAME"]
    name = f"extranet_bench_{os.getpid()}_{next(_numbers)}"
    connection.close()
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{source}"')
    try:
        yield name
    finally:
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
