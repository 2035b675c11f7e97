"""What the benches have in common: measuring in turns, and one table a bench."""

import statistics
from dataclasses import dataclass, field
from time import perf_counter

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True)
class Figure:
    """A measure, its lower limit in the same run, and the goal set for their ratio (or for the measure itself).

    `limit` and `goal` may be None: a figure given for information. `ratio` replaces measured / limit where pairs were
    compared one by one.
    """

    what: str
    measured: float
    unit: str = "ms"
    limit: float | None = None
    goal: float | None = None
    ratio: float | None = None

    @property
    def judged(self):
        """What the goal is about: the ratio, or the measure where nothing is compared."""
        if self.ratio is not None:
            return self.ratio
        return self.measured if self.limit is None else self.measured / self.limit

    @property
    def reached(self):
        return None if self.goal is None else self.judged <= self.goal


@dataclass
class Report:
    """One bench on one database."""

    title: str
    figures: list = field(default_factory=list)
    notes: list = field(default_factory=list)

    def add(self, *args, **kwargs):
        self.figures.append(Figure(*args, **kwargs))

    @property
    def missed(self):
        return [figure for figure in self.figures if figure.reached is False]

    def show(self, console=None):
        table = Table(title=self.title, title_justify="left", title_style="bold")
        table.add_column("Mesure")
        for name in ("Valeur", "Plancher", "Rapport", "But", "Atteint"):
            table.add_column(name, justify="right", no_wrap=True)
        for figure in self.figures:
            compared = figure.limit is not None or figure.ratio is not None
            table.add_row(
                figure.what,
                _words(figure.measured, figure.unit),
                "" if figure.limit is None else _words(figure.limit, figure.unit),
                _number(figure.judged) if compared else "",
                "" if figure.goal is None else f"≤ {_number(figure.goal)}",
                {None: "", True: "oui", False: "[bold]non[/bold]"}[figure.reached],
            )
        console = console or Console()
        console.print(table)
        for note in self.notes:
            console.print(f"  {note}", style="dim")
        console.print()


def in_turns(works, runs, warm=3):
    """Run each of `works` (functions without arguments) once, then each again, `runs` times: what slows the machine
    down for a moment slows all of them. Returns a list of seconds for each work; the first `warm` turns do not count.
    """
    took = [[] for _ in works]
    for turn in range(runs + warm):
        for seconds, work in zip(took, works, strict=True):
            start = perf_counter()
            work()
            if turn >= warm:
                seconds.append(perf_counter() - start)
    return took


def median_ms(seconds):
    return statistics.median(seconds) * 1000


def p95_ms(seconds):
    ordered = sorted(seconds)
    return ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))] * 1000


def _words(value, unit):
    return f"{_number(value)} {unit}".strip()


def _number(value):
    decimals = 0 if (value == int(value) and value >= 1) or value >= 100 else 1 if value >= 10 else 2
    return f"{value:,.{decimals}f}".replace(",", "\u202f").replace(".", ",")
