"""A written sheet as a page shows it: sections with anchors for its table of contents, tables that scroll alone."""

import re
from dataclasses import dataclass
from itertools import count

from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify

LEVEL = re.compile(r"<h([345])>")
LOWER = re.compile(r"<(/?)h([45])>")
TABLE = re.compile(r"<table>.*?</table>", re.DOTALL)
COLUMN = re.compile(r"<th(?=[ >])")


@dataclass(frozen=True)
class SheetSection:
    """A titled part of a sheet; what comes before the first title has none."""

    anchor: str
    title: SafeString
    html: SafeString


def sections(html):
    """The sections of a sheet, from the safe HTML that `ui.markdown.render` made of its text.

    Whatever level its author began at, the highest titles become the h2 of the page, and those below follow.
    """
    level = min(map(int, LEVEL.findall(html)), default=3)
    pieces = re.split(rf"<h{level}>(.*?)</h{level}>", _tables(html), flags=re.DOTALL)
    found = [SheetSection("", SafeString(""), mark_safe(pieces[0]))] if pieces[0].strip() else []
    taken = set()
    for title, content in zip(pieces[1::2], pieces[2::2], strict=True):
        anchor = _free(slugify(strip_tags(title)) or "partie", taken)
        lowered = LOWER.sub(lambda match: f"<{match[1]}h{int(match[2]) - level + 2}>", content)
        found.append(SheetSection(anchor, mark_safe(title), mark_safe(lowered)))
    return found


def _free(base, taken):
    anchor = next(name for name in (base, *(f"{base}-{n}" for n in range(2, len(taken) + 3))) if name not in taken)
    taken.add(anchor)
    return anchor


def _tables(html):
    """Each table scrolls alone when it is too wide, reached by the keyboard under a name of its own."""
    number = count(1)

    def boxed(match):
        table = COLUMN.sub('<th scope="col"', match.group().replace("<table>", '<table class="data">', 1))
        label = f"Tableau {next(number)}"
        return f'<div class="table-box" tabindex="0" role="region" aria-label="{label}">{table}</div>'

    return TABLE.sub(boxed, html)
