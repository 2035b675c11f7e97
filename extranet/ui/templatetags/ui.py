"""The words and the small pieces of every template: `{% load ui %}`. Thin: French is in `extranet.ui.french`."""

from datetime import datetime

from django import template
from django.forms import BoundField, CheckboxInput
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeData, SafeString

from extranet.ui import french

register = template.Library()

for name in ("lately", "number", "euros", "size", "plural"):
    register.filter(name, getattr(french, name))


@register.filter
def when(value: french.Moment | None) -> str:
    """See `french.when`; nothing for no moment."""
    return french.when(value) if value else ""


@register.filter
def day(value: french.Moment | None, year: str = "") -> str:
    """`{{ d|day }}`: "mardi 1er décembre", the year when it is another one; `{{ d|day:"year" }}`: always."""
    return french.day(value, year=True if year else None) if value else ""


@register.filter
def hour(value: datetime | None) -> str:
    return french.hour(value) if value is not None else ""


@register.filter
def span(start: french.Moment | None, end: french.Moment | None = None) -> str:
    """`{{ event.start|span:event.end }}`: "Mardi 1er décembre, 9 h 00 à 12 h 00"."""
    return french.span(start, end) if start else ""


@register.filter
def initials(name: str | None) -> str:
    return french.initials(str(name or ""))


@register.filter
def in_words(count: int) -> str:
    """A small number of feminine things: "deux" réponses. Figures from 60 on."""
    return french.feminine(count) if count < 60 else french.number(count)


@register.filter
def typo(text: str | None) -> str:
    """No-break spaces and apostrophes on plain text. HTML marked safe is left as it is."""
    return text if isinstance(text, SafeData) else french.typo(str(text or ""))


@register.simple_tag
def icon(name: str) -> SafeString:
    """A symbol of icons.svg. It says nothing to a screen reader: give its word beside it, or an aria-label around."""
    return format_html(
        '<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>', static("extranet/icons.svg"), name
    )


SHAPES = {"when": french.when, "day": french.day, "hour": french.hour, "lately": french.lately}


@register.simple_tag
def time_tag(value: french.Moment | None, shape: str = "when") -> SafeString | str:
    """`{% time_tag post.created_at "when" %}`: the words inside a `<time>`; the whole date shows on hover.

    `shape` is "when", "day", "hour" or "lately".
    """
    if not value:
        return ""
    title = french.day(value, year=True)
    if isinstance(value, datetime):
        value = timezone.localtime(value)
        title = f"{title} à {french.hour(value)}"
    return format_html('<time datetime="{}" title="{}">{}</time>', value.isoformat(), title, SHAPES[shape](value))


@register.inclusion_tag("extranet/includes/field.html")
def field(bound: BoundField) -> dict:
    """A form's field: label, hint, native widget, errors tied to it.

    Django's BoundField already writes aria-describedby and aria-invalid; the template gives the hint and the errors the
    ids it names. A field that may stay empty says so only where others may not.
    """
    optional = not bound.field.required and any(other.field.required for other in bound.form)
    return {"field": bound, "optional": optional, "box": isinstance(bound.field.widget, CheckboxInput)}


@register.inclusion_tag("extranet/includes/form_errors.html")
def form_errors(form) -> dict:
    """What is wrong with a form as a whole, in a box that is read out; nothing when nothing is."""
    return {"form": form}


@register.inclusion_tag("extranet/includes/form_fields.html")
def form_fields(form) -> dict:
    """A whole form: what is wrong with it, its hidden fields, then each field in order."""
    return {"form": form}


@register.inclusion_tag("extranet/includes/more.html", takes_context=True)
def more(context: template.Context, page, label: str = "Afficher la suite", param: str = "apres") -> dict:
    """The link to the following page of a keyset-paginated list; nothing on the last one.

    `page` is a cursor, or anything with a `next_cursor` (a string, or None at the end). The other filters of the
    address are kept.
    """
    cursor = getattr(page, "next_cursor", page if isinstance(page, str) else None)
    request = context.get("request")
    query = request.GET.copy() if request else None
    if cursor and query is not None:
        query[param] = cursor
    return {"cursor": cursor, "query": query.urlencode() if query is not None else f"{param}={cursor}", "label": label}
