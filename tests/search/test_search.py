"""Asking: only what one may see is found and counted, and nothing that is typed acts as an operator."""

import re

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from extranet.circles import domain as circles
from extranet.circles.models import Circle
from extranet.search import domain
from extranet.search.extract import extract
from extranet.search.models import Entry
from extranet.search.query import parse, search

RESULTS = "/recherche/"
CHANCE = re.compile(r'nonce="[^"]*"|name="csrfmiddlewaretoken" value="[^"]*"')


def titles(user, words, **options):
    return [result.title for result in search(user, words, **options)]


@pytest.fixture
def put(world):
    """Something of a group that Yves alone is in, with this title and text."""

    def put(title, text="", user=None, at=None):
        circle = circles.open_circle(world.alm, Circle.Kind.GROUP, title)
        circles.join(circle, user or world.yves)
        domain.index(circle, "circles.circle", title, text, f"/{circle.pk}/", listed_at=at or timezone.now())
        return circle

    return put


def test_circles_index_themselves(world):
    assert titles(world.yves, "achats") == ["Achats"]
    circles.describe(world.group, mission="Fournitures scolaires")
    assert titles(world.yves, "fourniture") == ["Achats"]
    assert titles(world.karim, "fourniture") == []
    assert titles(world.stranger, "achats") == []


def test_a_hidden_thing_changes_no_byte_of_what_others_receive(world, put, as_person):
    put("Voirie rurale", "le canari", user=world.karim)
    client = as_person(world.karim)
    asked = [{"q": "voirie"}, {"q": "canari"}, {"q": "voirie", "genre": "circles.circle"}, {"q": "rien du tout"}]

    def received():
        return [CHANCE.sub("", client.get(RESULTS, each).content.decode()) for each in asked]

    before = received()
    put("Voirie secrète", "le canari de la voirie")
    assert received() == before


def test_what_the_title_says_comes_first_then_the_newest(world, put):
    now = timezone.now()
    put("Ancien budget", "", at=now.replace(year=2012))
    put("Autre chose", "le budget", at=now)
    put("Encore autre chose", "le budget", at=now.replace(year=2020))
    assert titles(world.yves, "budget") == ["Ancien budget", "Autre chose", "Encore autre chose"]
    assert titles(world.yves, "budget", by_date=True) == ["Autre chose", "Encore autre chose", "Ancien budget"]


def test_the_last_word_whole_comes_before_what_begins_like_it(world, put):
    now = timezone.now()
    put("Une note", "un service commun", at=now.replace(year=2012))
    put("Une autre", "le service de la commune", at=now)
    assert titles(world.yves, "service commun") == ["Une note", "Une autre"]
    assert titles(world.yves, "service commune") == ["Une autre"]


def test_a_person_who_leaves_a_circle_finds_it_no_more(world, put):
    circle = put("Voirie rurale")
    circles.leave(circle, world.yves)
    assert titles(type(world.yves).objects.get(pk=world.yves.pk), "voirie") == []


def test_what_is_forgotten_is_not_found(world, put):
    circle = put("Voirie rurale", "texte")
    domain.forget(circle)
    assert titles(world.yves, "voirie") == []
    assert search(world.yves, "texte").total == 0


@pytest.mark.parametrize(
    "words",
    [
        '"',
        "'; DROP TABLE extranet_search_entry; --",
        "AND OR NOT NEAR",
        "NEAR(a b)",
        "a* OR b",
        "title:budget",
        "{title} : budget",
        "^budget",
        "budget:*",
        "!budget & (",
        "bud\x00get",
        "\x00",
        "budget" * 2000,
        "budget " * 2000,
        "é" * 10_000,
        "%s %(x)s {entry}",
        "\ud800",
        "🏛️",
        "\u202etegdub",
        "- + ~ * ( ) \\",
        "'' ’’ ``",
        "l'",
    ],
)
def test_nothing_that_is_typed_acts_as_an_operator(world, put, words, as_person):
    put("Le budget primitif", "and or not near a b title drop table entry")
    search(world.yves, words)
    page = as_person(world.yves).get(RESULTS, {"q": words.encode("utf-8", "replace").decode()})
    assert page.status_code == 200
    assert titles(world.yves, "budget") == ["Le budget primitif"]


