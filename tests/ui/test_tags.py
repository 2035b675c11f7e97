"""What templates call: icons, times, fields, the link to the following page."""

from datetime import UTC, datetime

import pytest
import time_machine
from django import forms
from django.template import Context, Template
from django.test import RequestFactory
from django.utils.safestring import mark_safe


def shown(source: str, **context) -> str:
    return Template("{% load ui %}" + source).render(Context(context))


class MeetingForm(forms.Form):
    title = forms.CharField(label="Titre", help_text="Une phrase.", error_messages={"required": "Donnez un titre."})
    note = forms.CharField(label="Note", required=False)
    presence = forms.ChoiceField(label="Présence", choices=[("a", "Sur place")], widget=forms.RadioSelect)
    public = forms.BooleanField(label="Ouvert à tous", required=False)
    origin = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean(self):
        raise forms.ValidationError("Deux réunions se chevauchent.")


def test_icon_is_hidden_from_screen_readers():
    assert shown('{% icon "cloche" %}') == (
        '<svg class="icon" aria-hidden="true"><use href="/static/extranet/icons.svg#cloche"/></svg>'
    )


def test_error_and_hint_are_tied_to_their_field():
    html = shown("{% field form.title %}", form=MeetingForm({"title": ""}))
    assert 'aria-invalid="true" aria-describedby="id_title_helptext id_title_error"' in html
    assert '<span class="hint" id="id_title_helptext">Une phrase.</span>' in html
    assert '<span class="wrong" id="id_title_error">Donnez un titre.</span>' in html
    assert '<label for="id_title">Titre</label>' in html


def test_several_choices_are_a_group_with_its_name_and_error():
    html = shown("{% field form.presence %}", form=MeetingForm({"title": "x"}))
    assert '<fieldset class="field" aria-describedby="id_presence_error">' in html
    assert '<legend class="label">Présence</legend>' in html


def test_whole_form_says_what_is_wrong_first_and_keeps_what_was_typed():
    html = shown("{% form_fields form %}", form=MeetingForm({"title": "<b>", "origin": "7"}))
    assert html.startswith('<div class="message wrong" role="alert"><p>Deux réunions se chevauchent.</p></div>')
    assert 'value="&lt;b&gt;"' in html
    assert '<input type="hidden" name="origin" value="7" id="id_origin">' in html


def test_only_fields_that_may_stay_empty_say_so():
    html = shown("{% form_fields form %}", form=MeetingForm())
    assert html.count("(facultatif)") == 1
    assert 'Note <span class="optional">(facultatif)</span>' in html


@time_machine.travel(datetime(2026, 11, 26, 9, 30, tzinfo=UTC), tick=False)
def test_time_is_machine_readable_and_whole_on_hover():
    moment = datetime(2026, 11, 25, 13, 5, tzinfo=UTC)
    assert shown('{% time_tag at "when" %}', at=moment) == (
        '<time datetime="2026-11-25T14:05:00+01:00" title="mercredi 25\u00a0novembre 2026 à 14\u00a0h\u00a005">'
        "hier à 14\u00a0h\u00a005</time>"
    )
    assert shown("{% time_tag at %}|{{ at|when }}|{{ at|day }}|{{ at|hour }}", at=None) == "|||"
    assert shown('{{ at|day:"year" }}', at=moment) == "mercredi 25\u00a0novembre 2026"


def test_typography_keeps_text_escaped_and_html_as_it_is():
    assert shown("{{ text|typo }}", text="l'<b> : x'y") == "l&#x27;&lt;b&gt;\u202f: x’y"
    assert shown("{{ text|typo }}", text=mark_safe('<a title="a : b">')) == '<a title="a : b">'


@pytest.mark.parametrize(
    ("cursor", "address"),
    [("c&d", "?theme=voirie&amp;apres=c%26d"), (None, None), ("", None)],
)
def test_link_to_the_following_page_keeps_the_filters(cursor, address):
    request = RequestFactory().get("/?theme=voirie&apres=b")
    html = shown("{% more page %}", request=request, page=type("Page", (), {"next_cursor": cursor}))
    assert html.strip() == (
        f'<p class="more"><a class="button quiet" href="{address}" rel="next">Afficher la suite</a></p>'
        if address
        else ""
    )


@pytest.mark.parametrize(("count", "words"), [(1, "une"), (21, "vingt et une"), (60, "60")])
def test_small_numbers_are_said_in_words(count, words):
    assert shown("{{ count|in_words }}", count=count) == words
