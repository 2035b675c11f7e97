from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "extranet.search"
    default_auto_field = "django.db.models.BigAutoField"  # whatever the host chose for its own
    label = "extranet_search"  # « search » is the app that `wagtail start` makes
    verbose_name = "Recherche"
