"""The benches run, at sizes that measure nothing: they must not rot."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection, connections

from tests.bench import copies
from tests.bench.report import Figure, Report
from tests.bench.run import NAMES


@pytest.fixture
def transactional_db(django_db_setup, django_db_blocker):
    """In place of pytest-django's: a copy of the empty test database, committed for real and thrown away."""
    with django_db_blocker.unblock():
        connection.ensure_connection()
        with copies.copied() as name, copies.using(name):
            yield
            connections["default"].close()


@pytest.mark.parametrize(
    ("name", "plugin"), [("fast_list", "extranet.library"), ("thread_page", "forums"), ("fan_out", "forums")]
)
def test_a_bench_measures_and_judges(transactional_db, name, plugin, capsys):
    if not apps.is_installed(plugin):
        pytest.skip(f"{plugin} is left out")
    bench = import_module(NAMES[name])
    report = bench.measure(bench.TINY)
    assert all(figure.measured > 0 for figure in report.figures if figure.limit)
    assert any(figure.limit and figure.goal for figure in report.figures)
    report.show()
    assert report.title.split()[0] in capsys.readouterr().out


def test_a_goal_is_about_the_ratio_where_something_is_compared():
    report = Report("Essai")
    report.add("deux fois le plancher", 4, limit=2, goal=2)
    report.add("trois fois le plancher", 6, limit=2, goal=2)
    report.add("trop de requêtes", 7, unit="", goal=6)
    report.add("pour information", 7)
    assert [figure.reached for figure in report.figures] == [True, False, False, None]
    assert [figure.what for figure in report.missed] == ["trois fois le plancher", "trop de requêtes"]
    assert Figure("", 6, limit=2).judged == 3
