"""Coming in and out, the telephone, the theme."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import ADDRESSES, sign_in
from tests.browser.looks import faults

pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True, "device_scale_factor": 2}
PHRASE = "les crues de la Maine en janvier"


def test_on_a_phone_one_touch_registers(enter, site):
    page = enter("helene", **PHONE)
    page.goto("/agenda/a-venir/")
    page.get_by_role("button", name="Sur place, Séance du téléphone").tap()
    expect(page.locator(f"#reponse-{site.places['phone_event']}")).to_contain_text("Vous venez sur place")
    page.reload()
    expect(page.locator(f"#reponse-{site.places['phone_event']}")).to_contain_text("Vous venez sur place")


def test_on_a_phone_the_month_leads_to_its_meetings(enter, site):
    page = enter("helene", **PHONE)
    page.goto(f"/agenda/mois/{site.places['month']}/")
    meeting = page.locator("table.month").get_by_role("link", name="Réunion mensuelle")
    meeting.scroll_into_view_if_needed()
    meeting.tap()
    expect(page.get_by_role("heading", level=1, name="Réunion mensuelle")).to_be_visible()


def test_on_a_phone_the_bottom_bar_leads_everywhere(enter):
    page = enter("helene", **PHONE)
    page.goto("/")
    bar = page.get_by_role("navigation", name="Navigation principale")
    bar.get_by_role("link", name="Agenda").tap()
    page.wait_for_url("**/agenda/")
    bar.get_by_text("Plus").tap()
    bar.get_by_role("link", name="Annuaire").tap()
    page.wait_for_url("**/annuaire/")


def test_the_chosen_display_stays(enter):
    page = enter("helene", color_scheme="light")
    page.goto("/annuaire/")
    paper = "getComputedStyle(document.documentElement).backgroundColor"
    light = page.evaluate(paper)
    page.locator(".menu summary").click()
    page.get_by_role("link", name="Affichage").click()
    page.get_by_label("Sombre").check()
    page.get_by_role("button", name="Choisir").click()
    page.wait_for_url("**/annuaire/")
    assert page.evaluate(paper) != light
    page.goto("/discussions/")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_an_invitation_opens_an_account(enter, mail_to):
    page = enter("helene")
    page.goto("/inviter/")
    page.get_by_label("Prénom").fill("Odile")
    page.get_by_label("Nom", exact=True).fill("Renou")
    page.get_by_label("Adresse électronique").fill("odile.renou@bouchemaine.example")
    page.get_by_label("Fonction").select_option("Agent")
    page.get_by_role("button", name="Envoyer l’invitation", exact=True).click()
    expect(page.get_by_role("region", name="Sans réponse")).to_contain_text("Odile Renou")

    link = re.search(r"(/invitation/\S+/)", mail_to("odile.renou@bouchemaine.example"))[1]
    hers = enter(None)
    hers.goto(link)
    hers.get_by_label("Votre mot de passe").fill(PHRASE)
    hers.get_by_label("Le même, une seconde fois").fill(PHRASE)
    hers.get_by_role("button", name="Ouvrir mon compte").click()
    expect(hers.locator(".menu summary")).to_contain_text("Odile Renou")
    again = enter(None)
    assert again.goto(link).status == 410
    expect(again.get_by_role("link", name="Se connecter")).to_be_visible()


def test_a_code_sent_by_mail_opens_the_door(enter, mail_to):
    page = enter(None)
    page.goto("/compte/login/")
    page.get_by_role("link", name="Recevoir un code par courriel").click()
    page.get_by_label("Adresse électronique").fill(ADDRESSES["marc"])
    page.locator("main button").first.click()
    field = page.get_by_label("Code reçu par courriel")
    expect(field).to_be_visible()
    assert faults(page) == []
    field.fill("ABC-DEF")
    field.press("Enter")
    expect(page.locator("[aria-invalid=true]")).to_have_count(1)
    code = re.search(r"^\s*([A-Z0-9]{3,4}-?[A-Z0-9]{3,4})\s*$", mail_to(ADDRESSES["marc"]), re.MULTILINE)[1]
    page.get_by_label("Code reçu par courriel").fill(code)
    page.get_by_label("Code reçu par courriel").press("Enter")
    expect(page.locator(".menu summary")).to_contain_text("Marc Petit")


def test_who_signs_out_is_out(enter):
    page = enter(None)
    sign_in(page, "elue")
    page.locator(".menu summary").click()
    page.get_by_role("button", name="Se déconnecter").click()
    page.goto("/discussions/")
    expect(page.get_by_role("heading", name="Se connecter")).to_be_visible()
    page.go_back()
    expect(page.locator(".menu")).to_have_count(0)
