from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from django.db.transaction import TransactionManagementError
from django.template import Context, Template

from extranet.live import bell, domain
from extranet.live.models import Entry, Kind


@pytest.fixture
def topic(world):
    return f"tests.circle:{world.group.pk}"


@pytest.fixture
def rung(monkeypatch):
    heard = []
    monkeypatch.setattr(bell, "ring", lambda **what: heard.append(what))
    return heard


def say(topic, number, kind=Kind.ADDED):
    with transaction.atomic():
        return domain.publish(topic, kind, f"message-{number}", number)


def test_entries_are_numbered_from_one_in_each_topic(topic):
    assert [say(topic, 11), say(topic, 12), say("tests.circle:999", 1)] == [1, 2, 1]
    assert domain.last_seq(topic) == 2
    assert domain.last_seq("tests.circle:5") == 0


def test_what_is_rolled_back_leaves_neither_entry_nor_number(topic):
    say(topic, 1)
    with transaction.atomic():
        domain.publish(topic, Kind.ADDED, "message-2", 2)
        transaction.set_rollback(True)
    assert domain.last_seq(topic) == 1
    assert say(topic, 3) == 2
    assert list(Entry.objects.values_list("seq", "key")) == [(1, "message-1"), (2, "message-3")]


def test_publishing_outside_a_transaction_is_refused(transactional_db):
    with pytest.raises(TransactionManagementError):
        domain.publish("tests.circle:1", Kind.ADDED, "message-1", 1)
    assert Entry.objects.count() == 0


def test_a_transaction_rings_once_a_topic_and_only_once_committed(transactional_db, rung):
    with transaction.atomic():
        for number in range(3):
            domain.publish("tests.circle:1", Kind.ADDED, f"message-{number}", number)
        domain.publish("tests.circle:2", Kind.ADDED, "message-9", 9)
        assert rung == []
    assert rung == [{"topics": ["tests.circle:1"]}, {"topics": ["tests.circle:2"]}]


def test_an_undone_part_of_a_transaction_does_not_silence_the_rest(transactional_db, rung):
    with transaction.atomic():
        with transaction.atomic():
            domain.publish("tests.circle:1", Kind.ADDED, "message-1", 1)
            transaction.set_rollback(True)
        domain.publish("tests.circle:1", Kind.ADDED, "message-2", 2)
    assert rung == [{"topics": ["tests.circle:1"]}]
    assert list(Entry.objects.values_list("seq", "key")) == [(1, "message-2")]


def test_numbers_have_no_gap_under_many_writers(transactional_db, rung):
    def write(writer):
        for number in range(10):
            with transaction.atomic():
                domain.publish("tests.circle:1", Kind.ADDED, f"message-{writer}-{number}")
                if number % 5 == 4:
                    transaction.set_rollback(True)
        connection.close()

    with ThreadPoolExecutor(8) as writers:
        list(writers.map(write, range(8)))
    seqs = list(Entry.objects.order_by("pk").values_list("seq", flat=True))
    assert sorted(seqs) == list(range(1, 65))
    assert domain.last_seq("tests.circle:1") == 64


def test_publishing_costs_two_queries(topic, django_assert_num_queries):
    say(topic, 1)
    with transaction.atomic(), django_assert_num_queries(2):
        domain.publish(topic, Kind.ADDED, "message-2", 2)


def test_the_page_carries_the_topic_and_where_it_stood():
    page = Template('{% load live %}<div {% live_topic "forums.thread:42" 7 %}></div>{% live_script %}')
    html = page.render(Context({}))
    assert html.startswith('<div data-live-topic="forums.thread:42" data-live-seq="7"></div><script src="')
