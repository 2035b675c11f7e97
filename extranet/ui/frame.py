"""What `extranet/base.html` shows around a page: one context variable, `frame`, filled by a context processor.

This module only says its shape. `extranet.circles` fills it (who is here, which circles, what is waiting); the frame
never asks the database anything itself. A page rendered without any frame keeps its head, its main part and its foot.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Brand:
    """Whose extranet this is: a name, the authority's below it, and where a click on both leads."""

    name: str
    subtitle: str = ""
    home_url: str = "/"


@dataclass(frozen=True)
class NavItem:
    """A place of the main navigation.

    `icon` is a symbol of icons.svg; `count` says how many (0 shows nothing); `warm` marks a count of things to do, the
    others being counts of unread things; `secondary` items move under "Plus" on a phone; `current` is where we are.
    """

    label: str
    url: str
    icon: str
    count: int = 0
    warm: bool = False
    secondary: bool = False
    current: bool = False


@dataclass(frozen=True)
class CircleLink:
    """One of "Mes groupes", with the number of unread messages in it."""

    name: str
    url: str
    count: int = 0
    current: bool = False


@dataclass(frozen=True)
class Person:
    """The person signed in; `label` is the function and the commune, as in "DGS, Bouchemaine"."""

    name: str
    initials: str
    label: str = ""


@dataclass(frozen=True)
class MenuItem:
    """A line of the person's menu: a link, or with `post` a button that posts to `url` (signing out)."""

    label: str
    url: str
    post: bool = False


@dataclass(frozen=True)
class Bell:
    """The notices not read yet, and where they are read; `topic` and `seq` when the count is followed live."""

    url: str
    count: int = 0
    topic: str = ""
    seq: int = 0


@dataclass(frozen=True)
class FootLink:
    label: str
    url: str


@dataclass(frozen=True)
class Frame:
    """Everything around a page. Without `person` only the brand and the foot are shown, as on the sign-in page."""

    brand: Brand
    person: Person | None = None
    nav: list[NavItem] = field(default_factory=list)
    circles: list[CircleLink] = field(default_factory=list)
    menu: list[MenuItem] = field(default_factory=list)
    bell: Bell | None = None
    search_url: str = ""
    help_url: str = ""
    scripts: list[str] = field(default_factory=list)  # static files that every page loads
    foot: list[FootLink] = field(default_factory=list)

    @property
    def secondary(self) -> list[NavItem]:
        """The places that a phone keeps under "Plus"."""
        return [item for item in self.nav if item.secondary]

    @property
    def secondary_is_current(self) -> bool:
        return any(item.current for item in self.secondary)
