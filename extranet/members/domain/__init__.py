"""What can be done with people: invite, accept, import, change one's profile. The only writer of these tables."""

from .imports import Line, Report, import_people
from .invitations import Refused, accept, invitation_of, invite, resend
from .people import change_profile, find_person

__all__ = [
    "Line",
    "Refused",
    "Report",
    "accept",
    "change_profile",
    "find_person",
    "import_people",
    "invitation_of",
    "invite",
    "resend",
]
