"""What members do in discussions. The only writer: each function writes what it says and the live entry in one
transaction; notices and search follow after commit (tasks.py)."""

import hashlib
import uuid
from functools import partial

from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Case, F, IntegerField, OuterRef, Value, When
from django.db.models.functions import Greatest
from django.utils import timezone

from extranet.circles import access
from extranet.circles import domain as circles_domain
from extranet.circles.frame import function_label
from extranet.live import domain as live
from extranet.live.models import Kind
from extranet.notices import domain as notices
from extranet.ui import french, markdown

from . import mentions, tasks
from .models import Post, PostRevision, ReadState, Thread

STATE = "etat"  # the piece of a thread's page that says whether it is closed
SUMMARY = "resume"  # the piece that shows the message that sums it up
LONGEST_POST = 20_000  # characters
LONGEST_TITLE = 200
LONGEST_QUOTE = 1_000


class Conflict(Exception):
    """The same sending came a second time with another text."""


class Closed(Exception):
    """The thread takes no more replies."""


def open_thread(author, title, body, circles, key=None, at=None):
    """Open a discussion in `circles`; the first is its home, whose facilitators moderate it. Returns the Thread.

    Arguments:
        key: UUID made once by what sends; sent again, it gives the same thread.
        at: aware datetime, now by default; what is dated is written after the fact, and told to nobody by mail.

    Raises: Conflict when `key` came before with other words; ValueError without a circle, a title or a text.
    """
    circles, title, body = list(circles), clean_title(title), clean_body(body)
    if not circles or not title:
        raise ValueError("a thread needs a circle and a title")
    return _once(author, key, f"{title}\n{body}", partial(_open, author, title, circles, body=body, at=at)).thread


def reply(thread, author, body, key=None, quote=None, seen=0, at=None):
    """Write in a discussion. Returns the Post.

    Arguments:
        key: UUID made once by what sends; sent again, it gives the same post.
        quote: a Post whose words are put before `body`.
        seen: the number of the last message that the author had before her eyes: what came since stays unread.
        at: aware datetime, now by default; what is dated is written after the fact, and told to nobody by mail.

    Raises: Conflict when `key` came before with another text; Closed; ValueError without a text.
    """
    body = clean_body(f"{quotation(quote)}\n\n{body}" if quote else body)
    return _once(author, key, body, partial(_reply, thread.pk, author, body=body, seen=seen, at=at))


@transaction.atomic
def edit(post, by, body):
    """Change the text of one's own message; the former one stays in its history. Returns the Post.

    Raises: PermissionDenied when it is another's or was removed; ValueError without a text.
    """
    thread, post = _locked(post)
    if not may_edit(by, post):
        raise PermissionDenied
    body = clean_body(body)
    if body == post.body:
        return post
    PostRevision.objects.create(post=post, body=post.body, written_at=post.edited_at or post.created_at, by=post.author)
    _, told_before = mentions.link(thread, post.body)
    linked, mentioned = mentions.link(thread, body)
    post.body, post.html, post.edited_at = body, markdown.render(linked), timezone.now()
    post.save(update_fields=["body", "html", "edited_at"])
    _publish(thread, Kind.EDITED, post.dom_key, post.pk)
    if post.seq == thread.summary_seq:
        _publish(thread, Kind.EDITED, SUMMARY, None)
    _after_commit(tasks.tell_of_edit, post.pk, sorted(mentioned - told_before))
    _after_commit(tasks.index, thread.pk)
    return post


@transaction.atomic
def remove(post, by, reason):
    """Take a message away: its text is shown to moderators only, its number and `reason` stay.

    Its author and the moderators of the home circle may. Raises: PermissionDenied.
    """
    thread, post = _locked(post)
    if not may_remove(by, post):
        raise PermissionDenied
    post.removed_at, post.removed_by, post.removal_reason = timezone.now(), by, clean_title(reason)[:300]
    post.save(update_fields=["removed_at", "removed_by", "removal_reason"])
    thread.post_count -= 1
    _publish(thread, Kind.EDITED, post.dom_key, post.pk, "post_count")
    if post.seq == thread.summary_seq:
        _set_summary(thread, None)
    _after_commit(tasks.index, thread.pk)
    return post


