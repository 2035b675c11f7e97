"""Notices: who is told, what is counted, what a removed person no longer sees."""

from datetime import timedelta

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db.models import Subquery
from django.utils import timezone
from wagtail import hooks

from extranet.circles import domain as circles
from extranet.circles.models import Audience, Circle, Function
from extranet.live import log
from extranet.live.models import Entry
from extranet.notices import domain, reading
from extranet.notices.kinds import NoticeKind
from extranet.notices.models import Notice

REPLY, NEWS = "tests.reply", "tests.news"


@pytest.fixture(autouse=True)
def kinds():
    with (
        hooks.register_temporarily("register_notice_kind", lambda: NoticeKind(NEWS, "Nouveauté")),
        hooks.register_temporarily("register_notice_kind", lambda: NoticeKind(REPLY, "Réponse", gathers=True)),
    ):
        yield


def share(obj, *shared_with):
    """Make any row a content shared with circles: notices know of a content nothing but its audience."""
    content_type = ContentType.objects.get_for_model(obj)
    Audience.objects.bulk_create(
        [
            Audience(content_type=content_type, object_id=obj.pk, circle=circle, listed_at=timezone.now())
            for circle in shared_with
        ]
    )
    return obj


@pytest.fixture
def content(world):
    return share(world.meignanne, world.group)


def tell(users, content, kind=NEWS, text="Du nouveau", url="/discussions/1/", **options):
    return domain.tell(users, kind, content, text, url, **options)


def count(user):
    person = type(user).objects.get(pk=user.pk)
    return type(user).objects.annotate(unread=Subquery(reading.unread(person))).get(pk=user.pk).unread or 0


def text(response):
    return response.content.decode()


def test_only_those_who_may_see_the_thing_are_told(world, content):
    told = tell([world.helene, world.karim, world.stranger, world.guest], content)
    assert told == {world.helene.pk, world.guest.pk}
    assert set(Notice.objects.values_list("user", flat=True)) == told


def test_who_did_it_is_not_told(world, content):
    assert tell([world.helene, world.yves], content, actor=world.yves) == {world.helene.pk}


def test_disabled_account_is_told_nothing(world, content):
    world.helene.is_active = False
    world.helene.save()
    assert tell([world.helene], content) == set()


def test_unknown_kind_is_refused(world, content):
    with pytest.raises(ValueError, match=r"tests\.other"):
        tell([world.helene], content, kind="tests.other")


def test_text_is_one_line_of_three_hundred_characters(world, content):
    tell([world.helene], content, text="a\r\nb " + "c" * 400)
    notice = Notice.objects.get()
    assert notice.text.startswith("a b c")
    assert len(notice.text) == 300


def test_answers_to_the_same_thing_gather_until_read(world, content):
    tell([world.helene, world.yves], content, kind=REPLY, text="Un", url="/1/")
    domain.mark_all_read(world.yves)
    tell([world.helene, world.yves], content, kind=REPLY, text="Deux", url="/2/")
    of_helene = Notice.objects.filter(user=world.helene).values_list("text", "times", "url")
    assert list(of_helene) == [("Deux", 2, "/1/")]
    assert list(Notice.objects.filter(user=world.yves).values_list("text", "times").order_by("pk")) == [
        ("Un", 1),
        ("Deux", 1),
    ]


def test_other_news_stand_each_for_itself(world, content):
    tell([world.helene], content)
    tell([world.helene], content)
    assert count(world.helene) == 2


def test_bell_counts_what_is_unread(world, content, as_person):
    tell([world.helene], content)
    page = text(as_person(world.helene).get("/notifications/cloche/"))
    assert 'aria-label="Notifications\u202f: 1 non lue"' in page
    assert count(world.guest) == 0


def test_each_change_of_the_bell_is_told_live_to_its_person_alone(world, content, as_person):
    tell([world.helene], content)
    domain.mark_all_read(world.helene)
    domain.mark_all_read(world.helene)
    topic, number = reading.topic(world.helene)
    assert list(Entry.objects.filter(topic__name=topic).values_list("kind", "key")) == [("state", "bell")] * 2
    assert type(world.helene).objects.annotate(last=number).get(pk=world.helene.pk).last == 2
    assert log.read(topic, 0, {world.helene.pk, world.yves.pk, world.admin.pk}).viewers == {world.helene.pk}
    assert as_person(world.yves).get(f"/live/{topic}").status_code == 404


def test_one_who_left_sees_neither_notice_nor_count(world, content, as_person):
    tell([world.helene], content, text="Canari")
    notice = Notice.objects.get()
    circles.leave(world.group, world.helene)
    client = as_person(world.helene)
    assert "Canari" not in text(client.get("/notifications/"))
    assert client.get(f"/notifications/{notice.pk}/").status_code == 404
    assert count(world.helene) == 0


