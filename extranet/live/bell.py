"""The doorbell: after commit, one tiny message says which topics have something new, or whose rights changed.

It goes to one group of the channel layer, which every process with open sockets listens to. The request never waits:
the message is handed to an event loop (the hub's, or a thread's own), which gathers what comes meanwhile and sends it.
A lost bell costs seconds, not data: the hub looks at the log by itself every few seconds (hub.SWEEP).
"""

import asyncio
import logging
import os
import threading
from dataclasses import dataclass

from channels.layers import get_channel_layer
from django.db import transaction

logger = logging.getLogger(__name__)

GROUP = "extranet.live"
PATIENCE = 2  # seconds given to the channel layer


@dataclass(frozen=True)
class Bell:
    """Rings for one topic. Two of the same topic are equal: one is enough in a transaction."""

    topic: str

    def __call__(self):
        ring(topics=[self.topic])


def ring_after_commit(topic):
    """Ring for `topic` when the transaction in course is committed, once however often it is asked."""
    connection = transaction.get_connection()
    bell, inside = Bell(topic), set(connection.savepoint_ids)
    # What waits in an inner savepoint may be undone without this one: it does not count.
    if not any(waiting == bell and points <= inside for points, waiting, _ in connection.run_on_commit):
        transaction.on_commit(bell, robust=True)


def ring(topics=(), people=(), sessions=()):
    """Ring now, from any thread, without waiting. `people`: ids whose rights may have shrunk; `sessions`: digests of
    sessions that ended."""
    _ringer_of_this_process().add({"topics": topics, "people": people, "sessions": sessions})


class Ringer:
    """Sends what is rung, on one event loop. `heard` is the hub's ear in this process, used when the layer is down."""

    def __init__(self, loop, heard=None):
        self.loop = loop
        self.heard = heard
        self.lock = threading.Lock()
        self.waiting = {}
        self.task = None
        self.silent = False  # the layer is down, and it has been said

    def add(self, rung):
        with self.lock:
            first = not self.waiting
            for name, values in rung.items():
                if values:
                    self.waiting.setdefault(name, set()).update(values)
        if first:
            self.loop.call_soon_threadsafe(self._start)

    def _start(self):
        self.task = self.loop.create_task(self._send())

    async def _send(self):
        with self.lock:
            message = {name: sorted(values) for name, values in self.waiting.items()}
            self.waiting = {}
        layer = get_channel_layer()
        try:
            if layer is None:
                raise ConnectionError("no channel layer is configured")
            async with asyncio.timeout(PATIENCE):
                await layer.group_send(GROUP, {"type": "live.bell", **message})
            self.silent = False
        except Exception as error:
            if not self.silent:
                logger.warning("The live bell is not heard: %s", error or type(error).__name__)
            self.silent = True
            if self.heard:
                self.heard(message)


class _Ringers:
    """The ringer in use: the hub's while one is open in this process, else one on a thread made at the first bell."""

    def __init__(self):
        self.lock = threading.Lock()
        self.of_hub = None
        self.own = None
        self.own_pid = None

    def get(self):
        if self.of_hub is not None:
            return self.of_hub
        with self.lock:
            if self.own is None or self.own_pid != os.getpid():  # a thread does not survive a fork
                loop = asyncio.new_event_loop()
                threading.Thread(target=loop.run_forever, name="live-bell", daemon=True).start()
                self.own, self.own_pid = Ringer(loop), os.getpid()
            return self.own


_ringers = _Ringers()


def _ringer_of_this_process():
    return _ringers.get()


def answer_here(ringer):
    """The hub of this process rings on its own loop from now on (None: it is gone)."""
    _ringers.of_hub = ringer
