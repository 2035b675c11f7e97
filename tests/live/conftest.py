import json
import os
import threading
import time
from contextlib import ExitStack
from socket import create_connection

import pytest
import redis
import uvicorn
from django.db import transaction
from django.test import Client
from wagtail import hooks
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from config.asgi import application
from extranet.live import bell
from tests import world as worlds
from tests.live import kind


@pytest.fixture(autouse=True)
def topic_kind():
    kind.rendered.clear()
    kind.shown.clear()
    with hooks.register_temporarily("register_live_topic", kind.of_circles):
        yield


@pytest.fixture
def real_world(transactional_db):
    """The small world, committed in a database of its own."""
    with transaction.atomic():
        return worlds.build()


@pytest.fixture(scope="session")
def server():
    """The site on a free port of this machine: the port. Its sockets and its pages live in one process."""
    uvicorn_server = uvicorn.Server(
        uvicorn.Config(application, port=0, log_level="warning", lifespan="off", ws_per_message_deflate=False)
    )
    thread = threading.Thread(target=uvicorn_server.run, daemon=True)
    thread.start()
    while not uvicorn_server.started:
        time.sleep(0.01)
    yield uvicorn_server.servers[0].sockets[0].getsockname()[1]
    uvicorn_server.should_exit = True
    thread.join(10)


@pytest.fixture(params=["memory", pytest.param("redis", marks=pytest.mark.redis)])
def layer(request, settings):
    """Either channel layer; Redis only where one answers."""
    if request.param == "memory":
        settings.CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
        return request.param
    url = os.environ.get("REDIS_URL", "redis://127.0.0.1:6379")
    try:
        redis.Redis.from_url(url, socket_connect_timeout=1).ping()
    except redis.RedisError as error:
        pytest.skip(f"no Redis answers at {url}: {error}")
    settings.CHANNEL_LAYERS = {
        "default": {"BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer", "CONFIG": {"hosts": [url]}}
    }
    return request.param


@pytest.fixture
def browser(server):
    """Opens sockets: `browser(user)` gives a Browser; all are closed at the end."""
    opened = []

    def open_one(user=None, **details):
        opened.append(Browser(server, user, **details))
        return opened[-1]

    yield open_one
    for one in opened:
        one.leaving.close()
    deadline = time.monotonic() + 5
    while bell._ringers.of_hub is not None and time.monotonic() < deadline:
        time.sleep(0.01)  # the hub falls asleep with its last socket: the next test begins afresh


class Browser:
    """A signed-in person's socket, and what it receives, heartbeats aside."""

    def __init__(self, port, user=None, host="127.0.0.1", origin=None, client=None):
        self.client = client or Client()
        if user is not None:
            self.client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        cookie = "; ".join(f"{name}={morsel.value}" for name, morsel in self.client.cookies.items())
        opening = connect(
            f"ws://{host}:{port}/live/",
            sock=create_connection(("127.0.0.1", port)),
            origin=origin or f"http://{host}:{port}",
            additional_headers={"Cookie": cookie},
            compression=None,
            close_timeout=1,
        )
        self.leaving = ExitStack()
        self.socket = self.leaving.enter_context(opening)

    def say(self, **said):
        self.socket.send(json.dumps(said))

    def follow(self, *topics, after=None):
        """Follow, and hear that it is done: the answers, in order of topics."""
        self.say(follow=topics, after=after or {})
        answers = [self.hear() for _ in topics]
        return sorted(answers, key=lambda answer: topics.index(answer.get("topic") or answer.get("gone")))

    def hear(self, timeout=3):
        deadline = time.monotonic() + timeout
        while True:
            said = json.loads(self.socket.recv(max(0, deadline - time.monotonic())))
            if said:
                return said

    def keys(self, count, timeout=3):
        """The keys of the next `count` entries."""
        keys = []
        while len(keys) < count:
            keys += [entry["key"] for entry in self.hear(timeout)["entries"]]
        return keys

    def hears_nothing(self, timeout=0.3):
        try:
            self.hear(timeout)
        except TimeoutError:
            return True
        return False

    def closed(self, timeout=2):
        """The code with which the server closes, in at most `timeout` seconds; (frames before it, code)."""
        frames, deadline = [], time.monotonic() + timeout
        try:
            while True:
                frames.append(self.hear(deadline - time.monotonic()))
        except ConnectionClosed as closed:
            return frames, closed.rcvd.code if closed.rcvd else None
