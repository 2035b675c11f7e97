"""What a person reads of the agenda: her meetings in a month, to come, past, in her calendar feed. Reads only."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db.models import Count, Exists, OuterRef, Q, Value
from django.utils import timezone

from extranet.circles import access, listing
from extranet.circles.models import Circle

from .models import COMING, Event, Kind, Registration

PAGE = 20
FEED_DAYS_BACK = 180
MOST_IN_FEED = 1000
CLOSING_SOON = timedelta(days=14)
NEAR = timedelta(days=7)


@dataclass(frozen=True)
class Filters:
    """What the address asks for: `nature` (a Kind), `groupe` (a circle's slug), `reponse` ("mes" or "sans")."""

    kind: str = ""
    circle: object = None  # a CircleRef
    answer: str = ""

    @classmethod
    def read(cls, user, query):
        """The filters of an address; what it does not know of is left out, a hidden circle like a missing one."""
        kind, slug, answer = (query.get(name, "") for name in ("nature", "groupe", "reponse"))
        circle = next((each for each in access.rights_of(user).circles.values() if each.slug == slug), None)
        return cls(kind if kind in Kind.values else "", circle, answer if answer in ("mes", "sans") else "")

    def keeps(self, event):
        """Whether a meeting of `mark_rights` passes (its circle is asked of the database)."""
        if self.kind and event.kind != self.kind:
            return False
        if self.answer == "mes":
            return event.my_answer in COMING
        return not self.answer or event.awaited

    def narrow(self, queryset):
        """The same asked of the database, the circle included."""
        if self.kind:
            queryset = queryset.filter(kind=self.kind)
        if self.answer == "mes":
            queryset = queryset.filter(my_answer__in=COMING)
        if self.answer == "sans":
            open_still = Q(closes_at=None) | Q(closes_at__gt=timezone.now())
            queryset = queryset.filter(open_still, my_answer="", cancelled_at=None)
        return self.narrow_to_circle(queryset)

    def narrow_to_circle(self, queryset):
        return queryset.filter(access.shared_with(Event, [self.circle.pk])) if self.circle else queryset


def meetings_of_month(user, month, filters):
    """The meetings of the shown weeks that a person may see, in their circle. One query."""
    seen = access.visible_to(user, Event.objects.as_seen_by(user).between(*month.bounds))
    return list(filters.narrow_to_circle(seen))


def meetings_to_come(user, filters, after="", limit=PAGE):
    """A Slice of the meetings from today on, soonest first. Raises BadCursor."""
    today = datetime.combine(timezone.localdate(), time.min, tzinfo=timezone.get_default_timezone())
    return _page(user, filters, after, limit, ascending=True, since=today)


def meetings_past(user, filters, after="", limit=PAGE):
    """A Slice of the meetings that have begun, latest first. Raises BadCursor."""
    return _page(user, filters, after, limit, ascending=False, since=timezone.now())


def _page(user, filters, after, limit, *, ascending, since):
    queryset = Event.objects.as_seen_by(user)
    if not filters.kind and not filters.answer:
        return listing.newest(
            user, queryset, limit=limit, after=after, circle=filters.circle, ascending=ascending, since=since
        )
    place = listing.read_cursor(after)
    side = "gt" if ascending else "lt"
    action = "contribute" if filters.answer == "sans" else "view"
    wanted = access.visible_to(user, filters.narrow(queryset), action).filter(**{f"listed_at__{side}e": since})
    if place:
        wanted = wanted.filter(
            Q(**{f"listed_at__{side}": place[0]}) | Q(**{"listed_at": place[0], f"pk__{side}": place[1]})
        )
    order = ("listed_at", "pk") if ascending else ("-listed_at", "-pk")
    found = list(wanted.order_by(*order)[: limit + 1])
    return listing.Slice(found[:limit], listing.write_cursor(found[limit - 1]) if len(found) > limit else "")


def mark_rights(user, events):
    """Says of each event whether the person may answer (`may_answer`) and is awaited (`awaited`). One query."""
    events = list(events)
    rights = access.rights(user, events)
    for event in events:
        event.may_answer = "contribute" in rights[event.pk]
        event.awaited = event.may_answer and not event.my_answer and event.is_open
    return events


def meetings_of_feed(user):
    """The meetings of a person's calendar: six months back and all to come, less those she does not attend."""
    since = timezone.now() - timedelta(days=FEED_DAYS_BACK)
    seen = access.visible_to(user, Event.objects.as_seen_by(user).filter(starts_at__gte=since))
    return seen.exclude(my_answer="excused").prefetch_related("items").order_by("starts_at", "pk")[:MOST_IN_FEED]


def circles_to_filter(user):
    """The person's circles worth a filter: all but those of communes, by name."""
    circles = access.rights_of(user).circles.values()
    return sorted((each for each in circles if each.kind != Circle.Kind.COMMUNE), key=lambda each: each.name)


def awaited_soon(user):
    """The meetings that wait for a person's answer and press: registration closes in two weeks, or they are near."""
    now = timezone.now()
    closing = Q(closes_at__gt=now, closes_at__lte=now + CLOSING_SOON)
    near = Q(closes_at=None, starts_at__lte=now + NEAR)
    unanswered = ~Exists(Registration.objects.filter(event=OuterRef("pk"), user=user))
    pressing = Event.objects.filter(closing | near, unanswered, starts_at__gt=now, cancelled_at=None)
    return access.visible_to(user, pressing, "contribute").order_by("starts_at", "pk")


def number_awaited(user):
    """How many they are, as a scalar subquery for the frame."""
    found = awaited_soon(user).order_by().annotate(one=Value(1)).values("one")
    return found.annotate(number=Count("pk")).values("number")
