"""What the demo's people write, convene and share: one module a plugin, each skipped when its plugin is absent."""

from importlib import import_module

from django.apps import apps

WRITERS = [("forums", "discussions"), ("events", "meetings"), ("extranet.library", "resources")]


def write(network, texts, progress):
    """Fill a built `network.Network` with the written content, through the plugins' own domain functions."""
    for app, module in WRITERS:
        if apps.is_installed(app):
            import_module(f"{__name__}.{module}").write(network, texts, progress)
