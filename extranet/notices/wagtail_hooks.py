from django.template.loader import render_to_string
from django.urls import include, path
from wagtail import hooks

from extranet.circles.frame import NavEntry
from extranet.live.topics import TopicKind

from . import domain, reading


@hooks.register("register_extranet_urls")
def urls():
    return [path("notifications/", include("extranet.notices.urls"))]


@hooks.register("register_extranet_nav")
def bell():
    return NavEntry("Notifications", "notices:index", icon="cloche", slot="bell", badge=reading.unread)
