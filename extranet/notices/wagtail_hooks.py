from django.urls import include, path
from wagtail import hooks

from extranet.circles.frame import NavEntry
from extranet.live.topics import TopicKind

from . import reading
from .models import INBOX
from .sections import WatchSection


@hooks.register("register_extranet_urls")
def urls():
    return [path("notifications/", include("extranet.notices.urls"))]


@hooks.register("register_extranet_nav")
def bell():
    return NavEntry(
        "Notifications",
        "notices:index",
        icon="cloche",
        slot="bell",
        badge=reading.unread,
        topic=reading.topic,
        scripts=("live/live.js", "notices/notices.js"),
    )


@hooks.register("register_extranet_nav")
def preferences_entry():
    return NavEntry("Ce que je reçois", "notices:preferences", order=150, slot="menu")


@hooks.register("register_circle_section")
def watch_section():
    return WatchSection


@hooks.register("register_live_topic")
def inbox_topic():
    """The bell of one person, visible to her alone. Nothing is rendered for it: her page asks for its count, which
    depends on the territory of the host name."""
    return TopicKind(name=INBOX, viewers=lambda pk, user_ids: {pk} & set(user_ids), render=lambda pk, entries: {})
