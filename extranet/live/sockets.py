"""A browser's socket, as ASGI hands it over: it takes no channel of its own and writes what the hub has encoded."""

import asyncio
import json
from collections import deque

from .hub import database, hub
from .presence import OriginRefused, recognise

PATH = "/live/"
QUEUE = 100  # texts that wait for a slow reader before it is let go
MOST_BYTES = 64 * 1024  # of one message from the browser
MOST_MESSAGES, IN_SECONDS = 20, 10
MOST_TOPICS = 50
LAST_WORD = 2  # seconds given to say good-bye


class Socket:
    """What the hub knows of a socket."""

    UNREADABLE, TOO_BIG, SLOW = 1003, 1009, 1013
    SIGNED_OUT, GONE, TOO_MANY = 4401, 4403, 4429

    def __init__(self, visitor):
        self.visitor = visitor
        self.topics = set()
        self.queue = asyncio.Queue(QUEUE)
        self.waits_since = None
        self.ended = asyncio.get_running_loop().create_future()

    def put(self, text):
        """Queue a text. A reader too slow to take it is let go: she will catch up when she comes back."""
        try:
            self.queue.put_nowait(text)
        except asyncio.QueueFull:
            self.close(self.SLOW)

    def put_gone(self, topic):
        """Say that `topic` is not, or no more, to be seen: hidden and missing alike."""
        self.put(json.dumps({"gone": topic}))

    def close(self, code):
        """End the socket; nothing that still waits is written."""
        if not self.ended.done():
            self.ended.set_result(code)

    async def write(self, send):
        clock = asyncio.get_running_loop().time
        while True:
            text = await self.queue.get()
            self.waits_since = clock()
            await send({"type": "websocket.send", "text": text})
            self.waits_since = None

    async def read(self, receive):
        """Do what the browser asks until it leaves. Returns a code when it breaks the rules."""
        clock, times = asyncio.get_running_loop().time, deque(maxlen=MOST_MESSAGES)
        while True:
            message = await receive()
            if message["type"] == "websocket.disconnect":
                return None
            if len(times) == MOST_MESSAGES and clock() - times[0] < IN_SECONDS:
                return self.TOO_MANY
            times.append(clock())
            text = message.get("text") or ""
            if len(text.encode()) > MOST_BYTES:
                return self.TOO_BIG
            wish = understand(text)
            if wish is None:
                return self.UNREADABLE
            if not self._grant(*wish):
                return self.TOO_MANY

    def _grant(self, follow, after, leave):
        for topic in leave:
            hub().leave(self, topic)
        if len(self.topics | set(follow)) > MOST_TOPICS:
            return False
        for topic in follow:
            hub().follow(self, topic, after.get(topic))
        return True


def understand(text):
    """(topics to follow, {topic: number of the last entry known}, topics to leave), None for anything else."""
    try:
        said = json.loads(text)
    except ValueError:
        return None
    if not isinstance(said, dict):
        return None
    follow, after, leave = said.get("follow", []), said.get("after", {}), said.get("leave", [])
    well = (
        isinstance(follow, list)
        and isinstance(leave, list)
        and isinstance(after, dict)
        and all(isinstance(topic, str) for topic in [*follow, *leave])
        and all(type(number) is int and 0 <= number < 2**63 for number in after.values())
    )
    return (follow, after, leave) if well else None


async def websocket(scope, receive, send):
    """The ASGI application of sockets: one address, for signed-in people, from pages of this very host."""
    await receive()
    if scope["path"] != PATH:
        await send({"type": "websocket.close"})
        return
    try:
        visitor = await database(recognise, scope)
    except OriginRefused:
        await send({"type": "websocket.close"})
        return
    await send({"type": "websocket.accept"})  # a browser is told the reason only of what was accepted
    if visitor is None:
        await send({"type": "websocket.close", "code": Socket.SIGNED_OUT})
        return
    socket = Socket(visitor)
    if not hub().admit(socket):
        await send({"type": "websocket.close", "code": Socket.TOO_MANY})
        return
    try:
        code = await _until_the_end(socket, receive, send)
    finally:
        hub().dismiss(socket)
    if code:
        try:
            async with asyncio.timeout(LAST_WORD):
                await send({"type": "websocket.close", "code": code})
        except (TimeoutError, OSError):
            pass  # a reader that takes nothing does not take this either


async def _until_the_end(socket, receive, send):
    """The code to close with, None when the browser left."""
    reader, writer = (asyncio.ensure_future(work) for work in (socket.read(receive), socket.write(send)))
    try:
        await asyncio.wait({reader, writer, socket.ended}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        reader.cancel()
        writer.cancel()
        done, _ = await asyncio.gather(reader, writer, return_exceptions=True)
    if socket.ended.done():
        return socket.ended.result()
    return done if isinstance(done, int) else None