@transaction.atomic
def read(user, thread, seq):
    """`user` has read `thread` up to message `seq`. Never goes back."""
    seq = min(seq, thread.last_seq)
    if seq <= 0:
        return
    states = ReadState.objects.filter(user=user, thread=thread)
    risen = states.filter(last_read_seq__lt=seq).update(last_read_seq=seq)
    if not risen:
        ReadState.objects.bulk_create([ReadState(user=user, thread=thread, last_read_seq=seq)], ignore_conflicts=True)
    if seq == thread.last_seq:
        notices.mark_seen(user, thread)


def close(thread, by):
    """No more replies. Its opener and the moderators of the home circle may. Raises: PermissionDenied."""
    _set_closed(thread, by, True)


def reopen(thread, by):
    """Replies again. Raises: PermissionDenied."""
    _set_closed(thread, by, False)


@transaction.atomic
def sum_up(post, by):
    """Make a message the summary of its thread, shown above the others; it takes the place of the one before.

    The opener of the thread and the moderators of its home circle may. Raises: PermissionDenied, for a removed message
    too.
    """
    thread, post = _locked(post)
    if not may_sum_up(by, thread) or post.removed_at:
        raise PermissionDenied
    _set_summary(thread, post.seq)


@transaction.atomic
def drop_summary(thread, by):
    """The thread has no summary any more; the message stays where it is. Raises: PermissionDenied."""
    locked = Thread.objects.select_for_update(of=("self",)).get(pk=thread.pk)
    if not may_sum_up(by, locked):
        raise PermissionDenied
    _set_summary(locked, None)


def may_edit(user, post):
    return post.removed_at is None and post.author_id == user.pk


def may_remove(user, post):
    own = post.author_id == user.pk
    return post.removed_at is None and (own or access.can(user, "moderate", post.thread))


def may_close(user, thread):
    return thread.author_id == user.pk or access.can(user, "moderate", thread)


def may_sum_up(user, thread):
    return may_close(user, thread)


def quotation(post):
    """The Markdown that quotes a message: its words less what they quote, its author, its day and a link to it."""
    lines = [line for line in post.body.strip().splitlines() if not line.lstrip().startswith(">")]
    text = "\n".join(lines).strip()
    text = text if len(text) <= LONGEST_QUOTE else f"{text[:LONGEST_QUOTE].rsplit(' ', 1)[0]} […]"
    day = french.day(post.created_at, year=True, weekday=False)
    source = f"— {post.author_name}, [{day}]({post.get_absolute_url()})"
    return "\n".join(f"> {line}".rstrip() for line in [*text.splitlines(), "", source])


def clean_title(text):
    """One line, without the characters that no title holds (line ends, NUL and other controls)."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def clean_body(text):
    """Line ends as one sign, without NUL. Raises ValueError when nothing is left."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").strip()
    if not text:
        raise ValueError("a message needs a text")
    return text


@transaction.atomic
def show_again(post):
    """What stands in a message besides its text has changed: pages that show it are told."""
    thread, post = _locked(post)
    _publish(thread, Kind.EDITED, post.dom_key, post.pk)


# How it is written ----------------------------------------------------------------------------------------------------
def _once(author, key, words, write):
    """The post that `write(key=…, body_hash=…)` makes, or the one that the same key made before."""
    key = uuid.UUID(str(key)) if key else uuid.uuid4()
    digest = hashlib.sha256(words.encode()).hexdigest()
    try:
        with transaction.atomic():
            return write(key=key, body_hash=digest)
    except (IntegrityError, Closed):  # perhaps because it was sent before
        sent = Post.objects.select_related("thread").filter(author=author, key=key).first()
        if sent is None:
            raise
        if sent.body_hash != digest:
            raise Conflict from None
        return sent


