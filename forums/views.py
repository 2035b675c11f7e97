import uuid

from django.contrib import messages
from django.core.cache import cache
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.template.context_processors import csrf
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import trigger_client_event

from extranet.circles import access, listing
from extranet.circles.models import Circle
from extranet.files.storage import download
from extranet.notices import watching
from extranet.ui import markdown

from . import domain, mentions, pieces, reading
from .forms import KINDS, EditForm, RemovalForm, ReplyForm, ThreadForm
from .models import Post, Thread
from .polls import reading as polls

POSTS_A_MINUTE = 20
TOO_FAST = "Vous avez publié beaucoup de messages en une minute. Attendez un instant, puis publiez celui-ci à nouveau."
CONFLICT = "Cet envoi a déjà été publié avec un autre texte. Vérifiez la discussion, puis publiez à nouveau."
CLOSED = "Cette discussion vient d’être close\u202f: votre message n’a pas été publié."


@require_safe
def index(request):
    """The discussions of the person's circles, the latest first; of one circle, or only those with something new."""
    user, chosen = request.user, None
    if slug := request.GET.get("groupe", ""):
        chosen = next((ref for ref in access.rights_of(user).circles.values() if ref.slug == slug), None)
        if chosen is None:
            raise Http404
    only_unread = "nouveaux" in request.GET and chosen is None
    try:
        threads = (
            reading.unread_page(user)
            if only_unread
            else reading.page(user, circle=chosen, after=request.GET.get("apres", ""))
        )
    except listing.BadCursor:
        raise Http404 from None
    unread = reading.unread_by_circle(user)
    circles = sorted(access.rights_of(user).circles.values(), key=lambda ref: (KINDS.index(ref.kind), ref.name))
    communes = [ref for ref in circles if ref.kind == Circle.Kind.COMMUNE]
    context = {
        "threads": threads,
        "chosen": chosen,
        "only_unread": only_unread,
        "circles": [(ref, unread.get(ref.pk, 0)) for ref in circles if ref not in communes or len(communes) == 1],
        "communes": [(ref, unread.get(ref.pk, 0)) for ref in communes] if len(communes) > 1 else [],
        "may_open": bool(access.circles_of(user, "contribute")),
        "may_export": chosen is not None and access.can(user, "moderate", chosen),
    }
    return render(request, "forums/index.html", context)


@require_safe
def thread(request, pk):
    """A discussion, around a message (`message`), from one on (`debut`) or where reading stopped."""
    found = _thread(request, pk)
    form = ReplyForm.empty(seen=found.last_seq)
    if (number := _number(request, "citer")) is not None:
        quoted = _post(found, number)
        if quoted.removed_at:
            raise Http404
        form.initial["body"] = f"{domain.quotation(quoted)}\n\n"
    return _page(request, found, form)


@require_POST
def reply(request, pk):
    found = _thread(request, pk, "contribute")
    form = ReplyForm(request.POST)
    if "preview" in request.POST:
        return _page(request, found, form, preview=_preview(request.POST.get("body", ""), found))
    post, status = _send(
        request,
        form,
        lambda data: domain.reply(found, request.user, data["body"], key=data["key"], seen=data["seen"] or 0),
    )
    if post is None:
        if request.htmx:
            return render(request, "forums/composer.html", {"thread": found, "form": form}, status=status)
        return _page(request, found, form, status=status)
    if request.htmx:
        response = render(request, "forums/post.html", {"post": post})
        return trigger_client_event(response, "forums:posted", {"key": str(uuid.uuid4())})
    return redirect(post)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request):
    """Open a discussion."""
    if not access.circles_of(request.user, "contribute"):
        raise Http404
    if request.method != "POST":
        form = ThreadForm.empty(user=request.user, circles=_asked_circles(request))
        return render(request, "forums/new.html", {"form": form})
    form = ThreadForm(request.POST, user=request.user)
    if "preview" in request.POST:
        form.is_valid()
        context = {
            "form": form,
            "preview": _preview(request.POST.get("body", "")),
            "readers": _count_readers(request, request.POST.getlist("circles")),
        }
        return render(request, "forums/new.html", context)
    opened, status = _send(request, form, lambda data: _open(request.user, data))
    if opened is None:
        return render(request, "forums/new.html", {"form": form}, status=status)
    return redirect(opened)


@require_POST
def preview(request, pk=None):
    """What a text will look like, for the composer."""
    found = _thread(request, pk) if pk else None
    return HttpResponse(_preview(request.POST.get("body", ""), found))


@require_POST
def readers(request):
    """How many people will read a discussion opened in these circles, for the form."""
    number = _count_readers(request, request.POST.getlist("circles"))
    return render(request, "forums/readers.html", {"readers": number})


@require_POST
def read(request, pk):
    found = _thread(request, pk)
    seq = request.POST.get("seq", "")
    if seq.isdecimal() and len(seq) < 10:
        domain.read(request.user, found, int(seq))
    return HttpResponse(status=204) if request.htmx else redirect("forums:index")


@require_POST
def close(request, pk):
    found = _closable(request, pk)
    domain.close(found, request.user)
    messages.success(request, "La discussion est close\u202f: elle reste lisible.")
    return redirect(found)


