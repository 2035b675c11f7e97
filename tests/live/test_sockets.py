import time

import pytest
from django.contrib.auth import get_user_model
from django.db import transaction
from websockets.exceptions import InvalidStatus

from extranet.circles import domain as circles
from extranet.circles.models import Function, Mandate
from extranet.live import bell, domain, sockets
from extranet.live import hub as hubs
from extranet.live.models import Kind
from tests.live import kind


@pytest.fixture
def topic(real_world):
    return f"tests.circle:{real_world.group.pk}"


def say(topic, *numbers, kind=Kind.ADDED):
    """One transaction for each."""
    for number in numbers:
        with transaction.atomic():
            domain.publish(topic, kind, f"message-{number}", number)


def entry(seq, number, kind="added"):
    html = f'<p data-live-key="message-{number}">Message {number}</p>'
    return {"seq": seq, "kind": kind, "key": f"message-{number}", "html": html}


def test_what_is_published_reaches_those_who_follow(real_world, topic, layer, browser):
    helene, yves = browser(real_world.helene), browser(real_world.yves)
    standing = {"topic": topic, "entries": [], "last": 0, "more": False}
    assert [helene.follow(topic), yves.follow(topic)] == [[standing], [standing]]
    say(topic, 5)
    told = {"topic": topic, "entries": [entry(1, 5)], "last": 1, "more": False}
    assert [helene.hear(), yves.hear()] == [told, told]
    assert kind.rendered == [["message-5"]]


def test_a_burst_arrives_whole_and_in_order(real_world, topic, layer, browser):
    helene = browser(real_world.helene)
    helene.follow(topic)
    say(topic, *range(300))
    assert helene.keys(300) == [f"message-{number}" for number in range(300)]


def test_a_bell_of_another_process_is_heard(real_world, topic, layer, browser, monkeypatch):
    if layer == "memory":
        pytest.skip("the in-memory layer serves one process")
    helene = browser(real_world.helene)
    helene.follow(topic)
    time.sleep(0.2)  # the hub's subscription
    monkeypatch.setattr(bell._ringers, "of_hub", None)  # as in a process without sockets
    say(topic, 5)
    assert helene.keys(1) == ["message-5"]
    circles.leave(real_world.group, real_world.helene)
    assert helene.closed() == ([{"gone": topic}], 4403)


def test_someone_who_comes_back_is_told_what_she_missed(real_world, topic, layer, browser):
    say(topic, *range(1, 6))
    say(topic, 2, kind=Kind.EDITED)
    answer = browser(real_world.helene).follow(topic, after={topic: 4})
    told = [entry(5, 5), entry(6, 2, "edited")]
    assert answer == [{"topic": topic, "entries": told, "last": 6, "more": False}]


def test_topics_are_followed_and_left(real_world, topic, browser):
    everyone = f"tests.circle:{real_world.everyone.pk}"
    helene = browser(real_world.helene)
    assert [answer["topic"] for answer in helene.follow(topic, everyone)] == [topic, everyone]
    helene.say(leave=[topic])
    helene.follow(everyone)
    say(topic, 1)
    say(everyone, 2)
    assert helene.hear()["entries"] == [entry(1, 2)]


@pytest.mark.parametrize("name", ["marc", "elue", "stranger"])
def test_one_who_may_not_see_a_topic_is_answered_as_if_it_were_missing(real_world, topic, browser, name):
    someone = browser(getattr(real_world, name))
    missing = "tests.circle:999999"
    unknown = "nothing.here:1"
    assert someone.follow(topic, missing, unknown) == [{"gone": topic}, {"gone": missing}, {"gone": unknown}]
    say(topic, 1)
    assert someone.hears_nothing()


def test_the_address_narrows_what_may_be_followed(real_world, topic, browser):
    circles.give_mandate(real_world.helene, Function.AGENT, territory=real_world.saumur, commune=real_world.montsoreau)
    saumur = f"tests.circle:{real_world.saumur_everyone.pk}"
    at_saumur, at_angers = browser(real_world.helene, host="saumur.test"), browser(real_world.helene)
    assert at_saumur.follow(topic, saumur)[0] == {"gone": topic}
    assert at_angers.follow(topic, saumur)[1] == {"gone": saumur}
    say(topic, 1)
    say(saumur, 2)
    assert at_saumur.keys(1) == ["message-2"]
    assert at_angers.keys(1) == ["message-1"]


def test_one_removed_gets_nothing_more_and_is_closed(real_world, topic, layer, browser):
    helene, yves = browser(real_world.helene), browser(real_world.yves)
    helene.follow(topic)
    yves.follow(topic)
    say(topic, 1)
    assert helene.keys(1) == ["message-1"]
    circles.leave(real_world.group, real_world.helene)
    say(topic, 2)
    assert helene.closed() == ([{"gone": topic}], 4403)
    assert yves.keys(2) == ["message-1", "message-2"]


def test_one_removed_from_a_topic_keeps_the_others(real_world, topic, browser):
    everyone = f"tests.circle:{real_world.everyone.pk}"
    helene = browser(real_world.helene)
    helene.follow(topic, everyone)
    circles.leave(real_world.group, real_world.helene)
    assert helene.hear() == {"gone": topic}
    say(topic, 1)
    say(everyone, 2)
    assert helene.keys(1) == ["message-2"]


def test_a_mandate_that_ends_closes_the_socket(real_world, topic, layer, browser):
    guest = browser(real_world.guest)
    guest.follow(topic)
    circles.end_mandate(Mandate.objects.get(user=real_world.guest))
    assert guest.closed() == ([{"gone": topic}], 4403)


