"""What follows a message once it is committed: people are told, search learns it. Rights are asked when it runs."""

from django.contrib.auth import get_user_model
from django_tasks import task

from extranet.notices import domain as notices
from extranet.notices.kinds import Letter
from extranet.search import domain as search
from extranet.ui import markdown

from .models import TOPIC, Poll, Post, Thread
from .polls import reading

REPLY = "forums.reply"
MENTION = "forums.mention"
OPENED = "forums.opened"
MOST_SEARCHED = 300  # messages of a thread that search knows: the latest, and the opening one


@task()
def tell_of_post(post_id, mentioned_ids, history=False):
    """Tell the people mentioned, then those who opened the thread or wrote in it, then whoever may read it: each once,
    as she follows it. Of what is written down after the fact (`history`), nobody hears by mail."""
    post = Post.objects.select_related("thread", "author", "poll").get(pk=post_id)
    thread, told = post.thread, set(mentioned_ids)
    _tell_mentioned(post, mentioned_ids, history)
    if hasattr(post, "poll"):  # those whom it asks are told of the question
        told |= set(reading.people_asked(post.poll).values_list("pk", flat=True))
    said = "a répondu dans" if post.seq > 1 else "a ouvert la discussion"
    news = {
        "obj": thread,
        "text": f"{post.author_name} {said} «\u202f{thread.title}\u202f»",
        "url": post.get_absolute_url(),
        "actor": post.author,
        "at": post.created_at,
        "part": post.pk,
        "history": history,
    }
    if post.seq > 1:
        wrote = get_user_model().objects.filter(pk__in=thread.read_states.filter(posts__gt=0).values("user"))
        told |= notices.tell(wrote, REPLY, less=told, **news)
    if history:
        return
    told |= notices.tell(None, REPLY, reason=notices.Reason.FOLLOWED, less=told, **news)
    if post.seq == 1:
        notices.tell(None, OPENED, less=told, **news)


def letter(thread, post_id):
    """What a mail says of a message; nothing once it was removed."""
    post = thread.posts.filter(pk=post_id, removed_at=None).first()
    if post is None:
        return None
    return Letter(
        subject=f"Re: {thread.title}" if post.seq > 1 else thread.title,
        html=post.html,
        author=post.author_name,
        function=post.author_label,
        at=post.created_at,
        action="Lire la discussion et y répondre",
    )


@task()
def tell_of_edit(post_id, mentioned_ids):
    """Tell the people whom a change of text mentions for the first time."""
    _tell_mentioned(Post.objects.select_related("thread", "author").get(pk=post_id), mentioned_ids)


def _tell_mentioned(post, user_ids, history=False):
    if user_ids and post.removed_at is None:
        text = f"{post.author_name} vous mentionne dans «\u202f{post.thread.title}\u202f»"
        people = get_user_model().objects.filter(pk__in=user_ids)
        at = post.edited_at or post.created_at
        notices.tell(
            people,
            MENTION,
            post.thread,
            text,
            post.get_absolute_url(),
            actor=post.author,
            at=at,
            reason=notices.Reason.NAMED,
            part=post.pk,
            history=history,
        )


@task()
def index(thread_id):
    """Make a thread findable by the words of its title and messages."""
    search.index(**index_entry(Thread.objects.get(pk=thread_id)))


def index_entry(thread):
    """What search learns of a thread: the arguments of search.domain.index."""
    standing = thread.posts.filter(removed_at=None)
    latest = list(standing.order_by("-seq").values_list("seq", "html")[:MOST_SEARCHED])
    polls = Poll.objects.filter(post__thread=thread, post__removed_at=None).values_list("question", "outcome")
    opening = [] if any(seq == 1 for seq, _ in latest) else list(standing.filter(seq=1).values_list("seq", "html"))
    written = [markdown.to_text(html) for _, html in [*opening, *reversed(latest)]]
    asked = [words for poll in polls for words in poll]
    return {
        "obj": thread,
        "kind": TOPIC,
        "title": thread.title,
        "text": "\n\n".join([*written, *asked]),
        "url": thread.get_absolute_url(),
    }


def everything():
    """The same for every thread, to build the index anew."""
    return (index_entry(thread) for thread in Thread.objects.iterator())
