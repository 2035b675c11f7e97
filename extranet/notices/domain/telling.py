from functools import partial

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.text import Truncator

from extranet.circles import access
from extranet.circles.models import Audience

from .. import kinds, tasks, watching
from ..deciding import Reason, decide, mail_time
from ..models import Channel, Choice, Delivery, Frequency, Level, Notice, Preferences
from .inbox import ring


def tell(
    users, kind, obj, text, url, actor=None, at=None, *, reason=Reason.CONCERNED, part=None, less=(), history=False
):
    """Tell `users` something about `obj`, each as she chose; those who may not view it, and `actor` who did it, are
    left out. Other plugins call it after their own transaction has committed.

    Arguments:
        users: people, or None for whoever may view `obj`.
        kind: the name of a NoticeKind.
        obj: the content that it is about, which inherits Shared: the notice is shown only to whoever may view it.
        text: one line, cut at 300 characters.
        url: a path of this site.
        at: when it happened, now by default.
        reason: a Reason: what a person follows decides with it whether she is told.
        part: the number of the part of `obj` that is new; told twice of it, a person gets one mail.
        less: ids of people who are told otherwise.
        history: it is written down after the fact: nobody is told by mail.

    Returns the ids of those who were told. Raises ValueError for an unknown kind.
    """
    known = kinds.registered().get(kind)
    if known is None:
        raise ValueError(f"no notice kind is named {kind}")
    asked = None if users is None else {user.pk for user in users}
    may_see = access.viewers(obj, asked) - {actor.pk if actor else None, *less} if asked != set() else set()
    if not may_see:
        return set()
    channels = _channels(may_see, known, obj, reason)
    told = {user_id for user_id, channel in channels.items() if channel != Channel.NONE}
    about = {"kind": kind, "content_type": ContentType.objects.get_for_model(type(obj)), "object_id": obj.pk}
    news = {"text": Truncator(" ".join(text.split())).chars(300), "actor": actor}
    with transaction.atomic():
        _notify(told, known, about, {**news, "created_at": at or timezone.now()}, url)
        if not history:
            _send(channels, obj, {**about, **news, "url": url, "part": part})
    return told


def _notify(told, kind, about, news, url):
    """Put the news into the inboxes of the site, and ring."""
    joined = _join(told, about, news) if kind.gathers else set()
    Notice.objects.bulk_create([Notice(user_id=user_id, url=url, **about, **news) for user_id in sorted(told - joined)])
    if told:
        ring(told)


def _channels(user_ids, kind, obj, reason):
    """{id: Channel} for people who may view `obj`. Two queries."""
    chosen = dict(Choice.objects.filter(user__in=user_ids, kind=kind.name).values_list("user", "channel"))
    levels = watching.levels(obj, user_ids)
    return {user_id: decide(reason, levels[user_id], chosen.get(user_id, kind.channel)) for user_id in user_ids}


def _join(user_ids, about, news):
    """Put the news into the notices about the same thing that are not read yet: they lead to the first of them. Returns
    whose."""
    unread = Notice.objects.filter(user__in=user_ids, read_at=None, **about)
    joined = set(unread.values_list("user_id", flat=True))
    if joined:
        unread.update(times=F("times") + 1, **news)
    return joined


def _send(channels, obj, news):
    """Queue the mails, at once or for the digest, with the copies of those who are away."""
    mailed = {pk: channel for pk, channel in channels.items() if channel in (Channel.MAIL, Channel.DIGEST)}
    if not mailed:
        return
    of_people = {one.user_id: one for one in Preferences.objects.filter(user__in=mailed)}
    copies = _copies(mailed, of_people, obj, news["actor"])
    if copies:
        missing = {pk for pk, _ in copies} - of_people.keys()
        of_people |= {one.user_id: one for one in Preferences.objects.filter(user__in=missing)}
    rows = Audience.objects.filter(content_type=news["content_type"], object_id=obj.pk)
    territory_id = rows.values_list("circle__territory", flat=True).first()
    now, deliveries = timezone.now(), []
    for (user_id, absent), channel in [*(((pk, None), channel) for pk, channel in mailed.items()), *copies.items()]:
        preferences = of_people.get(user_id) or Preferences()
        if channel == Channel.DIGEST and preferences.digest == Frequency.NEVER:
            continue
        when = {"created_at": now, "not_before": mail_time(preferences, now) if channel == Channel.MAIL else now}
        deliveries.append(
            Delivery(user_id=user_id, absent_id=absent, channel=channel, territory_id=territory_id, **news, **when)
        )
    Delivery.objects.bulk_create(deliveries, ignore_conflicts=True)
    about = {name: news[name] for name in ("kind", "content_type", "object_id", "part")}
    waiting = Delivery.objects.filter(**about, channel=Channel.MAIL, created_at=now, left_at=None)
    if ids := sorted(waiting.values_list("pk", flat=True)):
        transaction.on_commit(partial(tasks.send_mails.enqueue, ids), robust=True)


def _copies(mailed, of_people, obj, actor):
    """{(id of a substitute, id of who is away): Channel}: those who may view `obj`, did not silence it, are not told
    already and did not do it themselves."""
    today = timezone.localdate()
    absent = {pk: one.substitute_id for pk, one in of_people.items() if one.substitute_id and one.is_away(today)}
    wanted = set(absent.values()) - mailed.keys() - {actor.pk if actor else None}
    may_see = access.viewers(obj, wanted) if wanted else set()
    levels = watching.levels(obj, may_see) if may_see else {}
    copies = {}
    for pk, substitute in sorted(absent.items()):
        already = any(each == substitute for each, _ in copies)
        if levels.get(substitute, Level.MUTED) != Level.MUTED and not already:
            copies[substitute, pk] = mailed[pk]
    return copies
