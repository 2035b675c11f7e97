"""The kinds of notices: each plugin adds its own with the hook `register_notice_kind`."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from wagtail import hooks

from .models import Channel


@dataclass(frozen=True)
class Letter:
    """What a mail says, as its author wrote it. `html` is safe HTML, whose links may be paths of this site."""

    subject: str
    html: str
    author: str = ""  # name and function, as they were at writing
    function: str = ""
    at: datetime | None = None
    action: str = "Ouvrir dans l’extranet"


@dataclass(frozen=True)
class NoticeKind:
    """What a person may be told.

    `name` is the name given to `domain.tell` (« forums.reply »), `label` the words of her settings for it. With
    `gathers`, what comes before she has read the last one about the same content joins it instead of making another.
    `channel` is by what she is told while she has chosen nothing. `letter` takes the content and the `part` given to
    `domain.tell`, read when the mail leaves, and gives a Letter, or None when there is nothing left to say; without it
    the mail says the notice's own line. `shelf` and `order`: under what a digest puts it, and where.
    """

    name: str
    label: str
    gathers: bool = False
    channel: str = Channel.SITE
    letter: Callable | None = None
    shelf: str = "Nouveautés"
    order: int = 500


def registered():
    """Every kind by its name, in the order of the digest and of the settings."""
    kinds = [hook() for hook in hooks.get_hooks("register_notice_kind")]
    return {kind.name: kind for kind in sorted(kinds, key=lambda kind: kind.order)}
