from .directory import commune, communes, people, people_csv, person, person_vcard, profile
from .imports import import_people
from .invitations import accept, invite, resend

__all__ = [
    "accept",
    "commune",
    "communes",
    "import_people",
    "invite",
    "people",
    "people_csv",
    "person",
    "person_vcard",
    "profile",
    "resend",
]
