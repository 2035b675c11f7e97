"""What follows a meeting once it is committed: people are told, search learns it. Rights are asked when it runs."""

from django.contrib.auth import get_user_model
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django_tasks import task

from extranet.circles import access
from extranet.notices import domain as notices
from extranet.notices.kinds import Letter
from extranet.search import domain as search
from extranet.ui import french, markdown

from .models import COMING, Answer, Event
from .recurrence import words

CONVENED = "events.convened"
CHANGED = "events.changed"
CANCELLED = "events.cancelled"
KIND = "events.event"


@task()
def tell_of_convocation(event_id, history=False):
    """Tell whoever may answer that a meeting is convened; of a series, its rule, once."""
    event = _read(event_id)
    if event.series:
        text = f"Nouvelle série : « {event.title} », {words(event.series.rule)}"
    else:
        text = f"Nouvelle rencontre : « {event.title} », {_moment(event)}"
    _tell(access.viewers(event, action="contribute"), CONVENED, event, text, history)


@task()
def tell_of_change(event_id, moved, history=False):
    """Tell those who come that the meeting is `moved` to another moment, or else to another place."""
    event = _read(event_id)
    news = f"a lieu {_moment(event)}" if moved else f"change de lieu : {event.place or 'à distance'}"
    coming = event.registrations.filter(answer__in=COMING).values_list("user", flat=True)
    _tell(coming, CHANGED, event, f"« {event.title} » {news}", history, notices.Reason.NAMED)


@task()
def tell_of_cancellation(event_id, history=False):
    """Tell whoever may answer, less those who have excused themselves, that the meeting is cancelled."""
    event = _read(event_id)
    excused = event.registrations.filter(answer=Answer.EXCUSED).values_list("user", flat=True)
    reason = f" : {event.cancel_reason}" if event.cancel_reason else ""
    text = f"Annulée : « {event.title} », {_moment(event)}{reason}"
    coming = set(event.registrations.filter(answer__in=COMING).values_list("user", flat=True))
    _tell(coming, CANCELLED, event, text, history, notices.Reason.NAMED)
    others = access.viewers(event, action="contribute") - set(excused) - coming
    _tell(others, CANCELLED, event, text, history)


def letter(event, sequence):
    """What a mail says of a meeting, as it stands now; nothing once it is over."""
    if event.starts_at <= timezone.now():
        return None
    state = "Annulée : " if event.cancelled_at else ""
    reason = event.cancel_reason and format_html("<p>{}</p>", event.cancel_reason)
    facts = [french.span(event.starts_at, event.ends_at), event.place, event.address]
    lines = format_html_join(mark_safe("<br>"), "{}", ((fact,) for fact in facts if fact))
    by = event.last_changed_by
    return Letter(
        subject=f"{state}{event.title}, {_moment(event)}",
        html=f"<p>{lines}</p>{reason}{event.html}",
        author=by.get_full_name() if by else "",
        at=event.updated_at,
        action="Voir la rencontre" if event.cancelled_at else "Voir la rencontre et répondre",
    )


@task()
def index(event_id):
    """Make a meeting findable by its title, presentation, place and agenda."""
    search.index(**index_entry(_read(event_id)))


def index_entry(event):
    """What search learns of a meeting: the arguments of search.domain.index."""
    points = [f"{item.title} {item.speaker}" for item in event.items.all()]
    text = [markdown.to_text(event.html) if event.html else "", event.place, event.get_kind_display(), *points]
    return {
        "obj": event,
        "kind": KIND,
        "title": event.title,
        "text": "\n\n".join(filter(None, text)),
        "url": event.get_absolute_url(),
    }


def everything():
    """The entries of all meetings, for `manage.py reindex`."""
    for event in Event.objects.prefetch_related("items").iterator(chunk_size=500):
        yield index_entry(event)


def _read(event_id):
    return Event.objects.select_related("series", "last_changed_by").get(pk=event_id)


def _moment(event):
    return f"{french.day(event.starts_at)} à {french.hour(event.starts_at)}"


def _tell(user_ids, kind, event, text, history, reason=notices.Reason.CONCERNED):
    if event.starts_at > timezone.now():
        people = get_user_model().objects.filter(pk__in=user_ids)
        address, actor = event.get_absolute_url(), event.last_changed_by
        notices.tell(
            people,
            kind,
            event,
            text,
            address,
            actor=actor,
            at=event.updated_at,
            reason=reason,
            part=event.sequence,
            history=history,
        )
