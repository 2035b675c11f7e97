"""What a person reads: lists, the page of a thread around a position, counts of what she has not read."""

from dataclasses import dataclass, field
from datetime import timedelta

from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, Count, Exists, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce, Concat
from django.utils import timezone

from extranet.circles import access, listing
from extranet.circles.models import Audience
from extranet.ui import french

from .models import Post, ReadState, Thread

PAGE = 50  # messages on a page
CONTEXT = 2  # messages already read that stay above the first new one
# What nobody wrote in for longer than this is no news: a newcomer does not start with years of unread messages.
FRESH = timedelta(days=60)


def for_reader(user):
    """Threads that carry `last_read_seq`, the number of the last message that `user` has read (0: none)."""
    read = ReadState.objects.filter(user=user, thread=OuterRef("pk")).values("last_read_seq")
    return Thread.objects.annotate(last_read_seq=Coalesce(Subquery(read), 0))


def page(user, circle=None, after="", limit=20):
    """A Slice of the newest threads, each with `unread` (a number) and `place` (a CircleRef or None). Two queries.

    Raises: listing.BadCursor.
    """
    return _described(user, listing.newest(user, for_reader(user), circle=circle, after=after, limit=limit))


def unread_page(user, limit=100):
    """The threads where something is new to `user`, the latest first, at most `limit`. One query."""
    new = access.visible_to(user, for_reader(user)).filter(
        listed_at__gte=timezone.now() - FRESH, last_seq__gt=F("last_read_seq")
    )
    return _described(user, listing.Slice(list(new.order_by("-listed_at", "-pk")[:limit])))


def _described(user, found):
    circles, since = access.rights_of(user).circles, timezone.now() - FRESH
    for thread in found:
        thread.unread = max(0, thread.last_seq - thread.last_read_seq) if thread.listed_at >= since else 0
        thread.place = circles.get(thread.home_circle_id)
    return found


def unread_by_circle(user):
    """{circle id: number of threads where something is new}, for the circles that have any. One query."""
    rows = _unread_rows(user).values("circle").annotate(number=Count("pk"))
    return dict(rows.values_list("circle", "number"))


def unread_threads(user):
    """The number of threads where something is new to `user`, as a scalar subquery for the frame."""
    rows = _unread_rows(user).values("content_type").annotate(number=Count("object_id", distinct=True))
    return rows.values("number")


def _unread_rows(user):
    read = ReadState.objects.filter(user=user, thread=OuterRef("object_id"), last_read_seq__gte=F("thread__last_seq"))
    rows = Audience.objects.filter(
        ~Exists(read),
        content_type=ContentType.objects.get_for_model(Thread),
        circle__in=sorted(access.circles_of(user)),
        listed_at__gte=timezone.now() - FRESH,
    )
    return rows.order_by()


@dataclass
class Window:
    """The part of a thread that a page shows: its first message, and some around a position."""

    start: int  # number of the first message after the opening one
    end: int
    last: int
    posts: list = field(default_factory=list)
    summary: Post | None = None  # the message that sums the thread up, wherever it stands
    edges: dict = field(default_factory=dict)  # messages of which only the date is shown, by number

    @property
    def hidden_before(self):
        return max(0, self.start - 2)

    @property
    def hidden_after(self):
        return self.last - self.end

    @property
    def before(self):
        """Where the page before starts, and how many messages it brings."""
        start = max(2, self.start - PAGE)
        return {"start": start, "number": self.start - start}

    @property
    def before_dates(self):
        """The days of these messages: « du 18 novembre au 24 novembre », « le 24 novembre »."""
        first, last = (french.day(self.edges[seq], weekday=False) for seq in (self.before["start"], self.start - 1))
        return f"le {last}" if first == last else f"du {first} au {last}"

    @property
    def after(self):
        """Where the next page starts, and how many messages it brings."""
        return {"start": self.end + 1, "number": min(PAGE, self.hidden_after)}

    @property
    def shows_end(self):
        return self.end >= self.last


def window(thread, message=None, start=None):
    """The Window of `thread` around message number `message`, or from number `start` on, else where reading stopped.

    One query, whatever the length of the thread: numbers have no gap.
    """
    last, read = thread.last_seq, thread.last_read_seq
    if start is None and message is not None:
        start = min(message - PAGE // 5, last - PAGE + 1)
    elif start is None and read < last:
        start = read + 1 - CONTEXT
    elif start is None:
        start = last - PAGE + 1
    start = min(start, last)
    start = 1 if start <= 2 + CONTEXT else start
    shown = Window(start, min(last, start + PAGE - 1), last)
    edges = {shown.before["start"], start - 1} if shown.hidden_before else set()
    apart = {1, *edges, thread.summary_seq or 1}
    posts = Post.objects.filter(Q(seq__in=apart) | Q(seq__range=(shown.start, shown.end)), thread=thread)
    for post in posts.select_related("poll").order_by("seq"):
        post.thread = thread
        if post.seq == 1 or shown.start <= post.seq <= shown.end:
            shown.posts.append(post)
        if post.seq in edges:
            shown.edges[post.seq] = post.created_at
        if post.seq == thread.summary_seq:
            shown.summary = post
    return shown


def summary(thread_id):
    """The message that sums a thread up, or None."""
    return Post.objects.filter(thread=thread_id, thread__summary_seq=F("seq")).first()


@dataclass
class Around:
    """Who a thread is for and who wrote in it."""

    circles: list = field(default_factory=list)  # CircleRef, those the reader may view too
    others: int = 0  # circles that she may not view
    writers: list = field(default_factory=list)  # (id, name), those who wrote most first
    may_contribute: bool = False


def around(user, thread):
    """The Around of `thread` for `user`, in one query."""
    words = CharField()
    circles = Audience.objects.filter(
        content_type=ContentType.objects.get_for_model(Thread), object_id=thread.pk
    ).values_list(Value("circle", words), "circle_id", Value(0), Value("", words))
    name = Concat("user__first_name", Value(" "), "user__last_name", output_field=words)
    people = thread.read_states.filter(posts__gt=0).values_list(Value("person", words), "user_id", "posts", name)
    rows = sorted(circles.union(people, all=True), key=lambda row: (-row[2], row[3]))
    shared = [row[1] for row in rows if row[0] == "circle"]
    mine = access.rights_of(user).circles
    return Around(
        circles=sorted((mine[pk] for pk in shared if pk in mine), key=lambda circle: circle.name),
        others=sum(pk not in mine for pk in shared),
        writers=[(row[1], row[3]) for row in rows if row[0] == "person"],
        may_contribute=not access.circles_of(user, "contribute").isdisjoint(shared),
    )
