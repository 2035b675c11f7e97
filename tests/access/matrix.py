"""The table of who may ask what (matrix.txt), and the rows of the plugins that are there."""

from dataclasses import dataclass
from pathlib import Path

from django.apps import apps

from .personas import PERSONAS

TABLE = Path(__file__).with_name("matrix.txt")
PLUGINS = {"forums": "forums", "events": "events", "library": "extranet.library"}
REQUESTS = ("GET", "POST")


@dataclass(frozen=True)
class Row:
    """What each persona is answered when she asks `what` by `method` with the sample `ask`.

    `what` is a URL pattern (GET, POST), a live topic (FOLLOW), a kind of notice (TELL) or a task (RUN).
    """

    what: str
    method: str
    ask: str
    answers: dict  # persona -> answer

    def __str__(self):
        return f"{self.what} {self.method} {self.ask}"

    def written_with(self, answers):
        """The line of the table with these answers, to be read beside it."""
        cells = "".join(f"{answers[persona]:<8}" for persona in PERSONAS)
        return f"{self.what:<45}{self.method:<7}{self.ask:<26}{cells}".rstrip()


def read():
    """The rows of the table, less those of plugins that EXTRANET_WITHOUT leaves out."""
    rows, plugin = [], ""
    for line in TABLE.read_text().splitlines():
        if line.startswith("["):
            plugin = line.strip("[]")
        elif line.strip() and not line.startswith("#") and apps.is_installed(PLUGINS.get(plugin, "extranet.circles")):
            what, method, ask, *answers = line.split()
            rows.append(Row(what, method, ask, dict(zip(PERSONAS, answers, strict=True))))
    return rows


def requests():
    """The rows that are requests of a URL pattern."""
    return [row for row in read() if row.method in REQUESTS]
