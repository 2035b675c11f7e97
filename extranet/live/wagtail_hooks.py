from django.urls import include, path
from wagtail import hooks


@hooks.register("register_extranet_urls")
def urls():
    return [path("", include("extranet.live.urls"))]
