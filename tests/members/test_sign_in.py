"""Signing in: French, closed to sign-up, silent about who has an account."""

import re

import pytest
from django.contrib.auth import get_user_model
from django.core import mail
from django.core.cache import cache
from django.urls import NoReverseMatch, reverse

from extranet.members import account_urls
from tests.world import PASSWORD

KNOWN, UNKNOWN = "helene@bouchemaine.example", "personne@bouchemaine.example"


def sign_in(client, email=KNOWN, password=PASSWORD, **more):
    return client.post(reverse("account_login"), {"login": email, "password": password, **more})


def bare(response, address):
    """A page less what changes each time: nonces, CSRF tokens, and the address that was typed."""
    text = response.content.decode().replace(address, "ADRESSE")
    return re.sub(r'(nonce=|name="csrfmiddlewaretoken" value=)"[^"]*"', "", text)


def test_password_opens_the_door(world, client):
    response = sign_in(client, "Helene@Bouchemaine.example")
    assert (response.status_code, response["Location"]) == (302, "/")


def test_wrong_password_is_said_under_the_field_and_the_address_stays(world, client):
    page = sign_in(client, password="autre chose").content.decode()
    assert "L’adresse et le mot de passe ne vont pas ensemble" in page
    assert f'value="{KNOWN}"' in page
    assert 'aria-invalid="true"' in page


def test_disabled_account_does_not_enter(world, client):
    get_user_model().objects.filter(email=KNOWN).update(is_active=False)
    sign_in(client)
    assert "_auth_user_id" not in client.session


def test_failed_sign_in_looks_the_same_for_unknown_addresses(world, client):
    pages = []
    for address in (KNOWN, UNKNOWN):
        cache.clear()
        client.cookies.clear()
        pages.append(bare(sign_in(client, address, "une phrase inconnue"), address))
    assert pages[0] == pages[1]


@pytest.mark.parametrize("start", ["account_reset_password", "account_request_login_code"])
def test_asking_for_a_link_or_a_code_tells_nothing(world, client, start):
    answers = []
    for address in (KNOWN, UNKNOWN):
        cache.clear()
        client.cookies.clear()
        first = client.post(reverse(start), {"email": address})
        second = client.get(first["Location"])
        answers.append((first.status_code, first["Location"], bare(first, address), bare(second, address)))
    assert answers[0] == answers[1]
    assert [message.to for message in mail.outbox] == [[KNOWN]]


@pytest.mark.parametrize("attempts", [1, 2, 3])
def test_wrong_codes_tell_nothing(world, client, attempts):
    answers = []
    for address in (KNOWN, UNKNOWN):
        cache.clear()
        client.cookies.clear()
        client.post(reverse("account_request_login_code"), {"email": address})
        for _ in range(attempts):
            response = client.post(reverse("account_confirm_login_code"), {"code": "000-000"})
        if response.status_code == 302:
            response = client.get(response["Location"])
        answers.append((response.status_code, bare(response, address)))
    assert answers[0] == answers[1]


def test_limits_are_the_same_for_unknown_addresses(world, client):
    statuses = []
    for address in (KNOWN, UNKNOWN):
        cache.clear()
        client.cookies.clear()
        statuses.append(
            [client.post(reverse("account_reset_password"), {"email": address}).status_code for _ in range(7)]
        )
    assert statuses[0] == statuses[1] == [302] * 5 + [429] * 2


def test_too_many_attempts_meet_the_french_429_page(world, client):
    for _ in range(31):
        response = sign_in(client, password="autre")
    assert response.status_code == 429
    assert "Trop de tentatives" in response.content.decode()


def test_code_received_by_mail_opens_the_door(world, client):
    client.post(reverse("account_request_login_code"), {"email": KNOWN})
    message = mail.outbox[0]
    assert message.subject == "Votre code de connexion"
    code = re.search(r"^ {4}(\S+)$", message.body, re.MULTILINE)[1]
    response = client.post(reverse("account_confirm_login_code"), {"code": code})
    assert (response.status_code, response["Location"]) == (302, "/")
    assert client.session["_auth_user_id"] == str(world.helene.pk)


