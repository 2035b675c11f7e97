"""Who may see and do what: the one place where rights are read.

Guard the circle, not the content: guardian holds the grants on circles, content inherits them through its audience.
Every fetch begins with the person. Hidden and missing both answer 404.
"""

from dataclasses import dataclass, field
from functools import cached_property

from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef, Q
from django.http import Http404

from .grants import ADMINISTERS, STALE, grants_of, permission_ids
from .models import (
    ACTIONS,
    Audience,
    Circle,
    CircleGroupPermission,
    CirclePage,
    CircleUserPermission,
    Commune,
    Mandate,
    Shared,
    Territory,
)


@dataclass(frozen=True)
class CircleRef:
    """A circle as a list needs it, without fetching it again."""

    pk: int
    name: str
    slug: str
    kind: str
    territory_id: int


@dataclass
class Rights:
    """What a person may do, circle by circle, read in one query."""

    circles: dict = field(default_factory=dict)  # id -> CircleRef, those she may view
    ids: dict = field(default_factory=lambda: {action: frozenset() for action in ACTIONS})
    administered: set = field(default_factory=set)  # ids of the territories whose DG team she belongs to
    stale: bool = False  # a mandate began or ended and the groups have not followed: see TerritoryMiddleware

    @cached_property
    def territory_ids(self):
        return {circle.territory_id for circle in self.circles.values()}


def within(user, territory):
    """Narrow all that `user` may see to one territory (None: to nothing). Forgets what was read before."""
    user.extranet_scope = territory.pk if territory else 0
    user.extranet_rights = None


def rights_of(user):
    """The person's rights, read once per user object. Nobody and disabled accounts have none."""
    if not user.is_authenticated or not user.is_active:
        return Rights()
    # Not user.__dict__: request.user is lazy, and the wrapper's dictionary is not the person's.
    if getattr(user, "extranet_rights", None) is None:
        user.extranet_rights = _read_rights(user, getattr(user, "extranet_scope", None))
    return user.extranet_rights


def _read_rights(user, scope):
    rights, ids = Rights(), {action: set() for action in ACTIONS}
    actions = {pk: action for action, pk in permission_ids().items()}
    for permission_id, pk, name, slug, kind, territory_id in grants_of(user.pk, scope):
        if permission_id == STALE:
            rights.stale = True
        elif permission_id == ADMINISTERS:
            if scope in (None, territory_id):
                rights.administered.add(territory_id)
        elif action := actions.get(permission_id):
            ids[action].add(pk)
            if action == "view" and pk not in rights.circles:
                rights.circles[pk] = CircleRef(pk, name, slug, kind, territory_id)
    rights.ids = {action: frozenset(found) for action, found in ids.items()}
    return rights


def circles_of(user, action="view"):
    """The ids of the circles in which `user` may do `action` (view, contribute or moderate)."""
    return rights_of(user).ids[action]


def people_of(circle_ids):
    """The active people of these circles: members (facilitators are members too) and readers."""
    users = get_user_model().objects.filter(is_active=True)
    member = users.model.groups.through.objects.filter(
        user_id=OuterRef("pk"), group__member_circle__in=list(circle_ids)
    )
    reader = CircleUserPermission.objects.filter(user_id=OuterRef("pk"), content_object__in=list(circle_ids))
    return users.filter(Exists(member) | Exists(reader))


def run_by(user, outer="circle"):
    """A condition on rows whose circle is named by `outer`: `user` is one of its facilitators. Administrators moderate
    every circle and run none."""
    named = get_user_model().groups.through.objects.filter(user_id=user.pk, group__facilitator_circle=OuterRef(outer))
    return Exists(named)


def communes_run_by(user_ids):
    """The circles of the communes that one of these people runs."""
    named = get_user_model().groups.through.objects.filter(
        user_id__in=list(user_ids), group__facilitator_circle=OuterRef("pk")
    )
    return Circle.objects.filter(Exists(named), kind=Circle.Kind.COMMUNE)


def facilitators_of(circle_ids):
    """The active people who facilitate one of these circles; of a commune's, those who run it."""
    return get_user_model().objects.filter(is_active=True, groups__facilitator_circle__in=list(circle_ids)).distinct()


def circles_in_common(user, other):
    """The circles that `user` may view and of which `other` is a member or a reader, as CircleRefs. One query."""
    mine = rights_of(user).circles
    theirs = Circle.objects.filter(pk__in=list(mine)).filter(
        Q(members_group__in=other.groups.values("pk")) | Q(circleuserpermission__user=other)
    )
    return [mine[pk] for pk in sorted(set(theirs.values_list("pk", flat=True)))]


def visible_to(user, queryset, action="view"):
    """`queryset` less what `user` may not see (or contribute to, or moderate).

    Takes what inherits `Shared`, circles, their pages, communes, people and mandates; anything else is a TypeError.
    """
    return queryset.filter(_seen_by(user, queryset.model, action))


def _seen_by(user, model, action):
    """The condition that holds for the objects of `model` on which `user` may do `action`."""
    ids, territories = circles_of(user, action), rights_of(user).territory_ids
    if issubclass(model, Shared):
        return Q(home_circle__in=ids) if action == "moderate" else Q(shared_with(model, ids))
    conditions = {
        Circle: Q(pk__in=ids),
        CirclePage: Q(circle__in=ids),
        Commune: Q(territory__in=territories),
        Mandate: Q(territory__in=territories, user__in=people_of(ids)),
        get_user_model(): Q(pk__in=people_of(ids)),
    }
    if model not in conditions:
        raise TypeError(f"access does not know who may see {model.__name__}")
    return conditions[model]


