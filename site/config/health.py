"""What an operator's probe asks."""

import logging

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import connection
from django.http import JsonResponse
from django.views.decorators.http import require_safe

logger = logging.getLogger(__name__)


def ask_database():
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def ask_cache():
    cache.set("health", "1", timeout=10)
    if cache.get("health") != "1":
        raise ConnectionError("the cache does not keep what it is given")


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
