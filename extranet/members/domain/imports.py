from dataclasses import dataclass, field

from django.db import IntegrityError, transaction
from django.utils import timezone

from extranet.circles.domain import change_mandate, give_mandate
from extranet.circles.models import Commune, Function, Mandate
from extranet.ui.french import day as in_words

from .. import columns
from ..models import Invitation
from .invitations import announce
from .people import change_profile, create_person, find_person, known_elsewhere

CREATED, CHANGED, UNCHANGED, ERROR = "created", "changed", "unchanged", "error"
KEPT = object()  # the table has no such column: what is known stays


@dataclass(frozen=True)
class Line:
    """What became of one line of the table: its number in the spreadsheet, who, the outcome, and why in French."""

    number: int
    who: str
    outcome: str
    detail: str = ""
    announced: Mandate | None = None  # the function that the person will be written about


@dataclass
class Report:
    """What an import did, or would do: `done` says whether it is written."""

    lines: list = field(default_factory=list)
    done: bool = False

    def count(self, outcome):
        return sum(line.outcome == outcome for line in self.lines)

    @property
    def good(self):
        return [line for line in self.lines if line.outcome != ERROR]

    @property
    def errors(self):
        return [line for line in self.lines if line.outcome == ERROR]


def import_people(rows, territory, *, by=None, partial=False, dry_run=False, send=True, progress=None):
    """Bring in the people of a table, `rows` as `ui.tables.read_table` gives them. Returns a Report.

    A line is known by its address, commune and function: a second import changes, never doubles. Nothing is written
    when a line is wrong, unless `partial`, nor with `dry_run`, which does everything and takes it back, so that it
    tells exactly what an import would do. Each new person gets one invitation unless `send` is False. `progress`, a
    callable, is called after each line. Raises: ValueError, in French, when the table lacks a column.
    """
    names = columns.fields_of(rows[0][1] if rows else columns.REQUIRED.values())
    report, told, seen = Report(), {}, {}
    communes = {commune.insee_code: commune for commune in Commune.objects.filter(territory=territory)}
    with transaction.atomic():
        for number, row in rows:
            cells = {name: row[column] for name, column in names.items()}
            line = _import_line(number, cells, territory, communes, seen)
            report.lines.append(line)
            if line.announced:
                told.setdefault(line.announced.user_id, line.announced)
            if progress:
                progress()
        report.done = not dry_run and (partial or not report.errors)
        if not report.done:
            transaction.set_rollback(True)
        elif send:
            for mandate in told.values():
                announce(mandate.user, mandate, by=by)
    return report


def _import_line(number, cells, territory, communes, seen):
    who = str(cells["email"]).strip() or "(sans adresse)"
    try:
        values = _read(cells, territory, communes)
        with transaction.atomic():
            return _apply(number, values, territory, seen)
    except ValueError as error:
        return Line(number, who, ERROR, _sentence(str(error)))
    except IntegrityError:
        return Line(number, who, ERROR, "Ces dates ne vont pas avec une fonction déjà tenue.")


def _read(cells, territory, communes):
    """The values of a line, checked."""
    readers = {
        "email": columns.email,
        "first_name": columns.name,
        "last_name": columns.name,
        "insee_code": columns.insee_code,
        "function": columns.function,
        "starts_on": columns.day,
        "ends_on": columns.day,
        "phone": columns.phone,
    }
    values = {name: reader(cells[name]) if name in cells else KEPT for name, reader in readers.items()}
    values["commune"] = None
    if values["insee_code"] and values["insee_code"] != territory.siren:
        values["commune"] = communes.get(values["insee_code"])
        if values["commune"] is None:
            raise ValueError(f"{values['insee_code']} n’est le code INSEE d’aucune commune de l’intercommunalité")
    elif not values["insee_code"] and values["function"] != Function.ADMINISTRATOR:
        raise ValueError("le code INSEE de la commune (ou le SIREN de l’intercommunalité) est absent")
    elif values["function"] == Function.ELECTED:
        raise ValueError("un élu l’est d’une commune\u202f: indiquez son code INSEE")
    starts_on = values["starts_on"] if values["starts_on"] is not KEPT else None
    ends_on = values["ends_on"] if values["ends_on"] is not KEPT else None
    if starts_on and ends_on and ends_on < starts_on:
        raise ValueError("la date de fin précède la date de début")
    return values


