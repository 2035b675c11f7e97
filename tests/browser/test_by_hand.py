"""The main job without a script, and with the keyboard alone."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import sign_in

pytestmark = pytest.mark.browser


@pytest.fixture
def plain(enter):
    """Hélène's page in a browser where scripts are off; she has just signed in."""
    page = enter(None, java_script_enabled=False)
    sign_in(page, "helene")
    return page


def test_without_scripts_people_discuss(plain, enter):
    plain.get_by_role("navigation", name="Navigation principale").get_by_role("link", name="Discussions").click()
    plain.get_by_role("link", name="Fil plain").click()
    plain.get_by_role("textbox", name="Répondre").fill("Une **réponse**.")
    plain.get_by_role("button", name="Aperçu").click()
    expect(plain.locator("[data-preview] strong")).to_have_text("réponse")
    plain.get_by_role("button", name="Publier").click()
    expect(plain.locator(".post .body").last).to_have_text("Une réponse.")

    plain.get_by_role("link", name="Citer le message de Yves Cormerais").click()
    field = plain.get_by_role("textbox", name="Répondre")
    field.fill(f"{field.input_value()}D’accord.")
    plain.get_by_role("button", name="Publier").click()
    last = plain.locator(".post").last
    expect(last.locator("blockquote")).to_contain_text("Bonjour à tous.")

    last.get_by_role("link", name="Modifier ce message").click()
    field = plain.get_by_role("textbox", name="Votre message")
    field.fill(field.input_value().replace("D’accord.", "Entendu."))
    plain.get_by_role("button", name="Enregistrer").click()
    expect(plain.locator(".post").last).to_contain_text("Entendu.")
    expect(plain.locator(".post").last).to_contain_text("Modifié")

    yves = enter("yves")
    yves.goto(plain.url)
    expect(yves.locator(".post")).to_have_count(3)


def test_without_scripts_one_registers(plain, site):
    plain.goto("/agenda/a-venir/")
    plain.get_by_role("button", name="Sur place, Séance sans script").click()
    expect(plain.locator(f"#reponse-{site.places['plain_event']}")).to_contain_text("Vous venez sur place")


def test_without_scripts_a_file_is_shared_found_and_downloaded(plain, tmp_path):
    file = tmp_path / "avis.txt"
    file.write_text("Avis d’élections professionnelles du comité.")
    plain.goto("/ressources/")
    plain.get_by_role("link", name="Ajouter une ressource").click()
    plain.get_by_label("Fichier").set_input_files(file)
    plain.get_by_label("Titre").fill("Avis du comité")
    plain.get_by_label("Nature").select_option("Document")
    plain.get_by_label("Thème").select_option(index=1)
    plain.get_by_role("checkbox", name="Achats").check()
    plain.get_by_role("button", name="Ajouter à la bibliothèque").click()
    expect(plain.get_by_role("heading", level=1, name="Avis du comité")).to_be_visible()
    with plain.expect_download() as download:
        plain.get_by_role("link", name="Télécharger").first.click()
    assert download.value.suggested_filename == "avis.txt"
    assert download.value.path().read_text() == file.read_text()

    search = plain.get_by_role("searchbox", name="Rechercher dans tout l’extranet")
    search.fill("election")
    search.press("Enter")
    expect(plain.get_by_role("link", name="Avis du comité")).to_be_visible()


def test_the_keyboard_alone_is_enough_to_answer(enter):
    page = enter("helene")
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Aller au contenu")).to_be_focused()
    expect(page.get_by_role("link", name="Aller au contenu")).to_be_in_viewport()
    tab_to(page, page.get_by_role("navigation", name="Navigation principale").get_by_role("link", name="Discussions"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/discussions/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # past the frame
    tab_to(page, page.get_by_role("link", name="Fil keyboard"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/discussions/*/")
    tab_to(page, page.get_by_role("textbox", name="Répondre"))
    page.keyboard.type("Écrit au clavier.")
    tab_to(page, page.get_by_role("button", name="Publier"))
    page.keyboard.press("Enter")
    expect(page.locator(".post .body").last).to_have_text("Écrit au clavier.")


def tab_to(page, target):
    """Press Tab until `target` has the focus, and see that it shows."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if target.evaluate("each => each === document.activeElement"):
            outline = target.evaluate("each => getComputedStyle(each).outlineStyle")
            assert outline != "none", "what has the focus must show it"
            expect(target).to_be_in_viewport()
            return
    pytest.fail(f"the Tab key does not reach {target}")
