"""What is done in discussions, and what it leaves behind."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, connections

from extranet.circles import domain as circles
from extranet.circles.models import Audience
from extranet.live.models import Entry, Kind
from extranet.notices.models import Notice
from extranet.search.query import search
from forums import domain, mentions, reading
from forums.models import Post, ReadState, Thread
from tests import world as worlds


def read_to(user, thread):
    return ReadState.objects.get(user=user, thread=thread).last_read_seq


def live(thread):
    return list(Entry.objects.filter(topic__name=thread.topic).values_list("kind", "key").order_by("seq"))


def test_thread_carries_the_function_of_its_author_as_it_was(world, thread):
    post = thread.posts.get()
    assert (post.seq, post.author_name, post.author_label) == (1, "Yves Cormerais", "DGS, Feneu")
    assert (thread.last_author_name, thread.post_count, thread.last_seq) == ("Yves Cormerais", 1, 1)


def test_reply_takes_the_next_number_and_moves_the_thread_in_lists(world, thread, write):
    at = datetime(2030, 1, 1, tzinfo=UTC)
    assert write(world.helene, at=at).seq == 2
    assert (thread.listed_at, thread.last_post_at, thread.last_author_name) == (at, at, "Hélène Marchais")
    assert set(Audience.objects.filter(object_id=thread.pk).values_list("listed_at", flat=True)) == {at}


def test_every_change_is_told_live_and_the_thread_knows_the_last_number(world, thread, write):
    post = write(world.helene)
    domain.edit(post, world.helene, "Autrement.")
    domain.remove(post, world.yves, "Hors sujet")
    domain.close(thread, world.yves)
    thread.refresh_from_db()
    assert live(thread) == [
        (Kind.ADDED, "message-1"),
        (Kind.ADDED, "message-2"),
        (Kind.EDITED, "message-2"),
        (Kind.EDITED, "message-2"),
        (Kind.STATE, "etat"),
    ]
    assert thread.live_seq == 5


def test_same_key_gives_the_same_message(world, thread, write):
    key = uuid.uuid4()
    assert write(world.helene, "Une fois", key=key) == write(world.helene, "Une fois", key=key)
    assert (thread.last_seq, thread.post_count, len(live(thread))) == (2, 2, 2)


def test_same_key_with_another_text_is_a_conflict(world, thread, write):
    key = uuid.uuid4()
    write(world.helene, "Une fois", key=key)
    with pytest.raises(domain.Conflict):
        write(world.helene, "Deux fois", key=key)
    assert thread.posts.count() == 2


def test_same_key_of_another_person_is_another_message(world, thread, write):
    key = uuid.uuid4()
    write(world.helene, "Moi", key=key)
    assert write(world.yves, "Moi aussi", key=key).seq == 3


def test_same_key_opens_one_thread(world):
    key = uuid.uuid4()
    opened = [domain.open_thread(world.yves, "Titre", "Texte", [world.group], key=key) for _ in range(2)]
    assert opened[0] == opened[1]
    with pytest.raises(domain.Conflict):
        domain.open_thread(world.yves, "Autre titre", "Texte", [world.group], key=key)
    assert Thread.objects.count() == 1


def test_retry_of_what_was_sent_before_the_thread_closed_is_no_error(world, thread, write):
    key = uuid.uuid4()
    sent = write(world.helene, "Une fois", key=key)
    domain.close(thread, world.yves)
    assert write(world.helene, "Une fois", key=key) == sent


def test_closed_thread_takes_no_reply_until_reopened(world, thread, write):
    domain.close(thread, world.yves)
    with pytest.raises(domain.Closed):
        write(world.helene)
    domain.reopen(thread, world.yves)
    assert write(world.helene).seq == 2


def test_only_its_opener_and_moderators_close_a_thread(world, thread):
    with pytest.raises(PermissionDenied):
        domain.close(thread, world.helene)


def test_title_holds_no_line_end_nor_control(world):
    opened = domain.open_thread(world.yves, " Objet\r\nBcc: tous\x00\t👍 مرحبا ", "Texte", [world.group])
    assert opened.title == "Objet Bcc: tous 👍 مرحبا"


def test_edit_keeps_the_former_texts(world, thread, write):
    post = write(world.helene, "Un")
    domain.edit(post, world.helene, "Deux")
    domain.edit(post, world.helene, "Deux")
    domain.edit(post, world.helene, "Trois")
    assert [revision.body for revision in post.revisions.all()] == ["Deux", "Un"]
    assert Post.objects.get(pk=post.pk).html == "<p>Trois</p>\n"


def test_nobody_edits_for_another(world, thread, write):
    with pytest.raises(PermissionDenied):
        domain.edit(write(world.helene), world.yves, "Autre")


def test_author_and_moderator_remove_a_message_and_nobody_else(world, thread, write):
    first, second = write(world.helene), write(world.helene)
    with pytest.raises(PermissionDenied):
        domain.remove(first, world.guest, "Non")
    domain.remove(first, world.helene, "Erreur de ma part")
    domain.remove(second, world.yves, "Hors sujet")
    thread.refresh_from_db()
    assert (thread.post_count, thread.last_seq) == (1, 3)


def test_removed_message_is_not_edited_again(world, thread, write):
    post = write(world.helene)
    domain.remove(post, world.yves, "Hors sujet")
    with pytest.raises(PermissionDenied):
        domain.edit(post, world.helene, "Quand même")


def test_reading_only_rises_and_stops_at_the_last_message(world, thread, write):
    write(world.yves)
    for seq, expected in [(1, 1), (2, 2), (1, 2), (99, 2)]:
        domain.read(world.helene, thread, seq)
        assert read_to(world.helene, thread) == expected


def test_own_reply_hides_nothing_that_came_meanwhile(world, thread, write):
    write(world.yves)
    write(world.helene, seen=1)
    assert read_to(world.helene, thread) == 1
    write(world.helene, seen=3)
    assert read_to(world.helene, thread) == 4


def test_unread_threads_count_those_with_something_new_of_ones_circles(world, thread, write, django_assert_num_queries):
    domain.open_thread(world.yves, "Ailleurs", "Texte", [world.north])
    domain.open_thread(world.yves, "Deux fois partagée", "Texte", [world.group, world.everyone])
    with django_assert_num_queries(2):  # her rights, the counts
        assert reading.unread_by_circle(world.helene) == {world.group.pk: 2, world.everyone.pk: 1}
    domain.read(world.helene, thread, 1)
    assert reading.unread_threads(world.helene).get()["number"] == 1
    write(world.yves)
    assert reading.unread_threads(world.helene).get()["number"] == 2


def test_what_nobody_wrote_in_for_long_is_no_news(world):
    domain.open_thread(world.yves, "Ancienne", "Texte", [world.group], at=datetime(2012, 11, 12, tzinfo=UTC))
    assert reading.unread_by_circle(world.helene) == {}
    assert reading.page(world.helene).items[0].unread == 0


def test_quotation_names_its_author_and_day_and_leaves_out_nested_quotes(world, thread, write):
    at = datetime(2026, 11, 18, 9, tzinfo=UTC)
    quoted = write(world.helene, "> avant\n\nUn seuil\nde 5 %", at=at)
    reply = write(world.yves, "Merci", quote=quoted)
    assert reply.body == (
        f"> Un seuil\n> de 5 %\n>\n> — Hélène Marchais, [18\u00a0novembre 2026]({quoted.get_absolute_url()})\n\nMerci"
    )
    assert reply.html.startswith("<blockquote>")


def test_participants_are_told_of_a_reply_and_its_author_is_not(
    world, thread, write, django_capture_on_commit_callbacks
):
    write(world.guest)
    with django_capture_on_commit_callbacks(execute=True):
        write(world.helene)
    assert set(Notice.objects.values_list("user", "kind")) == {
        (world.yves.pk, "forums.reply"),
        (world.guest.pk, "forums.reply"),
    }


def test_one_who_left_the_group_is_told_nothing(world, thread, write, django_capture_on_commit_callbacks):
    write(world.helene)
    circles.leave(world.group, world.helene)
    with django_capture_on_commit_callbacks(execute=True):
        write(world.yves)
    assert Notice.objects.count() == 0


def test_mention_is_told_once_and_links_to_the_person(world, thread, write, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        post = write(world.helene, "Qu’en dit @Yves Cormerais, et @[Luc Expert] ?")
    assert set(Notice.objects.values_list("user", "kind")) == {
        (world.yves.pk, "forums.mention"),
        (world.guest.pk, "forums.mention"),
    }
    assert f'href="/annuaire/{world.yves.pk}/"' in post.html
    with django_capture_on_commit_callbacks(execute=True):
        domain.edit(post, world.helene, "Et @Yves Cormerais encore ?")
    assert Notice.objects.filter(user=world.yves).count() == 1


def test_mention_of_one_who_may_not_see_the_thread_stays_words(
    world, thread, write, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        post = write(world.helene, "Demandez à @Karim Belkacem, à @Paul Roy ou à @Personne Ici.")
    assert "<a" not in post.html
    assert Notice.objects.filter(kind="forums.mention").count() == 0


def test_mention_in_code_or_in_an_address_is_none(world, thread, write):
    post = write(world.helene, "`@Yves Cormerais` écrit de x@Yves Cormerais, pas @Yves Cormeraisine")
    assert "<a" not in post.html


def test_message_without_an_at_sign_asks_nothing_about_people(world, thread, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert mentions.link(thread, "Rien") == ("Rien", set())


def test_thread_is_found_by_its_words_and_not_by_those_removed(
    world, thread, write, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        post = write(world.helene, "Un grammage insuffisant")
    assert [item.title for item in search(world.helene, "grammage").items] == [thread.title]
    assert search(world.karim, "grammage").items == []
    with django_capture_on_commit_callbacks(execute=True):
        domain.remove(post, world.helene, "Erreur")
    assert search(world.helene, "grammage").items == []


@pytest.mark.postgres
@pytest.mark.skipif(connection.vendor != "postgresql", reason="needs PostgreSQL")
def test_replies_at_the_same_time_leave_no_gap(transactional_db):
    world = worlds.build()
    thread = domain.open_thread(world.yves, "Papier", "Un texte", [world.group])

    def reply(index):
        try:
            return domain.reply(thread, world.helene, f"Réponse {index}").seq
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(reply, range(24))) == list(range(2, 26))
