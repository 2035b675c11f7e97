"""What reaches whom, by what and when: rules without a database."""

import enum
from datetime import UTC, datetime, time, timedelta

from django.utils import timezone

from .models import Channel, Frequency, Level


class Reason(enum.Enum):
    """Why a person might be told."""

    NAMED = "named"  # a message names her, a meeting counts on her
    CONCERNED = "concerned"  # she takes part, or something new begins in her circles
    FOLLOWED = "followed"  # it happens where she may read, no more


LEAST = {Reason.NAMED: Level.MENTIONS, Reason.CONCERNED: Level.NORMAL, Reason.FOLLOWED: Level.WATCHING}


def decide(reason, level, choice):
    """The Channel by which a person is told, who follows at `level` and chose `choice` for this kind of notice.

    What names her reaches the site's inbox even where she asked for silence: only the kind itself can be refused.
    """
    if level >= LEAST[reason]:
        return Channel(choice)
    silent = reason is not Reason.NAMED or choice == Channel.NONE
    return Channel.NONE if silent else Channel.SITE


def mail_time(preferences, now):
    """When a mail of this moment may leave: now, or when the person's quiet hours end."""
    start, end = preferences.quiet_from, preferences.quiet_until
    local = timezone.localtime(now)
    if start is None or end is None or not within(local.time(), start, end):
        return now
    over_midnight = start >= end and local.time() >= start
    return _latest_at(local.date() + timedelta(days=over_midnight), end)


def within(clock, start, end):
    """Whether this time of day is in the hours from `start` to `end`, which may go over midnight."""
    if start <= end:
        return start <= clock < end
    return clock >= start or clock < end


def digest_slot(preferences, now):
    """The latest moment, `now` or before, at which this person's digest was due; None for who wants none."""
    if preferences.digest == Frequency.NEVER:
        return None
    today = timezone.localdate(now)
    step = 7 if preferences.digest == Frequency.WEEKLY else 1
    back = (today.weekday() - preferences.digest_day) % 7 if step == 7 else 0
    for days in (back, back + step):
        slot = _latest_at(today - timedelta(days=days), time(preferences.digest_hour))
        if slot <= now:
            return slot
    return slot


def _latest_at(day, clock):
    """The last moment of `day` at which the clocks show `clock`: when they are put back an hour comes twice; when they
    are put forward, the hour that does not exist is the next one."""
    zone = timezone.get_current_timezone()
    return max(datetime.combine(day, clock, zone).replace(fold=fold).astimezone(UTC) for fold in (0, 1))
