"""The fast page of a list, compared with the plain one on any world."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.contenttypes.models import ContentType

from extranet.circles import access, listing
from extranet.circles.models import Audience, Circle

START = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def rows(world):
    """Audience rows of 30 made-up contents over the circles, several with the same date."""
    content_type = ContentType.objects.get_for_model(Circle)
    circles = list(world.alm.circles.order_by("pk"))
    Audience.objects.bulk_create(
        Audience(
            content_type=content_type,
            object_id=object_id,
            circle=circle,
            listed_at=START + timedelta(hours=object_id // 3),
        )
        for object_id in range(1, 31)
        for place, circle in enumerate(circles)
        if (object_id + place) % 4 == 0
    )
    return content_type


def plain(user, content_type, *, ascending=False):
    found = (
        Audience.objects.filter(content_type=content_type, circle__in=access.circles_of(user))
        .values_list("object_id", "listed_at")
        .distinct()
    )
    return [pk for pk, _ in sorted(found, key=lambda row: (row[1], row[0]), reverse=not ascending)]


@pytest.mark.parametrize("ascending", [False, True])
def test_pages_follow_each_other_without_gap_or_double(world, rows, ascending):
    expected = plain(world.helene, rows, ascending=ascending)
    assert len(expected) > 10
    dates = dict(Audience.objects.filter(content_type=rows).values_list("object_id", "listed_at"))
    found, after = [], None
    while page := listing._newest_ids(Circle, sorted(access.circles_of(world.helene)), 4, after, ascending, None):
        found += page
        after = (dates[page[-1]], page[-1])
    assert found == expected


def test_since_cuts_the_list(world, rows):
    since = START + timedelta(hours=5)
    ids = listing._newest_ids(Circle, sorted(access.circles_of(world.helene)), 100, None, True, since)
    assert ids == [pk for pk in plain(world.helene, rows, ascending=True) if START + timedelta(hours=pk // 3) >= since]


def test_circle_one_may_not_view_lists_nothing(world, rows):
    assert listing.newest(world.helene, Circle.objects.all(), circle=world.avrille.circle).items == []


def test_nobody_lists_nothing_in_no_query(world, django_assert_num_queries):
    stranger = type(world.stranger).objects.get(pk=world.stranger.pk)
    access.within(stranger, world.alm)
    access.circles_of(stranger)
    with django_assert_num_queries(0):
        assert listing.newest(stranger, Circle.objects.all()).items == []


@pytest.mark.parametrize("cursor", ["!", "abc", "MTIz", "é", "OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OS4x"])
def test_made_up_cursor_is_refused(world, cursor):
    with pytest.raises(listing.BadCursor):
        listing.newest(world.helene, Circle.objects.all(), after=cursor)
