"""live.js in a real Chromium."""

import os
import shutil

import pytest
from django.db import transaction
from django.test import Client
from playwright.sync_api import expect, sync_playwright

from extranet.circles import domain as circles
from extranet.live import domain
from extranet.live.models import Entry, Kind
from tests.live import kind

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM, reason="no chromium on this machine"),
]


@pytest.fixture(scope="module")
def chromium():
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # playwright runs a loop in this thread
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@pytest.fixture
def page_of(chromium, server, real_world, settings):
    """`page_of(user)` opens the group's page for her; `without=` names what her browser lacks."""
    settings.ROOT_URLCONF = "tests.live.pages"
    opened = []

    def open_one(user, without=None, clock=False):
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        context = chromium.new_context(locale="fr-FR")
        opened.append(context)
        cookie = client.cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": cookie, "url": f"http://127.0.0.1:{server}"}])
        page = context.new_page()
        page.said = []
        page.on("console", lambda message: page.said.append(message.text))
        if without:
            page.add_init_script(f"delete window.{without}")
        if clock:
            page.clock.install()
        with page.expect_response("**/static/live/live.js"):
            page.goto(f"http://127.0.0.1:{server}/essai/{real_world.group.pk}")
        page.wait_for_load_state("load")
        return page

    yield open_one
    for context in opened:
        context.close()


@pytest.fixture
def say(real_world):
    def publish(*numbers, kind=Kind.ADDED):
        for number in numbers:
            with transaction.atomic():
                domain.publish(f"tests.circle:{real_world.group.pk}", kind, f"message-{number}", number)

    return publish


def keys(page):
    return page.eval_on_selector_all("[data-live-key]", "pieces => pieces.map(piece => piece.dataset.liveKey)")


def test_pieces_arrive_change_and_go(real_world, page_of, say, monkeypatch):
    page = page_of(real_world.helene)
    say(1, 2)
    expect(page.locator("[data-live-key]")).to_have_text(["Message 1", "Message 2"])
    monkeypatch.setattr(kind, "padding", " corrigé")
    say(1, kind=Kind.EDITED)
    expect(page.locator("[data-live-key]")).to_have_text(["Message 1 corrigé", "Message 2"])
    say(1, kind=Kind.REMOVED)
    expect(page.locator("[data-live-key]")).to_have_text(["Message 2"])
    assert page.said == []  # no breach of the content security policy, no error


def test_what_is_read_does_not_move_and_a_notice_leads_to_what_came(real_world, page_of, say):
    kind.shown.extend(f'<p data-live-key="ancien-{number}">Ancien {number}</p>' for number in range(9))
    page = page_of(real_world.helene)
    page.evaluate("scrollTo(0, 500)")
    say(1)
    notice = page.locator(".arrival")
    expect(notice).to_have_text("Un nouveau message est arrivéLe lire")
    say(2, 3)
    expect(notice).to_contain_text("3 nouveaux messages sont arrivés")
    say(100, kind=Kind.STATE)
    assert page.evaluate("scrollY") == 500
    notice.get_by_role("link").click()
    expect(page.locator('[data-live-key="message-1"]')).to_be_in_viewport()
    expect(notice).to_have_count(0)
    assert page.evaluate("document.activeElement.dataset.liveKey") == "message-1"


def test_a_network_cut_misses_nothing(real_world, page_of, say):
    page = page_of(real_world.helene)
    say(1)
    expect(page.locator("[data-live-key]")).to_have_count(1)
    page.context.set_offline(True)
    say(2, 3)
    say(1, kind=Kind.REMOVED)
    page.wait_for_timeout(200)
    assert keys(page) == ["message-1"]
    page.context.set_offline(False)
    expect(page.locator("[data-live-key]")).to_have_text(["Message 2", "Message 3"])


def test_without_websocket_the_page_asks_every_fifteen_seconds(real_world, page_of, say):
    page = page_of(real_world.helene, without="WebSocket", clock=True)
    say(*range(1, 251))
    page.clock.run_for(15_000)
    expect(page.locator("[data-live-key]")).to_have_count(250)
    assert keys(page) == [entry.key for entry in Entry.objects.order_by("seq")]


@pytest.mark.parametrize("without", [None, "WebSocket"])
def test_one_who_may_not_see_it_any_more_is_told_calmly(real_world, page_of, say, without):
    page = page_of(real_world.helene, without=without, clock=without is not None)
    circles.leave(real_world.group, real_world.helene)
    say(1)
    if without:
        page.clock.run_for(15_000)
    expect(page.locator(".arrival")).to_have_text("Cette page n’est plus accessible")
    assert keys(page) == []
