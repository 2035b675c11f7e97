"""The directory shows the people one may see, and no other."""

import csv
import io
import re

import pytest
from django.urls import reverse

from extranet.circles import access
from extranet.circles import domain as circles
from extranet.circles.models import Function
from extranet.members import directory, domain
from extranet.members.vcard import vcard
from tests.world import person

MEMBERS = ["Belkacem", "Cormerais", "Direction", "Élue", "Expert", "Marchais", "Petit"]
LISTS = ["members:people", "members:people_csv", "members:communes"]


def names(client, query=""):
    """The family names of the list, in its order."""
    response = client.get(reverse("members:people_csv") + query)
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return [row["Nom"] for row in csv.DictReader(io.StringIO(text), delimiter=";")]


def fetch(client, path):
    response = client.get(path)
    return b"".join(response.streaming_content) if response.streaming else response.content


def test_members_see_the_members_in_french_order(world, as_person):
    assert names(as_person(world.marc)) == [name for name in MEMBERS if name != "Expert"]
    assert names(as_person(world.helene)) == MEMBERS


def test_guest_sees_only_the_people_of_the_group(world, as_person):
    client = as_person(world.guest)
    assert names(client) == ["Cormerais", "Expert", "Marchais"]
    assert client.get(reverse("members:person", args=[world.helene.pk])).status_code == 200
    for pk in (world.karim.pk, world.admin.pk):
        assert client.get(reverse("members:person", args=[pk])).status_code == 404
        assert client.get(reverse("members:vcard", args=[pk])).status_code == 404
    for path in ("/annuaire/communes/", "/annuaire/communes/49015/"):
        assert "Belkacem" not in client.get(path).content.decode()


@pytest.mark.parametrize("name", [*LISTS, "members:profile", "members:import"])
def test_nobody_without_signing_in(world, client, name):
    response = client.get(reverse(name))
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_login"))


def test_member_of_another_authority_sees_nothing_here(world, as_person):
    client = as_person(world.stranger)
    paths = [*map(reverse, LISTS), reverse("members:person", args=[world.helene.pk]), "/annuaire/communes/49035/"]
    for path in paths:
        assert client.get(path).status_code == 403
        assert "Marchais" not in client.get(path).content.decode()


def test_another_authority_is_missing_as_if_it_did_not_exist(world, as_person):
    client = as_person(world.helene)
    assert client.get(reverse("members:person", args=[world.stranger.pk])).status_code == 404
    assert client.get(reverse("members:person", args=[10**9])).status_code == 404
    assert client.get("/annuaire/communes/49219/").status_code == 404
    assert names(client, "?commune=49219") == names(client, "?groupe=inconnu") == []


def test_who_lost_her_function_leaves_the_directory(world, as_person):
    circles.end_mandate(world.karim.mandates.get())
    client = as_person(world.helene)
    assert "Belkacem" not in names(client)
    assert client.get(reverse("members:person", args=[world.karim.pk])).status_code == 404
    assert "Belkacem" not in client.get("/annuaire/communes/49015/").content.decode()


def test_who_lost_her_function_reads_nothing_more(world, as_person):
    client = as_person(world.karim)
    circles.end_mandate(world.karim.mandates.get())
    for path in (*map(reverse, LISTS), reverse("members:profile")):
        response = client.get(path)
        assert response.status_code == 403
        assert "Marchais" not in response.content.decode()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?q=helene", ["Marchais"]),
        ("?q=ÉLUE+jeanne", ["Élue"]),
        ("?q=avrille.example", ["Belkacem", "Élue", "Petit"]),
        ("?q=personne", []),
        ("?commune=49015", ["Belkacem", "Élue", "Petit"]),
        ("?fonction=dgs", ["Cormerais", "Marchais"]),
        ("?commune=49015&fonction=agent&q=petit", ["Petit"]),
        ("?groupe=achats", ["Cormerais", "Expert", "Marchais"]),
        ("?q=%00", MEMBERS),
        ("?fonction=roi", []),
    ],
)
def test_filters(world, as_person, query, found):
    assert names(as_person(world.helene), query) == found


def test_circle_that_the_reader_may_not_view_finds_nobody(world, as_person):
    assert names(as_person(world.marc), "?groupe=achats") == []


def test_fifty_people_a_page(world, as_person):
    for index in range(60):
        domain.invite(f"a{index:02}@f.example", "A", f"Z{index:02}", Function.AGENT, world.alm, commune=world.feneu)
    client = as_person(world.helene)
    first, second = (client.get(f"/annuaire/?q=f.example&page={page}").content.decode() for page in (1, 2))
    assert ("A Z49" in first, "A Z50" in first) == (True, False)
    assert ("A Z49" in second, "A Z59" in second) == (False, True)
    assert client.get("/annuaire/?page=999999").status_code == client.get("/annuaire/?page=x").status_code == 200


@pytest.mark.parametrize("name", ["people", "people_csv", "communes", "commune"])
def test_lists_cost_the_same_for_one_and_thirty(world, as_person, django_assert_max_num_queries, name):
    path = reverse(f"members:{name}", args=["49135"] if name == "commune" else [])
    client = as_person(world.helene)
    fetch(client, path)  # once: the session is in the cache, content types are known
    with django_assert_max_num_queries(20) as few:
        fetch(client, path)
    for index in range(30):
        invited = domain.invite(f"a{index}@f.example", "A", "Z", Function.AGENT, world.alm, commune=world.feneu)
        domain.change_profile(invited.user, phone="0241000000")
    with django_assert_max_num_queries(20) as many:
        fetch(client, path)
    assert len(many) == len(few)


