"""Electors are told when a question is put to them and when it is closed: that it is, never what comes out of it."""

from datetime import timedelta

from django.contrib.auth import get_user_model
from django.utils import timezone
from django_tasks import task

from extranet.notices import domain as notices

from . import reading
from .models import Poll

KIND = "forums.poll"
LATE = timedelta(days=1)  # what closed before that is no news to send a mail about


@task()
def tell_of_opening(poll_id, history=False):
    """`history`: it is written down after the fact, nobody is told by mail."""
    poll = _poll(poll_id)
    who = "une réponse par commune est attendue" if poll.by_commune else "votre réponse est attendue"
    text = f"{poll.post.author_name} pose une question au groupe, {who}\u202f: «\u202f{poll.question}\u202f»"
    _tell(poll, text, poll.post.author, poll.opened_at, history)


@task()
def tell_of_closing(poll_id, by_id):
    """`by_id`: who closed it by hand, if anyone."""
    poll = _poll(poll_id)
    history = timezone.now() - poll.closed_at > LATE
    by = get_user_model().objects.filter(pk=by_id).first()
    _tell(
        poll,
        f"La question «\u202f{poll.question}\u202f» est close\u202f: son résultat est là",
        by,
        poll.closed_at,
        history,
    )


def _poll(poll_id):
    return Poll.objects.select_related("post__thread", "post__author").get(pk=poll_id)


def _tell(poll, text, actor, at, history):
    if poll.post.removed_at is None:
        people = reading.people_asked(poll)
        url = poll.post.get_absolute_url()
        notices.tell(people, KIND, poll.post.thread, text, url, actor=actor, at=at, history=history)
