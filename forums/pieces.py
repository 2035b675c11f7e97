"""The HTML of the messages of a page, kept for those who come after: fifty messages take longer than all the rest."""

from datetime import timedelta
from hashlib import sha256

from django.core.cache import cache
from django.template.loader import get_template
from django.utils import timezone

from . import domain

TEMPLATE = "forums/post.html"
KEPT = 24 * 3600  # seconds
# Younger than this, a message says how many minutes ago it was written; older, its words change with the day alone.
SETTLED = timedelta(hours=1)


def add(posts, user, moderates, csrf_token=""):
    """Give each of `posts` its `piece`, as `user` reads it: the same HTML for all who have the same rights on it. A
    message with a poll holds what she said herself: it is kept for nobody.

    Arguments:
        moderates: whether `user` moderates the thread.
        csrf_token: for the forms of polls.
    """
    template, now = get_template(TEMPLATE), timezone.now()
    place = f"{timezone.localdate(now)}:{sha256(template.template.source.encode()).hexdigest()[:16]}"
    names = {}
    for post in posts:
        post.mine, post.removable = domain.may_edit(user, post), domain.may_remove(user, post)
        moments = [post.created_at, post.edited_at, post.removed_at]
        if not hasattr(post, "shown_poll") and now - max(filter(None, moments)) >= SETTLED:
            rights = f"{post.mine:d}{post.removable:d}{moderates:d}"
            changes = ":".join(str(moment and int(moment.timestamp() * 1_000_000)) for moment in moments)
            # The key of its sending, for an id may come back in a database made anew.
            names[post.pk] = f"forums.piece:{post.pk}:{post.key}:{changes}:{rights}:{place}"
    kept, made = cache.get_many(names.values()), {}
    for post in posts:
        name = names.get(post.pk)
        post.piece = kept.get(name)
        if post.piece is None:
            post.piece = template.render({"post": post, "moderates": moderates, "csrf_token": csrf_token})
            if name:
                made[name] = post.piece
    if made:
        cache.set_many(made, KEPT)
