from django.apps import AppConfig


class LiveConfig(AppConfig):
    name = "extranet.live"
    label = "live"
    verbose_name = "Direct"

    def ready(self):
        from . import losses  # receivers: models are there only now

        losses.connect()
