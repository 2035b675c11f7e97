from django import template

from extranet.circles.models import Circle

from ..models import Level

register = template.Library()


@register.inclusion_tag("notices/watch.html", takes_context=True)
def watch_form(context, obj, level, inherited=None):
    """How closely the reader follows `obj`: the Level that she chose, and the one that its circles give it otherwise.

    The levels are read with the object itself (watching.own_level, watching.inherited_level).
    """
    of_circle = isinstance(obj, Circle)
    usual = Level.NORMAL if of_circle or inherited is None else inherited
    level = Level.NORMAL if of_circle and level is None else level
    return {
        "obj": obj,
        "model": obj._meta.label_lower,
        "level": level,
        "levels": list(reversed(Level.choices)),
        "usual": None if of_circle else Level(usual).label,
        "csrf_token": context["csrf_token"],
    }
