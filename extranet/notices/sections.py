from extranet.circles.models import Circle
from extranet.circles.sections import Section

from . import watching


class WatchSection(Section):
    """How closely the reader follows a circle."""

    name = "suivi"
    title = "Suivi"
    order = 600
    places = ("circle",)
    aside = ("circle",)
    template_name = "notices/sections/watch.html"

    def get_context_data(self, parent_context=None):
        level = Circle.objects.annotate(chosen=watching.own_level(self.user, Circle)).values_list("chosen", flat=True)
        context = super().get_context_data(parent_context)
        return {**context, "level": level.get(pk=self.circle.pk), "csrf_token": parent_context["csrf_token"]}
