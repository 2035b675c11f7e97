from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "extranet.search"
    label = "search"
    verbose_name = "Recherche"
