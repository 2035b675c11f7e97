"""The choice of a display, and the pages shown when something went wrong: in French, with a way on.

A host names the handlers in its root URLconf (handler400, 403, 404, 500) and `csrf_failure` in CSRF_FAILURE_VIEW.
"""

import sys

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

APPEARANCE_COOKIE = "affichage"
APPEARANCES = {"": "Comme mon appareil", "light": "Clair", "dark": "Sombre"}
A_YEAR = 365 * 24 * 3600
RETRY_AFTER = 30  # seconds: a database that restarts is back by then


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def appearance(request: HttpRequest) -> HttpResponse:
    """Show, then keep in a cookie, the display a person wants (the device's, light or dark), then go back."""
    back = _safe(request, request.POST.get("next") or request.GET.get("next") or request.headers.get("Referer", ""))
    if request.method != "POST":
        current = request.COOKIES.get(APPEARANCE_COOKIE, "")
        context = {
            "appearances": APPEARANCES.items(),
            "current": current if current in APPEARANCES else "",
            "next": back,
        }
        return render(request, "extranet/appearance.html", context)
    response = HttpResponseRedirect(back)
    choice = request.POST.get("appearance", "")
    if choice and choice in APPEARANCES:
        response.set_cookie(
            APPEARANCE_COOKIE, choice, max_age=A_YEAR, secure=request.is_secure(), httponly=True, samesite="Lax"
        )
    else:
        response.delete_cookie(APPEARANCE_COOKIE, samesite="Lax")
    return response


def _safe(request: HttpRequest, url: str) -> str:
    """The page to go back to, if it is one of this site and not the choice itself; home otherwise."""
    allowed = url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure())
    return url if allowed and request.path not in url else "/"


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400, and 413 when what was sent is too large.

    Django raises the latter while it reads the form, inside the CSRF middleware: no middleware of ours could catch it
    there, this handler is the one place that always sees it.
    """
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent):
        return HttpResponse(render_to_string("413.html"), status=413)
    return HttpResponse(render_to_string("400.html"), status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "403.html", status=403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form sent from a page opened too long ago; `reason` speaks to developers and is not shown."""
    return render(request, "403_csrf.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Missing and hidden alike: the page says nothing of what was asked for."""
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500, or 503 when the database is away. Rendered without the request: no context processor, so no database."""
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        return HttpResponse(render_to_string("503.html"), status=503, headers={"Retry-After": str(RETRY_AFTER)})
    return HttpResponse(render_to_string("500.html"), status=500)
