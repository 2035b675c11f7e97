from django.apps import AppConfig


class ForumsConfig(AppConfig):
    name = "forums"
    default_auto_field = "django.db.models.BigAutoField"  # whatever the host chose for its own
    verbose_name = "Discussions"
