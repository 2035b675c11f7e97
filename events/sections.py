from django.utils import timezone

from extranet.circles import access
from extranet.circles.sections import Section

from .agenda import Filters, mark_rights, meetings_to_come

SHOWN = 3
READ = 8  # those of this morning that are over are read too, and left out


class ComingMeetings(Section):
    """The next meetings, with registration in one click."""

    name = "rencontres"
    title = "Prochaines rencontres"
    order = 200
    aside = ("dashboard",)
    template_name = "events/sections/coming.html"

    def get_context_data(self, parent_context=None):
        now = timezone.now()
        coming = [
            each for each in meetings_to_come(self.user, Filters(circle=self.circle), limit=READ) if each.ends_at > now
        ]
        context = super().get_context_data(parent_context)
        parent = parent_context or {}
        return context | {
            "events": mark_rights(self.user, coming[:SHOWN]),
            "runs_it": bool(self.circle) and access.can(self.user, "moderate", self.circle),
            "request": parent.get("request"),
            "csrf_token": parent.get("csrf_token"),
        }
