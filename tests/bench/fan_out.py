"""One message to 1,000 sockets through the live hub, against a bare `websockets` broadcast of a text of the same size.

The hub's time runs from the commit of the message to its arrival on the last socket: reading the log, asking who may
still see the thread, rendering and encoding are in it. Server, receivers and the bare server are a process each.
"""

import gc
import json
import os
import resource
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from time import monotonic

import uvicorn
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
from django.contrib.sessions.backends.cached_db import SessionStore
from django.db import transaction
from django.utils import timezone

from extranet.live import domain as live
from extranet.live import hub as hubs
from extranet.live.models import Kind
from forums import domain
from tests import world as worlds
from tests.bench import copies
from tests.bench.report import Report, in_turns, median_ms, p95_ms

ROOT = Path(__file__).resolve().parents[2]
BACKEND = "django.contrib.auth.backends.ModelBackend"
BODY = "Bonjour à tous,\n\nDeux questions avant mardi :\n\n- qui porte le marché ?\n- jusqu’à quand peut-on en sortir ?"
LOST = "un lecteur n’a pas tout reçu"


@dataclass(frozen=True)
class Sizes:
    sockets: int
    rounds: int
    posts: int


FULL = Sizes(sockets=1_000, rounds=25, posts=200)
TINY = Sizes(sockets=10, rounds=3, posts=3)
FACTOR, MEMORY, ADDED = 2.5, 40, 0.5  # the goals: a ratio, kB a socket, ms


def measure(sizes):
    _allow_files(4 * sizes.sockets + 500)
    world = worlds.build()
    thread = domain.open_thread(world.yves, "Groupement de commandes", BODY, [world.everyone])
    aside = domain.open_thread(world.yves, "À part", "é" * 9_000, [world.everyone])
    cookies = _sign_in(_people(world, sizes.sockets + 1))
    report = Report(f"Un message à {sizes.sockets} lecteurs connectés, et un qui ne lit plus")
    with copies.pooled(), serving() as port, _program("bare") as bare, _program("receivers") as receivers:
        bare_port = int(bare.stdout.readline())
        before = _memory()
        asked = {
            "live": f"ws://127.0.0.1:{port}/live/",
            "bare": f"ws://127.0.0.1:{bare_port}",
            "origin": f"http://127.0.0.1:{port}",
            "cookies": cookies[:-1],
            "topic": thread.topic,
            "stalled": {"cookie": cookies[-1], "topic": [aside.topic, thread.topic]},
        }
        _ask(receivers, json.dumps(asked))
        memory = (_memory() - before) / sizes.sockets / 1000
        _ask(receivers, "bare open")
        _stall(aside)
        _rounds(report, sizes, world, thread, bare, receivers)
        _added(report, sizes, aside)
        told = _ask(receivers, "end")
        assert told == {"frames": sizes.sockets * (sizes.rounds + WARM), "gaps": 0}, (LOST, told)
    report.add("mémoire du serveur, par lecteur", memory, unit="ko", goal=MEMORY)
    report.notes.append(f"{told['frames']} envois reçus, tous et une seule fois.")
    return report


WARM = 3  # rounds that do not count


def _rounds(report, sizes, world, thread, bare, receivers):
    took = {"commit": [], "post": [], "bare": []}
    for number in range(sizes.rounds + WARM):
        began, committed = _post(thread, world.yves, f"{BODY} ({number})")
        told = _ask(receivers, "live")
        last = max(told["times"])
        bare_began = float(_ask(bare, str(told["length"])))
        bare_last = max(_ask(receivers, "bare")["times"])
        if number >= WARM:
            took["commit"].append(last - committed)
            took["post"].append(last - began)
            took["bare"].append(bare_last - bare_began)
    limit = median_ms(took["bare"])
    report.add("de l’enregistrement au dernier lecteur, médiane", median_ms(took["commit"]), limit=limit, goal=FACTOR)
    report.add("de l’enregistrement au dernier lecteur, 95 %", p95_ms(took["commit"]), limit=p95_ms(took["bare"]))
    report.add("du début de l’envoi au dernier lecteur, médiane", median_ms(took["post"]), limit=limit)
    report.notes.append(f"{told['length']} octets par envoi.")


def _post(thread, author, body):
    """Reply in the thread. The times when this began, and when it was committed."""
    times = [monotonic()]
    with transaction.atomic():
        transaction.on_commit(lambda: times.append(monotonic()))
        domain.reply(thread, author, body)
    return times


def _added(report, sizes, thread):
    """What publishing and ringing add to a request that writes something anyway."""
    rows = type(thread).objects.filter(pk=thread.pk)

    def write(publish):
        with transaction.atomic():
            rows.update(title="À part")
            if publish:
                live.publish("tests.nobody:1", Kind.ADDED, "message-1", 1)

    def rest():
        time.sleep(0.005)  # the bell's own work, on another thread, must not weigh on the next plain write

    plain, told, _ = in_turns([lambda: write(False), lambda: write(True), rest], sizes.posts)
    added = [after - before for before, after in zip(plain, told, strict=True)]
    report.add("ajouté à la requête qui publie", median_ms(added), goal=ADDED)


def _stall(thread):
    """Give the reader who reads nothing more than her connection can hold, until her socket is stuck."""
    post = thread.posts.get()
    deadline = monotonic() + 20
    while not any(socket.waits_since for hub in hubs._hubs.values() for socket in hub._sockets()):
        assert monotonic() < deadline, "nobody is stuck"
        with transaction.atomic():
            for _ in range(100):
                live.publish(thread.topic, Kind.EDITED, post.dom_key, post.pk)
        time.sleep(0.5)


def _people(world, number):
    user = get_user_model()
    people = user.objects.bulk_create(
        user(email=f"lecteur-{index}@example.org", first_name="Claude", last_name=f"Martin {index}", password="!")
        for index in range(number)
    )
    through = user.groups.through
    group = world.everyone.members_group_id
    through.objects.bulk_create(through(user_id=person.pk, group_id=group) for person in people)
    return people


def _sign_in(people):
    """The cookie of a session for each."""
    store, expires = SessionStore(), timezone.now() + timedelta(days=1)
    rows = []
    for person in people:
        told = {
            SESSION_KEY: str(person.pk),
            BACKEND_SESSION_KEY: BACKEND,
            HASH_SESSION_KEY: person.get_session_auth_hash(),
        }
        key = store._get_new_session_key()
        rows.append(store.model(session_key=key, session_data=store.encode(told), expire_date=expires))
    store.model.objects.bulk_create(rows)
    return [f"{settings.SESSION_COOKIE_NAME}={row.session_key}" for row in rows]


@contextmanager
def serving():
    """The site on a free port, in a thread of this process, as site/serve.py serves it."""
    from config.asgi import application  # noqa: PLC0415 builds the handler, which needs settings

    details = {"ws_max_size": 64 * 1024, "ws_per_message_deflate": False, "lifespan": "off", "log_level": "warning"}
    server = uvicorn.Server(uvicorn.Config(application, port=0, timeout_graceful_shutdown=1, **details))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        thread.join(20)


@contextmanager
def _program(name):
    program = subprocess.Popen(
        [sys.executable, "-m", f"tests.bench.{name}"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    try:
        yield program
    finally:
        program.kill()
        program.communicate()


def _ask(program, line):
    program.stdin.write(f"{line}\n")
    program.stdin.flush()
    return json.loads(program.stdout.readline())


def _memory():
    """Bytes of this process in memory."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def _allow_files(number):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < number:
        resource.setrlimit(resource.RLIMIT_NOFILE, (number if hard < 0 else min(number, hard), hard))