def _open(author, title, circles, *, body, at, key, body_hash):
    history, at = at is not None, at or timezone.now()
    name, label = _signature(author, circles[0].territory_id)
    thread = Thread.objects.create(
        title=title[:LONGEST_TITLE],
        home_circle=circles[0],
        author=author,
        author_name=name,
        author_label=label,
        created_at=at,
        listed_at=at,
        last_post_at=at,
    )
    circles_domain.share(thread, circles)
    return _append(thread, author, (name, label), body, key, body_hash, at, seen=0, history=history)


def _reply(thread_id, author, *, body, seen, at, key, body_hash):
    thread = Thread.objects.select_for_update(of=("self",)).select_related("home_circle").get(pk=thread_id)
    if thread.closed:
        raise Closed
    signature = _signature(author, thread.home_circle.territory_id)
    return _append(thread, author, signature, body, key, body_hash, at or timezone.now(), seen, at is not None)


def _append(thread, author, signature, body, key, body_hash, at, seen, history):
    linked, mentioned = mentions.link(thread, body)
    post = Post.objects.create(
        thread=thread,
        seq=thread.last_seq + 1,
        author=author,
        author_name=signature[0],
        author_label=signature[1],
        body=body,
        html=markdown.render(linked),
        created_at=at,
        key=key,
        body_hash=body_hash,
    )
    _has_written(author, post, seen)
    thread.last_seq, thread.post_count, thread.last_post_at = post.seq, thread.post_count + 1, at
    thread.last_author_name, thread.last_author_label = signature
    circles_domain.relist(thread, at)
    names = ("last_seq", "post_count", "last_post_at", "last_author_name", "last_author_label")
    _publish(thread, Kind.ADDED, post.dom_key, post.pk, *names, at=at)
    _after_commit(tasks.tell_of_post, post.pk, sorted(mentioned), history)
    _after_commit(tasks.index, thread.pk)
    return post


def _has_written(author, post, seen):
    """The author has read her own message, and those before it that she had before her eyes."""
    before = post.seq - 1
    read_to = post.seq if seen >= before else seen
    at_least = Greatest(F("last_read_seq"), Value(read_to), output_field=IntegerField())
    risen = Case(When(last_read_seq__gte=before, then=Value(post.seq)), default=at_least)
    states = ReadState.objects.filter(user=author, thread=post.thread)
    if not states.update(posts=F("posts") + 1, last_read_seq=risen):
        ReadState.objects.create(user=author, thread=post.thread, posts=1, last_read_seq=read_to)


def _signature(author, territory_id):
    """The name and the function of `author` in the territory, as they stand now."""
    label = function_label(OuterRef("pk"), territory_id)
    words = get_user_model().objects.filter(pk=author.pk).annotate(label=label).values_list("label", flat=True).get()
    return str(author), words or ""


def _publish(thread, kind, key, object_id, *changed, at=None):
    """Append to the live log, and keep on the thread what its page will show of it, with the fields `changed`."""
    thread.live_seq = live.publish(thread.topic, kind, key, object_id, at=at)
    thread.save(update_fields=["live_seq", *changed])


def _locked(post):
    thread = Thread.objects.select_for_update(of=("self",)).get(pk=post.thread_id)
    post = Post.objects.get(pk=post.pk)
    post.thread = thread
    return thread, post


@transaction.atomic
def _set_closed(thread, by, closed):
    locked = Thread.objects.select_for_update(of=("self",)).get(pk=thread.pk)
    if not may_close(by, locked):
        raise PermissionDenied
    if locked.closed != closed:
        locked.closed = closed
        _publish(locked, Kind.STATE, STATE, None, "closed")
    thread.closed = closed


def _set_summary(thread, seq):
    if thread.summary_seq != seq:
        thread.summary_seq = seq
        _publish(thread, Kind.EDITED, SUMMARY, None, "summary_seq")


def _after_commit(task, *arguments):
    transaction.on_commit(partial(task.enqueue, *arguments), robust=True)
