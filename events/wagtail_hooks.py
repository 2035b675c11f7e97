from django.urls import include, path
from wagtail import hooks

from extranet.circles.frame import NavEntry
from extranet.circles.todos import Todo
from extranet.notices.kinds import NoticeKind
from extranet.notices.models import Channel
from extranet.search.sources import SearchSource
from extranet.ui import french

from . import agenda, tasks
from .models import Event
from .sections import ComingMeetings


@hooks.register("register_extranet_urls")
def urls():
    return [path("", include("events.urls"))]


@hooks.register("register_extranet_nav")
def agenda_entry():
    return NavEntry("Agenda", "events:index", icon="agenda", order=300)


@hooks.register("register_extranet_nav")
def awaited_entry():
    return NavEntry("Rencontres sans réponse", "events:to_come", slot="home", badge=agenda.number_awaited)


@hooks.register("register_todos")
def meetings_to_answer(user):
    return [
        Todo(
            title=event.title,
            url=event.get_absolute_url(),
            action="Répondre",
            due_at=event.closes_at or event.starts_at,
            note=f"rencontre du {french.day(event.starts_at)}" if event.closes_at else "",
        )
        for event in agenda.awaited_soon(user)
    ]


@hooks.register("register_circle_section")
def coming_meetings():
    return ComingMeetings


BY_MAIL = {"channel": Channel.MAIL, "letter": tasks.letter, "shelf": "Rencontres"}


@hooks.register("register_notice_kind")
def convened_kind():
    return NoticeKind(tasks.CONVENED, "Nouvelle rencontre dans mes groupes", **BY_MAIL, order=310)


@hooks.register("register_notice_kind")
def changed_kind():
    return NoticeKind(tasks.CHANGED, "Rencontre où je vais, déplacée", **BY_MAIL, order=320)


@hooks.register("register_notice_kind")
def cancelled_kind():
    return NoticeKind(tasks.CANCELLED, "Rencontre annulée", **BY_MAIL, order=330)


@hooks.register("register_search_source")
def search_source():
    return SearchSource(tasks.KIND, "Rencontres", "agenda", Event, tasks.everything, order=300)
