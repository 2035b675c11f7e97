"""Mentions: « @Prénom Nom » or « @[Prénom Nom] » in a message names a person who may view the thread."""

import re

from django.contrib.auth import get_user_model
from django.db.models import Value
from django.db.models.functions import Concat, StrIndex
from django.urls import reverse

from extranet.circles import access

CODE = r"```.*?```|`[^`\n]*`"


def link(thread, body):
    """`body`, where each person named who may view `thread` becomes a link to her page, and the ids of these people.

    Costs nothing without an at sign, else two queries. Others stay as typed: naming someone shows nothing to her.
    """
    named = _people_named(thread, body) if "@" in body else {}
    if not named:
        return body, set()
    found = set()
    names = "|".join(re.escape(name) for name in sorted(named, key=len, reverse=True))

    def to_link(match):
        name = match["bare"] or match["inside"]
        if not name:
            return match[0]
        found.update(named[name])
        words = re.sub(r"([\\`*_\[\]])", r"\\\1", name)
        return f"[{words}]({reverse('members:person', args=[named[name][0]])})"

    pattern = rf"(?s){CODE}|(?<![\w@])@(?:\[(?P<inside>{names})\]|(?P<bare>{names})(?!\w))"
    return re.sub(pattern, to_link, body), found


def _people_named(thread, body):
    """{full name: ids} of the people who may view `thread` and whose name stands in `body` after an at sign."""
    at_name = Concat(Value("@"), "first_name", Value(" "), "last_name")
    people = get_user_model().objects.alias(place=StrIndex(Value(body.replace("@[", "@")), at_name)).filter(place__gt=0)
    ids = dict(people.values_list("pk", Concat("first_name", Value(" "), "last_name")))
    named = {}
    for pk in sorted(access.viewers(thread, ids)) if ids else []:
        named.setdefault(ids[pk], []).append(pk)
    return named
