from django.apps import AppConfig


class LibraryConfig(AppConfig):
    name = "extranet.library"
    label = "library"
    verbose_name = "Bibliothèque"
