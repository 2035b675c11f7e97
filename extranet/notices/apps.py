from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "extranet.notices"
    label = "notices"
    verbose_name = "Notifications"
