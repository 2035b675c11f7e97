"""What others write appears by itself, or is fetched when the network comes back."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

LISTEN = """topic => new Promise((resolve, reject) => {
  window.told = [];
  const socket = new WebSocket(`ws://${location.host}/live/`);
  socket.onerror = reject;
  socket.onmessage = (event) => window.told.push(JSON.parse(event.data));
  socket.onopen = () => { window.socket = socket; resolve(); };
})"""
FOLLOW = "topic => window.socket.send(JSON.stringify({follow: [topic]}))"


@pytest.fixture
def read(enter, site):
    """`read("helene", "cut")`: her page on that discussion."""

    def open_thread(who, thread, prepare=lambda page: None, **options):
        page = enter(who, **options)
        prepare(page)
        page.goto(f"/discussions/{site.places[thread]}/")
        return page

    return open_thread


def write(page, text):
    """Publish an answer, and wait until the site has taken it."""
    with page.expect_response(re.compile("/repondre/")) as answer:
        page.get_by_role("textbox", name="Répondre").fill(text)
        page.get_by_role("button", name="Publier").click()
    assert answer.value.status == 200


def messages(page):
    return page.locator("#messages .post .body")


def test_two_people_see_each_other_write_and_a_third_sees_nothing(read, enter, site):
    helene, yves = read("helene", "exchange"), read("yves", "exchange")
    karim = enter("karim")
    assert karim.goto(f"/discussions/{site.places['exchange']}/").status == 404
    karim.evaluate(LISTEN)
    karim.evaluate(FOLLOW, f"forums.thread:{site.places['exchange']}")
    karim.wait_for_function("() => window.told.length === 1")

    write(helene, "Bonjour de Bouchemaine.")
    expect(messages(yves)).to_have_text(["Bonjour à tous.", "Bonjour de Bouchemaine."])
    write(yves, "Bonjour de Feneu.")
    expect(messages(helene)).to_have_text(["Bonjour à tous.", "Bonjour de Bouchemaine.", "Bonjour de Feneu."])

    # His socket works: of what he may read, he hears.
    karim.evaluate(FOLLOW, f"forums.thread:{site.places['everyone']}")
    karim.wait_for_function("() => window.told.length === 2")
    write(read("helene", "everyone"), "À tous.")
    karim.wait_for_function("() => window.told.length === 3")
    told = karim.evaluate("window.told")
    assert told[0] == {"gone": f"forums.thread:{site.places['exchange']}"}
    assert {each["topic"] for each in told[1:]} == {f"forums.thread:{site.places['everyone']}"}


def test_what_came_while_the_network_was_away_is_there_once_and_in_order(read):
    helene, yves = read("helene", "cut"), read("yves", "cut")
    write(yves, "Avant.")
    expect(messages(helene)).to_have_count(2)  # her socket is open
    helene.context.set_offline(True)
    for text in ("Un.", "Deux.", "Trois."):
        write(yves, text)
    expect(messages(yves)).to_have_count(5)
    expect(messages(helene)).to_have_count(2)
    helene.context.set_offline(False)
    expect(messages(helene)).to_have_text(["Bonjour à tous.", "Avant.", "Un.", "Deux.", "Trois."])
    write(yves, "Quatre.")
    expect(messages(helene)).to_have_text(["Bonjour à tous.", "Avant.", "Un.", "Deux.", "Trois.", "Quatre."])


def test_without_a_socket_the_page_asks_by_itself(read):
    def without_socket(page):
        page.add_init_script("delete globalThis.WebSocket")
        page.clock.install()

    helene, yves = read("helene", "polling", without_socket), read("yves", "polling")
    for text in ("Un.", "Deux.", "Trois."):
        write(yves, text)
    expect(messages(helene)).to_have_count(1)
    helene.clock.fast_forward(16_000)
    expect(messages(helene)).to_have_text(["Bonjour à tous.", "Un.", "Deux.", "Trois."])


def test_a_message_changed_or_removed_changes_for_all_who_read(read):
    helene, yves = read("helene", "secret"), read("yves", "secret")
    write(helene, "Une erreur.")
    expect(messages(yves)).to_have_count(2)
    post = helene.locator(".post", has_text="Une erreur.")
    post.get_by_role("link", name="Modifier ce message").click()
    helene.get_by_role("textbox", name="Votre message").fill("Corrigé.")
    helene.get_by_role("button", name="Enregistrer").click()
    expect(messages(yves)).to_have_text(["Bonjour à tous.", "Corrigé."])
    expect(yves.get_by_role("link", name="Modifier ce message")).to_have_count(1)  # his own alone


def test_the_bell_counts_by_itself(read):
    """Hélène writes in a discussion, then reads something else: an answer rings her bell."""
    helene = read("helene", "bell")
    write(helene, "Je suis cette discussion.")
    helene.goto("/agenda/")
    bell = helene.locator("#cloche a")
    before = bell.get_attribute("aria-label")
    write(read("yves", "bell"), "Une réponse.")
    expect(bell).not_to_have_attribute("aria-label", before)
    expect(bell).to_have_attribute("aria-label", re.compile(r"Notifications.+\d+ non lue"))
    bell.click()
    expect(helene.get_by_role("heading", name="Notifications")).to_be_visible()
    answers = helene.locator(".thread-row", has_text="Fil bell").filter(has_text="a répondu")
    expect(answers).to_have_count(1)
