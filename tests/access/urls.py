"""Every URL pattern of the site, named as the matrix names it."""

from django.urls import URLResolver, get_resolver

# Wagtail's and Django's own admin guard themselves by their own permissions; one row each stands for them.
ADMINS = {"admin/": "wagtail_admin", "django-admin/": "django_admin"}


def patterns():
    """The name of every pattern of the site (its route where it has no name)."""
    found = set()
    for name, route in _walk(get_resolver(), "", ""):
        admin = next((label for prefix, label in ADMINS.items() if route.startswith(prefix)), None)
        found.add(admin or name)
    return found


def _walk(resolver, prefix, namespace):
    for pattern in resolver.url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = ":".join(filter(None, [namespace, pattern.namespace]))
            yield from _walk(pattern, route, inner)
        elif pattern.name:
            yield ":".join(filter(None, [namespace, pattern.name])), route
        else:
            yield route, route
