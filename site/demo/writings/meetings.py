"""The agenda: the meetings of 2012 and those of today, with their running order and who has answered."""

import random
import re
from datetime import date, time, timedelta

from django.utils import timezone

from events import domain
from events.domain import MeetingError
from events.models import Answer, Kind
from extranet.circles import access
from extranet.circles.models import Function, Mandate

from .. import content

KINDS = {
    "monthly": Kind.MONTHLY,
    "quadrant": Kind.QUADRANT,
    "working_group": Kind.WORKING,
    "seminar": Kind.SEMINAR,
    "briefing": Kind.BRIEFING,
    "training": Kind.TRAINING,
}
ITEM = re.compile(
    r"^- \*\*(?P<h>\d+)\s*h\s*(?P<m>\d*)\*\*\s*(?P<title>.+?)(?:\s+—\s+\*(?P<detail>[^*]+)\*)?$", re.MULTILINE
)
LENGTH = re.compile(r"(?:^|,\s*)(\d+)\s*min$")
NOTICE = timedelta(days=21)
WEIGHTS = {Answer.ON_SITE: 6, Answer.REMOTE: 2, Answer.EXCUSED: 1}
HISTORY = (date(2012, 10, 1), date(2013, 1, 31))


def write(network, texts, progress):
    """The series of the monthly meetings, the meetings of 2012 and the living ones, then the answers."""
    past = [event for series in texts.series for event in content.occurrences(series, *HISTORY)]
    single = [*past, *texts.events]
    step = progress("Rencontres", len(single) + len(texts.series))
    convened = []
    for text in single:
        convened.append(_convene(network, text))
        step()
    for series in texts.series:
        convened += _convene_series(network, series)
        step()
    _answer(network, texts.accounts, convened)


def agenda_items(text):
    """The running order written as a list: « - **9 h 10** Title — *Speaker, 15 min* » gives title, minutes, speaker."""
    found = list(ITEM.finditer(text))
    starts = [int(match["h"]) * 60 + int(match["m"] or 0) for match in found]
    following = [*starts[1:], None]
    items = []
    for match, start, end in zip(found, starts, following, strict=True):
        detail = match["detail"] or ""
        length = LENGTH.search(detail)
        speaker = LENGTH.sub("", detail).strip(" ,")
        minutes = int(length[1]) if length else (end - start if end and end > start else None)
        items.append({"title": match["title"], "minutes": minutes, "speaker": speaker[:120]})
    return items


def _details(network, text):
    """What a text says of one meeting, as `domain.convene` and `domain.change` take it."""
    return {
        "description": text.description,
        "place": "" if text.remote and text.place.startswith("À distance") else text.place,
        "capacity": text.seats,
        "video_url": f"https://visio.angers-loire-metropole.example/{text.slug}" if text.remote else "",
    }


def _organiser(network, text, circles):
    """Who convenes: the organiser written, a facilitator of the home circle, or the authority where neither may."""
    candidates = [network.people[text.organiser], *circles[0].facilitators_group.user_set.order_by("pk")]
    for person in [*candidates, *network.territory.administrators_group.user_set.order_by("pk")]:
        runs_it = access.can(person, "moderate", circles[0])
        if runs_it and all(access.can(person, "contribute", circle) for circle in circles):
            return person
    raise LookupError(f"nobody may convene {text.title}")


def _convene(network, text):
    starts_at, ends_at = content.instant(text.start, network.now), content.instant(text.end, network.now)
    circles = [network.circles[slug] for slug in text.circles]
    return domain.convene(
        _organiser(network, text, circles),
        circles,
        text.title,
        KINDS[text.kind],
        starts_at,
        ends_at,
        items=agenda_items(text.agenda),
        at=min(starts_at - NOTICE, network.now),
        **_details(network, text),
    )


def _convene_series(network, series):
    """The living series, since three months ago; each meeting has its host and its agenda."""
    first, asked = (network.now - timedelta(days=92)).date(), network.now - NOTICE
    starts, ends = time.fromisoformat(series.start_time), time.fromisoformat(series.end_time)
    minutes = (ends.hour - starts.hour) * 60 + ends.minute - starts.minute
    circles = [network.circles[slug] for slug in series.circles]
    by = _organiser(network, series, circles)
    made = domain.convene_series(
        by, circles, series.title, KINDS[series.kind], series.rrule, first, starts, minutes, at=asked
    )
    texts = {text.start[:10]: text for text in content.occurrences(series, first, first + timedelta(days=620))}
    events = list(made.events.order_by("starts_at"))
    for place, event in enumerate(events):
        text = texts.get(timezone.localtime(event.starts_at).date().isoformat())
        if text:
            events[place] = domain.change(
                event, by, items=agenda_items(text.agenda), at=asked, **_details(network, text)
            )
    return events


def _answer(network, accounts, events):
    """Most people have answered; those whom the demo lets in still have to, for the meetings to come."""
    emails = {account.email for account in accounts}
    executives = set(Mandate.objects.active().filter(function=Function.DGS).values_list("user", flat=True))
    recent = [event for event in events if abs(event.starts_at - network.now) < timedelta(days=60)]
    for event in recent:
        answers = [answer for answer, _ in event.answers]
        until = min(network.now, event.starts_at)
        for_executives = event.kind in (Kind.MONTHLY, Kind.QUADRANT, Kind.SEMINAR)
        chance = random.Random(f"{event.title} {event.starts_at:%Y-%m}")  # noqa: S311 the same network every time
        invited = access.viewers(event, [user.pk for user in network.people.values()], "contribute")
        for user in network.people.values():
            if for_executives and user.pk not in executives:
                continue
            over = event.starts_at < network.now
            if user.pk in invited and (over or user.email not in emails) and chance.random() < 0.6:
                answer = chance.choices(answers, [WEIGHTS[each] for each in answers])[0]
                _register(event, user, answer, until - timedelta(hours=chance.randrange(1, 200)))


def _register(event, user, answer, at):
    try:
        domain.register(event, user, answer, at=at)
    except MeetingError:  # no seat left
        domain.register(event, user, Answer.EXCUSED, at=at)
