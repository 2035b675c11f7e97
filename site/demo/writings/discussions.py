from datetime import timedelta

from extranet.circles import access
from forums import domain

from .. import content

# What is older than this has been read by everyone the demo lets in.
READ_AFTER = timedelta(days=5)


def write(network, texts, progress):
    """The threads, post by post, as their authors wrote them; old ones are read."""
    step = progress("Discussions", len(texts.threads))
    for text in texts.threads:
        thread = _write_thread(network, text)
        _read(network, texts.accounts, thread)
        step()


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
    thread.refresh_from_db()
    return thread


def _read(network, accounts, thread):
    unread = thread.posts.filter(created_at__gt=network.now - READ_AFTER).count()
    viewers = access.viewers(thread)
    emails = {account.email for account in accounts}
    for user in network.people.values():
        if user.email in emails and user.pk in viewers:
            domain.read(user, thread, thread.last_seq - unread)
