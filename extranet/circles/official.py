"""The official list of the French authorities and their communes (INSEE, DGCL; Licence Ouverte 2.0: data/README.md)."""

import csv
import difflib
import lzma
import unicodedata
from dataclasses import dataclass, field
from functools import cache
from importlib import resources

POPULATION_YEAR = 2026
KINDS = {"CC": "CC", "CA": "CA", "CU": "CU", "METRO": "METRO", "MET69": "METLYON"}


@dataclass
class OfficialAuthority:
    """An authority (EPCI) of the official list with the rows of its communes."""

    siren: str
    name: str
    kind: str
    communes: list = field(default_factory=list)

    @property
    def short_name(self):
        """The name without the abbreviation that precedes it in the list: « Angers Loire Métropole »."""
        prefix, _, rest = self.name.partition(" ")
        return rest if prefix.isupper() and rest else self.name


@cache
def authorities():
    """All authorities by SIREN."""
    found = {}
    source = resources.files("extranet.circles") / "data" / "epci_communes_2026.csv.xz"
    with source.open("rb") as packed, lzma.open(packed, "rt", encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            authority = found.setdefault(
                row["epci_siren"],
                OfficialAuthority(row["epci_siren"], row["epci_name"], KINDS.get(row["epci_type"], "OTHER")),
            )
            authority.communes.append(row)
    return found


def search(words):
    """Authorities whose name, or a commune's, holds all the words, accents and case apart; by name, nearest first."""
    wanted = _fold(words).split()
    by_name = [each for each in authorities().values() if all(word in _fold(each.name) for word in wanted)]
    by_commune = [
        each
        for each in authorities().values()
        if each not in by_name
        and any(all(word in _fold(row["commune_name"]) for word in wanted) for row in each.communes)
    ]
    return sorted(by_name, key=lambda each: each.name) + sorted(by_commune, key=lambda each: each.name)


def near(text, most=5):
    """The authorities whose SIREN or name looks most like `text`: what to propose for an unknown one."""
    folded = _fold(text)
    if folded.isdigit():
        sirens = difflib.get_close_matches(folded, authorities(), n=most, cutoff=0.6)
        return [authorities()[siren] for siren in sirens]
    if found := search(text):
        return found[:most]
    names = {_fold(each.short_name): each for each in authorities().values()}
    return [names[name] for name in difflib.get_close_matches(folded, names, n=most, cutoff=0.5)]


def _fold(text):
    plain = unicodedata.normalize("NFKD", text.replace("’", "'").replace("-", " "))
    return "".join(char for char in plain if not unicodedata.combining(char)).casefold()
