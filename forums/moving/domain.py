"""An mbox archive becomes threads of a circle. Each thread is written whole or not at all; nobody is told of it."""

import uuid
from collections import Counter
from dataclasses import dataclass, field
from functools import partial
from itertools import count

from django.contrib.auth import get_user_model
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import OuterRef
from django.utils import timezone

from extranet.circles import access
from extranet.circles import domain as circles_domain
from extranet.circles.frame import function_label
from extranet.circles.models import Mandate
from extranet.files.checks import Refused, inspect
from extranet.files.storage import place, private_files
from extranet.live import domain as live
from extranet.live.models import Kind
from extranet.ui import markdown
from forums import tasks
from forums.domain import LONGEST_TITLE, clean_title
from forums.models import Post, ReadState, Thread
from forums.reading import FRESH

from . import words
from .grouping import group
from .reading import Archive

OUTSIDE = "hors extranet"
UNTITLED = "(sans objet)"
OURS = "@extranet.invalid"  # ends the id that our export gives to a message written here


@dataclass
class Trouble:
    """What was not understood of one message."""

    number: int
    subject: str
    reason: str


@dataclass
class Report:
    """What an import did, or would do."""

    read: int = 0
    opened: int = 0
    continued: int = 0
    messages: int = 0
    known: int = 0
    files: int = 0
    outsiders: Counter = field(default_factory=Counter)
    troubles: list = field(default_factory=list)

    def note(self, head, *reasons):
        self.troubles += [Trouble(head.number, head.subject or UNTITLED, reason) for reason in reasons]


@dataclass
class Ready:
    """A message that can be written: its post, not saved, and the files to keep, as (Inspected, ContentFile)."""

    post: Post
    files: list


def import_threads(path, circle, *, dry_run=False, progress=lambda done, total: None):
    """Bring the messages of the mbox file `path` into `circle` as threads. Returns the Report.

    Senders are known by their address, among those who hold or held a function in the territory; others keep the name
    they signed with. What was imported before into this circle is left alone. Nobody is told, and the messages count
    as read. Interrupted, it leaves whole threads; run again, it goes on.

    Arguments:
        progress: called after each message with their number so far and in all.

    Raises: OSError; ValueError, with a message for who runs it, when the file is no mbox.
    """
    archive, report = Archive(path), Report()
    steps, members, known = count(1), _members(circle.territory), _written_before(circle)

    def advance():
        progress(next(steps), len(archive))

    for each in group(_new_heads(archive, known, report, advance), known):
        ready = _prepare(archive, each, known, members, report, advance)
        if not ready:
            continue
        report.messages += len(ready)
        report.continued += each.thread_id is not None
        report.opened += each.thread_id is None
        if not dry_run:
            _write(each, circle, ready)
    report.troubles.sort(key=lambda trouble: trouble.number)
    return report


def _new_heads(archive, known, report, advance):
    """The heads of the messages that are not there yet, each once."""
    found = {}
    for head in archive.heads():
        report.read += 1
        if head.id in found:
            report.note(head, "déjà lu plus haut dans ce fichier")
        if head.id in found or head.id in known:
            report.known += 1
            advance()
        else:
            found[head.id] = head
    return list(found.values())


def _written_before(circle):
    """{message id: thread id} of what was imported into the circle, or written there and exported."""
    posts = Post.objects.filter(thread__home_circle=circle)
    rows = posts.values_list("message_id", "key", "thread").iterator(chunk_size=5000)
    return {message_id or f"{key}{OURS}": thread_id for message_id, key, thread_id in rows}


def _members(territory):
    """{address: (person, name, function)} of those who hold or held a function in the territory."""
    people = get_user_model().objects.filter(pk__in=Mandate.objects.filter(territory=territory).values("user"))
    found = people.annotate(function_now=function_label(OuterRef("pk"), territory.pk))
    return {user.email.lower(): (user, str(user), user.function_now or "") for user in found}


def _prepare(archive, group_, known, members, report, advance):
    """The messages of a group that hold something, ready to be written."""
    there = {head.id for head in group_.heads} | known.keys()
    found = []
    for head in group_.heads:
        letter = archive.letter(head)
        files, lost = _checked(letter)
        report.note(head, *head.troubles, *letter.troubles)
        report.note(head, *(f"pièce jointe non reprise, «\u202f{name}\u202f»\u202f: {reason}" for name, reason in lost))
        body, cut = _body(head, letter, [name for name, _ in lost], answers=not there.isdisjoint(head.parents))
        report.note(head, *([f"texte coupé après {len(body)} caractères"] if cut else []))
        if body or files:
            post = _post(head, letter, body or "(pièce jointe)", members)
            if post.author is None:
                report.outsiders[post.author_name] += 1
            found.append(Ready(post, files))
            report.files += len(files)
        else:
            report.note(head, "message vide\u202f: il n’est pas repris")
        advance()
    return found


