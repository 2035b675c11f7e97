"""Functions give rights, through groups: who belongs to which group follows from mandates and memberships alone."""

from collections import defaultdict

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import Q
from django.dispatch import Signal

from ..grants import permission_ids
from ..models import Circle, CircleUserPermission, Function, Mandate, Membership

# Sent after commit with user_ids: their rights may have shrunk. Open sockets are checked again.
rights_changed = Signal()

RUNS_THE_COMMUNE = {Function.DGS, Function.DEPUTY, Function.SUBSTITUTE}


@transaction.atomic
def refresh_rights(user_ids):
    """Make the groups and personal grants of these people what their mandates of today and memberships say.

    DGS, deputies and substitutes: members of their commune's circle, which they facilitate, of its quadrant, of all
    members and of the commissions that take their commune in. Agents: members of their commune's circle and of all
    members (of the latter alone when they work for the authority itself). Elected: readers of both. Guests and
    partners: members of the circle they are invited to. Administrators: everything in their territory. Memberships
    count in a territory where a mandate holds.
    """
    user_ids = sorted(set(user_ids))
    wanted_groups, wanted_readings = _wanted(user_ids)
    _sync_groups(user_ids, wanted_groups)
    _sync_readings(user_ids, wanted_readings)
    of_these = Mandate.objects.filter(user__in=user_ids)
    of_these.filter(pk__in=Mandate.objects.active().values("pk")).update(applied=True)
    of_these.exclude(pk__in=Mandate.objects.active().values("pk")).update(applied=False)
    transaction.on_commit(lambda: rights_changed.send(sender=Mandate, user_ids=user_ids), robust=True)


def refresh_due():
    """Refresh the people whose mandate began or ended since their groups were computed. Returns how many."""
    due = set(Mandate.objects.due().values_list("user", flat=True))
    if due:
        refresh_rights(due)
    return len(due)


def _wanted(user_ids):
    """For these people, the groups they should be in and the circles they should read: two dicts of sets of ids."""
    mandates = list(Mandate.objects.active().filter(user__in=user_ids).select_related("territory", "commune", "circle"))
    circles = defaultdict(list)
    for circle in Circle.objects.filter(territory__in={mandate.territory_id for mandate in mandates}):
        circles[circle.territory_id].append(circle)
    groups, readings, territories = defaultdict(set), defaultdict(set), defaultdict(set)
    for mandate in mandates:
        territories[mandate.user_id].add(mandate.territory_id)
        if mandate.function == Function.ADMINISTRATOR:
            groups[mandate.user_id].add(mandate.territory.administrators_group_id)
        for circle, role in _places(mandate, circles[mandate.territory_id]):
            _take(mandate.user_id, circle, role, groups, readings)
    memberships = Membership.objects.filter(user__in=user_ids).select_related("circle")
    for membership in memberships:
        if membership.circle.territory_id in territories[membership.user_id]:
            _take(membership.user_id, membership.circle, membership.role, groups, readings)
    return groups, readings


def _places(mandate, circles):
    """The circles that a mandate opens, each with the role it gives there."""
    role = Membership.Role
    if mandate.function in (Function.GUEST, Function.PARTNER):
        yield mandate.circle, role.MEMBER
        return
    for circle in circles:
        own = mandate.commune_id is not None and circle.commune_id == mandate.commune_id
        everyone = circle.kind == Circle.Kind.EVERYONE
        if mandate.function in RUNS_THE_COMMUNE and mandate.commune_id:
            if own:
                yield circle, role.FACILITATOR
            elif everyone or circle.pk == mandate.commune.quadrant_id or circle.selects(mandate.commune):
                yield circle, role.MEMBER
        elif own or everyone:
            yield circle, role.READER if mandate.function == Function.ELECTED else role.MEMBER


def _take(user_id, circle, role, groups, readings):
    if role == Membership.Role.READER:
        readings[user_id].add(circle.pk)
        return
    groups[user_id].add(circle.members_group_id)
    if role == Membership.Role.FACILITATOR:
        groups[user_id].add(circle.facilitators_group_id)


def _sync_groups(user_ids, wanted):
    through = get_user_model().groups.through
    ours = _our_groups()
    has = set(through.objects.filter(user__in=user_ids, group__in=ours).values_list("user_id", "group_id"))
    want = {(user_id, group_id) for user_id in user_ids for group_id in wanted[user_id]}
    for user_id, group_id in has - want:
        through.objects.filter(user_id=user_id, group_id=group_id).delete()
    through.objects.bulk_create(
        [through(user_id=user_id, group_id=group_id) for user_id, group_id in sorted(want - has)],
        ignore_conflicts=True,
    )


def _our_groups():
    return Group.objects.filter(
        Q(member_circle__isnull=False) | Q(facilitator_circle__isnull=False) | Q(administered_territory__isnull=False)
    ).values("pk")


def _sync_readings(user_ids, wanted):
    view = permission_ids()["view"]
    grants = CircleUserPermission.objects.filter(user__in=user_ids, permission=view)
    has = set(grants.values_list("user_id", "content_object_id"))
    want = {(user_id, circle_id) for user_id in user_ids for circle_id in wanted[user_id]}
    for user_id, circle_id in has - want:
        grants.filter(user=user_id, content_object=circle_id).delete()
    CircleUserPermission.objects.bulk_create(
        [
            CircleUserPermission(user_id=user_id, content_object_id=circle_id, permission_id=view)
            for user_id, circle_id in sorted(want - has)
        ],
        ignore_conflicts=True,
    )
