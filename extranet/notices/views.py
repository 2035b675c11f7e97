from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from . import domain, reading


@require_safe
def index(request):
    """The person's notices, by day."""
    notices, following = reading.page(request.user, request.GET.get("avant", ""))
    return render(request, "notices/index.html", {"notices": notices, "following": following})


@require_safe
def open_notice(request, pk):
    """Go where a notice leads: it is read. Only to a page of this site."""
    notice = get_object_or_404(reading.inbox(request.user), pk=pk)
    domain.mark_read(request.user, notice)
    local = notice.url.startswith("/") and url_has_allowed_host_and_scheme(notice.url, allowed_hosts=None)
    return HttpResponseRedirect(notice.url) if local else redirect("notices:index")


@require_safe
def bell(request):
    """The bell of the frame with its count, for a page where it has changed."""
    return render(request, "notices/bell.html")


@require_POST
def read_all(request):
    domain.mark_all_read(request.user)
    messages.success(request, "Toutes vos notifications sont lues.")
    return redirect("notices:index")
