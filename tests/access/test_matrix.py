"""Every URL pattern, live topic, kind of notice and task, asked by each persona: what the table says."""

import importlib.util

import pytest
from django.apps import apps
from django.core import mail
from django_tasks.base import Task
from wagtail import hooks

from extranet.circles.domain import refresh_due
from extranet.live import log, topics
from extranet.notices import domain as notices
from extranet.notices import kinds
from extranet.notices.models import Notice

from . import matrix, urls
from .asking import REFUSED, RIGHTS, send, undone, word, written
from .personas import PERSONAS

ROWS = matrix.read()


def of(*methods):
    return pytest.mark.parametrize("row", [row for row in ROWS if row.method in methods], ids=str)


@of("GET", "POST")
def test_each_persona_is_answered_as_the_table_says(house, row):
    ask, answers, faults, has_written = house.made["group"].asks[row.ask], {}, [], False
    for persona in PERSONAS:
        mail.outbox.clear()
        with undone(), written(RIGHTS if persona == "expired" else ()) as tables:
            answers[persona] = word(send(house.browsers[persona], row.what, row.method, ask))
        refused = answers[persona] in REFUSED
        if refused and (tables or mail.outbox):
            faults.append(f"{persona} is refused, and yet {tables or mail.outbox} is written")
        has_written |= bool(tables) and not refused
    assert row.written_with(answers) == row.written_with(row.answers)
    assert not faults
    if row.method == "POST" and ask.writes and not set(answers.values()) <= REFUSED:
        assert has_written, "no one writes anything: what is sent is not valid, and tests nothing"


def test_every_pattern_has_a_row_and_every_row_a_pattern():
    there = {row.what for row in matrix.requests()}
    assert sorted(urls.patterns() - there) == []
    assert sorted(there - urls.patterns()) == []


def test_every_method_of_a_pattern_has_a_row(house):
    """A method that no view knows is answered 405 with those it knows; where it is not, GET is asked for."""
    rows = matrix.requests()
    asks = house.made["group"].asks
    missing = set()
    for row in rows:
        answer = house.browsers["administrator"].client().generic("BREW", asks[row.ask].url(row.what))
        takes = set(answer.get("Allow", "GET").replace(" ", "").split(",")) & {"GET", "POST"}
        missing |= {(row.what, method) for method in takes} - {(each.what, each.method) for each in rows}
    assert sorted(missing) == []


def says(row, people, granted):
    """Compare the row with « yes » for those of `people` whose ids are in `granted`."""
    answers = {name: "yes" if person and person.pk in granted else "no" for name, person in people.items()}
    assert row.written_with(answers) == row.written_with(row.answers)


def everyone_of(people):
    return [person for person in people.values() if person]


@of("FOLLOW")
def test_a_live_topic_is_given_as_the_table_says(house, row):
    topic = f"{row.what}:{house.made['group'].topics[row.what]}"
    assert log.of_territory(topic, house.world.alm.pk)
    assert topics.find(topic)[0].territory is None or not log.of_territory(topic, house.world.saumur.pk)
    refresh_due()  # as the hub does, so that rights that ended in the night are gone
    says(row, house.people, log.read(topic, 0, {person.pk for person in everyone_of(house.people)}).viewers)


@of("TELL")
def test_a_notice_reaches_those_whom_the_table_says(house, row):
    thing = house.made["group"].things[row.ask]
    refresh_due()
    told = notices.tell(everyone_of(house.people), row.what, thing, "Un avis.", thing.get_absolute_url())
    says(row, house.people, told)


@of("RUN")
def test_a_task_reaches_those_whom_the_table_says(house, row):
    refresh_due()
    people = everyone_of(house.people)
    calls = house.made["group"].jobs[row.what](people)
    Notice.objects.all().delete()
    for arguments in calls:
        task_of(row.what).func(*arguments)
    mailed = {address for message in mail.outbox for address in message.recipients()}
    reached = {person.pk for person in people if person.email in mailed}
    says(row, house.people, reached | set(Notice.objects.values_list("user", flat=True)))


def test_every_topic_kind_of_notice_and_task_has_a_row():
    there = {(row.what, row.method) for row in ROWS if row.method not in matrix.REQUESTS}
    followed = {(hook().name, "FOLLOW") for hook in hooks.get_hooks("register_live_topic")}
    told = {(name, "TELL") for name in kinds.registered()}
    assert sorted(there ^ (followed | told | {(name, "RUN") for name in tasks()})) == []


def tasks():
    """The dotted name of every task of the plugins that are there."""
    ours = [app.name for app in apps.get_app_configs() if app.name.split(".")[0] in ("extranet", "forums", "events")]
    packages = [*ours, *("forums.polls" for name in ours if name == "forums")]
    modules = [f"{name}.tasks" for name in packages if importlib.util.find_spec(f"{name}.tasks")]
    return [
        f"{module}.{name}"
        for module in modules
        for name, value in vars(importlib.import_module(module)).items()
        if isinstance(value, Task)
    ]


def task_of(name):
    module, _, function = name.rpartition(".")
    return getattr(importlib.import_module(module), function)
