"""What can be done with territories, circles, mandates and audiences: the only writer of their tables."""

from .circles import describe, invite_observer, join, leave, open_circle, uninvite_observer
from .mandates import change_mandate, end_mandate, give_mandate
from .official import ImportReport, import_authority
from .rights import refresh_due, refresh_rights, rights_changed
from .sharing import relist, share
from .territories import add_commune, create_territory, territory_of_host

__all__ = [
    "ImportReport",
    "add_commune",
    "change_mandate",
    "create_territory",
    "describe",
    "end_mandate",
    "give_mandate",
    "import_authority",
    "invite_observer",
    "join",
    "leave",
    "open_circle",
    "refresh_due",
    "refresh_rights",
    "relist",
    "rights_changed",
    "share",
    "territory_of_host",
    "uninvite_observer",
]
