from django.contrib.auth.models import Group
from django.db import transaction
from django.utils.text import slugify

from ..grants import permission_ids
from ..models import ACTIONS, Circle, CircleGroupPermission, CircleIndexPage, CirclePage, Mandate, Membership
from .rights import refresh_rights


@transaction.atomic
def open_circle(territory, kind, name, *, commune=None, slug=None, **details):
    """A new circle with its two groups, their grants, and its page where the territory has a site.

    `details` are the other fields of Circle (mission, due_on, population_under…). A commission's members follow from
    its rule at once.
    """
    slug = slug or _free_slug(territory, name)
    label = f"{territory.siren} · {slug}"
    circle = Circle.objects.create(
        territory=territory,
        kind=kind,
        name=name,
        slug=slug,
        commune=commune,
        members_group=Group.objects.create(name=f"{label} · membres"),
        facilitators_group=Group.objects.create(name=f"{label} · animateurs"),
        **details,
    )
    _grant(circle, circle.members_group, "view", "contribute")
    _grant(circle, circle.facilitators_group, *ACTIONS)
    _grant(circle, territory.administrators_group, *ACTIONS)
    if territory.site_id:
        _publish_page(circle)
    if kind == Circle.Kind.COMMISSION:
        refresh_rights(Mandate.objects.active().filter(territory=territory).values_list("user", flat=True))
    return circle


def describe(circle, **fields):
    """Change what a circle is for: mission, deliverables, due_on, pilot, rapporteur."""
    for name, value in fields.items():
        setattr(circle, name, value)
    circle.save(update_fields=list(fields))
    return circle


def join(circle, user, role=Membership.Role.MEMBER):
    """Name `user` to the circle in this role. Without a mandate in the territory it gives nothing."""
    with transaction.atomic():
        membership, _ = Membership.objects.update_or_create(circle=circle, user=user, defaults={"role": role})
        refresh_rights([user.pk])
    return membership


def leave(circle, user):
    """Take `user` off the circle's list. What a function gives there remains."""
    with transaction.atomic():
        Membership.objects.filter(circle=circle, user=user).delete()
        refresh_rights([user.pk])


def invite_observer(circle, observer):
    """Let the members of `observer` (a commune's circle, mostly) read what is shared with `circle`."""
    _grant(circle, observer.members_group, "view")


@transaction.atomic
def uninvite_observer(circle, observer):
    """End what `invite_observer` gave."""
    CircleGroupPermission.objects.filter(content_object=circle, group=observer.members_group).delete()
    refresh_rights(observer.members_group.user_set.values_list("pk", flat=True))


def _grant(circle, group, *actions):
    CircleGroupPermission.objects.bulk_create(
        [
            CircleGroupPermission(content_object=circle, group=group, permission_id=permission_ids()[action])
            for action in actions
        ],
        ignore_conflicts=True,
    )


def _free_slug(territory, name):
    base = slugify(name)[:70] or "groupe"
    taken = set(Circle.objects.filter(territory=territory, slug__startswith=base).values_list("slug", flat=True))
    return next(slug for slug in (base, *(f"{base}-{n}" for n in range(2, len(taken) + 3))) if slug not in taken)


def _publish_page(circle):
    root = circle.territory.site.root_page
    index = CircleIndexPage.objects.descendant_of(root).first()
    if index is None:
        index = root.add_child(instance=CircleIndexPage(title="Groupes", slug="groupes", locale=root.locale))
    index.add_child(instance=CirclePage(title=circle.name, slug=circle.slug, circle=circle, locale=root.locale))
