from django.http import Http404, HttpResponse, HttpResponseBadRequest
from django.views.decorators.http import require_safe

from . import log


@require_safe
def entries(request, topic):
    """What happened in `topic` after number `after`, for a browser that missed it or has no socket."""
    after = request.GET.get("after", "0")
    if not (after.isascii() and after.isdigit() and len(after) <= 18):
        return HttpResponseBadRequest("after : un nombre est attendu.", content_type="text/plain; charset=utf-8")
    territory = request.territory.pk if request.territory else None
    reading = log.read(topic, int(after), {request.user.pk})
    if not reading.viewers or not log.of_territory(topic, territory):
        raise Http404
    response = HttpResponse(reading.encode(), content_type="application/json")
    response["Cache-Control"] = "private, no-store"
    return response
