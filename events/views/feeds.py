from hashlib import sha256

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from .. import domain, ics
from ..agenda import meetings_of_feed
from ..models import FeedToken


@login_not_required
@require_safe
def feed(request, token):
    """A person's meetings for her calendar. The secret in the address is the key; her rights are read each time."""
    person = domain.person_of_feed(token, request.territory)
    if person is None:
        raise Http404
    body = ics.calendar(
        meetings_of_feed(person),
        lambda event: request.build_absolute_uri(reverse("events:event", args=[event.pk])),
        name=f"Agenda · {request.territory.name}",
    )
    etag = f'"{sha256(body).hexdigest()}"'
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response = get_conditional_response(request, etag=etag, response=response)
    response["ETag"] = etag
    response["Cache-Control"] = "private, max-age=0, must-revalidate"
    response["Referrer-Policy"] = "no-referrer"
    return response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def my_feed(request):
    """Make or end one's own feed. Its address is shown here once: only a hash of the secret is kept."""
    address = ""
    if request.method == "POST":
        if request.POST.get("action") == "revoke":
            if domain.revoke_feed(request.user):
                messages.success(request, "L’abonnement est supprimé\u202f: l’adresse ne répond plus.")
            return redirect("events:my_feed")
        token = domain.issue_feed(request.user)
        address = request.build_absolute_uri(reverse("events:feed", args=[token]))
    current = FeedToken.objects.filter(user=request.user, revoked_at=None).first()
    context = {
        "current": current,
        "address": address,
        "webcal": address.replace("https://", "webcal://", 1).replace("http://", "webcal://", 1),
    }
    return render(request, "events/my_feed.html", context)
