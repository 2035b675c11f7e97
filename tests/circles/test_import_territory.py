"""Any French authority is built from the official list."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from wagtail.models import Site

from extranet.circles import official
from extranet.circles.models import Circle, CirclePage, Commune, Territory

SMALL = "200000172"  # CC Faucigny - Glières, seven communes


def run(*args, **options):
    out = StringIO()
    call_command("import_territory", *args, stdout=out, **options)
    return out.getvalue()


def test_the_official_list_is_whole():
    authorities = official.authorities()
    assert len(authorities) == 1255
    assert sum(len(authority.communes) for authority in authorities.values()) == 34871


@pytest.mark.django_db
def test_import_builds_communes_circles_and_pages():
    assert "7 communes créées" in run(SMALL)
    territory = Territory.objects.get(siren=SMALL)
    assert territory.name == "Faucigny - Glières"
    assert territory.communes.count() == 7
    assert territory.circles.filter(kind=Circle.Kind.COMMUNE).count() == 7
    assert CirclePage.objects.descendant_of(territory.site.root_page).live().count() == 8


@pytest.mark.django_db
def test_second_import_changes_nothing():
    run(SMALL)
    Commune.objects.filter(insee_code="74042").update(population=1)
    assert "0 communes créées, 1 mises à jour" in run(SMALL)
    assert "0 communes créées, 0 mises à jour" in run(SMALL)
    assert Commune.objects.get(insee_code="74042").population == 13736


@pytest.mark.django_db
def test_commune_that_left_the_list_is_kept_and_named():
    run(SMALL)
    territory = Territory.objects.get(siren=SMALL)
    Commune.objects.create(territory=territory, insee_code="74999", name="Commune disparue")
    assert "conservée : Commune disparue (74999)" in run(SMALL)


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["244900016", "Angers Loire"])
def test_unknown_siren_proposes_near_names(typed):
    with pytest.raises(CommandError, match="244900015  CU Angers Loire Métropole"):
        run(typed)


def test_search_finds_by_name_without_accents_or_case():
    assert run(search="ANGERS metropole") == "244900015  CU Angers Loire Métropole (29 communes)\n"


@pytest.mark.django_db
def test_two_territories_have_their_own_host():
    run(SMALL)
    with pytest.raises(CommandError, match="--host"):
        run("200071868")
    run("200071868", host="anjou.test")
    territory = Territory.objects.get(siren="200071868")
    assert territory.site == Site.objects.get(hostname="anjou.test")
    assert CirclePage.objects.descendant_of(territory.site.root_page).count() == territory.circles.count()
