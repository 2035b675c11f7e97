"""The written content of the demo network, read from `content/` (its format: content/README.md).

Pure functions: they read files and return dataclasses, never touch the database. Dates of living content are relative
to a `now` that the caller gives, so that the same day builds the same network twice. Texts come back with French
typography: the sources are typed with ordinary spaces and apostrophes.
"""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import holidays
import yaml

FOLDER = Path(__file__).parent / "content"
PARIS = ZoneInfo("Europe/Paris")
NARROW = "\u202f"

THEMES = {
    "achats": "Achats",
    "batiments": "Bâtiments et énergie",
    "ecoles-jeunesse": "Écoles et jeunesse",
    "etat-civil": "État civil et élections",
    "finances": "Finances",
    "informatique": "Informatique",
    "juridique": "Juridique",
    "materiel": "Matériel",
    "ressources-humaines": "Ressources humaines",
    "urbanisme": "Urbanisme",
    "voirie": "Voirie et espace public",
}

SECTIONS = ("Base légale", "Méthode", "Coûts", "Moyens humains", "Exemples", "Documents modèles", "Contact")


@dataclass(frozen=True)
class Mandate:
    """A function in a commune (`insee` empty: the authority itself), or in one circle for guests and partners."""

    insee: str
    function: str
    title: str
    start: str
    end: str
    circle: str


@dataclass(frozen=True)
class Person:
    email: str
    first_name: str
    last_name: str
    phone: str
    themes: tuple[str, ...]
    mandates: tuple[Mandate, ...]

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"


@dataclass(frozen=True)
class Account:
    """Someone whom the demo lets in; `role` is what the command prints."""

    role: str
    email: str


@dataclass(frozen=True)
class Circle:
    slug: str
    kind: str  # all, quadrant, commission, working_group
    title: str
    summary: str
    rule: str = ""
    quadrant: str = ""
    max_population: int | None = None
    communes_without_population: tuple[str, ...] = ()
    mission: str = ""
    born_of: str = ""
    pilot: str = ""
    rapporteur: str = ""
    deadline: str = ""
    deliverables: tuple[str, ...] = ()
    facilitators: tuple[str, ...] = ()
    members: tuple[str, ...] = ()


@dataclass(frozen=True)
class PostText:
    author: str
    when: str
    body: str


@dataclass(frozen=True)
class ThreadText:
    """`circles[0]` is the home circle; the first post opens the thread."""

    slug: str
    title: str
    circles: tuple[str, ...]
    theme: str
    posts: tuple[PostText, ...]


@dataclass(frozen=True)
class RoundTable:
    title: str
    facilitator: str
    rapporteur: str
    seats: int
    findings: tuple[str, ...] = ()


@dataclass(frozen=True)
class EventText:
    """`start` and `end` are instants as written; `insee` is the commune that hosts, empty when held elsewhere."""

    slug: str
    title: str
    kind: str  # monthly, quadrant, working_group, seminar, briefing, training
    circles: tuple[str, ...]
    start: str
    end: str
    place: str
    organiser: str
    description: str
    agenda: str
    insee: str = ""
    seats: int | None = None
    remote: bool = False
    round_tables: tuple[RoundTable, ...] = ()


@dataclass(frozen=True)
class SeriesText:
    """A meeting that comes back on the same weekday of each month; `agendas` by month, `agendas_on` by ISO date."""

    slug: str
    title: str
    kind: str
    circles: tuple[str, ...]
    rrule: str
    months: tuple[int, ...]
    start_time: str
    end_time: str
    hosts: tuple[dict, ...]
    organiser: str
    description: str
    agendas: dict[int, str]
    agendas_on: dict[str, str]


@dataclass(frozen=True)
class Sheet:
    slug: str
    title: str
    theme: str
    form: str
    summary: str
    author: str
    when: str
    valid_until: str
    legal: tuple[str, ...]
    circles: tuple[str, ...]
    body: str


@dataclass(frozen=True)
class FileText:
    path: Path
    title: str
    kind: str
    theme: str
    circles: tuple[str, ...]
    author: str
    when: str
    summary: str
    form: str = ""


