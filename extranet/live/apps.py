from django.apps import AppConfig


class LiveConfig(AppConfig):
    name = "extranet.live"
    default_auto_field = "django.db.models.BigAutoField"  # whatever the host chose for its own
    label = "live"
    verbose_name = "Direct"

    def ready(self):
        from . import losses  # receivers: models are there only now

        losses.connect()
