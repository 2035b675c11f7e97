import pytest
from django.db import transaction

from extranet.circles.domain import give_mandate
from extranet.circles.models import Function
from extranet.live import domain
from extranet.live.models import Kind
from tests.live import kind


@pytest.fixture
def topic(world):
    topic = f"tests.circle:{world.group.pk}"
    with transaction.atomic():
        for number in (1, 2):
            domain.publish(topic, Kind.ADDED, f"message-{number}", number)
        domain.publish(topic, Kind.EDITED, "message-1", 1)
        domain.publish(topic, Kind.REMOVED, "message-2", 2)
    return topic


def test_a_member_reads_what_she_missed(world, topic, as_person):
    answer = as_person(world.helene).get(f"/live/{topic}?after=2")
    html = '<p data-live-key="message-1">Message 1</p>'
    assert answer.json() == {
        "topic": topic,
        "entries": [
            {"seq": 3, "kind": "edited", "key": "message-1", "html": html},
            {"seq": 4, "kind": "removed", "key": "message-2", "html": ""},
        ],
        "last": 4,
        "more": False,
    }
    assert answer["Cache-Control"] == "private, no-store"


def test_each_piece_is_rendered_once(world, topic, as_person):
    as_person(world.helene).get(f"/live/{topic}")
    assert kind.rendered == [["message-1", "message-2"]]


def test_someone_up_to_date_reads_nothing_and_renders_nothing(world, topic, as_person):
    answer = as_person(world.helene).get(f"/live/{topic}?after=4").json()
    assert (answer["entries"], answer["last"], answer["more"]) == ([], 4, False)
    assert kind.rendered == []


def test_a_long_absence_is_read_by_two_hundred(world, topic, as_person):
    with transaction.atomic():
        for number in range(5, 408):
            domain.publish(topic, Kind.ADDED, f"message-{number}", number)
    client, seqs, after, turns = as_person(world.helene), [], 0, 0
    more = True
    while more:
        page = client.get(f"/live/{topic}?after={after}").json()
        seqs += [entry["seq"] for entry in page["entries"]]
        after, more, turns = page["last"], page["more"], turns + 1
    assert seqs == list(range(1, 408))
    assert turns == 3


def test_a_topic_without_a_line_yet_stands_at_zero(world, as_person):
    answer = as_person(world.helene).get(f"/live/tests.circle:{world.everyone.pk}").json()
    assert answer == {"topic": f"tests.circle:{world.everyone.pk}", "entries": [], "last": 0, "more": False}


@pytest.mark.parametrize("name", ["marc", "elue"])
def test_hidden_and_missing_answer_alike(world, topic, as_person, name):
    client = as_person(getattr(world, name))
    hidden = client.get(f"/live/{topic}")
    for missing in ("tests.circle:999999", "tests.nothing:1", "rien", "tests.circle:01", "tests.circle:" + "9" * 30):
        answer = client.get(f"/live/{missing}")
        assert (answer.status_code, hidden.status_code) == (404, 404)
        assert len(answer.content) == len(hidden.content)


def test_a_person_of_two_territories_sees_each_at_its_own_address(world, topic, as_person):
    give_mandate(world.helene, Function.AGENT, territory=world.saumur, commune=world.montsoreau)
    client = as_person(world.helene)
    assert client.get(f"/live/{topic}").status_code == 200
    assert client.get(f"/live/{topic}", headers={"host": "saumur.test"}).status_code == 404


def test_nobody_is_sent_to_sign_in(client, topic):
    assert client.get(f"/live/{topic}").status_code == 302


@pytest.mark.parametrize("after", ["", "-1", "x", "1.5", "9" * 19, "²"])
def test_a_wrong_number_is_refused(world, topic, as_person, after):
    assert as_person(world.helene).get(f"/live/{topic}", {"after": after}).status_code == 400


def test_catching_up_costs_six_queries_whatever_was_missed(world, topic, as_person, django_assert_num_queries):
    client = as_person(world.helene)
    client.get(f"/live/{topic}")
    with django_assert_num_queries(6):  # user, rights, topic, entries, viewers, territory
        client.get(f"/live/{topic}?after=3")
    with django_assert_num_queries(6):
        client.get(f"/live/{topic}?after=0")
