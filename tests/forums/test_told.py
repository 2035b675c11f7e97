"""Who hears of a message, by what she follows: the mails that leave, whatever the person."""

from datetime import UTC, datetime

import pytest
from django.core import mail
from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext

from extranet.circles import domain as circles
from extranet.circles.models import Mandate
from extranet.notices import domain as notices
from extranet.notices.models import Channel, Delivery, Level, Notice
from forums import domain, tasks
from tests.world import person


@pytest.fixture
def told(world):
    """`told(write)` does it and what follows: {email: subject} of the mails that left."""

    def after(write):
        mail.outbox.clear()
        with TestCase.captureOnCommitCallbacks(execute=True):
            write()
        return {message.to[0]: message.subject for message in mail.outbox}

    return after


@pytest.fixture
def take_part(write, world):
    """Hélène has written in the thread that Yves opened."""
    write(world.helene)


def emails(*people):
    return {each.email for each in people}


def test_a_reply_is_mailed_to_those_who_take_part(world, thread, take_part, told):
    sent = told(lambda: domain.reply(thread, world.admin, "Voici."))
    assert sent == dict.fromkeys(emails(world.yves, world.helene), f"Re: {thread.title}")


def test_one_who_watches_the_group_gets_every_message(world, thread, told):
    notices.follow(world.guest, world.group, Level.WATCHING)
    assert world.guest.email in told(lambda: domain.reply(thread, world.yves, "Voici."))
    opened = told(lambda: domain.open_thread(world.yves, "Autre", "Texte", [world.group]))
    assert opened == {world.guest.email: "Autre"}


def test_one_who_watches_the_thread_alone_gets_its_messages_alone(world, thread, told):
    notices.follow(world.guest, thread, Level.WATCHING)
    assert told(lambda: domain.reply(thread, world.yves, "Voici.")) == {world.guest.email: f"Re: {thread.title}"}
    assert told(lambda: domain.open_thread(world.yves, "Autre", "Texte", [world.group])) == {}


def test_one_who_muted_it_gets_nothing_and_finds_her_name_on_the_site(world, thread, take_part, told):
    notices.follow(world.helene, thread, Level.MUTED)
    assert world.helene.email not in told(lambda: domain.reply(thread, world.yves, "Voici."))
    assert not Notice.objects.filter(user=world.helene).exists()
    assert told(lambda: domain.reply(thread, world.yves, "Et vous, @Hélène Marchais ?")) == {}
    assert Notice.objects.get(user=world.helene).kind == "forums.mention"


def test_one_who_wants_mentions_alone_gets_them_alone(world, thread, take_part, told):
    notices.follow(world.helene, world.group, Level.MENTIONS)
    assert told(lambda: domain.reply(thread, world.yves, "Voici.")) == {}
    assert set(told(lambda: domain.reply(thread, world.yves, "@Hélène Marchais ?"))) == emails(world.helene)


def test_one_is_mailed_once_of_a_message_that_names_her_and_that_she_follows(world, thread, take_part, told):
    notices.follow(world.helene, world.group, Level.WATCHING)
    told(lambda: domain.reply(thread, world.yves, "@Hélène Marchais ?"))
    assert [message.to for message in mail.outbox] == [[world.helene.email]]


def test_a_new_thread_waits_for_the_digest(world, told):
    assert told(lambda: domain.open_thread(world.yves, "Titre", "Texte", [world.group])) == {}
    waiting = Delivery.objects.filter(channel=Channel.DIGEST).values_list("user__email", flat=True)
    assert set(waiting) == emails(world.helene, world.guest, world.admin)


def test_what_is_written_after_the_fact_is_mailed_to_nobody(world, told):
    moment = datetime(2026, 1, 6, 9, tzinfo=UTC)

    def write():
        thread = domain.open_thread(world.yves, "Ancien", "Texte", [world.group], at=moment)
        domain.reply(thread, world.helene, "Réponse à @Yves Cormerais", at=moment)

    assert (told(write), Delivery.objects.count()) == ({}, 0)


