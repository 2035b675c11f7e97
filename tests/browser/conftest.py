import json
import os
import re
import subprocess
import sys
from email import message_from_bytes, policy
from pathlib import Path
from types import SimpleNamespace

import pytest
from playwright.sync_api import expect, sync_playwright

from tests.conftest import WITHOUT
from tests.world import PASSWORD

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE = 20_000  # milliseconds: a busy machine is slow, not wrong
ADDRESSES = {
    "helene": "helene@bouchemaine.example",
    "karim": "karim@avrille.example",
    "yves": "yves@feneu.example",
    "marc": "marc@avrille.example",
    "elue": "elue@avrille.example",
    "guest": "expert@conseil.example",
    "admin": "dg@alm.example",
    "stranger": "paul@montsoreau.example",
}
# What the browser says of an answer that a test asked for (a 404, a network that is cut).
EXPECTED = re.compile("Failed to load resource|WebSocket connection to|ERR_INTERNET_DISCONNECTED")


# Playwright holds an event loop in this thread as long as it is open: the other tests of the process could not have
# theirs, so it is closed when the last test of this folder is done.
@pytest.fixture(scope="package")
def chromium():
    if WITHOUT:
        pytest.skip("the browser visits the whole site, and EXTRANET_WITHOUT leaves a plugin out")
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def site(chromium, tmp_path_factory):
    """The server: its `url`, the `places` that its pages' paths name, the folder of its `mails`."""
    var = tmp_path_factory.mktemp("browser")
    env = {
        **os.environ,
        "VAR_DIR": str(var),
        "PYTHONPATH": f"{ROOT / 'site'}{os.pathsep}{ROOT}",
        "DJANGO_SETTINGS_MODULE": "tests.browser.settings",
    }
    command = [sys.executable, "-m", "tests.browser.server"]
    with (var / "server.log").open("w+") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=log, text=True)
        try:
            line = process.stdout.readline()  # ends with the process, should it fail
            assert line, f"the server did not start:\n{(var / 'server.log').read_text()}"
            yield SimpleNamespace(**json.loads(line), mails=var / "mails", log=var / "server.log", sessions={})
        finally:
            process.terminate()
            process.wait(30)


@pytest.fixture
def enter(chromium, site):
    """`enter("helene")` gives a page of hers, signed in; `enter(None, …)` of nobody. Options are those of a context.

    At the end of the test no page may have complained: neither an error nor a breach of the content policy.
    """
    contexts, complaints = [], []

    def complain(text):
        if not EXPECTED.search(text):
            complaints.append(text)

    def open_page(who=None, **options):
        options = {"viewport": {"width": 1440, "height": 900}, "locale": "fr-FR", **options}
        if who:
            options["storage_state"] = _session(chromium, site, who)
        context = chromium.new_context(base_url=site.url, timezone_id="Europe/Paris", **options)
        context.set_default_timeout(PATIENCE)
        context.on("console", lambda said: said.type == "error" and complain(said.text))
        context.on("weberror", lambda raised: complain(str(raised.error)))
        contexts.append(context)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


def _session(chromium, site, who):
    """Her cookies: signed in once by the form, for all the tests of this process."""
    if who not in site.sessions:
        context = chromium.new_context(base_url=site.url)
        sign_in(context.new_page(), who)
        site.sessions[who] = context.storage_state()
        context.close()
    return site.sessions[who]


def sign_in(page, who):
    """Through the form, as people do."""
    page.goto("/compte/login/")
    page.get_by_label("Adresse électronique").fill(ADDRESSES[who])
    page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Se connecter").click()
    page.wait_for_url(lambda url: "/compte/login/" not in url)


@pytest.fixture
def mail_to(site):
    """`mail_to("julien@…")`: the text of the last mail that the server sent to this address."""

    def read(address):
        found = []
        for path in sorted(site.mails.glob("*"), key=lambda path: path.stat().st_mtime_ns):
            for part in re.split(rb"-{79}\n", path.read_bytes()):
                message = message_from_bytes(part, policy=policy.default)
                if message["To"] and address in message["To"]:
                    found.append(message.get_body(("plain",)).get_content())
        assert found, f"no mail to {address}"
        return found[-1]

    return read
