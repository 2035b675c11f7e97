"""Members' Markdown: what they mean is kept, what could harm is not."""

import re
import time

import nh3
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extranet.ui.markdown import TAGS, render, to_text

REL = ' rel="nofollow noopener noreferrer"'
PIECES = st.sampled_from(
    ["<script>", "</script>", "<img src=x onerror=alert(1)>", "javascript:", "[a](", ")", "](", "![", "<", ">", '"',
     "'", "`", "```\n", "\n", "\n\n", "> ", "- ", "1. ", "# ", "|", "---\n", "&#106;", "data:text/html,", "//evil",
     "https://a.fr", "a@b.fr", "<svg onload=x>", "<!--", "-->", "\x00", "\ud800", "\x03", "\u202e", "**", "~~", "[x]: ",
     "\t", "href=", "style=", "mailto:", "/ok", "\\"]
)  # fmt: skip


def test_list_and_line_breaks_of_an_email_are_kept():
    assert render("Bonjour,\nTrois pistes :\n- garder\n• **passer**") == (
        "<p>Bonjour,<br>\nTrois pistes\u202f:</p>\n<ul>\n<li>garder</li>\n<li><strong>passer</strong></li>\n</ul>\n"
    )


def test_answer_below_a_quote_is_not_part_of_it():
    assert render("> > loin\n> cité\nma réponse") == (
        "<blockquote>\n<blockquote>\n<p>loin</p>\n</blockquote>\n<p>cité</p>\n</blockquote>\n<p>ma réponse</p>\n"
    )


def test_code_block_is_left_as_typed():
    assert render("```\n> a\nb\n• c\n```") == "<pre><code>&gt; a\nb\n• c\n</code></pre>\n"


def test_signature_and_indentation_are_neither_title_nor_code():
    assert render("Cordialement\n---\n    Jean") == "<p>Cordialement</p>\n<hr>\n<p>Jean</p>\n"
    assert render("Cordialement\n--\nJean") == "<p>Cordialement<br>\n--<br>\nJean</p>\n"


def test_titles_stand_below_those_of_the_page():
    assert render("# A\n## B\n### C\n###### D") == "<h3>A</h3>\n<h4>B</h4>\n<h5>C</h5>\n<h5>D</h5>\n"


def test_raw_html_is_shown_as_text():
    assert render("<b>gras</b>\n\n<div onclick=x>") == (
        "<p>&lt;b&gt;gras&lt;/b&gt;</p>\n<p>&lt;div onclick=x&gt;</p>\n"
    )


def test_image_becomes_a_link_so_that_reading_fetches_nothing():
    assert render("![plan](https://a.fr/p.png)") == f'<p><a href="https://a.fr/p.png"{REL}>plan</a></p>\n'


@pytest.mark.parametrize(
    ("typed", "href", "after"),
    [
        ("https://a.fr/b_c?d=1.", "https://a.fr/b_c?d=1", "."),
        ("https://a.fr/A_(b))", "https://a.fr/A_(b)", ")"),
        ("jean@a.fr,", "mailto:jean@a.fr", ","),
    ],
)
def test_typed_address_becomes_a_link_without_the_sign_that_follows(typed, href, after):
    assert render(typed) == f'<p><a href="{href}"{REL}>{href.removeprefix("mailto:")}</a>{after}</p>\n'


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "//evil", "/\\evil", "evil", "#a", "JaVaScRiPt:x", "vbscript:x"]
)
def test_dangerous_or_foreign_link_leads_nowhere(url):
    assert re.findall(r'href="([^"]*)"', render(f"[x]({url}) ![y]({url}) <{url}>")) in ([], ["/%5Cevil", "/%5Cevil"])


def test_path_of_the_site_is_a_link():
    assert render("[x](/discussions/3?a=b#m4)") == f'<p><a href="/discussions/3?a=b#m4"{REL}>x</a></p>\n'


def test_too_long_a_text_is_refused_with_a_message():
    render("a" * 100_000)
    with pytest.raises(ValueError, match="100\u202f000 caractères"):
        render("a" * 100_001)


@given(st.lists(st.one_of(PIECES, st.text(max_size=8)), max_size=40).map("".join))
@settings(deadline=None)
def test_whatever_is_typed_the_html_is_safe(text):
    html = render(text)
    assert html == nh3.clean(
        html, tags=TAGS, attributes={"a": {"href"}, "ol": {"start"}}, url_schemes={"http", "https", "mailto"},
        link_rel="nofollow noopener noreferrer",
    )  # fmt: skip
    for tag, attributes in re.findall(r"<([a-z0-9]+)([^>]*)>", html):
        assert tag in TAGS
        assert re.fullmatch(rf'(?: href="(?:https?://|mailto:|/(?![/\\]))[^"]*"|{REL}| start="\d+")*', attributes, re.I)
    html.encode()
    assert "\x00" not in html
    to_text(text).encode()


BREAKERS = ["[", "![", "[a](b", "*_~`[", "> ", "- ", "a@", "https://a", "`a", "<", "a|b\n-|-\n", "_a"]


@pytest.mark.parametrize("text", [(piece * 100_000)[:100_000] for piece in BREAKERS], ids=BREAKERS)
def test_text_made_to_break_parsers_is_rendered_soon(text):
    start = time.process_time()
    render(text)
    assert time.process_time() - start < 10  # about one second; a quadratic parser takes far longer


def test_plain_text_is_the_same_from_markdown_and_from_its_html():
    text = "Voir **[la note](https://a.fr/n)** <b>\n- un\n- deux\n\n> cité\n\nhttps://b.fr et a@b.fr"
    expected = "Voir la note (https://a.fr/n) <b>\n\n- un\n- deux\n\ncité\n\nhttps://b.fr et a@b.fr"
    assert to_text(text) == to_text(render(text)) == expected
