from django.urls import include, path
from wagtail import hooks

from extranet.circles.frame import NavEntry
from extranet.circles.todos import Todo
from extranet.notices.kinds import NoticeKind
from extranet.notices.models import Channel
from extranet.search.sources import SearchSource

from . import reading, tasks, topics
from .models import TOPIC, Thread
from .polls import reading as polls
from .polls import tasks as polls_tasks
from .sections import DiscussionsSection


@hooks.register("register_extranet_urls")
def urls():
    return [path("discussions/", include("forums.urls"))]


@hooks.register("register_extranet_nav")
def discussions_entry():
    return NavEntry("Discussions", "forums:index", icon="discussions", order=200, badge=reading.unread_threads)


@hooks.register("register_extranet_nav")
def awaited_entry():
    return NavEntry("Questions sans réponse", "forums:polls", slot="home", badge=polls.number_awaited)


@hooks.register("register_todos")
def questions_to_answer(user):
    return [
        Todo(
            title=voice.poll.question,
            url=voice.poll.post.get_absolute_url(),
            action="Donner un avis",
            due_at=voice.poll.closes_at,
            note=f"pour {voice.name}" if voice.poll.by_commune else "",
        )
        for voice in polls.awaited(user)
    ]


@hooks.register("register_circle_section")
def discussions_section():
    return DiscussionsSection


@hooks.register("register_live_topic")
def thread_topic():
    return topics.thread_topic()


@hooks.register("register_notice_kind")
def reply_kind():
    return NoticeKind(
        tasks.REPLY,
        "Réponse à une discussion que je suis",
        gathers=True,
        channel=Channel.MAIL,
        letter=tasks.letter,
        shelf="Discussions",
        order=210,
    )


@hooks.register("register_notice_kind")
def mention_kind():
    return NoticeKind(
        tasks.MENTION,
        "Message qui me mentionne",
        channel=Channel.MAIL,
        letter=tasks.letter,
        shelf="Discussions",
        order=200,
    )


@hooks.register("register_notice_kind")
def opened_kind():
    return NoticeKind(
        tasks.OPENED,
        "Nouvelle discussion dans mes groupes",
        channel=Channel.DIGEST,
        letter=tasks.letter,
        shelf="Discussions",
        order=220,
    )


@hooks.register("register_notice_kind")
def poll_kind():
    return NoticeKind(
        polls_tasks.KIND,
        "Question posée à un groupe, ouverte ou close",
        channel=Channel.MAIL,
        shelf="Discussions",
        order=205,
    )


@hooks.register("register_search_source")
def search_source():
    return SearchSource(TOPIC, "Discussions", "discussions", Thread, tasks.everything, order=200)
