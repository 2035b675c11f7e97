"""Headers that every answer of the host carries."""

from asgiref.sync import iscoroutinefunction
from django.utils.decorators import sync_and_async_middleware


def close(response):
    """Keep what Django answers out of shared caches, disks and other sites' pages.

    Every page depends on who reads it, so the answer is closed whatever the view said: Wagtail's own view of a document
    says `public`. Static files are answered before this and stay cacheable.
    """
    response.headers["Cache-Control"] = "private, no-store"
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
