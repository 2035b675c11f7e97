"""The kinds of notices: each plugin adds its own with the hook `register_notice_kind`."""

from dataclasses import dataclass

from wagtail import hooks


@dataclass(frozen=True)
class NoticeKind:
    """What a person may be told: a name (« forums.reply ») and the words of her settings for it."""

    name: str
    label: str


def registered():
    """Every kind by its name."""
    return {kind.name: kind for kind in (hook() for hook in hooks.get_hooks("register_notice_kind"))}
