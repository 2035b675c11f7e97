"""Many territories, circles, people and contents, written by SQL within seconds.

Each territory has 43 circles, as Angers Loire Métropole does: all members, 4 quadrants, a commission, 4 working groups
and 33 communes. One content in five belongs to the territory that is measured; a third of the contents are shared with
all members besides their own circle. One group sees nothing but the three oldest contents of the territory.
"""

from types import SimpleNamespace

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.db import connection

from extranet.circles.models import Audience, Circle, CircleGroupPermission, Territory

PER_TERRITORY = 43
FIRST = 1_000_000  # ids beyond those that the sequences give
GROUPS, ADMINISTRATORS = 2_000_000, 3_000_000
SMALL_GROUP = 9  # its place among the circles of a territory
SHARE = 5  # one content in so many belongs to the territory measured
INDEX = "bench_newest_of_all"


def build(circles):
    """Write about so many circles, two groups each, with a person in every one. Returns the territory measured and
    its three readers."""
    territories = max(2, circles // PER_TERRITORY)
    _write_circles(territories, territories * PER_TERRITORY)
    _write_people(territories * PER_TERRITORY)
    analyze()
    place = territories // 2
    groups = {number: GROUPS + 2 * (place * PER_TERRITORY + number) for number in range(PER_TERRITORY)}
    own = 12
    return SimpleNamespace(
        place=place,
        territories=territories,
        territory=Territory.objects.get(pk=FIRST + place),
        readers={
            "membre, 5 groupes": _person("membre", [groups[number] for number in (0, 1, 5, 6, own)], groups[own] + 1),
            "qui voit très peu": _person("nouveau", [groups[SMALL_GROUP]]),
            "direction, 43 groupes": _person("direction", [ADMINISTRATORS + place]),
        },
    )


def _write_circles(territories, circles):
    kind = (
        "CASE WHEN i % 43 = 0 THEN 'everyone' WHEN i % 43 < 5 THEN 'quadrant' WHEN i % 43 = 5 THEN 'commission' "
        "WHEN i % 43 < 10 THEN 'group' ELSE 'commune' END"
    )
    _insert(Group, territories, id=f"{ADMINISTRATORS} + i", name="'administrators ' || i")
    _insert(Group, 2 * circles, id=f"{GROUPS} + i", name="'group ' || i")
    _insert(
        Territory,
        territories,
        id=f"{FIRST} + i",
        siren="100000000 + i",
        name="'territory ' || i",
        kind="'CC'",
        administrators_group_id=f"{ADMINISTRATORS} + i",
    )
    _insert(
        Circle,
        circles,
        id=f"{FIRST} + i",
        territory_id=f"{FIRST} + i / {PER_TERRITORY}",
        kind=kind,
        name="'circle ' || i",
        slug="'circle-' || i",
        mission="''",
        deliverables="''",
        outside_polarities="false",
        members_group_id=f"{GROUPS} + 2 * i",
        facilitators_group_id=f"{GROUPS} + 2 * i + 1",
    )
    administrators = f"{ADMINISTRATORS} + i / {PER_TERRITORY}"
    granted = {
        f"{GROUPS} + 2 * i": ["view", "contribute"],
        f"{GROUPS} + 2 * i + 1": ["view", "contribute", "moderate"],
        administrators: ["view", "contribute", "moderate"],
    }
    for group, actions in granted.items():
        for action in actions:
            permission = (
                "(SELECT p.id FROM auth_permission p JOIN django_content_type t ON t.id = p.content_type_id "
                f"WHERE t.app_label = 'circles' AND p.codename = '{action}_circle')"
            )
            _insert(
                CircleGroupPermission,
                circles,
                content_object_id=f"{FIRST} + i",
                group_id=group,
                permission_id=permission,
            )


def _write_people(number):
    user = get_user_model()
    _insert(
        user,
        number,
        id=f"{FIRST} + i",
        password="''",
        email="'person-' || i || '@example.org'",
        first_name="'Claude'",
        last_name="'Martin ' || i",
        is_superuser="false",
        is_staff="false",
        is_active="true",
        date_joined=_moment("0"),
    )
    _insert(user.groups.through, number, user_id=f"{FIRST} + i", group_id=f"{GROUPS} + 2 * i")
    everyone = f"{GROUPS} + 2 * {PER_TERRITORY} * (i / {PER_TERRITORY})"
    _insert(user.groups.through, number, where=f"i % {PER_TERRITORY} > 0", user_id=f"{FIRST} + i", group_id=everyone)


def _person(name, *groups):
    user = get_user_model().objects.create_user(f"{name}@example.org", first_name=name, last_name="Mesure")
    user.groups.add(*[group for found in groups for group in (found if isinstance(found, list) else [found])])
    return user


def fill(sample, crowd, first, last):
    """Write contents number `first` to `last`, copies of the content `sample`, and their audiences.

    An index gives the unfiltered page its best: the model itself has none for it.
    """
    model = type(sample)
    number = f"(i / {SHARE}) % {PER_TERRITORY - 1}"
    territory = f"CASE WHEN i % {SHARE} = 0 THEN {crowd.place} ELSE i % {crowd.territories} END"
    home = (
        f"{FIRST} + {PER_TERRITORY} * ({territory}) + {number} + CASE WHEN {number} < {SMALL_GROUP} THEN 0 ELSE 1 END"
    )
    ours = {"id": f"{FIRST} + i", "home_circle_id": home, "listed_at": _moment("i")}
    quote = connection.ops.quote_name
    same = {
        field.column: f"(SELECT {quote(field.column)} FROM {model._meta.db_table} WHERE id = {sample.pk})"
        for field in model._meta.local_concrete_fields
        if field.column not in ours
    }
    _insert(model, last, first, **ours, **same)
    shared = {
        "content_type_id": str(ContentType.objects.get_for_model(model).pk),
        "object_id": f"{FIRST} + i",
        "listed_at": _moment("i"),
    }
    _insert(Audience, last, first, circle_id=home, **shared)
    everyone = f"{FIRST} + {PER_TERRITORY} * ({territory})"
    _insert(Audience, last, first, where=f"i % 3 = 0 AND {number} > 0", circle_id=everyone, **shared)
    if first <= SHARE:
        small = f"{FIRST} + {PER_TERRITORY} * {crowd.place} + {SMALL_GROUP}"
        oldest = f"i % {SHARE} = 0 AND i <= {3 * SHARE}"
        _insert(Audience, last, first, where=oldest, circle_id=small, **shared)
    _run(f"CREATE INDEX IF NOT EXISTS {INDEX} ON {model._meta.db_table} (listed_at DESC, id DESC)")
    analyze()


def analyze():
    """What PostgreSQL does by itself some time after so many rows came, and an administrator on SQLite."""
    _run("ANALYZE" if connection.vendor == "sqlite" else "VACUUM ANALYZE")


def _moment(minutes):
    """SQL: so many minutes after the first of January 2020, as the database keeps dates."""
    if connection.vendor == "sqlite":
        return f"strftime('%Y-%m-%d %H:%M:%S', 1577836800 + 60 * ({minutes}), 'unixepoch')"
    return f"to_timestamp(1577836800 + 60 * ({minutes}))"


def _insert(model, last, first=None, where="true", **columns):
    """One row for each i, from `first` to `last` included; without `first`, `last` rows from 0 on."""
    first, last = (0, last - 1) if first is None else (first, last)
    names = ", ".join(connection.ops.quote_name(name) for name in columns)
    _run(
        f"INSERT INTO {model._meta.db_table} ({names}) "
        f"WITH RECURSIVE series(i) AS (SELECT {first} UNION ALL SELECT i + 1 FROM series WHERE i < {last}) "
        f"SELECT {', '.join(columns.values())} FROM series WHERE {where}"
    )


def _run(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
