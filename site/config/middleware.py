"""Headers that every answer of the host carries."""

from asgiref.sync import iscoroutinefunction
from django.utils.cache import patch_cache_control
from django.utils.decorators import sync_and_async_middleware


def close(response):
    """Keep what Django answers out of shared caches, disks and other sites' pages.

    Every page depends on who reads it, so the answer is closed whatever the view said: Wagtail's own view of a document
    says `public`. Static files are answered before this and stay cacheable.
    """
    if not {"private", "no-store"} <= set(response.get("Cache-Control", "").replace(" ", "").split(",")):
        del response["Cache-Control"]
        patch_cache_control(response, private=True, no_store=True)
    response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
    return response


@sync_and_async_middleware
def private_responses(get_response):
    if iscoroutinefunction(get_response):

        async def middleware(request):
            return close(await get_response(request))
    else:

        def middleware(request):
            return close(get_response(request))

    return middleware
