from django.db.models import OuterRef

from extranet.circles import access
from extranet.circles.frame import function_label
from extranet.circles.sections import Section

MOST = 12


class PeopleSection(Section):
    """The people of a circle, with their function; the directory shows them all."""

    name = "personnes"
    title = "Personnes"
    order = 100
    places = ("circle",)
    aside = ("circle",)
    template_name = "members/sections/people.html"

    def get_context_data(self, parent_context=None):
        label = function_label(OuterRef("pk"), self.circle.territory_id)
        people = access.people_of([self.circle.pk]).annotate(label=label)
        shown = list(people.order_by("last_name", "first_name", "pk")[: MOST + 1])
        count = len(shown) if len(shown) <= MOST else people.count()
        return {**super().get_context_data(parent_context), "people": shown[:MOST], "count": count}
