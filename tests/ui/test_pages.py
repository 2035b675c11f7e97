"""The frame of every page, the choice of a display, and the pages shown when something went wrong."""

import re

import pytest
from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.staticfiles import finders
from django.core.exceptions import RequestDataTooBig
from django.db import OperationalError
from django.http import Http404, HttpResponse
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.urls import path, reverse

from extranet.ui import frame, views

PERSON = frame.Person("Hélène Marchais", "HM", "DGS, Bouchemaine")
FULL = frame.Frame(
    brand=frame.Brand("Réseau des DGS", "Angers Loire Métropole", "/accueil/"),
    person=PERSON,
    nav=[
        frame.NavItem("Accueil", "/accueil/", "accueil", count=4, warm=True),
        frame.NavItem("Discussions", "/discussions/", "discussions", count=1200),
        frame.NavItem("Annuaire", "/annuaire/", "annuaire", secondary=True, current=True),
    ],
    circles=[frame.CircleLink("Achats <mutualisés>", "/g/1/", 5)],
    menu=[frame.MenuItem("Mon profil", "/profil/"), frame.MenuItem("Se déconnecter", "/sortie/", post=True)],
    bell=frame.Bell("/notifications/", 1),
    search_url="/recherche/",
    foot=[frame.FootLink("Aide", "/aide/")],
)


def page(request=None, template="404.html", **context) -> str:
    return re.sub(r"[ \n]+", " ", render_to_string(template, context, request))


def broken_form(request):
    raise RequestDataTooBig


def broken_database(request):
    raise OperationalError("the database is away")


def broken_code(request):
    raise RuntimeError("secret-in-a-message")


urlpatterns = [
    path("lourd/", broken_form),
    path("base/", broken_database),
    path("faute/", broken_code),
    path("affichage/", views.appearance, name="appearance"),
    path("rien/", lambda request: HttpResponse("")),
]
handler400 = "extranet.ui.views.bad_request"
handler403 = "extranet.ui.views.forbidden"
handler404 = "extranet.ui.views.not_found"
handler500 = "extranet.ui.views.server_error"


def test_page_without_any_frame_has_its_head_main_and_foot():
    html = page()
    assert '<a class="skip" href="#contenu">' in html
    assert '<main class="page" id="contenu" tabindex="-1">' in html
    assert '<footer class="foot">' in html
    assert "<nav" not in html


def test_member_finds_the_whole_frame():
    html = page(frame=FULL)
    assert '<a class="brand" href="/accueil/">' in html
    assert '<span class="visually-hidden">À faire\u202f: </span>4</span>' in html
    assert '<span class="visually-hidden">Non lus\u202f: </span>1\u202f200</span>' in html
    assert "Achats &lt;mutualisés&gt;" in html
    assert 'aria-label="Notifications\u202f: 1 non lue"' in html
    assert html.count('<a href="/annuaire/" aria-current="page">') == 2  # in the bar, and under "Plus" on a phone
    assert "<summary data-here>" in html
    assert re.search(r'<form method="post" action="/sortie/">.*?<button>Se déconnecter</button></form>', html)


def test_anonymous_frame_shows_the_brand_alone():
    html = page(frame=frame.Frame(brand=FULL.brand, search_url="/recherche/", bell=FULL.bell, foot=FULL.foot))
    assert "Angers Loire Métropole" in html
    assert not re.search("<nav|/recherche/|/notifications/|<script", html)


def test_no_page_holds_inline_style_or_script():
    html = page(frame=FULL, request=RequestFactory().get("/"))
    assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]* src=)", html)


def test_messages_are_announced_calmly_and_errors_at_once(rf):
    request = rf.get("/")
    request.session = {}
    request._messages = FallbackStorage(request)
    messages.success(request, "Inscription enregistrée")
    messages.error(request, "Fichier illisible")
    html = page(messages=messages.get_messages(request))
    assert '<p class="message" role="status">Inscription enregistrée</p>' in html
    assert '<p class="message wrong" role="alert">Fichier illisible</p>' in html


@pytest.mark.parametrize("code", ["400", "403", "403_csrf", "404", "413", "429", "500", "503"])
def test_page_that_says_no_gives_a_way_on_without_any_context(code):
    html = page(template=f"{code}.html")
    assert f'<p class="where">Erreur {code[:3]}</p>' in html
    assert re.search(r"<h1>[^<]{15,}</h1>", html)
    assert '<li><a href="/">' in html


@pytest.mark.urls(__name__)
@pytest.mark.parametrize(
    ("url", "status", "title"),
    [
        ("/lourd/", 413, "Envoi trop lourd"),
        ("/base/", 503, "Service momentanément arrêté"),
        ("/faute/", 500, "Erreur du service"),
    ],
)
def test_fault_is_answered_in_french_without_the_database(client, as_anyone, url, status, title):
    client.raise_request_exception = False
    response = client.get(url)
    assert response.status_code == status
    assert f"<title>{title}" in response.text
    assert "secret-in-a-message" not in response.text


@pytest.fixture
def as_anyone(settings):
    """No session, no sign-in: only what the handlers need, so that touching the database would fail the test."""
    settings.MIDDLEWARE = ["django.middleware.common.CommonMiddleware"]


@pytest.mark.urls(__name__)
def test_database_that_comes_back_soon_says_when_to_retry(client, as_anyone):
    client.raise_request_exception = False
    assert client.get("/base/")["Retry-After"] == "30"


def test_missing_page_says_nothing_to_a_stranger(rf):
    request = rf.get("/groupes/secret-42/")
    request.user = AnonymousUser()
    response = views.not_found(request, Http404("secret-43"))
    assert response.status_code == 404
    assert "Se connecter" in response.text
    assert "secret" not in response.text


@pytest.mark.django_db
def test_expired_form_is_explained(settings):

    response = Client(enforce_csrf_checks=True).post(reverse("ui:appearance"), {"appearance": "dark"})
    assert response.status_code == 403
    assert "Ce formulaire a expiré" in response.text


@pytest.mark.django_db
def test_display_is_chosen_kept_and_shown(client):
    address = reverse("ui:appearance")
    response = client.post(address, {"appearance": "dark", "next": "/agenda/?mois=12"})
    assert (response.status_code, response["Location"]) == (302, "/agenda/?mois=12")
    assert '<html lang="fr" data-theme="dark">' in client.get(address).text
    client.post(address, {"appearance": ""})
    assert '<html lang="fr">' in client.get(address).text


@pytest.mark.django_db
@pytest.mark.parametrize(
    "url", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "/affichage/", ""]
)
def test_choosing_a_display_never_leads_elsewhere(client, url):
    assert client.post(reverse("ui:appearance"), {"appearance": "light", "next": url})["Location"] == "/"


@pytest.mark.django_db
def test_unknown_display_is_not_kept(client):
    response = client.post(reverse("ui:appearance"), {"appearance": '"><script>'})
    assert response.cookies["affichage"].value == ""


def test_every_icon_that_the_frame_names_is_drawn():

    with open(finders.find("extranet/icons.svg")) as sprite:
        drawn = set(re.findall(r'<symbol id="([^"]+)"', sprite.read()))
    assert set(re.findall(r"icons\.svg#(\w+)", page(frame=FULL))) <= drawn
