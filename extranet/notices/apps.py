from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "extranet.notices"
    default_auto_field = "django.db.models.BigAutoField"  # whatever the host chose for its own
    label = "notices"
    verbose_name = "Notifications"
