"""Sections: what a plugin shows on a circle's page and on the dashboard, as laces components."""

from laces.components import Component
from wagtail import hooks


class Section(Component):
    """Base class of a section. Return a subclass from the hook `register_circle_section`.

    Attributes of a subclass: `name` (its anchor), `title`, `order`, `template_name`, `places`, where it stands:
    "circle", "dashboard" or both, and `aside`: those of them where it stands beside the rest. `get_context_data` reads
    through `access` with `self.user`; `self.circle` is None on the dashboard.
    """

    name = ""
    title = ""
    order = 500
    places = ("circle", "dashboard")
    aside = ()

    def __init__(self, user, circle=None):
        self.user = user
        self.circle = circle

    @property
    def stands_aside(self):
        return ("dashboard" if self.circle is None else "circle") in self.aside

    def get_context_data(self, parent_context=None):
        return {"section": self, "user": self.user, "circle": self.circle}


def sections_for(user, circle=None):
    """The sections of a circle's page, or of the dashboard when no circle is given, in order."""
    place = "dashboard" if circle is None else "circle"
    classes = [hook() for hook in hooks.get_hooks("register_circle_section")]
    chosen = sorted(
        (each for each in classes if place in each.places), key=lambda each: (place in each.aside, each.order)
    )
    return [each(user, circle) for each in chosen]
