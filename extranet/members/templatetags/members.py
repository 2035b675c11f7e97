from django import template

from ..domain.imports import CHANGED, CREATED, ERROR, UNCHANGED

register = template.Library()
WORDS = {CREATED: "Ajout", CHANGED: "Modification", UNCHANGED: "Déjà à jour", ERROR: "Erreur"}
TALLIES = {
    CREATED: ("1 ajout", "{} ajouts"),
    CHANGED: ("1 modification", "{} modifications"),
    UNCHANGED: ("1 ligne déjà à jour", "{} lignes déjà à jour"),
    ERROR: ("1 erreur", "{} erreurs"),
}


@register.filter
def outcome(code):
    """What became of a line of an import, in a word."""
    return WORDS[code]


@register.filter
def tally(report):
    """« 12 ajouts, 1 modification, 2 erreurs. »"""
    counts = [(report.count(code), one, many) for code, (one, many) in TALLIES.items()]
    words = [one if count == 1 else many.format(count) for count, one, many in counts if count]
    return f"{', '.join(words)}." if words else "Ce tableau n’a aucune ligne."
