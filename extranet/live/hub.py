"""One hub a process: it reads the log once for all who follow a topic, and hands them the same text.

Everything here runs on one event loop; the database is read on the hub's own threads. See docs/live.md.
"""

import asyncio
import logging
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor

from asgiref.sync import sync_to_async
from channels.layers import get_channel_layer
from django.db import close_old_connections

from extranet.circles import domain as circles

from . import bell, log, presence, topics

logger = logging.getLogger(__name__)

# Seconds.
SWEEP = 5  # a lost bell is made good
RECHECK = 20  # rights, accounts and sessions are asked again though no bell rang; also the heartbeat
STUCK = 30  # a reader that takes nothing for so long is let go
DUE = 20  # mandates that begin or end are looked for at most so often
RESUBSCRIBE = 3600  # the in-memory layer forgets its groups after a day

MOST_SOCKETS = 5  # of one person
_threads = ThreadPoolExecutor(4, thread_name_prefix="live-hub")


async def database(function, *arguments):
    """Run `function` on a thread of the hub, with a database connection that is neither stale nor kept."""

    def run():
        close_old_connections()
        try:
            return function(*arguments)
        finally:
            close_old_connections()

    return await sync_to_async(run, thread_sensitive=False, executor=_threads)()


class Feed:
    """A topic that someone of this process follows."""

    def __init__(self, topic):
        self.topic = topic
        self.seq = None  # the last entry sent; None until the log was read
        self.sockets = set()
        self.joining = []  # (socket, after)
        self.rung = False
        self.task = None
        self.checked = 0.0


