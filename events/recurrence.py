"""When a series takes place. Pure functions: rules are RFC 5545 text, hours are local hours, all year round."""

import itertools
from datetime import UTC, datetime, time, timedelta

from dateutil.rrule import rrulestr
from django.utils import timezone

MONTHS_AHEAD = 18
MOST_OCCURRENCES = 400  # a weekly meeting for years; beyond it a rule is a mistake

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip
ORDINALS = {1: "premier", 2: "deuxième", 3: "troisième", 4: "quatrième", -1: "dernier"}


class BadRule(ValueError):
    """A rule that cannot be read, or that never or too often comes true."""


class NoSuchHour(ValueError):
    """An hour that the change to summer time skips."""


def monthly_rule(ordinal, weekday, skipped_months=()):
    """Every `ordinal` (1 to 4, -1 for the last) `weekday` (0 is Monday) of the months not skipped (1 to 12)."""
    return f"FREQ=MONTHLY;BYDAY={ordinal}{WEEKDAYS[weekday]}{_months(skipped_months)}"


def weekly_rule(every, weekday, skipped_months=()):
    """A `weekday` (0 is Monday) every `every` weeks, but in the skipped months (1 to 12)."""
    return f"FREQ=WEEKLY;INTERVAL={every};BYDAY={WEEKDAYS[weekday]}{_months(skipped_months)}"


def _months(skipped):
    kept = [month for month in range(1, 13) if month not in set(skipped)]
    if not kept:
        raise BadRule("Il ne reste aucun mois\u202f: gardez-en au moins un.")
    return "" if len(kept) == 12 else f";BYMONTH={','.join(map(str, kept))}"


def words(rule):
    """The rule as one says it: « le premier mardi de chaque mois, sauf en août »."""
    parts = dict(part.split("=", 1) for part in rule.split(";"))
    weekday = DAYS[WEEKDAYS.index(parts["BYDAY"][-2:])]
    if parts["FREQ"] == "WEEKLY":
        every = int(parts.get("INTERVAL", 1))
        said = f"le {weekday}, chaque semaine" if every == 1 else f"le {weekday}, toutes les {every} semaines"
    else:
        said = f"le {ORDINALS[int(parts['BYDAY'][:-2])]} {weekday} de chaque mois"
    kept = {int(month) for month in parts.get("BYMONTH", "").split(",") if month}
    skipped = [MONTHS[month - 1] for month in range(1, 13) if kept and month not in kept]
    if skipped:
        said += f", sauf en {' et '.join(filter(None, [', '.join(skipped[:-1]), skipped[-1]]))}"
    return said


def occurrences(rule, first_on, starts, zone, until, exceptions=()):
    """The aware moments at which a series begins, from `first_on` to `until` (dates, both included).

    The local hour is the same all year. When summer time skips it, the hour counts as in winter time (RFC 5545 3.3.5).

    Raises: BadRule.
    """
    skipped = {day if isinstance(day, str) else day.isoformat() for day in exceptions}
    try:
        days = rrulestr(rule, dtstart=datetime.combine(first_on, starts))
        upper = datetime.combine(until, time.max)
        found = list(itertools.islice(itertools.takewhile(lambda day: day <= upper, days), MOST_OCCURRENCES + 1))
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise BadRule("Cette règle de répétition ne peut pas être lue.") from error
    if len(found) > MOST_OCCURRENCES:
        raise BadRule("Cette règle donne trop de séances\u202f: raccourcissez la période.")
    return [day.replace(tzinfo=zone).astimezone(UTC) for day in found if day.date().isoformat() not in skipped]


def horizon(today):
    """The day until which occurrences are stored: eighteen months ahead, to the end of that month."""
    months = today.year * 12 + today.month + MONTHS_AHEAD
    return today.replace(year=months // 12, month=months % 12 + 1, day=1) - timedelta(days=1)


def moment(day, hour, zone=None):
    """The aware moment of a local day and hour; of an hour said twice in the autumn, the first.

    Raises: NoSuchHour, for an hour that the change to summer time skips.
    """
    zone = zone or timezone.get_default_timezone()
    local = datetime.combine(day, hour).replace(tzinfo=zone)
    if local.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise NoSuchHour("Cette heure n’existe pas\u202f: on passe cette nuit-là à l’heure d’été.")
    return local
