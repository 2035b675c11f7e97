"""The written content of the demo network, read from the files of this folder (their format: README.md).

Pure functions: they read files and return dataclasses, never touch the database. Dates of living content are relative
to a `now` that the caller gives, so that the same day builds the same network twice. Texts come back with French
typography: the sources are typed with ordinary spaces and apostrophes.
"""

from .dates import PARIS, instant, is_working_day, monthly_days, occurrences, working_day
from .reading import FOLDER, accounts, circles, events, files, people, read, series, sheet, sheets, thread, threads
from .shapes import SECTIONS, THEMES
from .typography import NARROW, french

__all__ = [
    "FOLDER",
    "NARROW",
    "PARIS",
    "SECTIONS",
    "THEMES",
    "accounts",
    "circles",
    "events",
    "files",
    "french",
    "instant",
    "is_working_day",
    "monthly_days",
    "occurrences",
    "people",
    "read",
    "series",
    "sheet",
    "sheets",
    "thread",
    "threads",
    "working_day",
]
