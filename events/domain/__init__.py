"""What can be done with meetings, series, registrations and calendar feeds: the only writer of their tables."""

from .feeds import issue_feed, person_of_feed, revoke_feed
from .meetings import MeetingError, cancel, change, convene
from .registrations import register
from .series import convene_series, extend, extend_all

__all__ = [
    "MeetingError",
    "cancel",
    "change",
    "convene",
    "convene_series",
    "extend",
    "extend_all",
    "issue_feed",
    "person_of_feed",
    "register",
    "revoke_feed",
]
