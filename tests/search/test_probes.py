"""What French people type finds what they mean, the same on SQLite and on PostgreSQL."""

import pytest
from django.utils import timezone

from extranet.circles import domain as circles
from extranet.circles.models import Circle
from extranet.search import domain
from extranet.search.query import search

TEXTS = {
    "Élections municipales": "La tenue des bureaux de vote dans les communes.",
    "Groupement de commandes": "Convention constitutive d’un groupement. L’électricité est achetée en commun.",
    "Mise à disposition d’un agent": "Art. L. 5211-4-2 du code général des collectivités territoriales.",
    "Instruction du droit des sols": "Le service commun, les permis, l'œuvre d’art et Saint-Barthélemy-d’Anjou.",
    "Schéma de mutualisation": "Mutualiser un service ; le commun accord des maires.",
    "Écoles et périscolaire": "Nouveaux rythmes scolaires à la rentrée, aujourd’hui et demain. Qu’il est tôt.",
}
PROBES = {
    "election": ["Élections municipales"],
    "ÉLECTION": ["Élections municipales"],
    "élections commune": ["Élections municipales"],
    "tenue commune": ["Élections municipales"],
    "accord des communes": [],
    "accords communs": ["Schéma de mutualisation"],
    "vote bureau": ["Élections municipales"],
    "municipal": ["Élections municipales"],
    "l'électricité": ["Groupement de commandes"],
    "l’electricite": ["Groupement de commandes"],
    "d'un agent": ["Mise à disposition d’un agent"],
    "5211-4-2": ["Mise à disposition d’un agent"],
    "5211-2-4": [],
    "L5211": [],
    "service commun": ["Instruction du droit des sols", "Schéma de mutualisation"],
    '"service commun"': ["Instruction du droit des sols"],
    "« service commun »": ["Instruction du droit des sols"],
    "“services communs”": ["Instruction du droit des sols"],
    '"mise à disposition"': ["Mise à disposition d’un agent"],
    '"disposition mise"': [],
    "oeuvre": ["Instruction du droit des sols"],
    "Saint-Barthélemy": ["Instruction du droit des sols"],
    "mutualisations": ["Schéma de mutualisation"],
    "mutualisatio": ["Schéma de mutualisation"],
    "scol": ["Écoles et périscolaire"],
    "scol ": [],
    "rythme école": ["Écoles et périscolaire"],
    "aujourd'hui": ["Écoles et périscolaire"],
    "école licorne": [],
    "qu’il": ["Écoles et périscolaire"],
    "droit sols permis": ["Instruction du droit des sols"],
}


@pytest.fixture
def indexed(world):
    """Each text stands behind a group that Yves sees."""
    for title, text in TEXTS.items():
        circle = circles.open_circle(world.alm, Circle.Kind.GROUP, title)
        circles.join(circle, world.yves)
        domain.index(circle, "circles.circle", title, text, f"/{circle.pk}/", listed_at=timezone.now())
    return world


def test_each_probe_finds_what_is_expected(indexed):
    found = {probe: sorted(result.title for result in search(indexed.yves, probe)) for probe in PROBES}
    assert found == {probe: sorted(titles) for probe, titles in PROBES.items()}
