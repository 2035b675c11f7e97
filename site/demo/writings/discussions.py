from datetime import timedelta

from extranet.circles import access
from forums import domain
from forums.models import Thread

from .. import content

# What is older than this has been read by everyone the demo lets in.
READ_AFTER = timedelta(days=5)


def write(network, texts, progress):
    """The threads, post by post, as their authors wrote them."""
    step = progress("Discussions", len(texts.threads))
    for text in texts.threads:
        _write_thread(network, text)
        step()


def settle(network, texts):
    """Once notices are written: what is old has been read by those whom the demo lets in."""
    emails = {account.email for account in texts.accounts}
    readers = [user for user in network.people.values() if user.email in emails]
    for thread in Thread.objects.filter(home_circle__territory=network.territory):
        recent = thread.posts.filter(created_at__gt=network.now - READ_AFTER).count()
        viewers = access.viewers(thread, [user.pk for user in readers])
        for user in readers:
            if user.pk in viewers:
                domain.read(user, thread, thread.last_seq - recent)


def _write_thread(network, text):
    circles = [network.circles[slug] for slug in text.circles]
    first, *others = text.posts
    thread = domain.open_thread(
        network.people[first.author],
        text.title,
        first.body,
        circles,
        at=content.instant(first.when, network.now),
    )
    for post in others:
        domain.reply(thread, network.people[post.author], post.body, at=content.instant(post.when, network.now))
