"""What an operator's probe asks, and what members read while an engine is away."""

import logging
import sys

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import InterfaceError, OperationalError, connection
from django.http import HttpResponse, JsonResponse
from django.template import loader
from django.views.decorators.http import require_safe
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

from extranet.ui.views import server_error as error_page

logger = logging.getLogger(__name__)
ENGINE_AWAY = (OperationalError, InterfaceError, RedisConnectionError, RedisTimeoutError)


def ask_database():
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def ask_cache():
    cache.set("health", "1", timeout=10)
    if cache.get("health") != "1":
        raise RedisConnectionError("the cache does not keep what it is given")


@require_safe
@login_not_required
def health(request):
    """200 when the database and the cache answer, else 503; says which, and nothing more (anyone may ask)."""
    state = {"database": ask_database, "cache": ask_cache}
    for name, ask in state.items():
        try:
            ask()
            state[name] = "ok"
        except Exception:  # whatever the engine's failure, the probe must read it
            logger.exception("%s does not answer", name)
            state[name] = "down"
    return JsonResponse(state, status=200 if set(state.values()) == {"ok"} else 503)


def server_error(request):
    """The site's answer to an unforeseen error: 503 with a delay when an engine is away, else the 500 page."""
    if isinstance(sys.exception(), ENGINE_AWAY):
        page = loader.get_template("503.html").render()
        return HttpResponse(page, status=503, headers={"Retry-After": "10"})
    return error_page(request)
