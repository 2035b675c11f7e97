"""People and communes are found by those who may see them, under their name of today."""

import pytest
from django.core.management import call_command

from extranet.circles import domain as circles
from extranet.circles.models import Function
from extranet.members import domain
from extranet.search.query import search


@pytest.fixture
def found(world):
    """The titles of the people and communes that someone finds."""

    def ask(person, words):
        fresh = type(person).objects.get(pk=person.pk)
        results = search(fresh, words, kinds=["members.person", "members.commune"])
        return sorted(item.title for item in results if item.kind.startswith("members."))

    return ask


@pytest.fixture(autouse=True)
def indexed(world):
    call_command("reindex", verbosity=0)


def test_people_are_found_by_name_without_accents_and_by_function(world, found):
    assert found(world.marc, "helene") == ["Hélène Marchais"]
    assert found(world.marc, "dga avrille") == ["Karim Belkacem"]


def test_communes_are_found_by_name_and_by_insee_code(world, found):
    assert found(world.marc, "avrille") == ["Avrillé", "Jeanne Élue", "Karim Belkacem", "Marc Petit"]
    assert found(world.marc, "49196") == ["La Meignanne"]


def test_guest_and_stranger_find_only_whom_they_may_see(world, found):
    assert found(world.guest, "belkacem") == found(world.stranger, "marchais") == []
    assert found(world.guest, "marchais") == ["Hélène Marchais"]


def test_the_index_follows_names_and_functions(world, found, django_capture_on_commit_callbacks):
    domain.change_profile(world.karim, last_name="Dubois", themes="Logiciel de paie")
    assert found(world.helene, "dubois") == found(world.helene, "paie") == ["Karim Dubois"]
    with django_capture_on_commit_callbacks(execute=True):
        circles.give_mandate(world.marc, Function.DEPUTY, territory=world.alm, commune=world.feneu)
    assert found(world.helene, "dga feneu") == ["Marc Petit"]
    with django_capture_on_commit_callbacks(execute=True):
        for mandate in world.karim.mandates.all():
            circles.end_mandate(mandate)
    assert found(world.admin, "dubois") == []


def test_functions_in_one_authority_are_not_told_in_another(world, found, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        circles.give_mandate(world.helene, Function.AGENT, territory=world.saumur, commune=world.montsoreau)
    assert found(world.marc, "montsoreau") == []
    assert found(world.marc, "marchais") == found(world.stranger, "marchais") == ["Hélène Marchais"]
