from django import template

register = template.Library()


@register.simple_tag(takes_context=True)
def narrowed(context, param, value=""):
    """The address of the same list with `param` set to `value` (taken away when empty), from its first page."""
    query = context["request"].GET.copy()
    for name in (param, "page", "apres"):
        query.pop(name, None)
    if value:
        query[param] = value
    return f"?{query.urlencode()}"
