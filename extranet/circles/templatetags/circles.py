from django import template
from django.db.models import Count

from extranet.ui.markdown import render

from .. import access
from ..frame import circle_url
from ..models import Circle
from ..sections import sections_for
from ..todos import todos_for

register = template.Library()

register.filter("circle_url", circle_url)


@register.simple_tag(takes_context=True)
def circle_sections(context, circle=None):
    """The sections of a circle's page (of the dashboard without a circle) for the person who reads."""
    return sections_for(context["request"].user, circle)


@register.simple_tag(takes_context=True)
def may(context, action, obj):
    """Whether the person who reads may do `action` on `obj`."""
    return access.can(context["request"].user, action, obj)


@register.simple_tag(takes_context=True)
def may_end(context, mandate):
    """Whether the person who reads may end this function."""
    return access.may_end(context["request"].user, mandate)


@register.inclusion_tag("circles/includes/who_sees.html", takes_context=True)
def who_sees(context, obj):
    """For the administrators of the territory, the way to the page that says who sees `obj` and why."""
    request = context["request"]
    return {"obj": obj, "label": obj._meta.label_lower, "shown": access.administers(request.user, request.territory)}


@register.simple_tag(takes_context=True)
def my_todos(context):
    """What waits for the answer of the person who reads."""
    return todos_for(context["request"].user)


PARTS = [
    ("Groupes de travail et commissions", {Circle.Kind.GROUP, Circle.Kind.COMMISSION}),
    ("L’ensemble du territoire et ses quadrants", {Circle.Kind.EVERYONE, Circle.Kind.QUADRANT}),
    ("Communes", {Circle.Kind.COMMUNE}),
]


@register.simple_tag(takes_context=True)
def my_circles(context):
    """The circles the person may view, each with its number of members (`people`), part by part: [(label, circles)]."""
    circles = access.visible_to(context["request"].user, Circle.objects.order_by("name"))
    counted = list(circles.annotate(people=Count("members_group__user")))
    parts = [(label, [circle for circle in counted if circle.kind in kinds]) for label, kinds in PARTS]
    return [(label, circles) for label, circles in parts if circles]


@register.filter
def markdown(text):
    """Members' Markdown as safe HTML."""
    return render(text or "")
