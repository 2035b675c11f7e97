from django.apps import apps
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.contenttypes.models import ContentType
from django.core import signing
from django.db import transaction
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from extranet.circles import access
from extranet.circles.frame import circle_url
from extranet.circles.models import Circle, Shared

from . import domain, kinds, links, reading
from .forms import CHANNELS, ChannelsForm, PreferencesForm, WatchForm
from .models import Level, Preferences


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


@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request):
    """What I receive, by what, and when."""
    mine = Preferences.objects.filter(user=request.user).first() or Preferences(user=request.user)
    data = request.POST if request.method == "POST" else None
    channels = ChannelsForm(data, user=request.user)
    form = PreferencesForm(data, instance=mine, user=request.user)
    if data is not None and channels.is_valid() & form.is_valid():
        with transaction.atomic():
            domain.choose_channels(request.user, channels.cleaned_data)
            domain.set_preferences(request.user, **form.cleaned_data)
        messages.success(request, "Vos choix sont enregistrés.")
        return redirect("notices:preferences")
    context = {"form": form, "channels": channels, "means": CHANNELS}
    return render(request, "notices/preferences.html", context, status=422 if form.errors or channels.errors else 200)


@require_POST
def watch(request, model, pk):
    """Follow a circle, or one thing shared there, more or less closely."""
    followed = access.get(request.user, _followed(model).objects.all(), pk=pk)
    form = WatchForm(request.POST)
    if not form.is_valid():
        raise Http404
    domain.follow(request.user, followed, form.cleaned_data["level"])
    messages.success(request, "Votre choix est enregistré.")
    return redirect(circle_url(followed) if isinstance(followed, Circle) else followed.get_absolute_url())


@csrf_exempt  # a mail program posts it without ever having seen the page (RFC 8058); the signed address is the right
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def less(request, token):
    """The link of a mail: receive less of what it was. Signed in as somebody else, nothing is changed."""
    try:
        asked = links.read(token)
    except signing.SignatureExpired:
        return _refused(request, "Ce lien a expiré", 410)
    except signing.BadSignature:
        return _refused(request, "Ce lien n’est pas valable", 404)
    user = reading.person(asked.user)
    if user is None:
        return _refused(request, "Ce lien n’est plus valable", 410)
    if request.user.is_authenticated and request.user != user:
        return _refused(request, "Ce lien appartient à une autre personne", 403)
    kind = kinds.registered().get(asked.kind)
    context = {"asked": asked, "kind": kind, "absent": reading.person(asked.absent)}
    if request.method == "POST":
        context["done"] = _receive_less(user, asked, context, request.POST.get("quoi", ""))
    return render(request, "notices/less.html", context)


def _receive_less(user, asked, context, what):
    """Do it, and return the word of what was done."""
    content = _content(asked) if what == "cela" else None
    if asked.digest:
        domain.stop_digest(user)
        return "digest"
    if asked.absent:
        domain.stop_copies(user, context["absent"])
        return "absent"
    if content is not None:
        domain.follow(user, content, Level.MUTED)
        return "content"
    domain.stop_kind(user, asked.kind)
    return "kind"


def _content(asked):
    content_type, pk = asked.content
    model = ContentType.objects.get_for_id(content_type).model_class()
    return model._base_manager.filter(pk=pk).first() if model else None


def _followed(label):
    try:
        model = apps.get_model(label)
    except (LookupError, ValueError):
        raise Http404 from None
    if not issubclass(model, Circle | Shared):
        raise Http404
    return model


def _refused(request, heading, status):
    return render(request, "notices/refused.html", {"heading": heading}, status=status)
