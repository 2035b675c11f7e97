"""Who is who: territory, communes, circles, mandates, and what content inherits to be shared with circles."""

from .circle import ACTIONS, Circle, CircleGroupPermission, CircleUserPermission, Membership
from .mandate import Function, Mandate
from .pages import CircleIndexPage, CirclePage
from .shared import Audience, Shared
from .territory import Commune, Territory

__all__ = [
    "ACTIONS",
    "Audience",
    "Circle",
    "CircleGroupPermission",
    "CircleIndexPage",
    "CirclePage",
    "CircleUserPermission",
    "Commune",
    "Function",
    "Mandate",
    "Membership",
    "Shared",
    "Territory",
]
