"""The live topic of a thread: who may follow it, and the same HTML for all of them."""

from django.template.loader import render_to_string

from extranet.circles import access
from extranet.live.topics import TopicKind

from . import domain, reading
from .models import TOPIC, Post, Thread
from .polls import reading as polls


def viewers(thread_id, user_ids):
    return access.viewers(Thread(pk=thread_id), user_ids)


def render(thread_id, entries):
    """The messages named by `entries`, and what says whether the thread is closed, and its summary."""
    asked = [entry.object_id for entry in entries if entry.object_id]
    posts = list(Post.objects.filter(thread=thread_id, pk__in=asked).select_related("poll"))
    polls.attach(posts)
    html = {post.dom_key: render_to_string("forums/post.html", {"post": post}) for post in posts}
    if any(entry.key == domain.STATE for entry in entries):
        thread = Thread.objects.get(pk=thread_id)
        html[domain.STATE] = render_to_string("forums/state.html", {"thread": thread})
    if any(entry.key == domain.SUMMARY for entry in entries):
        html[domain.SUMMARY] = render_to_string("forums/summary.html", {"summary": reading.summary(thread_id)})
    return html


def territory(thread_id):
    return Thread.objects.values_list("home_circle__territory", flat=True).get(pk=thread_id)


def thread_topic():
    return TopicKind(name=TOPIC, viewers=viewers, render=render, territory=territory)