@require_POST
def reopen(request, pk):
    found = _closable(request, pk)
    domain.reopen(found, request.user)
    messages.success(request, "La discussion est rouverte.")
    return redirect(found)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request, pk, seq):
    """Change the text of one's own message."""
    post = _post(_thread(request, pk), seq)
    if not domain.may_edit(request.user, post):
        raise Http404
    form = EditForm(request.POST or None, initial={"body": post.body})
    context = {"post": post, "thread": post.thread, "form": form}
    if request.method == "POST":
        if "preview" in request.POST:
            context["preview"] = _preview(request.POST.get("body", ""), post.thread)
        elif form.is_valid():
            return redirect(domain.edit(post, request.user, form.cleaned_data["body"]))
    status = 422 if form.errors and "preview" not in context else 200
    return render(request, "forums/edit.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def remove(request, pk, seq):
    post = _post(_thread(request, pk), seq)
    if not domain.may_remove(request.user, post):
        raise Http404
    form = RemovalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return redirect(domain.remove(post, request.user, form.cleaned_data["reason"]))
    context = {"post": post, "thread": post.thread, "form": form}
    return render(request, "forums/remove.html", context, status=422 if form.errors else 200)


@require_safe
def history(request, pk, seq):
    """The successive texts of a message; of a removed one, for the moderators alone."""
    post = _post(_thread(request, pk), seq)
    if post.removed_at and not access.can(request.user, "moderate", post.thread):
        raise Http404
    context = {"post": post, "thread": post.thread, "revisions": post.revisions.all()}
    return render(request, "forums/history.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def sum_up(request, pk, seq):
    """Show a message above the others as the summary of the thread, or no longer."""
    post = _post(_thread(request, pk), seq)
    if post.removed_at or not domain.may_sum_up(request.user, post.thread):
        raise Http404
    shown = post.seq == post.thread.summary_seq
    if request.method == "POST":
        if "drop" not in request.POST:
            domain.sum_up(post, request.user)
        elif shown:
            domain.drop_summary(post.thread, request.user)
        return redirect(post.thread)
    return render(request, "forums/sum_up.html", {"post": post, "thread": post.thread, "shown": shown})


@require_safe
def attachment(request, pk, seq, number, name):
    """A file of a message, always as a download; of a removed message, for the moderators alone."""
    post = _post(_thread(request, pk), seq)
    hidden = post.removed_at and not access.can(request.user, "moderate", post.thread)
    found = dict(post.attachments).get(number)
    if hidden or found is None or found["name"] != name:
        raise Http404
    return download(found)


def _thread(request, pk, action="view"):
    followed = {
        "level": watching.own_level(request.user, Thread),
        "usual_level": watching.inherited_level(request.user, Thread),
    }
    return access.get(request.user, reading.for_reader(request.user).annotate(**followed), action, pk=pk)


def _closable(request, pk):
    found = _thread(request, pk)
    if not domain.may_close(request.user, found):
        raise Http404
    return found


def _post(found, seq):
    post = Post.objects.filter(thread=found, seq=min(seq, 2**31 - 1)).first()
    if post is None:
        raise Http404
    post.thread = found
    return post


def _number(request, name):
    value = request.GET.get(name, "")
    return int(value) if value.isdecimal() and 0 < len(value) < 10 else None


def _page(request, found, form, *, preview="", status=200):
    user = request.user
    shown = reading.window(found, message=_number(request, "message"), start=_number(request, "debut"))
    moderates, around = access.can(user, "moderate", found), reading.around(user, found)
    polls.attach(shown.posts, user, speaks=around.may_contribute)
    pieces.add(shown.posts, user, moderates, **csrf(request))
    context = {
        "thread": found,
        "place": access.rights_of(user).circles.get(found.home_circle_id),
        "window": shown,
        "around": around,
        "unread_from": found.last_read_seq + 1 if 0 < found.last_read_seq < found.last_seq else None,
        "unread": found.last_seq - found.last_read_seq,
        "moderates": moderates,
        "may_close": domain.may_close(user, found),
        "may_sum_up": domain.may_sum_up(user, found),
        "form": form,
        "preview": preview,
    }
    return render(request, "forums/thread.html", context, status=status)


def _send(request, form, write):
    """What `write` makes of a valid form and 200, or None and the status of the page that says why not."""
    if not form.is_valid():
        return None, 422
    if not _within_pace(request.user):
        form.add_error(None, TOO_FAST)
        return None, 429
    try:
        return write(form.cleaned_data), 200
    except domain.Conflict:
        form.add_error(None, CONFLICT)
        form.renew()
    except domain.Closed:
        form.add_error(None, CLOSED)
    return None, 422


def _open(user, data):
    found = Circle.objects.in_bulk(data["circles"])
    circles = [found[pk] for pk in data["circles"] if pk in found]
    return domain.open_thread(user, data["title"], data["body"], circles, key=data["key"])


def _within_pace(user):
    """Whether `user` may publish now: 20 messages a minute. The count is shared by every process."""
    name = f"forums.pace:{user.pk}:{timezone.now():%H%M}"
    cache.add(name, 0, timeout=120)
    return cache.incr(name) <= POSTS_A_MINUTE


def _asked_circles(request):
    """The circle that the link came from, if it is one of hers."""
    slug = request.GET.get("groupe", "")
    return [ref.pk for ref in access.rights_of(request.user).circles.values() if ref.slug == slug]


def _count_readers(request, circle_ids):
    mine = access.circles_of(request.user, "contribute")
    chosen = [int(pk) for pk in circle_ids if pk.isdecimal() and int(pk) in mine]
    return access.people_of(chosen).count() if chosen else 0


def _preview(text, found=None):
    """The preview's HTML; of the start of a text too long to be published."""
    text = text[: domain.LONGEST_POST].replace("\x00", "").replace("\r\n", "\n")
    linked = mentions.link(found, text)[0] if found else text
    return render_to_string("forums/preview.html", {"html": markdown.render(linked)})
