"""The kinds of notices: each plugin adds its own with the hook `register_notice_kind`."""

from dataclasses import dataclass

from wagtail import hooks


@dataclass(frozen=True)
class NoticeKind:
    """What a person may be told.

    `name` is the name given to `domain.tell` (« forums.reply »), `label` the words of her settings for it. With
    `gathers`, what comes before she has read the last one about the same content joins it instead of making another.
    """

    name: str
    label: str
    gathers: bool = False


def registered():
    """Every kind by its name."""
    return {kind.name: kind for kind in (hook() for hook in hooks.get_hooks("register_notice_kind"))}