@dataclass(frozen=True)
class Content:
    people: tuple[Person, ...]
    accounts: tuple[Account, ...]
    circles: tuple[Circle, ...]
    threads: tuple[ThreadText, ...]
    series: tuple[SeriesText, ...]
    events: tuple[EventText, ...]
    sheets: tuple[Sheet, ...]
    files: tuple[FileText, ...] = field(default=())


# Dates


@cache
def _public_holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("FR", years=year))


def is_working_day(day: date) -> bool:
    """Monday to Friday, public holidays of metropolitan France excepted."""
    return day.weekday() < 5 and day not in _public_holidays(day.year)


def working_day(today: date, offset: int) -> date:
    """The working day `offset` working days from `today`; 0 is today, or the last one before if today is not one."""
    day = today
    step = timedelta(days=1 if offset > 0 else -1)
    if offset <= 0:
        while not is_working_day(day):
            day += step
    for _ in range(abs(offset)):
        day += step
        while not is_working_day(day):
            day += step
    return day


def instant(text: str, now: datetime) -> datetime:
    """What a written date means, in Paris time.

    "2012-11-05 09:12", "-3d 14:05" (working days), "-25min", or a day alone. Raises ValueError for anything else.
    """
    text = text.strip()
    local = now.astimezone(PARIS)
    if match := re.fullmatch(r"-(\d+)min", text):
        return local - timedelta(minutes=int(match[1]))
    day, _, clock = text.partition(" ")
    hour = time.fromisoformat(clock) if clock else time(0)
    if match := re.fullmatch(r"([+-]\d+)d", day):
        return datetime.combine(working_day(local.date(), int(match[1])), hour, PARIS)
    return datetime.combine(date.fromisoformat(day), hour, PARIS)


def monthly_days(series: SeriesText, first: date, last: date) -> Iterator[date]:
    """The first Tuesdays between two days, in the series' months; a public holiday moves the meeting by a week."""
    month = first.replace(day=1)
    while month <= last:
        day = month + timedelta(days=(1 - month.weekday()) % 7)
        if not is_working_day(day):
            day += timedelta(days=7)
        if month.month in series.months and first <= day <= last:
            yield day
        month = (month + timedelta(days=32)).replace(day=1)


def occurrences(series: SeriesText, first: date, last: date) -> Iterator[EventText]:
    """The meetings of a series between two days, each with its host, in turn, and its agenda."""
    for day in monthly_days(series, first, last):
        host = series.hosts[(day.year * 11 + day.month - (day.month > 8)) % len(series.hosts)]
        yield EventText(
            slug=f"{series.slug}-{day:%Y-%m}",
            title=series.title,
            kind=series.kind,
            circles=series.circles,
            start=f"{day} {series.start_time}",
            end=f"{day} {series.end_time}",
            place=french(host["place"]),
            insee=host["insee"],
            organiser=series.organiser,
            description=series.description,
            agenda=series.agendas_on.get(day.isoformat(), series.agendas[day.month]),
            remote=True,
        )


# Typography

_CODE = re.compile(r"(`[^`\n]*`|\]\([^)\s]*\)|https?://\S+|^[ \t]*\|[ \t:|-]+\|[ \t]*$)", re.MULTILINE)
_SPACES = (
    (re.compile(r" ([;:!?»%€])"), rf"{NARROW}\1"),
    (re.compile(r"« "), f"«{NARROW}"),
    (re.compile(r"(?<=\d) (?=\d{3}(?!\d))"), NARROW),
    (re.compile(r"(?<=\d) (?=(?:h|km|kg|m²|m|t|kWh|MWh|l|ETP|Ko|min)\b)"), NARROW),
    (re.compile(r"\b(h|n°|art\.|p\.|M\.|Mme) (?=[\dA-ZÉ])"), rf"\1{NARROW}"),
)


def french(text: str) -> str:
    """The text with French typography: curly apostrophes, narrow no-break spaces where the rules ask for them.

    Markdown code, addresses and the rules under table heads stay as they are.
    """
    pieces = _CODE.split(text)
    for index in range(0, len(pieces), 2):
        piece = re.sub(r"(?<=\w)'", "’", pieces[index])
        for pattern, replacement in _SPACES:
            piece = pattern.sub(replacement, piece)
        pieces[index] = piece
    return "".join(pieces)


