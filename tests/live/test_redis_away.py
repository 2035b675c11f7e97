"""A Redis that falls and comes back."""

import shutil
import subprocess
import time
from socket import create_connection, socket

import pytest
from django.db import transaction

from extranet.live import bell, domain
from extranet.live import hub as hubs
from extranet.live.models import Kind

pytestmark = pytest.mark.skipif(not shutil.which("redis-server"), reason="no redis-server on this machine")


class Redis:
    """A Redis of the test's own, on a free port."""

    def __init__(self):
        with socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.start()

    def start(self):
        command = ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + 5
        while time.monotonic() < deadline:
            try:
                create_connection(("127.0.0.1", self.port)).close()
                return
            except OSError:
                time.sleep(0.02)

    def stop(self):
        self.process.kill()
        self.process.wait()


@pytest.fixture
def own_redis(settings):
    server = Redis()
    settings.CHANNEL_LAYERS = {
        "default": {
            "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
            "CONFIG": {"hosts": [f"redis://127.0.0.1:{server.port}"]},
        }
    }
    yield server
    server.stop()


def say(topic, number):
    """Publish; how long it took, in seconds."""
    began = time.perf_counter()
    with transaction.atomic():
        domain.publish(topic, Kind.ADDED, f"message-{number}", number)
    return time.perf_counter() - began


def test_posts_are_kept_and_told_while_redis_is_away_and_when_it_is_back(real_world, own_redis, browser, monkeypatch):
    monkeypatch.setattr(hubs, "SWEEP", 0.5)
    topic = f"tests.circle:{real_world.group.pk}"
    helene = browser(real_world.helene)
    helene.follow(topic)
    say(topic, 1)
    assert helene.keys(1) == ["message-1"]
    own_redis.stop()
    assert say(topic, 2) < 1
    assert helene.keys(1) == ["message-2"]  # a process that has the sockets hears itself
    monkeypatch.setattr(bell._ringers, "of_hub", None)
    assert say(topic, 3) < 1
    assert helene.keys(1) == ["message-3"]  # from another process: the watch
    own_redis.start()
    monkeypatch.setattr(hubs, "SWEEP", 60)
    time.sleep(3)  # the watch sleeps, the layer subscribes again
    say(topic, 4)
    assert helene.keys(1, timeout=5) == ["message-4"]
