"""Who is told what, how and when. The only writer of notices, of what people chose and of the mails that wait."""

from ..deciding import Reason
from .choosing import choose_channels, follow, set_preferences, stop_copies, stop_digest, stop_kind
from .inbox import mark_all_read, mark_read, mark_seen
from .telling import tell

__all__ = [
    "Reason",
    "choose_channels",
    "follow",
    "mark_all_read",
    "mark_read",
    "mark_seen",
    "set_preferences",
    "stop_copies",
    "stop_digest",
    "stop_kind",
    "tell",
]
