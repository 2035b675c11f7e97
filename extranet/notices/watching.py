"""How closely people follow things: what they chose for a thing, else for its circles, else the normal level."""

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef, Q, Subquery

from extranet.circles.models import Audience, Circle

from .models import Level, Watch


def levels(obj, user_ids):
    """{id of a person: her Level for `obj`}, for each of `user_ids`. One query.

    Of several circles, those for which she chose a level count, and of them the closest.
    """
    mine = ContentType.objects.get_for_model(type(obj))
    rows = _on_circles_of(mine, obj.pk) | Q(content_type=mine, object_id=obj.pk)
    chosen = Watch.objects.filter(rows, user__in=user_ids).values_list("user", "content_type", "level")
    own, inherited = {}, {}
    for user_id, content_type, level in chosen:
        if content_type == mine.pk:
            own[user_id] = level
        else:
            inherited[user_id] = max(level, inherited.get(user_id, Level.MUTED))
    return {user_id: Level(own.get(user_id, inherited.get(user_id, Level.NORMAL))) for user_id in user_ids}


def own_level(user, model):
    """An expression on rows of `model`: the level that `user` chose for the row itself, or None."""
    content_type = ContentType.objects.get_for_model(model)
    return Subquery(
        Watch.objects.filter(user=user, content_type=content_type, object_id=OuterRef("pk")).values("level")
    )


def inherited_level(user, model):
    """An expression on rows of `model`: the level that `user` chose for their circles, or None."""
    content_type = ContentType.objects.get_for_model(model)
    chosen = Watch.objects.filter(_on_circles_of(content_type, OuterRef(OuterRef("pk"))), user=user)
    return Subquery(chosen.order_by("-level").values("level")[:1])


def _on_circles_of(content_type, object_id):
    """A condition on Watch rows: they are about a circle with which the content is shared."""
    shared = Audience.objects.filter(content_type=content_type, object_id=object_id, circle=OuterRef("object_id"))
    return Q(Exists(shared), content_type=ContentType.objects.get_for_model(Circle))
