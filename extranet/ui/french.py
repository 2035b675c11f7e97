"""French as a careful civil servant writes it: dates, hours, numbers, sizes, punctuation. Pure functions.

Hours and numbers hold together with no-break spaces: U+00A0 in "9 h 05", U+202F (narrow) in "1 234" and before ; : ! ?
(Lexique des règles typographiques en usage à l'Imprimerie nationale). Moments are shown in Django's current time zone.
"""

import datetime
import re
import unicodedata
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from django.utils import timezone

NBSP = "\u00a0"
NARROW = "\u202f"
DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip
UNITS = (
    "zéro", "une", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze", "treize",
    "quatorze", "quinze", "seize", "dix-sept", "dix-huit", "dix-neuf",
)  # fmt: skip
TENS = {2: "vingt", 3: "trente", 4: "quarante", 5: "cinquante"}

Moment = datetime.datetime | datetime.date


def local(value: datetime.datetime) -> datetime.datetime:
    """The same moment on the clock of the reader; a naive one is taken as already being there."""
    return timezone.localtime(value) if timezone.is_aware(value) else timezone.make_aware(value)


def date_of(value: Moment) -> datetime.date:
    """The calendar day of a date or of a moment, for the reader."""
    return local(value).date() if isinstance(value, datetime.datetime) else value


def feminine(count: int) -> str:
    """A number of minutes in words, from 0 to 59: "une", "vingt et une", "cinquante-neuf"."""
    if count < 20:
        return UNITS[count]
    tens, unit = divmod(count, 10)
    if unit == 0:
        return TENS[tens]
    return f"{TENS[tens]} et une" if unit == 1 else f"{TENS[tens]}-{UNITS[unit]}"


def ordinal_day(value: datetime.date) -> str:
    return "1er" if value.day == 1 else str(value.day)


def hour(value: datetime.datetime | datetime.time, *, full: bool = False) -> str:
    """ "9 h 05", "9 h"; with `full`, "9 h 00" so that the two ends of a meeting read alike."""
    clock = local(value) if isinstance(value, datetime.datetime) else value
    if clock.minute == 0 and not full:
        return f"{clock.hour}{NBSP}h"
    return f"{clock.hour}{NBSP}h{NBSP}{clock.minute:02d}"


def day(value: Moment, *, year: bool | None = None, weekday: bool = True, today: datetime.date | None = None) -> str:
    """ "mardi 1er décembre", followed by the year when `year` is true or, by default, when it is not this year."""
    date = date_of(value)
    if year is None:
        year = date.year != (today or timezone.localdate()).year
    words = f"{ordinal_day(date)}{NBSP}{MONTHS[date.month - 1]}"
    if weekday:
        words = f"{DAYS[date.weekday()]} {words}"
    return f"{words} {date.year}" if year else words


def lately(value: Moment, *, today: datetime.date | None = None) -> str:
    """The day alone, as one says it: "aujourd’hui", "hier", "demain", "mardi", "18 novembre"."""
    today = today or timezone.localdate()
    date = date_of(value)
    distance = (date - today).days
    near = {0: "aujourd’hui", -1: "hier", 1: "demain"}
    if distance in near:
        return near[distance]
    if -7 < distance < 0:
        return DAYS[date.weekday()]
    return day(date, weekday=False, today=today)


