from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from extranet.circles import access
from forums import reading
from forums.models import Thread

from . import pdf as maker
from . import whole

MOST_IN_PDF = 1000  # messages: some 15 seconds of one processor
NO_PDF = "Ce serveur ne peut pas préparer de PDF\u202f: voici la discussion entière, à imprimer depuis le navigateur."
TOO_LONG = (
    "Cette discussion est trop longue pour être préparée en PDF ici\u202f: imprimez-la depuis le navigateur, en"
    " choisissant « Enregistrer au format PDF »."
)


@require_safe
def printed(request, pk):
    """The whole thread on one page, for the printer."""
    return render(request, "forums/papers/print.html", _whole(request, _thread(request, pk)))


@require_safe
def participants(request, pk):
    """The table of who took part."""
    found = _thread(request, pk)
    context = {"thread": found, "participants": whole.participants(found)}
    return render(request, "forums/papers/participants.html", context)


@require_safe
def pdf(request, pk):
    """The whole thread as a PDF, or the page to print where none can be made."""
    found = _thread(request, pk)
    if found.last_seq > MOST_IN_PDF:
        return _instead(request, found, TOO_LONG)
    html = render_to_string("forums/papers/pdf.html", _whole(request, found))
    try:
        octets = maker.make(html, request.build_absolute_uri("/"))
    except maker.Unavailable:
        return _instead(request, found, NO_PDF)
    response = HttpResponse(octets, content_type="application/pdf")
    name = f"{slugify(found.title)[:80] or 'discussion'}.pdf"
    response.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    return response


def _instead(request, thread, words):
    messages.warning(request, words)
    return redirect("forums:print", thread.pk)


def _thread(request, pk):
    return access.get(request.user, Thread.objects.all(), pk=pk)


def _whole(request, thread):
    posts = whole.posts(thread)
    return {
        "thread": thread,
        "posts": posts,
        "summary": next((post for post in posts if post.seq == thread.summary_seq), None),
        "around": reading.around(request.user, thread),
        "participants": whole.participants(thread),
        "territory": request.territory,
        "today": timezone.localdate(),
    }