def test_another_code_can_be_asked_for(world, client):
    client.post(reverse("account_request_login_code"), {"email": KNOWN})
    client.post(reverse("account_confirm_login_code"), {"action": "resend"})
    assert len(mail.outbox) == 2
    code = re.search(r"^ {4}(\S+)$", mail.outbox[1].body, re.MULTILINE)[1]
    assert client.post(reverse("account_confirm_login_code"), {"code": code})["Location"] == "/"


def test_forgotten_password_is_replaced_and_its_owner_told(world, client):
    client.post(reverse("account_reset_password"), {"email": KNOWN})
    assert mail.outbox[0].subject == "Choisir un autre mot de passe"
    path = re.search(r"http://testserver(\S+)", mail.outbox[0].body)[1]
    form = client.get(path, follow=True)
    assert "Choisissez un autre mot de passe" in form.content.decode()
    phrase = "les crues de la Maine en janvier"
    done = client.post(form.redirect_chain[-1][0], {"password1": phrase, "password2": phrase}, follow=True)
    assert "Votre mot de passe est changé" in done.content.decode()
    assert get_user_model().objects.get(pk=world.helene.pk).check_password(phrase)
    assert mail.outbox[1].subject == "Votre mot de passe a été remplacé"
    assert "Ce lien n’est plus valable" in client.get(path).content.decode()


def test_password_is_changed_from_the_profile(world, as_person):
    client = as_person(world.helene)
    phrase = "les crues de la Maine en janvier"
    form = {"oldpassword": PASSWORD, "password1": "court", "password2": "court"}
    assert "trop court" in client.post(reverse("account_change_password"), form).content.decode()
    response = client.post(reverse("account_change_password"), {**form, "password1": phrase, "password2": phrase})
    assert response.status_code == 302
    assert get_user_model().objects.get(pk=world.helene.pk).check_password(phrase)
    assert mail.outbox[0].subject == "Votre mot de passe a été changé"


@pytest.mark.parametrize(
    "elsewhere",
    ["https://ailleurs.example/", "//ailleurs.example", "http://saumur.test/annuaire/", "javascript:alert(1)"],
)
@pytest.mark.parametrize("place", ["body", "query"])
def test_next_never_leaves_this_host(world, client, elsewhere, place):
    if place == "body":
        response = sign_in(client, next=elsewhere)
    else:
        path = reverse("account_login", query={"next": elsewhere})
        response = client.post(path, {"login": KNOWN, "password": PASSWORD})
    assert (response.status_code, response["Location"]) == (302, "/")


def test_next_of_this_host_is_followed(world, client):
    assert sign_in(client, next="/annuaire/")["Location"] == "/annuaire/"


def test_nobody_signs_up_nor_manages_addresses():
    for name in ("account_signup", "account_email", "account_confirm_email"):
        with pytest.raises(NoReverseMatch):
            reverse(name)


@pytest.mark.parametrize("pattern", account_urls.urlpatterns, ids=lambda pattern: pattern.name)
@pytest.mark.parametrize("signed_in", [False, True])
def test_every_account_page_is_ours_and_french(world, client, pattern, signed_in):
    if signed_in:
        client.force_login(world.helene, backend="django.contrib.auth.backends.ModelBackend")
    arguments = {"uidb36": "1", "key": "abc-def"} if "uidb36" in str(pattern.pattern) else {}
    response = client.get(reverse(pattern.name, kwargs=arguments), follow=True)
    page = response.content.decode()
    assert response.status_code == 200
    assert '<main class="page"' in page
    assert not re.search(
        r"Sign|sign up|Password|password</|Email|S’inscrire|inscription", re.sub(r"<[^>]+>", " ", page)
    )


def test_a_person_without_any_function_may_still_sign_out(world, as_person):
    client = as_person(world.stranger)
    assert client.get(reverse("account_logout")).status_code == 200
    assert client.post(reverse("account_logout"))["Location"] == "/"
    assert "_auth_user_id" not in client.session
