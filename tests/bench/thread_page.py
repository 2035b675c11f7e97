"""The page of a thread of 1,000 messages, against a bare Wagtail page served through the same middleware."""

from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from unittest import mock

from django.conf import settings
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from extranet.ui import markdown
from forums import domain
from forums.models import Post, ReadState, Thread
from home.models import HomePage
from tests import world as worlds
from tests.bench.report import Report, in_turns, median_ms


@dataclass(frozen=True)
class Sizes:
    posts: int
    runs: int


FULL = Sizes(posts=1_000, runs=150)
TINY = Sizes(posts=60, runs=2)
FACTOR, QUERIES = 2.2, 6  # the goals
TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [Path(__file__).parent / "templates"]}]
BODIES = [
    "D’accord avec ce seuil. Nous étions à **25 000 €** l’an dernier.",
    "Bonjour à tous,\n\nDeux questions avant mardi :\n\n- qui porte le marché ?\n- qui en sort, et quand ?\n\nMerci.",
    "> Le groupement est ouvert aux syndicats.\n\nC’est aussi ce que dit la [fiche](https://www.example.org/fiche).",
    "La délibération passe en conseil le 14 décembre ; je vous l’envoie dès qu’elle est rendue exécutoire. " * 4,
]


def measure(sizes):
    world = worlds.build()
    thread = long_thread(world, sizes.posts)
    bare = world.site.root_page.add_child(instance=HomePage(title="Une page", slug="une-page"))
    client = Client()
    client.force_login(world.helene, backend="django.contrib.auth.backends.ModelBackend")
    report = Report(f"Page d’une discussion de {sizes.posts} messages")
    with override_settings(TEMPLATES=TEMPLATES), mock.patch.object(HomePage, "template", "bench/bare.html"):
        pages = [partial(_get, client, bare.get_url()), partial(_get, client, thread.get_absolute_url())]
        plain, full = in_turns(pages, sizes.runs)
        with CaptureQueriesContext(connection) as queries:
            pages[1]()
    report.add("page contre page Wagtail nue", median_ms(full), limit=median_ms(plain), goal=FACTOR)
    report.add("requêtes", len(queries), unit="", goal=QUERIES)
    return report


def long_thread(world, posts):
    """A thread of the group « Achats » with so many messages, by its two members in turn, all read by Hélène."""
    authors = [world.yves, world.helene]
    thread = domain.open_thread(world.yves, "Groupement de commandes : le papier", BODIES[1], [world.group])
    html = [markdown.render(body) for body in BODIES]
    start = timezone.now() - timedelta(days=30)
    Post.objects.bulk_create(
        Post(
            thread=thread,
            seq=seq,
            author=authors[seq % 2],
            author_name=str(authors[seq % 2]),
            author_label="DGS, Feneu",
            body=BODIES[seq % 4],
            html=html[seq % 4],
            created_at=start + timedelta(minutes=seq),
        )
        for seq in range(2, posts + 1)
    )
    Thread.objects.filter(pk=thread.pk).update(last_seq=posts, post_count=posts)
    for author in authors:
        ReadState.objects.update_or_create(
            user=author, thread=thread, defaults={"posts": posts // 2, "last_read_seq": posts}
        )
    thread.refresh_from_db()
    return thread


def _get(client, address):
    response = client.get(address)
    assert response.status_code == 200, response.status_code
