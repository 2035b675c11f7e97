"""Reading the files of this folder (their format: README.md)."""

import csv
import re
from pathlib import Path

import yaml

from .shapes import (
    Account,
    Circle,
    Content,
    EventText,
    FileText,
    Mandate,
    Person,
    PollText,
    PostText,
    RoundTable,
    SeriesText,
    Sheet,
    ThreadText,
)
from .typography import french

FOLDER = Path(__file__).parent


def _french_values(value):
    if isinstance(value, str):
        return french(value.strip())
    if isinstance(value, list):
        return tuple(_french_values(item) for item in value)
    if isinstance(value, dict):
        return {name: _french_values(item) for name, item in value.items()}
    return value


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
        polls=tuple(
            PollText(**{key: _french_values(value) for key, value in entry.items()}) for entry in head.get("polls", ())
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