def test_a_page_of_people_costs_three_queries(world, django_assert_num_queries):
    access.circles_of(world.helene)
    with django_assert_num_queries(3):  # ids, people with their profile, functions
        page = directory.page_of_people(world.helene, world.alm, directory.Filters(), 1)
        assert [str(person.functions[0].label) for person in page.object_list][:2] == ["DGA, Avrillé", "DGS, Feneu"]
        assert [getattr(person, "profile", None) for person in page.object_list] == [None] * 7


def test_communes_show_their_dgs_and_an_unknown_population(world, as_person):
    page = re.sub(
        r"[ \n]+", " ", re.sub(r"<[^>]+>", " ", as_person(world.helene).get("/annuaire/communes/").content.decode())
    )
    assert "Avrillé 15\u202f251 Quadrant Nord-Ouest 3 " in page
    assert "Bouchemaine 6\u202f580 Hélène Marchais Quadrant Sud-Ouest 1 " in page
    assert "La Meignanne non connue Quadrant Nord-Ouest 0 " in page


def test_commune_leads_to_its_circle_for_those_who_see_it(world, as_person):
    address = reverse("circles:circle", args=[world.bouchemaine.circle.slug])
    assert address in as_person(world.helene).get("/annuaire/communes/49035/").content.decode()
    assert address not in as_person(world.karim).get("/annuaire/communes/49035/").content.decode()


def test_person_shows_the_circles_in_common_and_no_other(world, as_person):
    page = as_person(world.karim).get(reverse("members:person", args=[world.yves.pk])).content.decode()
    shared = {circle.name for circle in access.circles_in_common(world.karim, world.yves)}
    assert shared == {"Tous les membres", "Quadrant Nord-Ouest"}
    assert "Achats" not in page
    assert "Communes de moins" not in page


def test_profile_changes_what_others_read(world, as_person):
    client = as_person(world.helene)
    form = {"first_name": "Hélène", "last_name": "Marchais-Roy", "phone": "0241771234", "themes": "Marchés publics"}
    response = client.post("/annuaire/moi/", form, follow=True)
    page = response.content.decode()
    for words in ("Hélène Marchais-Roy", "02 41 77 12 34", "tel:0241771234", "Marchés publics"):
        assert words in page


def test_wrong_phone_keeps_what_was_typed(world, as_person):
    form = {"first_name": "Hélène", "last_name": "Marchais", "phone": "au bureau", "themes": "Paie"}
    page = as_person(world.helene).post("/annuaire/moi/", form).content.decode()
    assert "n’est pas un numéro de téléphone" in page
    assert 'value="au bureau"' in page
    assert "Paie" in page


def test_card_escapes_and_folds(world):
    someone = person("x@b.example", "Anne; Lise", "O’Neil, dite \\ « la longue »\r\nEMAIL:pirate@example.org")
    card = vcard(someone, [], "https://b.example/annuaire/1/")
    lines = card.split("\r\n")
    assert all(len(line.encode()) <= 75 for line in lines)
    unfolded = card.replace("\r\n ", "").split("\r\n")
    assert r"N:O’Neil\, dite \\ « la longue »\nEMAIL:pirate@example.org;Anne\; Lise;;;" in unfolded
    assert [line for line in unfolded if line.startswith("EMAIL")] == ["EMAIL;TYPE=INTERNET,WORK:x@b.example"]


def test_card_download(world, as_person):
    domain.change_profile(world.karim, phone="02 41 00 00 01")
    response = as_person(world.helene).get(reverse("members:vcard", args=[world.karim.pk]))
    assert response["Content-Type"] == "text/vcard; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="karim-belkacem.vcf"'
    for line in (
        "VERSION:3.0",
        "FN:Karim Belkacem",
        "ORG:Avrillé",
        r"TITLE:DGA\, Avrillé",
        "TEL;TYPE=WORK,VOICE:02 41 00 00 01",
    ):
        assert f"\r\n{line}\r\n" in response.content.decode()


def test_spreadsheet_runs_no_formula(world, as_person):
    domain.change_profile(world.karim, first_name="=1+1")
    assert "'=1+1" in fetch(as_person(world.helene), reverse("members:people_csv")).decode()


def test_circle_page_lists_twelve_people_and_leads_to_the_rest(world, as_person):
    page = as_person(world.helene).get(world.group.page.get_url()).content.decode()
    section = page[page.index('id="personnes"') :]
    assert "Yves Cormerais" in section
    assert "DGS, Feneu" in section
    for index in range(15):
        domain.invite(f"a{index}@f.example", "A", f"Z{index}", Function.AGENT, world.alm, commune=world.bouchemaine)
    page = as_person(world.helene).get(world.bouchemaine.circle.page.get_url()).content.decode()
    section = page[page.index('id="personnes"') :]
    assert section.count('class="person"') == 12
    assert "Les 16 membres" in section


def test_menu_offers_to_invite_only_to_those_who_may(world, as_person):
    assert 'href="/inviter/"' in as_person(world.helene).get("/annuaire/moi/").content.decode()
    assert 'href="/inviter/"' not in as_person(world.marc).get("/annuaire/moi/").content.decode()
