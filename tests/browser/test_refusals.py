"""When the site says no, it says so in French, with a way on."""

import pytest
from playwright.sync_api import expect

from tests.browser.looks import faults

pytestmark = pytest.mark.browser


def check(page, title):
    expect(page.get_by_role("heading", level=1, name=title)).to_be_visible()
    expect(page.locator("main a")).not_to_have_count(0)
    assert faults(page) == []


def test_a_form_from_a_page_of_long_ago(enter, site):
    page = enter("helene")
    page.goto(f"/discussions/{site.places['thread']}/")
    page.context.clear_cookies(name="csrftoken")
    with page.expect_response("**/clore/") as answer:
        page.get_by_role("button", name="Clore la discussion").click()
    assert answer.value.status == 403
    check(page, "Ce formulaire a expiré")


def test_a_form_beyond_any_size(enter):
    page = enter("helene")
    page.goto("/discussions/nouvelle/")
    page.get_by_label("Titre").fill("Un livre entier")
    page.get_by_label("Votre message").evaluate("each => { each.value = 'a'.repeat(7 * 1024 * 1024); }")
    with page.expect_response("**/discussions/nouvelle/") as answer:
        page.get_by_role("button", name="Ouvrir la discussion").click()
    assert answer.value.status == 413
    check(page, "trop")


def test_too_many_attempts(enter):
    page = enter(None)
    for _ in range(6):
        page.goto("/compte/password/reset/")
        page.get_by_label("Adresse électronique").fill("personne@bouchemaine.example")
        with page.expect_response("**/password/reset/") as answer:
            page.locator("main button").first.click()
    assert answer.value.status == 429
    check(page, "trop")


def test_a_wrong_password_is_said_under_its_field_and_counted(enter):
    page = enter(None)
    page.goto("/compte/login/")
    for _ in range(6):
        page.get_by_label("Adresse électronique").fill("elue@avrille.example")
        page.get_by_label("Mot de passe", exact=True).fill("une phrase assez fausse")
        with page.expect_response("**/compte/login/"):
            page.get_by_role("button", name="Se connecter").click()
    wrong = page.locator(".field .wrong")
    expect(wrong).to_contain_text("Trop d’essais")
    assert faults(page) == []


def test_the_refused_forms_keep_what_was_typed(enter):
    page = enter("helene")
    page.goto("/discussions/nouvelle/")
    page.get_by_label("Titre").fill("Sans destinataire")
    page.get_by_label("Votre message").fill("Un texte que l’on garde.")
    page.get_by_role("button", name="Ouvrir la discussion").click()
    expect(page.get_by_role("group", name="Destinataires")).to_contain_text("Choisissez au moins un groupe")
    expect(page.get_by_label("Titre")).to_have_value("Sans destinataire")
    expect(page.get_by_label("Votre message")).to_have_value("Un texte que l’on garde.")
    assert faults(page) == []
