from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "extranet.ui"
    label = "ui"
    verbose_name = "Interface de l’extranet"
