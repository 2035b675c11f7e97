from extranet.circles import access
from extranet.circles.sections import Section

from . import reading

SHOWN = 4


class DiscussionsSection(Section):
    """The newest discussions of a circle, or of all the person's circles on the dashboard."""

    name = "discussions"
    title = "Discussions"
    order = 300
    template_name = "forums/section.html"

    def get_context_data(self, parent_context=None):
        may_open = access.circles_of(self.user, "contribute")
        return {
            **super().get_context_data(parent_context),
            "threads": reading.page(self.user, circle=self.circle, limit=SHOWN),
            "may_open": self.circle.pk in may_open if self.circle else bool(may_open),
        }
