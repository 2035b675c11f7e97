"""How French text becomes the words that are indexed and looked for: one analysis for both databases.

Done here rather than by PostgreSQL's text search configuration so that SQLite and PostgreSQL find the same things by
construction, and so that no extension has to be installed. Accents fall first, then the snowball stem is taken:
"Élections" and "election" are both "elect".
"""

import re
import unicodedata
from functools import lru_cache

import snowballstemmer

LONGEST_WORD = 64
APOSTROPHES = "'’ʼ`´"
WORD = re.compile(r"[^\W_]+")
# « l’élection », « qu’il » : what is elided is a grammatical word, the noun begins after it.
ELISION = re.compile(rf"(?<![^\W_])(?:[cdjlmnst]|(?:jus|lors|puis|quoi)?qu)[{APOSTROPHES}](?=\w)")
LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss"})
# Grammatical words: looked for inside quotes only, or when nothing else was typed.
STOP_WORDS = frozenset(
    word
    for line in (
        "a ai as au aux avec c ce ces cet cette d dans de des du elle elles en entre est et etre il ils j je l la le",
        "les leur leurs lui m ma mais me mes mon n ne ni nos notre nous on ont ou par pas pour qu que qui s sa sans se",
        "ses si son sont sous sur t te tu un une vers vos votre vous y",
    )
    for word in line.split()
)

# The stemmer makes one of « un service commun » and « une commune », the two most frequent words of these texts.
OWN_STEMS = {"commune": "commune", "communes": "commune"}

_STEMMER = snowballstemmer.stemmer("french")


def fold(text):
    """Lower case without accents nor ligatures: « Œuvre d’État » is "oeuvre d’etat". Its length may change."""
    decomposed = unicodedata.normalize("NFKD", text.lower().translate(LIGATURES))
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def split(text):
    """The folded words of `text` in order, without what is elided."""
    return [word[:LONGEST_WORD] for word in WORD.findall(ELISION.sub(" ", fold(text)))]


@lru_cache(maxsize=100_000)
def stem(word):
    """The stem of a folded word."""
    return OWN_STEMS.get(word) or _STEMMER.stemWord(word)
