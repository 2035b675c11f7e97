from django.shortcuts import render
from django.views.decorators.http import require_safe

from .query import LAST_PAGE, parse, search
from .sources import sources


@require_safe
def results(request):
    """Everything in the extranet that the person may see and that answers, with the number of each kind."""
    words = request.GET.get("q", "").strip()
    kind = request.GET.get("genre", "")
    kind = kind if kind in sources() else ""
    number = request.GET.get("page", "")
    number = max(1, min(int(number), LAST_PAGE)) if number.isdecimal() and len(number) < 6 else 1
    by_date = request.GET.get("tri") == "date"
    found = search(request.user, words, kinds=[kind] if kind else None, page=number, by_date=by_date)
    context = {
        "words": words,
        "understood": bool(parse(words)),
        "found": found,
        "rows": [(result, sources()[result.kind]) for result in found],
        "counts": [(source, found.counts[name]) for name, source in sources().items() if found.counts.get(name)],
        "kind": kind,
        "by_date": by_date,
        "number": number,
        "previous": number - 1,
        "next": number + 1,
        "searchable": list(sources().values()),
    }
    return render(request, "search/results.html", context)
