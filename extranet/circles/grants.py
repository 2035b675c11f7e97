"""The grants of a person, in one statement: every page asks for them.

Written out, because the same as a union of querysets takes ten times as long to build as to run. Permissions are known
by their ids, which a process learns once: one join less to plan and to run.
"""

from functools import cache

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.db import connection
from django.utils import timezone

from .models import ACTIONS, Circle, CircleGroupPermission, CircleUserPermission, Mandate, Territory

# What stands in place of a permission's id in the rows that are no grant.
ADMINISTERS = 0  # the person belongs to the DG team of the row's territory
STALE = -1  # a mandate of hers has begun or ended and the groups have not followed

# The last part is what MandateQuerySet.due says.
STATEMENT = """
    SELECT granted.permission_id, circle.id, circle.name, circle.slug, circle.kind, circle.territory_id
    FROM (
        SELECT content_object_id, permission_id FROM {group_grants} AS grants
        JOIN {user_groups} AS belongs ON belongs.group_id = grants.group_id AND belongs.{user_id} = %(user)s
        UNION ALL
        SELECT content_object_id, permission_id FROM {user_grants} AS grants WHERE grants.user_id = %(user)s
    ) AS granted
    JOIN {circles} AS circle ON circle.id = granted.content_object_id
    {within_scope}
    UNION ALL
    SELECT {administers}, territory.id, '', '', '', territory.id FROM {territories} AS territory
    JOIN {user_groups} AS belongs ON belongs.group_id = territory.administrators_group_id
        AND belongs.{user_id} = %(user)s
    UNION ALL
    SELECT {stale}, mandate.id, '', '', '', mandate.territory_id FROM {mandates} AS mandate
    WHERE mandate.user_id = %(user)s AND mandate.applied <>
        (mandate.starts_on <= %(today)s AND (mandate.ends_on IS NULL OR mandate.ends_on >= %(today)s))
"""


def grants_of(user_id, scope):
    """Rows (permission id, or ADMINISTERS, or STALE; then id, name, slug, kind, territory id), narrowed to the
    territory `scope` unless it is None. One query."""
    values = {"user": user_id, "scope": scope, "today": connection.ops.adapt_datefield_value(timezone.localdate())}
    with connection.cursor() as cursor:
        cursor.execute(_statement("" if scope is None else "WHERE circle.territory_id = %(scope)s"), values)
        return cursor.fetchall()


@cache
def permission_ids():
    """{action: id of the permission that carries it}. Asked once a process, again after a migration (apps.py)."""
    codenames = {f"{action}_circle": action for action in ACTIONS}
    found = Permission.objects.filter(content_type__app_label="circles", codename__in=codenames)
    return {codenames[codename]: pk for codename, pk in found.values_list("codename", "pk")}


@cache
def _statement(within_scope):
    groups = get_user_model().groups
    tables = {
        "group_grants": CircleGroupPermission,
        "user_grants": CircleUserPermission,
        "user_groups": groups.through,
        "circles": Circle,
        "mandates": Mandate,
        "territories": Territory,
    }
    names = {name: model._meta.db_table for name, model in tables.items()}
    words = {"stale": STALE, "administers": ADMINISTERS, "user_id": groups.field.m2m_column_name()}
    return STATEMENT.format(**names, **words, within_scope=within_scope)
