"""The library: who sees, adds and changes; nothing of a hidden resource shows anywhere."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from extranet.library import domain
from extranet.library.models import FileVersion, Resource, Theme
from tests.library.conftest import upload

INDEX = "/ressources/"
AROUND = 3  # queries of any page: the person, her rights, the frame
CHANCE = re.compile(r'nonce="[^"]*"|name="csrfmiddlewaretoken" value="[^"]*"')  # drawn anew for each page


def page(client, url=INDEX, **params):
    response = client.get(url, params)
    assert response.status_code == 200
    return response.content.decode()


def test_what_is_shared_with_a_circle_is_listed_to_its_people(world, add, as_person):
    add(title="Convention constitutive")
    assert "Convention constitutive" in page(as_person(world.helene))


def test_a_hidden_resource_changes_no_byte_of_what_others_receive(world, add, as_person, theme):
    add(circles=[world.everyone], title="Visible")
    client = as_person(world.karim)
    asked = [{}, {"q": "canari"}, {"theme": theme.slug}, {"q": "visible"}, {"nature": "modele"}, {"groupe": "achats"}]

    def received():
        pages = [*(client.get(INDEX, each) for each in asked), client.get("/recherche/", {"q": "canari"})]
        return [CHANCE.sub("", each.content.decode()) for each in pages]

    before = received()
    hidden = add(
        title="canari-titre",
        kind=Resource.Kind.MODEL,
        summary="canari-resume",
        body="canari-texte",
        file=upload("canari-fichier.txt", b"canari dans le fichier"),
        at=timezone.now() - timedelta(days=1),
    )
    assert received() == before
    version = hidden.versions.get()
    for url in (
        hidden.get_absolute_url(),
        version.get_absolute_url(),
        reverse("library:latest", args=[hidden.pk]),
        reverse("library:edit", args=[hidden.pk]),
        reverse("library:new_version", args=[hidden.pk]),
    ):
        assert client.get(url).status_code == 404
    for name in ("archive", "restore"):
        assert client.post(reverse(f"library:{name}", args=[hidden.pk])).status_code == 404


def test_facets_count_what_answers_the_other_choices(world, add, as_person, theme):
    voirie = Theme.objects.get(slug="voirie")
    add(title="A", kind=Resource.Kind.MODEL)
    add(title="B", kind=Resource.Kind.MODEL, theme=voirie)
    add(title="C", theme=voirie, cooperation_form="3", circles=[world.everyone])
    shelf = as_person(world.yves).get(INDEX, {"theme": "voirie"}).context["shelf"]
    assert sorted(resource.title for resource, _ in shelf.rows) == ["B", "C"]
    counts = {facet.param: {choice.value: choice.count for choice in facet.choices} for facet in shelf.facets}
    assert counts == {
        "nature": {"modele": 1, "document": 1},
        "theme": {"achats": 1, "voirie": 2},
        "forme": {"3": 1},
        "groupe": {"achats": 1, "tous-les-membres": 1},
    }


def test_the_list_goes_on_page_after_page(world, add, as_person):
    now = timezone.now()
    for n in range(25):
        add(title=f"Note {n}", at=now - timedelta(hours=n))
    client = as_person(world.yves)
    for params in ({}, {"nature": "document"}):
        first = client.get(INDEX, params).context["shelf"]
        second = client.get(INDEX, params | {"apres": first.next}).context["shelf"]
        titles = [resource.title for resource, _ in [*first.rows, *second.rows]]
        assert titles == [f"Note {n}" for n in range(25)]
        assert second.next == ""


def test_a_made_up_cursor_is_refused_politely(world, as_person):
    assert as_person(world.yves).get(INDEX, {"apres": "n’importe quoi"}).status_code == 400


@pytest.mark.parametrize("number", [1, 12])
def test_pages_cost_the_same_whatever_there_is(world, add, as_person, number, django_assert_num_queries):
    for n in range(number):
        resource = add(title=f"Convention {n}", file=upload(content=f"Note {n}".encode()))
    for n in range(number):
        domain.add_version(resource, upload(content=f"Autre {n}".encode()), world.yves, "mise à jour")
    client = as_person(world.helene)
    for url in (INDEX, resource.get_absolute_url()):
        client.get(url)
    with django_assert_num_queries(AROUND + 5):
        client.get(INDEX)
    with django_assert_num_queries(AROUND + 5):
        client.get(INDEX, {"q": "convention"})
    with django_assert_num_queries(AROUND + 4):
        client.get(INDEX, {"nature": "document"})
    with django_assert_num_queries(AROUND + 3):
        client.get(resource.get_absolute_url())


def test_a_member_adds_a_file_and_finds_it(world, theme, as_person, django_capture_on_commit_callbacks):
    client = as_person(world.helene)
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(
            reverse("library:new"),
            {
                "title": "Tarifs du papier",
                "kind": "document",
                "theme": theme.pk,
                "circles": [world.group.pk, world.everyone.pk],
                "file": upload("tarifs.csv", "Ramette;Élections\n3,50;1".encode("cp1252")),
            },
        )
    resource = Resource.objects.get()
    assert answer.headers["Location"] == resource.get_absolute_url()
    assert (resource.home_circle, resource.author_label) == (world.group, "DGS, Bouchemaine")
    assert "Tarifs du papier" in page(client, q="election ramette")


def test_what_was_typed_stays_when_something_is_wrong(world, theme, as_person):
    data = {"title": "Ma fiche", "kind": "fiche", "theme": theme.pk, "body": "# Méthode\n\nLongue."}
    html = as_person(world.helene).post(reverse("library:new") + "?quoi=fiche", data).content.decode()
    assert "Choisissez au moins un groupe" in html
    assert "Longue." in html
    assert Resource.objects.count() == 0


def test_a_resource_is_never_shared_with_a_circle_where_one_may_not_contribute(world, theme, as_person):
    data = {"title": "Intrus", "kind": "document", "theme": theme.pk, "file": upload()}
    answer = as_person(world.karim).post(reverse("library:new"), data | {"circles": [world.group.pk]})
    assert answer.status_code == 200
    assert Resource.objects.count() == 0


def test_an_elected_reader_reads_but_does_not_add(world, add, as_person):
    add(circles=[world.everyone], author=world.karim)
    client = as_person(world.elue)
    assert "Convention" in page(client)
    assert client.get(reverse("library:new")).status_code == 404


def test_only_its_author_and_its_facilitators_change_a_resource(world, add, as_person, theme):
    resource = add(author=world.helene, circles=[world.group])
    data = {"title": "Neuf", "kind": "document", "theme": theme.pk, "circles": [world.group.pk]}
    url = reverse("library:edit", args=[resource.pk])
    assert as_person(world.guest).post(url, data).status_code == 404
    for user in (world.helene, world.yves):
        assert as_person(user).post(url, data).status_code == 302
    resource.refresh_from_db()
    assert resource.title == "Neuf"


def test_changing_the_audience_leaves_the_circles_one_does_not_see(world, add, as_person, theme):
    resource = add(author=world.helene, circles=[world.group, world.commission])
    data = {"title": "Neuf", "kind": "document", "theme": theme.pk, "circles": [world.group.pk, world.everyone.pk]}
    as_person(world.helene).post(reverse("library:edit", args=[resource.pk]), data)
    audience = set(resource.audience.values_list("circle", flat=True))
    assert audience == {world.group.pk, world.everyone.pk, world.commission.pk}


def test_a_sheet_has_sections_a_table_of_contents_and_an_outline(world, add, as_person):
    body = "Avant.\n\n## Base légale\n\nTexte.\n\n### Détail\n\n## Coût\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n## Coût\n"
    resource = add(kind=Resource.Kind.SHEET, body=body, legal_references="CGCT L5211-4-2")
    html = page(as_person(world.helene), resource.get_absolute_url())
    for piece in (
        '<section id="base-legale">',
        "<h2>Base légale</h2>",
        "<h3>Détail</h3>",
        '<a href="#cout-2">Coût</a>',
        '<table class="data">',
        '<th scope="col">a</th>',
        "CGCT L5211-4-2",
    ):
        assert piece in html


def test_a_preview_shows_the_text_without_keeping_it(world, as_person):
    url = reverse("library:new") + "?quoi=fiche"
    data = {"preview": "1", "body": "# Méthode\n\n<script>alert(1)</script>", "title": "En cours"}
    client = as_person(world.helene)
    piece = client.post(url, data, headers={"HX-Request": "true"}).content.decode()
    assert '<section id="methode">' in piece
    assert "<script>" not in piece
    assert 'value="En cours"' in client.post(url, data).content.decode()
    assert Resource.objects.count() == 0


def test_an_archived_resource_leaves_lists_and_search_but_keeps_its_address(world, add, as_person):
    resource = add(title="Vieille convention")
    client = as_person(world.yves)
    client.post(reverse("library:archive", args=[resource.pk]))
    assert "Vieille convention" not in page(client, q="convention")
    client.get(resource.get_absolute_url())
    assert "Vieille convention" not in page(client)
    assert "archivée depuis" in page(client, resource.get_absolute_url())
    assert "Vieille convention" in page(client, archivees="1")
    client.post(reverse("library:restore", args=[resource.pk]))
    client.get(resource.get_absolute_url())
    assert "Vieille convention" in page(client, q="convention")


def test_a_new_version_keeps_the_others_and_comes_first(world, add, as_person):
    resource = add(file=upload("tarif.txt", b"Ancien tarif"), reason="première")
    client = as_person(world.yves)
    client.post(
        reverse("library:new_version", args=[resource.pk]),
        {"file": upload("tarif.txt", b"Nouveau tarif"), "reason": "prix 2027"},
    )
    assert [version.number for version in resource.versions.all()] == [2, 1]
    assert client.get(reverse("library:latest", args=[resource.pk])).headers["Location"].endswith("/2/tarif.txt")
    first = resource.versions.get(number=1)
    assert b"".join(client.get(first.get_absolute_url()).streaming_content) == b"Ancien tarif"


def test_the_dashboard_and_the_circle_show_the_newest(world, add, as_person):
    add(title="Convention du groupe")
    client = as_person(world.helene)
    for url in ("/", client.get(reverse("circles:circle", args=[world.group.slug])).headers["Location"]):
        assert "Convention du groupe" in page(client, url)
    assert "Convention du groupe" not in page(as_person(world.karim), "/")


def test_versions_are_numbered_without_gap(world, add):
    resource = add(file=upload(content=b"1"))
    for content in (b"2", b"3"):
        domain.add_version(resource, upload(content=content), world.yves, "suite")
    assert list(FileVersion.objects.values_list("number", flat=True).order_by("number")) == [1, 2, 3]
