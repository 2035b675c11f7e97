from django import template
from django.templatetags.static import static
from django.utils.html import format_html

register = template.Library()


@register.simple_tag
def live_topic(topic, seq):
    """The attributes of the element that shows `topic` as it stood at number `seq` (live.domain.last_seq, read before
    what the page shows)."""
    return format_html('data-live-topic="{}" data-live-seq="{}"', topic, seq)


@register.simple_tag(takes_context=True)
def live_script(context):
    """Loads live.js, once a page."""
    nonce = getattr(context.get("request"), "csp_nonce", "")
    return format_html('<script src="{}" defer nonce="{}"></script>', static("live/live.js"), nonce)
