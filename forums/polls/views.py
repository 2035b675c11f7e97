from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from extranet.circles import access
from extranet.ui.tables import csv_response

from .. import domain as forums
from ..models import Post, Thread
from . import domain, reading
from .forms import OutcomeForm, PollForm, VoteForm
from .models import Poll

CONFLICT = "Cet envoi a déjà été publié avec un autre texte. Vérifiez la discussion, puis publiez à nouveau."
THREAD_CLOSED = "Cette discussion vient d’être close\u202f: votre question n’a pas été publiée."
TOO_LATE = "La question est close\u202f: votre réponse n’a pas été comptée."
ALREADY = "Votre vote a déjà été compté\u202f: à bulletin secret, il est définitif."


@require_safe
def awaited(request):
    """The questions that wait for the person's voice, or her commune's."""
    return render(request, "forums/polls/awaited.html", {"voices": reading.awaited(request.user)})


@require_http_methods(["GET", "HEAD", "POST"])
def new(request, pk):
    """Put a question to the readers of a discussion."""
    thread = access.get(request.user, Thread.objects, "contribute", pk=pk)
    if thread.closed:
        raise Http404
    form = PollForm(request.POST) if request.method == "POST" else PollForm.empty()
    if form.is_bound and form.is_valid():
        try:
            return redirect(_open(request.user, thread, form).post)
        except forums.Conflict:
            form.add_error(None, CONFLICT)
            form.renew()
        except forums.Closed:
            form.add_error(None, THREAD_CLOSED)
    return render(
        request, "forums/polls/new.html", {"thread": thread, "form": form}, status=422 if form.errors else 200
    )


@require_POST
def vote(request, pk, seq):
    """Say what a voice says; what is wrong is said above the same question, alone on its page."""
    post = _post(request, pk, seq, "contribute")
    shown = reading.shown(post, request.user)
    if not shown.mine:
        raise Http404
    form = VoteForm(request.POST, post.poll, shown.mine, [line.label for line in shown.lines])
    if form.is_valid():
        data = form.cleaned_data
        try:
            domain.vote(post.poll, request.user, data["voice"], data["marks"], data["reason"])
        except domain.PollClosed:
            messages.error(request, TOO_LATE)
        except domain.AlreadyVoted:
            messages.error(request, ALREADY)
        else:
            messages.success(request, "Votre réponse est comptée.")
        return redirect(post)
    if not post.poll.is_open:
        messages.error(request, TOO_LATE)
        return redirect(post)
    shown.form = form
    return render(request, "forums/polls/vote.html", {"post": post, "thread": post.thread}, status=422)


@require_http_methods(["GET", "HEAD", "POST"])
def close(request, pk, seq):
    post = _run_by(request, pk, seq)
    if not post.poll.is_open:
        raise Http404
    if request.method != "POST":
        return render(request, "forums/polls/close.html", {"post": post, "thread": post.thread})
    domain.close(post.poll, request.user)
    messages.success(request, "La question est close\u202f: son résultat est affiché.")
    return redirect(post)


@require_http_methods(["GET", "HEAD", "POST"])
def outcome(request, pk, seq):
    """Say what is done with the result."""
    post = _run_by(request, pk, seq)
    if post.poll.is_open:
        raise Http404
    form = OutcomeForm(request.POST or None, initial={"outcome": post.poll.outcome, "review_on": post.poll.review_on})
    if request.method == "POST" and form.is_valid():
        domain.say_outcome(post.poll, request.user, form.cleaned_data["outcome"], form.cleaned_data["review_on"])
        return redirect(post)
    context = {"post": post, "thread": post.thread, "form": form}
    return render(request, "forums/polls/outcome.html", context, status=422 if form.errors else 200)


@require_safe
def export(request, pk, seq):
    """The result of a closed poll, for a spreadsheet; with the voices by name unless it was secret."""
    post = _post(request, pk, seq)
    if post.poll.is_open:
        raise Http404
    shown = reading.shown(post, request.user)
    return csv_response(f"{slugify(post.poll.question)[:60] or 'question'}.csv", *_table(shown))


def _table(shown):
    """The headers and the rows of a result."""
    poll = shown.poll
    ranked, dates = poll.kind == Poll.Kind.RANKED, poll.kind == Poll.Kind.DATES
    headers = ["Choix", "Points (Borda)" if ranked else "Oui" if dates else "Réponses", "Si besoin" if dates else None]
    rows = [[line.label, line.points if ranked else line.count, line.maybe if dates else None] for line in shown.lines]
    rows += [
        [],
        ["Question", poll.question],
        ["Close le", poll.ended_at],
        ["Ont répondu", shown.voices],
        ["Pouvaient répondre", shown.electors],
        ["Quorum", shown.needed or None],
        ["Quorum atteint", shown.has_quorum],
        ["Suite donnée", poll.outcome],
        ["À revoir le", poll.review_on],
        ["Avis technique", "Seule une délibération engage la commune"],
    ]
    if shown.said:
        rows += [[], [shown.who.capitalize(), "Réponse", "Motif", "Donnée par", "Le"]]
        rows += [[each.name, each.words, each.reason, each.cast_by_name, each.cast_at] for each in shown.said]
    elif shown.reasons:
        rows += [[], ["Motifs"], *([reason] for reason in shown.reasons)]
    return headers, rows


def _open(user, thread, form):
    data = form.cleaned_data
    return domain.open_poll(user, thread, data["question"], data["kind"], data["words"], **form.options())


def _post(request, pk, seq, action="view"):
    """The message of a poll that the person may see; removed, it is as if there were none."""
    thread = access.get(request.user, Thread.objects, action, pk=pk)
    found = Post.objects.select_related("poll").filter(
        thread=thread, seq=min(seq, 2**31 - 1), removed_at=None, poll__isnull=False
    )
    post = found.first()
    if post is None:
        raise Http404
    post.thread = thread
    post.poll.post = post
    return post


def _run_by(request, pk, seq):
    post = _post(request, pk, seq)
    if not domain.may_run(request.user, post):
        raise Http404
    return post
