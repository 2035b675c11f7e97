"""Who is at the other end of a socket, and whether that still holds."""

import hashlib
from dataclasses import dataclass
from importlib import import_module
from io import BytesIO

from django.conf import settings
from django.contrib.auth import get_user, get_user_model
from django.core.exceptions import DisallowedHost
from django.core.handlers.asgi import ASGIRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from extranet.circles import access
from extranet.circles import domain as circles


class OriginRefused(Exception):
    """The page that opens the socket is not one of this very host."""


@dataclass(frozen=True)
class Visitor:
    """The person of a socket: her session at one host name."""

    user_id: int
    territory_id: int | None
    session_key: str
    auth_hash: str  # changes with the password, which ends the other sessions

    @property
    def session(self):
        return digest(self.session_key)


def digest(session_key):
    """What a bell says of a session: its key is a secret, and the bell goes through Redis."""
    return hashlib.sha256(session_key.encode()).hexdigest()


def recognise(scope):
    """The Visitor who opens this socket, None when nobody is signed in. Raises OriginRefused.

    A browser sends cookies with a socket opened by any site's page: the Origin must be this host itself, scheme and
    port too (RFC 6455, section 10.2).
    """
    request = ASGIRequest({**scope, "method": "GET", "scheme": scope["scheme"].replace("ws", "http")}, BytesIO())
    try:
        here = f"{'https' if request.is_secure() else 'http'}://{request.get_host()}"
    except DisallowedHost:
        raise OriginRefused from None
    if request.headers.get("Origin") != here:
        raise OriginRefused
    request.session = _sessions()(request.COOKIES.get(settings.SESSION_COOKIE_NAME))
    user = get_user(request)
    if not user.is_authenticated:
        return None
    if access.rights_of(user).stale:  # a mandate ended in the night, and no page of hers has noticed it
        circles.refresh_rights([user.pk])
    territory = circles.territory_of_host(request)
    return Visitor(
        user.pk, territory.pk if territory else None, request.session.session_key, user.get_session_auth_hash()
    )


def still_here(visitors):
    """Those of `visitors` whose account is active and whose session goes on. Two queries."""
    people = get_user_model().objects.filter(is_active=True).in_bulk({visitor.user_id for visitor in visitors})
    going_on = _going_on({visitor.session_key for visitor in visitors})
    return {
        visitor
        for visitor in visitors
        if visitor.session_key in going_on
        and visitor.user_id in people
        and constant_time_compare(visitor.auth_hash, people[visitor.user_id].get_session_auth_hash())
    }


def _going_on(keys):
    store = _sessions()
    if not hasattr(store, "get_model_class"):  # sessions kept elsewhere than in the database
        return {key for key in keys if store().exists(key)}
    rows = store.get_model_class().objects.filter(session_key__in=keys, expire_date__gt=timezone.now())
    return set(rows.values_list("session_key", flat=True))


def _sessions():
    return import_module(settings.SESSION_ENGINE).SessionStore