def _apply(number, values, territory, seen):
    """Write one line. Raises ValueError for what only the database, or an earlier line, knows."""
    user = find_person(values["email"])
    is_new = user is None
    given = {name: _given(values[name]) for name in ("first_name", "last_name", "phone")}
    if is_new:
        if not given["first_name"] or not given["last_name"]:
            raise ValueError("le prénom et le nom d’une nouvelle personne sont nécessaires")
        user = create_person(values["email"], given["first_name"], given["last_name"])
    elif not user.is_active:
        raise ValueError("le compte de cette personne est désactivé")
    changed = [] if not is_new and known_elsewhere(user, territory) else change_profile(user, **given)
    mandate, gave, moved = _mandate(user, values, territory)
    _check_earlier(seen, number, user, changed if not is_new else [], mandate, moved)
    details = ["nouvelle personne" if is_new else "nouvelle fonction"] if gave else [*changed, *moved]
    outcome = CREATED if gave else CHANGED if details else UNCHANGED
    who = f"{user.get_full_name() or user.email}, {mandate.label}"
    announced = mandate if _to_announce(user, mandate, gave) else None
    return Line(number, who, outcome, _sentence(", ".join(details)), announced)


def _check_earlier(seen, number, user, changed, mandate, moved):
    """Two lines of one table may repeat each other, never contradict. Raises ValueError naming the earlier one."""
    if changed and ("user", user.pk) in seen:
        raise ValueError(f"la ligne {seen['user', user.pk]} dit autre chose de cette personne ({', '.join(changed)})")
    if moved and ("mandate", mandate.pk) in seen:
        raise ValueError(f"la ligne {seen['mandate', mandate.pk]} donne d’autres dates à cette fonction")
    seen.setdefault(("user", user.pk), number)
    seen.setdefault(("mandate", mandate.pk), number)


def _to_announce(user, mandate, gave):
    """Whether this person is written to: a new function, or an account that nobody ever invited her to open."""
    if mandate.ends_on and mandate.ends_on < timezone.localdate():
        return False
    never_came = user.last_login is None and not user.has_usable_password()
    return gave or (never_came and not Invitation.objects.filter(user=user, territory=mandate.territory).exists())


def _given(value):
    """What a cell says, None when it says nothing: an empty cell erases neither a name nor a phone."""
    return None if value is KEPT or value == "" else value


def _mandate(user, values, territory):
    """The mandate that the line speaks of, made or changed: (mandate, whether it is new, what changed in French)."""
    starts_on, ends_on = _given(values["starts_on"]), values["ends_on"]
    mandates = Mandate.objects.filter(
        user=user, territory=territory, commune=values["commune"], function=values["function"]
    ).select_related("commune", "territory")
    found = _matching(list(mandates), starts_on, ends_on)
    if found is None:
        end = None if ends_on is KEPT else ends_on
        if end and end < (starts_on or timezone.localdate()):
            raise ValueError("la date de fin est passée\u202f: indiquez aussi la date de début")
        new = give_mandate(
            user,
            values["function"],
            territory=territory,
            commune=values["commune"],
            starts_on=starts_on,
            ends_on=end,
        )
        return new, True, []
    start = starts_on or found.starts_on
    end = found.ends_on if ends_on is KEPT else ends_on
    if end and end < start:
        raise ValueError("la date de fin précède la date de début")
    moved = []
    if start != found.starts_on:
        moved.append(f"début le {in_words(start, year=True, weekday=False)}")
    if end != found.ends_on:
        moved.append(f"fin le {in_words(end, year=True, weekday=False)}" if end else "sans date de fin")
    if moved:
        change_mandate(found, starts_on=start, ends_on=end)
    return found, False, moved


def _matching(mandates, starts_on, ends_on):
    """Which of a person's mandates of one function in one commune a line speaks of.

    The one that starts that day; else one that its dates overlap: a start corrected afterwards. Without a start, the
    one that ends that day, or that has not ended.
    """
    end = None if ends_on is KEPT else ends_on
    if starts_on:
        same = [mandate for mandate in mandates if mandate.starts_on == starts_on]
        return next(iter(same or (m for m in mandates if _overlap(m, starts_on, end))), None)
    today = timezone.localdate()
    same = [mandate for mandate in mandates if end and mandate.ends_on == end]
    return next(iter(same or (m for m in mandates if m.ends_on is None or m.ends_on >= today)), None)


def _overlap(mandate, starts_on, ends_on):
    ends_before = ends_on is not None and ends_on < mandate.starts_on
    starts_after = mandate.ends_on is not None and mandate.ends_on < starts_on
    return not ends_before and not starts_after


def _sentence(text):
    return f"{text[0].upper()}{text[1:]}." if text else ""