def when(value: Moment, *, now: datetime.datetime | None = None) -> str:
    """A moment as one says it: "il y a vingt minutes", "ce matin à 9 h 12", "hier à 14 h 05", "mardi à 9 h 40",
    "mercredi 18 novembre à 8 h 52". A date without an hour is said by `lately`.
    """
    now = local(now or timezone.now())
    if not isinstance(value, datetime.datetime):
        return lately(value, today=now.date())
    moment = local(value)
    seconds = (now - moment).total_seconds()
    if 0 <= seconds < 60:
        return "à l’instant"
    if 60 <= seconds < 3600:
        minutes = int(seconds // 60)
        return f"il y a {feminine(minutes)} minute{'' if minutes == 1 else 's'}"
    distance = (moment.date() - now.date()).days
    if distance == 0:
        words = part_of_day(moment)
    elif distance in {-1, 1} or -7 < distance < 0:
        words = lately(moment, today=now.date())
    else:
        words = day(moment, today=now.date())
    return f"{words} à {hour(moment)}"


def part_of_day(moment: datetime.datetime) -> str:
    if moment.hour < 12:
        return "ce matin"
    return "cet après-midi" if moment.hour < 18 else "ce soir"


def span(start: Moment, end: Moment | None = None, *, today: datetime.date | None = None) -> str:
    """When a meeting takes place: "Mardi 1er décembre, 9 h 00 à 12 h 00", "Du mardi 1er décembre à 14 h 00 au mercredi
    2 décembre à 12 h 00". Dates without hours are whole days.
    """
    if end is not None and not isinstance(end, datetime.datetime):
        end = None if end == start else end
    if end is None or end == start:
        words = day(start, today=today) + (f" à {hour(start, full=True)}" if has_hour(start) else "")
    elif date_of(start) == date_of(end):
        words = f"{day(start, today=today)}, {hour(start, full=True)} à {hour(end, full=True)}"
    else:
        first, last = (
            day(edge, today=today) + (f" à {hour(edge, full=True)}" if has_hour(edge) else "") for edge in (start, end)
        )
        words = f"du {first} au {last}"
    return words[0].upper() + words[1:]


def has_hour(value: Moment) -> bool:
    return isinstance(value, datetime.datetime)


def number(value: int | float | Decimal | str | None, decimals: int | None = None) -> str:
    """ "1 234 567" and "12,5"; None, or what is no number, is "non connue": nine communes have no population.

    With `decimals`, exactly that many after the comma, halves away from zero.
    """
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        return "non connue"
    if not amount.is_finite():
        return "non connue"
    if decimals is not None:
        amount = amount.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    elif amount != amount.to_integral_value():
        amount = amount.normalize()
    else:
        amount = amount.quantize(Decimal(1))
    words = f"{abs(amount):,f}".replace(",", NARROW).replace(".", ",")
    return f"\u2212{words}" if amount < 0 else words


def euros(value: int | float | Decimal | str | None) -> str:
    """ "1 234 567,50 €"; whole euros carry no cents."""
    words = number(value, 2)
    if words == "non connue":
        return words
    return f"{words.removesuffix(',00')}{NBSP}€"


def size(octets: int | None) -> str:
    """The weight of a file, counted as Windows does (1 Ko = 1 024 octets): "184 Ko", "1,4 Mo"."""
    if octets is None:
        return "taille non connue"
    if octets < 1024:
        return f"{octets}{NBSP}octet{'s' if octets > 1 else ''}"
    amount, unit = Decimal(octets), ""
    for unit in ("Ko", "Mo", "Go"):  # noqa: B007 the last one reached is the answer
        amount /= 1024
        if amount.quantize(Decimal(1)) < 1000:
            break
    whole = amount >= 10 or unit == "Ko"
    words = number(amount, 0 if whole else 1).removesuffix(",0")
    return f"{words}{NBSP}{unit}"


def initials(name: str) -> str:
    """The first letters of the first and last words: "AG" for Anne-Lise Guérin."""
    words = [word for word in re.split(r"[\s\u2019']+", name) if word[:1].isalpha()]
    return "".join(word[0].upper() for word in ([words[0], words[-1]] if len(words) > 1 else words))


def plural(count: int | float | None, forms: str = "s") -> str:
    """The ending of a word after a number; in French zero and 1,5 are singular. `forms`: "s", or "cheval,chevaux"."""
    singular, _, several = forms.rpartition(",")
    return several if abs(count or 0) >= 2 else singular


def of(place: str) -> str:
    """ "de Bouchemaine", "d’Avrillé", "des Ponts-de-Cé", "du Plessis-Grammoire", "de La Meignanne"."""
    if place.startswith("Les "):
        return f"des {place[4:]}"
    if place.startswith("Le "):
        return f"du {place[3:]}"
    plain = unicodedata.normalize("NFD", place[:1]).casefold()[:1]
    return f"d’{place}" if plain and plain in "aeiouœ" else f"de {place}"


def typo(text: str) -> str:
    """Typographic apostrophes and no-break spaces where an ordinary space or apostrophe was typed. Adds no space: a web
    address or an hour written "9:05" is left alone.
    """
    text = re.sub(r"(?<=\w)'(?=\w)", "’", text)
    text = re.sub(r"[ \u00a0](?=[;:!?%»])", NARROW, text)
    text = re.sub(r"(?<=«)[ \u00a0]", NARROW, text)
    text = re.sub(r"(?<=\d) (?=(?:€|h\b|[KMG]o\b))", NBSP, text)
    return re.sub(rf"(?<=\d{NBSP}h) (?=\d\d\b)", NBSP, text)
