from django.apps import AppConfig


class LibraryConfig(AppConfig):
    name = "extranet.library"
    default_auto_field = "django.db.models.BigAutoField"  # whatever the host chose for its own
    label = "library"
    verbose_name = "Bibliothèque"
