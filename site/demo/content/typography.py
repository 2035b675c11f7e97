"""French typography for sources typed with ordinary spaces and apostrophes."""

import re

NARROW = "\u202f"

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