def _checked(letter):
    """The files of a letter that may be kept, and (name, reason) of the others."""
    kept, lost = [], []
    for name, octets in letter.files:
        file = ContentFile(octets, name=name)
        try:
            kept.append((inspect(file), file))
        except Refused as refusal:
            lost.append((name, str(refusal)))
    return kept, lost


def _body(head, letter, lost_files, *, answers):
    """The Markdown of a message, and whether its end was cut off. What we exported is taken as it is."""
    text = letter.text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").strip()
    text = text.encode("utf-8", "replace").decode()
    if answers and not head.discussion:
        text = words.without_quotes(text)
    if lost_files and not head.discussion:
        text += "".join(f"\n\n*Pièce jointe non reprise\u202f: {name}*" for name in lost_files)
    return text[: markdown.LIMIT].strip(), len(text) > markdown.LIMIT


def _post(head, letter, body, members):
    author, name, function = members.get(letter.address) or (None, letter.name, OUTSIDE)
    if head.discussion:  # as it was when it was written
        name, function = letter.name, letter.function
    return Post(
        author=author,
        author_name=name[:300],
        author_label=function[:300],
        body=body,
        html=markdown.render(body),
        created_at=min(head.at, timezone.now()),
        message_id=head.id,
        key=uuid.uuid4(),
    )


def _write(group_, circle, ready):
    """Write the messages of one thread; the files kept are deleted again if it fails."""
    stored = []
    try:
        with transaction.atomic():
            for each in ready:
                each.post.files = [_store(inspected, file, stored) for inspected, file in each.files]
            _write_posts(group_, circle, [each.post for each in ready])
    except BaseException:
        for path in stored:
            private_files().delete(path)
        raise


def _store(inspected, file, stored):
    path = private_files().save(place("forums"), file)
    stored.append(path)
    return {
        "name": inspected.name,
        "mime": inspected.mime,
        "size": inspected.size,
        "sha256": inspected.sha256,
        "path": path,
    }


def _write_posts(group_, circle, posts):
    thread = _thread_for(group_, circle, posts[0])
    before, last = thread.last_seq, posts[-1]
    for seq, post in enumerate(posts, start=before + 1):
        post.thread, post.seq = thread, seq
    Post.objects.bulk_create(posts, batch_size=200)
    thread.last_seq, thread.post_count = before + len(posts), thread.post_count + len(posts)
    if last.created_at >= thread.last_post_at:
        thread.last_post_at = last.created_at
        thread.last_author_name, thread.last_author_label = last.author_name, last.author_label
    thread.save()
    circles_domain.relist(thread, thread.last_post_at)
    _count_as_read(thread, before, posts)
    if before:  # someone may be reading it
        for post in posts:
            thread.live_seq = live.publish(thread.topic, Kind.ADDED, post.dom_key, post.pk)
        thread.save(update_fields=["live_seq"])
    transaction.on_commit(partial(tasks.index.enqueue, thread.pk), robust=True)


def _thread_for(group_, circle, first):
    if group_.thread_id:
        return Thread.objects.select_for_update(of=("self",)).get(pk=group_.thread_id)
    thread = Thread.objects.create(
        title=(clean_title(group_.title) or UNTITLED)[:LONGEST_TITLE],
        home_circle=circle,
        author=first.author,
        author_name=first.author_name,
        author_label=first.author_label,
        created_at=first.created_at,
        listed_at=first.created_at,
        last_post_at=first.created_at,
    )
    circles_domain.share(thread, [circle])
    return thread


def _count_as_read(thread, before, posts):
    """Whoever had nothing new in the thread has nothing new now; its writers are known as such."""
    written = Counter(post.author_id for post in posts if post.author_id)
    states = {state.user_id: state for state in ReadState.objects.filter(thread=thread)}
    news = before and thread.listed_at > timezone.now() - FRESH
    newcomers = (access.viewers(thread) | written.keys()) - states.keys()
    for state in states.values():
        state.last_read_seq = thread.last_seq if state.last_read_seq >= before else state.last_read_seq
        state.posts += written[state.user_id]
    ReadState.objects.bulk_update(states.values(), ["last_read_seq", "posts"], batch_size=200)
    read_to = 0 if news else thread.last_seq
    rows = [ReadState(user_id=pk, thread=thread, last_read_seq=read_to, posts=written[pk]) for pk in sorted(newcomers)]
    ReadState.objects.bulk_create(rows, batch_size=500)
