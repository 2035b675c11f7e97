"""A topic kind of the tests: circles themselves, « tests.circle:ID », whose pieces are paragraphs."""

from extranet.circles import access
from extranet.circles.models import Circle
from extranet.live.topics import TopicKind

rendered = []  # every call of render, for the tests that count
padding = ""
shown = []  # what the page already shows


def viewers(object_id, user_ids):
    return access.viewers(Circle(pk=object_id), user_ids)


def render(object_id, entries):
    rendered.append([entry.key for entry in entries])
    return {entry.key: f'<p data-live-key="{entry.key}">Message {entry.object_id}{padding}</p>' for entry in entries}


def territory(object_id):
    return Circle.objects.values_list("territory", flat=True).get(pk=object_id)


def of_circles():
    return TopicKind("tests.circle", viewers, render, territory)
