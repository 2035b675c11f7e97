from django import template

from .. import access
from ..frame import circle_url
from ..models import Circle
from ..sections import sections_for

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
def my_circles(context):
    """The circles the person may view, grouped by kind in the order of Circle.Kind."""
    rights = access.rights_of(context["request"].user)
    kinds = [
        (kind.label, sorted((c for c in rights.circles.values() if c.kind == kind), key=lambda c: c.name))
        for kind in Circle.Kind
    ]
    return [(label, circles) for label, circles in kinds if circles]
