from wagtail import hooks

from extranet.circles.frame import NavEntry

FOOT = [
    ("Accessibilité : partiellement conforme", "home:accessibility"),
    ("Données personnelles", "home:personal_data"),
    ("Mentions légales", "home:legal"),
    ("Aide", "home:help"),
]


def _register(order, label, url_name):
    hooks.register("register_extranet_nav", lambda: NavEntry(label, url_name, order=order, slot="foot"))


for place, (words, name) in enumerate(FOOT):
    _register(place, words, name)