def shared_with(model, circle_ids, outer="pk"):
    """A condition: the content of `model` whose id is `outer` is shared with one of these circles."""
    rows = Audience.objects.filter(
        content_type=ContentType.objects.get_for_model(model),
        object_id=OuterRef(outer),
        circle__in=sorted(circle_ids),
    )
    return Exists(rows)


def shared_rows(circle_ids, content_type="content_type", outer="object_id"):
    """A condition on rows that point to contents of any model (an index, a log): theirs is shared with one of these
    circles."""
    rows = Audience.objects.filter(
        content_type=OuterRef(content_type), object_id=OuterRef(outer), circle__in=sorted(circle_ids)
    )
    return Exists(rows)


def get(user, queryset, action="view", **lookup):
    """The one object of `queryset` that `lookup` names, in one query, or Http404 when hidden or missing."""
    try:
        return visible_to(user, queryset, action).get(**lookup)
    except (queryset.model.DoesNotExist, ValueError, OverflowError):
        raise Http404 from None


def can(user, action, obj):
    """Whether `user` may do `action` on `obj`, a circle or what inherits `Shared`."""
    if isinstance(obj, Territory):
        return administers(user, obj)
    ids = circles_of(user, action)
    if isinstance(obj, Circle | CircleRef):
        return obj.pk in ids
    if action == "moderate":
        return obj.home_circle_id in ids
    return bool(ids) and any(row.circle_id in ids for row in obj.audience.all())


def require(user, action, obj):
    """`obj`, or Http404 when `user` may not do `action` on it."""
    if not can(user, action, obj):
        raise Http404
    return obj


def administers(user, territory):
    """Whether `user` belongs to the authority's DG team that administers `territory`."""
    return territory is not None and territory.pk in rights_of(user).administered


def may_end(user, mandate):
    """Whether `user` may end someone's function: who runs the commune's (or the guest's) circle, or administers the
    territory."""
    place = mandate.commune.circle if mandate.commune_id else mandate.circle
    return administers(user, mandate.territory) or (place is not None and can(user, "moderate", place))


def observers_of(circle):
    """The circles whose members read what is shared with `circle` without belonging to it."""
    grants = CircleGroupPermission.objects.filter(content_object=circle, permission=permission_ids()["view"])
    return Circle.objects.filter(members_group__in=grants.values("group")).exclude(pk=circle.pk).order_by("name")


def viewers(obj, user_ids=None, action="view"):
    """The ids of the active people who may do `action` on `obj`, among `user_ids` when given. One query.

    What is sent later (a frame, a mail, a digest) asks this again when it leaves.
    """
    circles = _circles_for(obj, action)
    permission = permission_ids()[action]
    grants = CircleGroupPermission.objects.filter(
        content_object__in=circles, permission=permission, group__user=OuterRef("pk")
    )
    personal = CircleUserPermission.objects.filter(
        content_object__in=circles, permission=permission, user=OuterRef("pk")
    )
    users = get_user_model().objects.filter(Exists(grants) | Exists(personal), is_active=True)
    if user_ids is not None:
        users = users.filter(pk__in=list(user_ids))
    return set(users.values_list("pk", flat=True))


def _circles_for(obj, action):
    if isinstance(obj, Circle):
        return [obj.pk]
    if action == "moderate":
        return [obj.home_circle_id]
    content_type = ContentType.objects.get_for_model(type(obj))
    return Audience.objects.filter(content_type=content_type, object_id=obj.pk).values("circle")


def rights(user, objs):
    """For each of `objs` of one kind, the set of actions that `user` may do on it: {pk: {"view", …}}. One query."""
    objs = list(objs)
    if not objs:
        return {}
    mine = rights_of(user).ids
    found = {obj.pk: {"moderate"} if obj.home_circle_id in mine["moderate"] else set() for obj in objs}
    rows = Audience.objects.filter(
        content_type=ContentType.objects.get_for_model(type(objs[0])), object_id__in=list(found)
    )
    for object_id, circle_id in rows.values_list("object_id", "circle_id"):
        found[object_id] |= {action for action in ("view", "contribute") if circle_id in mine[action]}
    return found


@dataclass(frozen=True)
class Reason:
    """One way in which a person has a right on a content: through which circle, and by what."""

    circle: Circle
    actions: tuple
    through: str

    @property
    def words(self):
        """The actions as members read them."""
        names = {"view": "lire", "contribute": "contribuer", "moderate": "animer"}
        return [names[action] for action in self.actions]


def explain(user, obj):
    """Why `user` may see `obj`: a Reason per grant, empty when nothing gives a right. For administrators."""
    circles = [obj.pk] if isinstance(obj, Circle) else obj.audience.values("circle")
    found = {}
    by_group = CircleGroupPermission.objects.filter(content_object__in=circles, group__user=user)
    for grant in by_group.select_related("content_object", "permission", "group"):
        key = (grant.content_object, _describe(grant.group))
        found.setdefault(key, []).append(grant.permission.codename.removesuffix("_circle"))
    personal = CircleUserPermission.objects.filter(content_object__in=circles, user=user)
    for grant in personal.select_related("content_object", "permission"):
        key = (grant.content_object, "lecture accordée en personne (élu ou lecteur)")
        found.setdefault(key, []).append(grant.permission.codename.removesuffix("_circle"))
    return [
        Reason(circle, tuple(action for action in ACTIONS if action in actions), through)
        for (circle, through), actions in found.items()
    ]


def _describe(group):
    owner = (
        Circle.objects.filter(Q(members_group=group) | Q(facilitators_group=group)).select_related("territory").first()
    )
    if owner is None:
        return "administration de l’intercommunalité"
    role = "membre" if owner.members_group_id == group.pk else "animateur"
    return f"{role} de « {owner.name} »"