def test_signing_out_closes_the_sockets_of_that_session_alone(real_world, topic, layer, browser):
    office, phone = browser(real_world.helene), browser(real_world.helene)
    office.follow(topic)
    phone.follow(topic)
    office.client.logout()
    assert office.closed() == ([], 4401)
    say(topic, 1)
    assert phone.keys(1) == ["message-1"]


def test_a_disabled_account_is_closed(real_world, topic, layer, browser):
    helene = browser(real_world.helene)
    helene.follow(topic)
    real_world.helene.is_active = False
    real_world.helene.save()
    say(topic, 1)
    frames, code = helene.closed()
    assert code in {4401, 4403}  # the account or the topic, whichever was asked first
    assert frames in ([], [{"gone": topic}])


def test_a_deleted_account_is_closed(real_world, topic, browser):
    stranger = browser(real_world.stranger)
    Mandate.objects.filter(user=real_world.stranger).delete()
    real_world.stranger.delete()
    assert stranger.closed() == ([], 4401)


class TestWithoutBell:
    """Every bell is lost: what the watch does by itself, its clock quickened."""

    @pytest.fixture(autouse=True)
    def _deaf(self, monkeypatch):
        monkeypatch.setattr(bell, "ring", lambda **what: None)
        monkeypatch.setattr(hubs, "SWEEP", 0.1)
        monkeypatch.setattr(hubs, "RECHECK", 0.2)

    def test_entries_arrive_all_the_same(self, real_world, topic, browser):
        helene = browser(real_world.helene)
        helene.follow(topic)
        say(topic, 1, 2)
        assert helene.keys(2) == ["message-1", "message-2"]

    def test_one_removed_is_closed(self, real_world, topic, browser):
        helene = browser(real_world.helene)
        helene.follow(topic)
        circles.leave(real_world.group, real_world.helene)
        assert helene.closed() == ([{"gone": topic}], 4403)

    def test_sessions_and_accounts_that_ended_are_closed(self, real_world, browser):
        signed_out, disabled = browser(real_world.helene), browser(real_world.karim)
        new_password, stays = browser(real_world.marc), browser(real_world.yves)
        signed_out.client.logout()
        get_user_model().objects.filter(pk=real_world.karim.pk).update(is_active=False)
        real_world.marc.set_password("une autre phrase assez longue")
        real_world.marc.save()
        assert [one.closed() for one in (signed_out, disabled, new_password)] == [([], 4401)] * 3
        assert stays.hears_nothing()

    def test_a_mandate_due_to_end_ends(self, real_world, topic, browser, monkeypatch):
        monkeypatch.setattr(hubs, "DUE", 0.2)
        guest = browser(real_world.guest)
        guest.follow(topic)
        Mandate.objects.filter(user=real_world.guest).update(starts_on="2019-01-01", ends_on="2020-01-01")
        assert guest.closed() == ([{"gone": topic}], 4403)


def test_a_slow_reader_is_let_go_and_the_others_get_everything(real_world, topic, browser, monkeypatch):
    monkeypatch.setattr(sockets, "QUEUE", 20)
    monkeypatch.setattr(kind, "padding", "x" * 100_000)
    slow, quick = browser(real_world.yves), browser(real_world.helene)
    slow.follow(topic)
    quick.follow(topic)
    for number in range(200):
        say(topic, number)
        assert quick.keys(1) == [f"message-{number}"]
    frames, code = slow.closed(timeout=10)
    assert code in {1013, None}  # None: the good-bye itself could not be written
    assert len(frames) < 200


def test_the_sixth_socket_of_a_person_is_refused(real_world, browser):
    five = [browser(real_world.helene) for _ in range(5)]
    assert browser(real_world.helene).closed() == ([], 4429)
    assert browser(real_world.yves).hears_nothing()
    five[0].leaving.close()
    time.sleep(0.2)
    assert browser(real_world.helene).hears_nothing()


def test_twenty_messages_in_ten_seconds_are_enough(real_world, browser):
    helene = browser(real_world.helene)
    for _ in range(21):
        helene.say(leave=[])
    assert helene.closed() == ([], 4429)


def test_what_cannot_be_understood_closes_the_socket(real_world, browser):
    wrong = [
        "",
        "rien",
        "[]",
        '"x"',
        '{"follow": 1}',
        '{"follow": [1]}',
        '{"after": {"x": -1}}',
        '{"after": {"x": true}}',
    ]
    for text in wrong:
        helene = browser(real_world.helene)
        helene.socket.send(text)
        assert helene.closed() == ([], 1003), text


def test_a_message_too_big_closes_the_socket(real_world, browser):
    helene = browser(real_world.helene)
    helene.say(leave=["x" * 70_000])
    assert helene.closed() == ([], 1009)


def test_fifty_topics_are_enough(real_world, browser):
    helene = browser(real_world.helene)
    helene.say(follow=[f"tests.circle:{number}" for number in range(1, 52)])
    assert helene.closed() == ([], 4429)


def test_nobody_is_told_to_sign_in(transactional_db, browser):
    assert browser().closed() == ([], 4401)


def test_pages_of_another_origin_are_refused(real_world, server, browser, settings):
    settings.ALLOWED_HOSTS = ["*"]
    here = f"127.0.0.1:{server}"
    for origin in ("http://ailleurs.example", f"https://{here}", "http://127.0.0.1:1", f"http://localhost:{server}"):
        with pytest.raises(InvalidStatus) as refused:
            browser(real_world.helene, origin=origin)
        assert refused.value.response.status_code == 403


def test_a_host_that_is_not_ours_is_refused(real_world, browser):
    with pytest.raises(InvalidStatus) as refused:
        browser(real_world.helene, host="ailleurs.example")
    assert refused.value.response.status_code == 403