def test_notice_of_one_territory_is_not_seen_in_another(world, content, as_person):
    circles.give_mandate(world.helene, Function.DGS, territory=world.saumur, commune=world.montsoreau)
    elsewhere = share(Circle.objects.get(pk=world.group.pk), world.saumur_everyone)
    tell([world.helene], content, text="Ici")
    Notice.objects.create(
        user=world.helene,
        kind=NEWS,
        content_type=ContentType.objects.get_for_model(elsewhere),
        object_id=elsewhere.pk,
        text="Ailleurs",
        url="/",
        created_at=timezone.now(),
    )
    client = as_person(world.helene)
    here, there = (text(client.get("/notifications/", HTTP_HOST=host)) for host in ("testserver", "saumur.test"))
    assert ("Ici" in here, "Ailleurs" in here) == (True, False)
    assert ("Ici" in there, "Ailleurs" in there) == (False, True)


def test_opening_a_notice_reads_it_and_goes_there(world, content, as_person):
    tell([world.helene], content, url="/discussions/1/?message=2#message-2")
    notice = Notice.objects.get()
    assert as_person(world.helene).get(f"/notifications/{notice.pk}/").url == "/discussions/1/?message=2#message-2"
    notice.refresh_from_db()
    assert notice.read_at is not None


@pytest.mark.parametrize(
    "url", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", ""]
)
def test_opening_a_notice_never_leaves_the_site(world, content, as_person, url):
    tell([world.helene], content, url=url)
    assert as_person(world.helene).get(f"/notifications/{Notice.objects.get().pk}/").url == "/notifications/"


def test_notice_of_another_person_does_not_exist(world, content, as_person):
    tell([world.helene], content)
    notice = Notice.objects.get()
    assert as_person(world.yves).get(f"/notifications/{notice.pk}/").status_code == 404
    notice.refresh_from_db()
    assert notice.read_at is None


def test_everything_is_marked_read_at_once(world, content, as_person):
    tell([world.helene, world.yves], content)
    client = as_person(world.helene)
    assert "Tout marquer comme lu" in text(client.get("/notifications/"))
    assert client.post("/notifications/tout-lu/").url == "/notifications/"
    page = text(client.get("/notifications/"))
    assert "Tout marquer comme lu" not in page
    assert "Non lue" not in page
    assert (count(world.helene), count(world.yves)) == (0, 1)


def test_having_read_the_thing_itself_reads_its_notices(world, content):
    other = share(world.feneu, world.group)
    tell([world.helene], content)
    tell([world.helene], other)
    domain.mark_seen(world.helene, content)
    assert count(world.helene) == 1


def test_notices_are_grouped_by_day(world, content, as_person):
    now = timezone.now()
    tell([world.helene], content, text="Ancien", at=now - timedelta(days=1))
    tell([world.helene], content, text="Récent", at=now)
    page = text(as_person(world.helene).get("/notifications/"))
    order = [page.index(words) for words in ("Aujourd’hui", "Récent", "Hier", "Ancien")]
    assert order == sorted(order)


def test_notice_that_gathers_comes_first_again(world, content, as_person):
    now = timezone.now()
    tell([world.helene], content, kind=REPLY, text="Un", at=now - timedelta(days=2))
    tell([world.helene], content, text="Entre-temps", at=now - timedelta(days=1))
    tell([world.helene], content, kind=REPLY, text="Deux", at=now)
    shown = as_person(world.helene).get("/notifications/").context["notices"]
    assert [notice.text for notice in shown] == ["Deux", "Entre-temps"]


def test_empty_inbox_says_when_it_fills(world, as_person):
    assert "Aucune notification pour l’instant" in text(as_person(world.helene).get("/notifications/"))


def test_second_page_follows_the_first(world, content, as_person):
    for index in range(60):
        tell([world.helene], content, text=f"Nouvelle {index:02}.")
    client = as_person(world.helene)
    first = client.get("/notifications/")
    second = client.get("/notifications/", {"avant": first.context["following"]})
    texts = [notice.text for page in (first, second) for notice in page.context["notices"]]
    assert texts == [f"Nouvelle {index:02}." for index in reversed(range(60))]
    assert second.context["following"] == ""
    assert client.get("/notifications/", {"avant": "9" * 30}).status_code == 200


@pytest.mark.parametrize("number", [1, 30])
def test_inbox_costs_four_queries(world, content, as_person, django_assert_num_queries, number):
    for _ in range(number):
        tell([world.helene], content)
    client = as_person(world.helene)
    client.get("/notifications/")
    with django_assert_num_queries(4):  # person, rights, notices, frame
        client.get("/notifications/")
