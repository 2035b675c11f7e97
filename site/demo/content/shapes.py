"""The shapes of the written content: what `read` returns."""

from dataclasses import dataclass, field
from pathlib import Path

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
class PollText:
    """The question that the post of `when` puts. `voices`: what each elector says, by name: the number of a choice,
    with or without a reason, or an answer for each date."""

    when: str
    question: str
    kind: str
    closes: str
    voices: dict
    choices: tuple[str, ...] = ()
    by_commune: bool = False
    outcome: str = ""
    outcome_at: str = ""
    review: str = ""


@dataclass(frozen=True)
class ThreadText:
    """`circles[0]` is the home circle; the first post opens the thread."""

    slug: str
    title: str
    circles: tuple[str, ...]
    theme: str
    posts: tuple[PostText, ...]
    polls: tuple[PollText, ...] = ()


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
