from django.apps import AppConfig


class MembersConfig(AppConfig):
    name = "extranet.members"
    label = "members"
    verbose_name = "Membres"