def _french_values(value):
    if isinstance(value, str):
        return french(value.strip())
    if isinstance(value, list):
        return tuple(_french_values(item) for item in value)
    return value


# Files


def _front_matter(path: Path) -> tuple[dict, str]:
    _, head, body = path.read_text(encoding="utf-8").split("---\n", 2)
    return yaml.safe_load(head), body.strip()


def _yaml(name: str):
    return yaml.safe_load((FOLDER / name).read_text(encoding="utf-8"))


def people() -> tuple[Person, ...]:
    """The people of people.csv; several lines with one address are several mandates of one person."""
    lines: dict[str, list[dict]] = {}
    with (FOLDER / "people.csv").open(encoding="utf-8", newline="") as source:
        for line in csv.DictReader(source, delimiter=";"):
            lines.setdefault(line["email"], []).append(line)
    return tuple(
        Person(
            email=email,
            first_name=rows[0]["first_name"],
            last_name=rows[0]["last_name"],
            phone=rows[0]["phone"],
            themes=tuple(rows[0]["themes"].split(",")),
            mandates=tuple(
                Mandate(row["insee"], row["function"], french(row["title"]), row["start"], row["end"], row["circle"])
                for row in rows
            ),
        )
        for email, rows in lines.items()
    )


def accounts() -> tuple[Account, ...]:
    return tuple(Account(french(entry["role"]), entry["email"]) for entry in _yaml("accounts.yaml"))


def circles() -> tuple[Circle, ...]:
    return tuple(
        Circle(**{key: _french_values(value) for key, value in entry.items()}) for entry in _yaml("circles.yaml")
    )


_POST = re.compile(r"^=== (?P<author>[^,\n]+), (?P<when>[^\n]+)$", re.MULTILINE)


def thread(path: Path) -> ThreadText:
    """One thread: front matter, then posts, each under a line `=== Prénom Nom, date`."""
    head, body = _front_matter(path)
    marks = list(_POST.finditer(body))
    ends = [mark.start() for mark in marks[1:]] + [len(body)]
    return ThreadText(
        slug=path.stem,
        title=french(head["title"]),
        circles=tuple(head["circles"]),
        theme=head["theme"],
        posts=tuple(
            PostText(mark["author"], mark["when"].strip(), french(body[mark.end() : end].strip()))
            for mark, end in zip(marks, ends, strict=True)
        ),
    )


def threads() -> tuple[ThreadText, ...]:
    return tuple(thread(path) for path in sorted((FOLDER / "threads").glob("*.md")))


def series() -> tuple[SeriesText, ...]:
    return tuple(
        SeriesText(
            **{key: _french_values(value) for key, value in entry.items() if key not in ("agendas", "agendas_on")},
            agendas={month: french(text.strip()) for month, text in entry["agendas"].items()},
            agendas_on={str(day): french(text.strip()) for day, text in entry["agendas_on"].items()},
        )
        for entry in _yaml("events.yaml")["series"]
    )


def _round_table(entry: dict) -> RoundTable:
    return RoundTable(**{key: _french_values(value) for key, value in entry.items()})


def events() -> tuple[EventText, ...]:
    return tuple(
        EventText(
            **{key: _french_values(value) for key, value in entry.items() if key != "round_tables"},
            round_tables=tuple(_round_table(table) for table in entry.get("round_tables", ())),
        )
        for entry in _yaml("events.yaml")["events"]
    )


def sheet(path: Path) -> Sheet:
    """One fact sheet; its Markdown body has a second-level heading for each section."""
    head, body = _front_matter(path)
    return Sheet(slug=path.stem, body=french(body), **{key: _french_values(value) for key, value in head.items()})


def sheets() -> tuple[Sheet, ...]:
    return tuple(sheet(path) for path in sorted((FOLDER / "sheets").glob("*.md")))


def files() -> tuple[FileText, ...]:
    return tuple(
        FileText(
            path=FOLDER / "files" / entry["file"],
            **{key: _french_values(value) for key, value in entry.items() if key != "file"},
        )
        for entry in _yaml("files.yaml")
    )


def read() -> Content:
    """All of it, checked by tests/demo/test_content.py."""
    return Content(people(), accounts(), circles(), threads(), series(), events(), sheets(), files())
