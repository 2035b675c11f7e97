"""What can be searched: each app names its kinds with the hook `register_search_source`."""

from collections.abc import Callable
from dataclasses import dataclass

from wagtail import hooks


@dataclass(frozen=True)
class SearchSource:
    """A kind of thing that the search finds.

    `name` is the kind given to `domain.index`; `label` is its name on screen, in the plural; `icon` is a symbol of
    icons.svg; `reindex` yields, for everything there is, the arguments of `domain.index` as a dict.
    """

    name: str
    label: str
    icon: str
    model: type
    reindex: Callable
    order: int = 500


def sources():
    """The registered sources by name, in the order in which a page shows them."""
    found = [hook() for hook in hooks.get_hooks("register_search_source")]
    return {source.name: source for source in sorted(found, key=lambda source: (source.order, source.label))}