def test_a_removed_message_is_not_mailed(world, thread, take_part, told):
    def write():
        domain.remove(domain.reply(thread, world.yves, "Trop vite."), world.yves, "Erreur")

    assert told(write) == {}


def test_a_mail_says_the_text_as_it_stands_and_who_wrote_it(world, thread, take_part, told):
    def write():
        post = domain.reply(thread, world.yves, "Premier jet.")
        domain.edit(post, world.yves, "Texte **corrigé**, voir @Hélène Marchais.")

    told(write)
    message = next(each for each in mail.outbox if each.to == [world.helene.email])
    html = message.alternatives[0][0]
    assert "Premier jet" not in message.body + html
    assert "<strong>corrigé</strong>" in html
    assert f'href="http://testserver/annuaire/{world.helene.pk}/' in html
    for words in ("Yves Cormerais", "DGS, Feneu", "Achats"):
        assert words in message.body
        assert words in html


def test_html_of_a_member_is_only_text_in_a_mail(world, thread, take_part, told):
    told(lambda: domain.reply(thread, world.yves, "<script>alert(1)</script> [x](javascript:alert(1))"))
    html = mail.outbox[0].alternatives[0][0]
    assert "<script" not in html
    assert 'href="javascript' not in html


def test_a_mail_names_no_circle_that_its_reader_may_not_see(world, told):
    """Shared with the group and the quadrant: Karim is of the quadrant, and never reads the group's name."""
    thread = domain.open_thread(world.yves, "Titre", "Texte", [world.group, world.north])
    notices.follow(world.karim, thread, Level.WATCHING)
    assert world.karim.email in told(lambda: domain.reply(thread, world.yves, "Voici."))
    message = mail.outbox[0]
    for text in (message.body, message.alternatives[0][0]):
        assert "Quadrant Nord-Ouest" in text
        assert "Achats" not in text


def test_watching_a_thread_that_one_may_no_longer_see_brings_nothing(world, thread, told):
    notices.follow(world.guest, thread, Level.WATCHING)
    circles.end_mandate(Mandate.objects.get(user=world.guest))
    assert told(lambda: domain.reply(thread, world.yves, "Voici.")) == {}


@pytest.mark.parametrize(("chosen", "label"), [("", "Comme le groupe"), ("3", "Tous les messages"), ("0", "Rien")])
def test_a_thread_is_followed_from_its_page(world, thread, as_person, chosen, label):
    client, address = as_person(world.helene), f"/notifications/suivi/forums.thread/{thread.pk}/"
    client.post(address, {"level": "2"})
    assert client.post(address, {"level": chosen}).url == thread.get_absolute_url()
    page = client.get(thread.get_absolute_url()).content.decode()
    assert f'<option value="{chosen}" selected>{label}' in page


def test_a_thread_says_what_its_group_gives(world, thread, as_person):
    notices.follow(world.helene, world.group, Level.WATCHING)
    page = as_person(world.helene).get(thread.get_absolute_url()).content.decode()
    assert "Comme le groupe\u202f: tous les messages" in page


@pytest.mark.parametrize("level", ["4", "x", "-1"])
def test_a_level_that_does_not_exist_is_refused(world, thread, as_person, level):
    answer = as_person(world.helene).post(f"/notifications/suivi/forums.thread/{thread.pk}/", {"level": level})
    assert answer.status_code == 404


def test_a_post_that_tells_sixty_costs_as_many_queries_as_one_that_tells_one(world, thread):
    def cost():
        post = domain.reply(thread, world.yves, "Voici.")
        with CaptureQueriesContext(connection) as counted:
            tasks.tell_of_post.func(post.pk, [])
        return sum(not query["sql"].startswith("INSERT") for query in counted.captured_queries)

    notices.follow(world.helene, thread, Level.WATCHING)
    cost()  # from then on, what one has not read yet is joined by what follows
    few = cost()
    for number in range(60):
        each = person(f"p{number}@conseil.example", "P", str(number))
        each.groups.add(world.group.members_group)
        notices.follow(each, thread, Level.WATCHING)
    assert cost() == few
    assert Delivery.objects.count() > 60
