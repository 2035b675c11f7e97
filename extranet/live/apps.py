from django.apps import AppConfig


class LiveConfig(AppConfig):
    name = "extranet.live"
    label = "live"
    verbose_name = "Direct"
