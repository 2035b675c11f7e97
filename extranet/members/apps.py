from django.apps import AppConfig


class MembersConfig(AppConfig):
    name = "extranet.members"
    default_auto_field = "django.db.models.BigAutoField"  # whatever the host chose for its own
    label = "members"
    verbose_name = "Membres"