class Hub:
    """The sockets of this process and the topics they follow."""

    def __init__(self):
        self.loop = asyncio.get_running_loop()
        self.feeds = {}
        self.people = defaultdict(set)  # user id -> her sockets
        self.tasks = []
        self.checks = set()
        self.checked = self.refreshed = self.loop.time()

    # Coming and going ---------------------------------------------------------------------------------------------

    def admit(self, socket):
        """Take a socket in. False when the person has enough of them already."""
        if len(self.people[socket.visitor.user_id]) >= MOST_SOCKETS:
            return False
        if not self.tasks:
            bell.answer_here(bell.Ringer(self.loop, heard=self.hear))
            self.tasks = [self.loop.create_task(self._listen()), self.loop.create_task(self._watch())]
        self.people[socket.visitor.user_id].add(socket)
        return True

    def dismiss(self, socket):
        """Forget a socket that is closed. With the last one the hub falls asleep."""
        for topic in list(socket.topics):
            self.leave(socket, topic)
        sockets = self.people[socket.visitor.user_id]
        sockets.discard(socket)
        if not sockets:
            del self.people[socket.visitor.user_id]
        if not self.people:
            bell.answer_here(None)
            for task in self.tasks:
                task.cancel()
            self.tasks = []

    def follow(self, socket, topic, after):
        """Let `socket` follow `topic` from entry `after` (None: from now), if its person may see it."""
        if topics.find(topic)[0] is None:
            socket.put_gone(topic)
            return
        socket.topics.add(topic)
        feed = self.feeds.setdefault(topic, Feed(topic))
        feed.joining.append((socket, after))
        self._wake(feed)

    def leave(self, socket, topic):
        """`socket` follows `topic` no more."""
        socket.topics.discard(topic)
        feed = self.feeds.get(topic)
        if feed is None:
            return
        feed.sockets.discard(socket)
        feed.joining = [(who, after) for who, after in feed.joining if who is not socket]
        if not feed.sockets and not feed.joining and feed.task is None:
            del self.feeds[topic]

    # The bell -----------------------------------------------------------------------------------------------------

    def hear(self, message):
        """What a bell says: topics with something new, people whose rights changed, sessions that ended."""
        for topic in message.get("topics", ()):
            if topic in self.feeds:
                self._wake(self.feeds[topic])
        ended = set(message.get("sessions", ()))
        if ended:
            for socket in [socket for socket in self._sockets() if socket.visitor.session in ended]:
                socket.close(socket.SIGNED_OUT)
        sockets = [socket for user_id in message.get("people", ()) for socket in self.people.get(user_id, ())]
        if sockets:
            for topic in {topic for socket in sockets for topic in socket.topics}:
                self._wake(self.feeds[topic])
            check = self.loop.create_task(self._guard(self._check(sockets)))
            self.checks.add(check)  # the loop itself holds its tasks weakly
            check.add_done_callback(self.checks.discard)

    async def _listen(self):
        while True:
            try:
                await self._subscribe()
            except Exception as error:
                logger.warning("The live hub hears no bell, and looks by itself: %s", error or type(error).__name__)
                await asyncio.sleep(SWEEP)

    async def _subscribe(self):
        layer = get_channel_layer()
        if layer is None:
            await asyncio.sleep(RESUBSCRIBE)
            return
        channel = await layer.new_channel()
        await layer.group_add(bell.GROUP, channel)
        for feed in self.feeds.values():  # what rang before was not heard
            self._wake(feed)
        try:
            async with asyncio.timeout(RESUBSCRIBE):
                while True:
                    self.hear(await layer.receive(channel))
        except TimeoutError:
            pass
        finally:
            await layer.group_discard(bell.GROUP, channel)

    # The watch ----------------------------------------------------------------------------------------------------

    async def _watch(self):
        while True:
            await asyncio.sleep(SWEEP)
            await self._guard(self._sweep())

    async def _sweep(self):
        """Make good what a lost bell did not say."""
        now = self.loop.time()
        for socket in self._sockets():
            if socket.waits_since and now - socket.waits_since > STUCK:
                socket.close(socket.SLOW)
        last = await database(log.last_seqs, list(self.feeds))
        for feed in list(self.feeds.values()):
            if feed.joining or last.get(feed.topic, 0) != feed.seq or now - feed.checked > RECHECK:
                self._wake(feed)
        if now - self.checked > RECHECK:
            self.checked = now
            for socket in self._sockets():
                socket.put("{}")
            await self._check(self._sockets())
        if now - self.refreshed > DUE:
            self.refreshed = now
            await database(circles.refresh_due)

    async def _check(self, sockets):
        here = await database(presence.still_here, {socket.visitor for socket in sockets})
        for socket in sockets:
            if socket.visitor not in here:
                socket.close(socket.SIGNED_OUT)

    def _sockets(self):
        return [socket for sockets in self.people.values() for socket in sockets]

    # Delivery -----------------------------------------------------------------------------------------------------

    def _wake(self, feed):
        feed.rung = True
        if feed.task is None:
            feed.task = self.loop.create_task(self._deliver(feed))

    async def _deliver(self, feed):
        """Deliver until nothing rings: one task a feed, so that entries leave in order."""
        while feed.rung:
            feed.rung = False
            joining, feed.joining = feed.joining, []
            if not await self._guard(self._deliver_once(feed, joining)):
                feed.joining = joining + feed.joining  # the watch tries again
        feed.task = None
        if not feed.sockets and not feed.joining:
            self.feeds.pop(feed.topic, None)

    async def _deliver_once(self, feed, joining):
        asked = feed.sockets | {socket for socket, _ in joining}
        reading = await database(log.read, feed.topic, feed.seq, {socket.visitor.user_id for socket in asked})
        feed.checked = self.loop.time()
        feed.rung = feed.rung or reading.more
        for socket in [socket for socket in feed.sockets if socket.visitor.user_id not in reading.viewers]:
            self._lose(socket, feed)
        if reading.entries:
            text = reading.encode()
            for socket in feed.sockets:
                socket.put(text)
        feed.seq = reading.last
        await self._welcome(feed, joining, reading.viewers)

    async def _welcome(self, feed, joining, viewers):
        """Let in those who come, and tell each what she missed: the same text to all who stood at the same entry."""
        places = {socket.visitor.territory_id for socket, _ in joining}
        open_places = {place for place in places if await database(log.of_territory, feed.topic, place)}
        missed = {feed.seq: log.Reading(feed.topic, viewers, last=feed.seq)}
        for socket, after in joining:
            start = feed.seq if after is None else min(after, feed.seq)
            if start not in missed:
                user_ids = {who.visitor.user_id for who, _ in joining} & viewers
                missed[start] = await database(log.read, feed.topic, start, user_ids)
            visitor = socket.visitor
            if feed.topic not in socket.topics:
                continue  # she left meanwhile
            if visitor.user_id in missed[start].viewers and visitor.territory_id in open_places:
                feed.sockets.add(socket)
                socket.put(missed[start].encode())
            else:
                self._refuse(socket, feed.topic)

    def _refuse(self, socket, topic):
        self.leave(socket, topic)
        socket.put_gone(topic)

    def _lose(self, socket, feed):
        """The person may no longer see what she followed."""
        self._refuse(socket, feed.topic)
        if not socket.topics:
            socket.close(socket.GONE)

    async def _guard(self, work):
        """Whether `work` was done. What fails (the database is away) is said in the log and tried again later."""
        try:
            await work
        except Exception:
            logger.exception("The live hub could not do its work")
            return False
        return True


_hubs = {}


def hub():
    """The hub of the running event loop: one a process."""
    loop = asyncio.get_running_loop()
    if loop not in _hubs:
        _hubs.clear()
        _hubs[loop] = Hub()
    return _hubs[loop]
