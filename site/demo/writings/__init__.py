"""What the demo's people write, convene and share: one module a plugin, each skipped when its plugin is absent."""

from importlib import import_module

from django.apps import apps

WRITERS = [
    ("forums", "discussions"),
    ("events", "meetings"),
    ("extranet.library", "resources"),
    ("extranet.notices", "receiving"),
]


def write(network, texts, progress):
    """Fill a built `network.Network` with the written content, through the plugins' own domain functions."""
    for module in _writers():
        module.write(network, texts, progress)


def settle(network, texts):
    """What can only be done after commit, once notices are written."""
    for module in _writers():
        if hasattr(module, "settle"):
            module.settle(network, texts)


def _writers():
    return [import_module(f"{__name__}.{module}") for app, module in WRITERS if apps.is_installed(app)]
