"""Discussions live, and where other plugins show them."""

import pytest
from django.template.loader import render_to_string

from extranet.circles import domain as circles
from extranet.live import log
from forums import domain, topics
from forums.models import Thread
from forums.sections import DiscussionsSection


def test_followers_are_those_who_may_see_the_thread(world, thread, django_assert_num_queries):
    everyone = {user.pk for user in (world.helene, world.karim, world.guest, world.admin, world.stranger)}
    topics.viewers(thread.pk, everyone)  # the content type is known from then on
    with django_assert_num_queries(1):
        assert topics.viewers(thread.pk, everyone) == {world.helene.pk, world.guest.pk, world.admin.pk}
    assert topics.viewers(thread.pk + 1, everyone) == set()


def test_frame_holds_nothing_for_one_reader(world, thread, write):
    write(world.helene, "Un **direct**")
    told = log.read(thread.topic, 1, {world.helene.pk}).entries
    assert [(entry["kind"], entry["key"]) for entry in told] == [("added", "message-2")]
    assert "<strong>direct</strong>" in told[0]["html"]
    assert "data-own hidden" in told[0]["html"]
    assert "data-own data-moderate hidden" in told[0]["html"]


def test_frame_of_a_removed_message_has_lost_its_text(world, thread, write):
    domain.remove(write(world.helene, "Canari sensible"), world.yves, "Nom d’un agent")
    html = "".join(entry["html"] for entry in log.read(thread.topic, 0, {world.helene.pk}).entries)
    assert "Canari" not in html
    assert "Nom d’un agent" in html


def test_closing_is_told_to_the_page(world, thread):
    domain.close(thread, world.yves)
    last = log.read(thread.topic, 1, {world.helene.pk}).entries[0]
    assert (last["kind"], last["key"]) == ("state", "etat")
    assert "Cette discussion est close" in last["html"]


def test_page_starts_from_the_number_it_shows(world, thread, write, as_person):
    write(world.helene)
    page = as_person(world.helene).get(thread.get_absolute_url()).content.decode()
    assert f'data-live-topic="forums.thread:{thread.pk}" data-live-seq="2"' in page


def test_one_who_left_gets_no_frame(world, thread, as_person):
    circles.leave(world.group, world.helene)
    assert as_person(world.helene).get(f"/live/{thread.topic}?after=0").status_code == 404


def test_topic_belongs_to_its_territory(world, thread, as_person):
    assert log.of_territory(thread.topic, world.alm.pk)
    assert not log.of_territory(thread.topic, world.saumur.pk)
    assert not log.of_territory("forums.thread:999999", world.alm.pk)


@pytest.mark.parametrize("number", [1, 30])
def test_section_shows_the_newest_of_the_circle_in_two_queries(world, number, django_assert_num_queries):
    for index in range(number):
        domain.open_thread(world.yves, f"Sujet {index}", "Texte", [world.group])
    domain.open_thread(world.yves, "Ailleurs", "Texte", [world.everyone])
    section = DiscussionsSection(world.helene, world.group)
    section.get_context_data()
    with django_assert_num_queries(2):
        context = section.get_context_data()
    newest = [f"Sujet {index}" for index in reversed(range(number))][:4]
    assert [thread.title for thread in context["threads"]] == newest
    assert f"Sujet {number - 1}" in render_to_string(section.template_name, context)


def test_section_says_what_to_do_when_nothing_was_said(world):
    section = DiscussionsSection(world.helene, world.group)
    assert "Posez la première question" in render_to_string(section.template_name, section.get_context_data())
    reader = DiscussionsSection(world.elue, world.avrille.circle)
    assert "Posez" not in render_to_string(reader.template_name, reader.get_context_data())


def test_dashboard_section_covers_all_ones_circles(world, thread):
    assert [found.title for found in DiscussionsSection(world.helene).get_context_data()["threads"]] == [thread.title]
    assert DiscussionsSection(world.karim).get_context_data()["threads"].items == []
    assert Thread.objects.count() == 1