def test_operators_are_words_like_others(world, put):
    put("Le budget primitif")
    assert titles(world.yves, "budget NOT primitif") == []
    assert titles(world.yves, "budget OR piscine") == []
    assert titles(world.yves, "bud*") == titles(world.yves, "bud ") == []


def test_the_extract_is_safe_and_marks_what_was_found():
    text = "<script>alert('x')</script> Les Élections & le vote. " + "Suite. " * 100
    html = extract(text, parse("election script"))
    assert "<script>" not in html
    assert "&lt;<mark>script</mark>&gt;" in html
    assert "<mark>Élections</mark> &amp; le vote" in html
    assert html.endswith(" …")


def test_the_extract_shows_where_the_words_stand_together():
    text = "service. " + "remplissage " * 200 + "un service commun enfin. " + "remplissage " * 200
    assert "<mark>service commun</mark> enfin" in extract(text, parse("service commun"))


@pytest.mark.parametrize("number", [1, 25])
def test_the_page_costs_the_same_for_one_result_and_for_many(world, put, number, as_person, django_assert_num_queries):
    for n in range(number):
        put(f"Budget {n}", "texte " * 50)
    client = as_person(world.yves)
    client.get(RESULTS, {"q": "budget"})
    with django_assert_num_queries(5):  # person, rights, frame; counts and ids, entries
        client.get(RESULTS, {"q": "budget"})
    with django_assert_num_queries(3):
        client.get(RESULTS)


def test_results_go_on_page_after_page(world, put, as_person):
    for n in range(25):
        put(f"Budget {n}")
    client = as_person(world.yves)
    pages = [client.get(RESULTS, {"q": "budget", "page": n}).context["found"] for n in (1, 2, 3)]
    assert [len(page) for page in pages] == [20, 5, 0]
    assert [page.has_next for page in pages] == [True, False, False]
    assert {page.total for page in pages} == {25}
    assert client.get(RESULTS, {"q": "budget", "page": "²", "genre": "x"}).status_code == 200


def test_nothing_found_says_what_to_do(world, as_person):
    page = as_person(world.yves).get(reverse("search:results"), {"q": "licorne"}).content.decode()
    assert "Rien ne répond à cette recherche" in page


def test_nothing_asked_says_what_can_be(world, as_person):
    page = as_person(world.yves).get(RESULTS).content.decode()
    assert "Ce qui est cherché" in page


def test_reindex_makes_the_same_index_and_drops_what_is_gone(world):
    entries = Entry.objects.filter(kind="circles.circle").order_by("object_id")
    columns = ("content_type", "object_id", "title", "text", "url")
    before = list(entries.values_list(*columns))
    stray = Entry.objects.create(
        content_type=entries.first().content_type, object_id=10**6, kind="circles.circle", title="x", url="/"
    )
    domain.drop(Entry.objects.exclude(pk=stray.pk))
    call_command("reindex", verbosity=0)
    assert list(entries.values_list(*columns)) == before
    assert titles(world.yves, "achats") == ["Achats"]


def test_reindex_names_the_kinds_it_knows():
    with pytest.raises(CommandError, match="circles"):
        call_command("reindex", "licornes", verbosity=0)


def test_a_very_long_text_is_indexed_on_both_databases(world, put):
    # More different words than a tsvector can hold.
    put("Rapport", " ".join(f"mot{n}" for n in range(120_000)))
    assert titles(world.yves, "mot1") == ["Rapport"]
    assert titles(world.yves, "mot30000") == ["Rapport"]
