from django import template
from django.utils import timezone

register = template.Library()


@register.simple_tag
def today():
    """The day it is in Paris."""
    return timezone.localdate()
