"""The kinds of topics, which plugins add with the hook `register_live_topic`."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from wagtail import hooks

NAME = re.compile(r"([a-z][a-z_]*\.[a-z][a-z_]*):([1-9]\d{0,17})", re.ASCII)


@dataclass(frozen=True)
class TopicKind:
    """What a plugin says of its topics « name:object_id ».

    `viewers(object_id, user_ids)` gives the set of those who may see the object, in one query: empty when it is
    missing. `render(object_id, entries)` gives {key: html} for what stands today, the same HTML for every viewer; a key
    left out has nothing to show. `territory(object_id)` gives the id of the territory that the object belongs to, so
    that a person of two territories sees it only at the right host name; leave it out for what belongs to none.
    """

    name: str
    viewers: Callable
    render: Callable
    territory: Callable | None = None


def find(topic):
    """The kind and the object's id of a topic's name, or (None, None) when no plugin knows such topics."""
    match = NAME.fullmatch(topic) if isinstance(topic, str) else None
    if match is None:
        return None, None
    kinds = {kind.name: kind for kind in (hook() for hook in hooks.get_hooks("register_live_topic"))}
    kind = kinds.get(match[1])
    return (kind, int(match[2])) if kind else (None, None)
