"""What the columns of a list of people are called and hold, as town halls write them. Pure functions.

Every reader takes a cell of `ui.tables.read_table` (text, number or date) and gives its value; ValueError says in
French what is wrong with it.
"""

import re
import unicodedata
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from extranet.circles.models import Function

HEADERS = {
    "email": ("courriel", "e-mail", "email", "mail", "mel", "adresse electronique", "adresse e-mail", "e-mail address"),
    "first_name": ("prenom", "first name", "firstname", "given name"),
    "last_name": ("nom", "nom de famille", "last name", "lastname", "surname", "family name"),
    "insee_code": ("code insee", "insee", "code commune", "insee code", "commune insee"),
    "function": ("fonction", "function", "role"),
    "starts_on": ("debut", "date de debut", "a partir du", "du", "start", "start date", "from"),
    "ends_on": ("fin", "date de fin", "jusqu'au", "au", "end", "end date", "until", "to"),
    "phone": ("telephone", "tel", "portable", "mobile", "phone", "phone number"),
}
REQUIRED = {"email": "courriel", "insee_code": "code INSEE", "function": "fonction"}
NAMES = {
    Function.DGS: ("directeur general des services", "directrice generale des services", "directeur", "directrice"),
    Function.DEPUTY: (
        "directeur general adjoint",
        "directrice generale adjointe",
        "directeur general adjoint des services",
        "directrice generale adjointe des services",
        "adjoint",
    ),
    Function.SUBSTITUTE: ("suppleant", "suppleante", "dgs suppleant", "dgs suppleante", "dgs par interim"),
    Function.AGENT: ("agente", "agent de la commune"),
    Function.ELECTED: ("elue", "elu lecteur", "maire", "adjoint au maire", "adjointe au maire"),
    Function.ADMINISTRATOR: ("administrateur", "administratrice", "dg"),
}
FUNCTIONS = {word: function for function, words in NAMES.items() for word in (function.value, *words)}
LONGEST_EMAIL = 150  # what Django's own user model takes as a username


def fold(text):
    """Text less case, accents, doubled spaces and French apostrophes, to compare what people type."""
    plain = unicodedata.normalize("NFKD", str(text)).replace("’", "'")
    return " ".join("".join(char for char in plain if not unicodedata.combining(char)).casefold().split())


FUNCTIONS |= {fold(function.label): function for function in NAMES}
FIELDS = {fold(header): field for field, headers in HEADERS.items() for header in headers}


def fields_of(names):
    """{field: column name} for the columns that we know. Raises: ValueError for one missing, or named twice."""
    found = {}
    for name in names:
        field = FIELDS.get(fold(str(name).replace("_", " ").rstrip(" *:")))
        if field is None:
            continue
        if field in found:
            raise ValueError(f"Les colonnes «\u202f{found[field]}\u202f» et «\u202f{name}\u202f» disent la même chose.")
        found[field] = name
    missing = [label for field, label in REQUIRED.items() if field not in found]
    if missing:
        words = ", ".join(missing)
        raise ValueError(f"Il manque {'la colonne' if len(missing) == 1 else 'les colonnes'}\u202f: {words}.")
    return found


def email(cell):
    text = str(cell).strip().lower()
    if not text:
        raise ValueError("le courriel est absent")
    try:
        validate_email(text)
    except ValidationError:
        raise ValueError(f"«\u202f{text}\u202f» n’est pas une adresse électronique") from None
    if len(text) > LONGEST_EMAIL:
        raise ValueError("cette adresse électronique est trop longue")
    return text


def name(cell):
    text = " ".join(str(cell).replace("\x00", "").split())
    if len(text) > 150:
        raise ValueError("un nom dépasse 150 caractères")
    return text


def insee_code(cell):
    """Five characters, or the nine of the authority's SIREN; Excel takes the first zero off (1001 for 01001)."""
    text = re.sub(r"\s", "", str(cell)).upper()
    text = text.zfill(5) if re.fullmatch(r"\d{4}", text) else text
    if text and not re.fullmatch(r"\d[0-9AB]\d{3}|\d{9}", text):
        raise ValueError(f"«\u202f{text}\u202f» n’est pas un code INSEE de commune")
    return text


def function(cell):
    if not str(cell).strip():
        raise ValueError("la fonction est absente")
    found = FUNCTIONS.get(fold(cell))
    if found is None:
        known = ", ".join(function.label for function in NAMES)
        raise ValueError(f"fonction «\u202f{cell}\u202f» inconnue\u202f: écrivez {known}")
    return found


def day(cell):
    """A date, from a real one, 31/12/2026 or 2026-12-31; None when empty."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = str(cell).strip()
    if not text:
        return None
    for shape in ("%d/%m/%Y", "%Y-%m-%d"):
        try:
            return datetime.strptime(text, shape).date()
        except ValueError:
            continue
    raise ValueError(f"«\u202f{text}\u202f» n’est pas une date\u202f: écrivez par exemple 31/12/2026")


def phone(cell):
    """« 02 41 05 40 00 »; a foreign or longer number is kept as it is typed. Excel takes the first zero off."""
    text = " ".join(str(cell).split())
    if not text:
        return ""
    digits = re.sub(r"[\s.\-/()]", "", text)
    if not re.fullmatch(r"\+?\d{4,15}", digits):
        raise ValueError(f"«\u202f{text}\u202f» n’est pas un numéro de téléphone")
    digits = re.sub(r"^(?:\+33|0033)(?=\d{9}$)", "0", digits)
    digits = f"0{digits}" if re.fullmatch(r"[1-9]\d{8}", digits) else digits
    return " ".join(re.findall("..", digits)) if re.fullmatch(r"0\d{9}", digits) else text
