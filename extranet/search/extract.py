"""The piece of a text that holds what was looked for, as safe HTML."""

import re

from django.utils.html import escape
from django.utils.safestring import mark_safe

from .words import fold, stem

LENGTH = 240  # characters
BEFORE = 60
# Letters as they may stand in the text, for each letter of a folded word.
VARIANTS = {"a": "aàâäáãå", "c": "cç", "e": "eéèêë", "i": "iîïíì", "n": "nñ", "o": "oôöóòõ", "u": "uùûüúù", "y": "yÿý"}


def extract(text, terms):
    """About 240 characters of `text` around the terms, escaped, with <mark> around each; its beginning if none is
    there (the title holds them)."""
    stems = {each for term in terms for each in term.stems}
    beginnings = tuple(term.beginning for term in terms if term.beginning)
    found = _first_words(text, stems, ())
    if beginnings and not any(stem(fold(match.group())) == terms[-1].stems[0] for match in found):
        found = _first_words(text, stems, beginnings)
    start = _start(text, found[0].start() if found else 0)
    end = _end(text, start + LENGTH)
    pieces, at = [], start
    for match in found:
        if match.start() >= at and match.end() <= end:
            pieces += [escape(text[at : match.start()]), "<mark>", escape(match.group()), "</mark>"]
            at = match.end()
    pieces.append(escape(text[at:end]))
    html = re.sub(r"\s+", " ", "".join(pieces)).replace("</mark> <mark>", " ").strip()
    return mark_safe(f"{'… ' if start else ''}{html}{' …' if end < len(text) and html else ''}")


def _first_words(text, stems, beginnings):
    """The words of the text that answer, from the first place where most of the stems stand together."""
    pattern = _pattern(stems, beginnings)
    if pattern is None:
        return []
    found = []
    for match in pattern.finditer(text):
        word = fold(match.group())
        if stem(word) in stems or (beginnings and word.startswith(beginnings)):
            found.append(match)
        if len(found) == 200:
            break
    best = max(range(len(found)), key=lambda n: (_together(found, n), -n), default=0)
    return found[best:]


def _together(found, first):
    """How many different words answer within one extract that begins at this one."""
    reach = found[first].start() + LENGTH - BEFORE
    return len({stem(fold(match.group())) for match in found[first : first + 20] if match.end() <= reach})


def _pattern(stems, beginnings):
    """Finds what may answer, quickly: a stem changes the last letters of its word, so only its beginning is sought."""
    starts = {each[: max(2, len(each) - 3)] for each in stems} | set(beginnings)
    if not starts:
        return None
    alternatives = "|".join(_loosely(start) for start in sorted(starts, key=len, reverse=True))
    return re.compile(rf"(?<![^\W_])(?:{alternatives})[^\W_]*", re.IGNORECASE)


def _loosely(start):
    letters = "".join(f"[{VARIANTS[letter]}]" if letter in VARIANTS else re.escape(letter) for letter in start)
    return letters.replace("[oôöóòõ][eéèêë]", "(?:[oôöóòõ][eéèêë]|œ)").replace("[aàâäáãå][eéèêë]", "(?:ae|æ|aé)")


def _start(text, position):
    """Where the extract begins: at a word, a little before `position`."""
    if position <= BEFORE:
        return 0
    cut = text.find(" ", position - BEFORE, position)
    return cut + 1 if cut >= 0 else position


def _end(text, position):
    if position >= len(text):
        return len(text)
    cut = text.rfind(" ", position - BEFORE, position)
    return cut if cut >= 0 else position
