from django.urls import include, path
from wagtail import hooks


@hooks.register("register_extranet_urls")
def ui_urls():
    """The choice of a light or dark display, before Wagtail's catch-all."""
    return [path("", include("extranet.ui.urls"))]
