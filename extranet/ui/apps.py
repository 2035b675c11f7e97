from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "extranet.ui"
    default_auto_field = "django.db.models.BigAutoField"  # whatever the host chose for its own
    label = "ui"
    verbose_name = "Interface de l’extranet"
