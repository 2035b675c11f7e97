from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "extranet.search"
    label = "extranet_search"  # « search » is the app that `wagtail start` makes
    verbose_name = "Recherche"
