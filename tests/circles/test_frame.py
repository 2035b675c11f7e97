"""What surrounds every page says who reads it, in one query."""

import pytest

from extranet.circles import access
from extranet.circles.frame import function_label


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("helene", "DGS, Bouchemaine"),
        ("karim", "DGA, Avrillé"),
        ("guest", "Expert invité"),
        ("admin", "Direction générale, Angers Loire Métropole"),
    ],
)
def test_label_says_function_and_place(world, name, label):
    user = getattr(world, name)
    users = type(user).objects.filter(pk=user.pk).annotate(label=function_label(user.pk, world.alm))
    assert users.get().label == label == user.mandates.get().label


def test_frame_names_the_person_and_her_groups(world, as_person):
    text = as_person(world.helene).get("/").content.decode()
    assert "Hélène Marchais" in text
    assert "DGS, Bouchemaine" in text
    assert "Achats" in text
    assert "Quadrant Nord-Ouest" not in text


def test_rights_are_forgotten_when_the_territory_changes(world):
    assert access.circles_of(world.helene)
    access.within(world.helene, world.saumur)
    assert access.circles_of(world.helene) == frozenset()
