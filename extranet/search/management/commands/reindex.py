from itertools import islice

from django.contrib.contenttypes.models import ContentType
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from extranet.search import domain
from extranet.search.models import Entry
from extranet.search.sources import sources

BATCH = 200


class Command(BaseCommand):
    help = "Refait l’index de la recherche\u202f: tout, ou les genres nommés."

    def add_arguments(self, parser):
        parser.add_argument("kinds", nargs="*", metavar="genre", help="par exemple forums.thread")

    def handle(self, *args, kinds, **options):
        known = sources()
        unknown = [name for name in kinds if name not in known]
        if unknown:
            raise CommandError(f"Genre inconnu\u202f: {', '.join(unknown)}. Connus\u202f: {', '.join(known)}.")
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, disable=options["verbosity"] == 0) as progress:
            for source in (known[name] for name in kinds or known):
                bar = progress.add_task(source.label, total=source.model._default_manager.count())
                done = self._reindex(source, lambda count, bar=bar: progress.advance(bar, count))
                progress.update(bar, total=done, completed=done)
        if not kinds:
            domain.drop(Entry.objects.exclude(kind__in=list(known)))

    def _reindex(self, source, advance):
        """Index what the source yields, batch by batch, then drop what it no longer yields. Returns how many."""
        kept, everything = set(), source.reindex()
        while batch := list(islice(everything, BATCH)):
            with transaction.atomic():
                kept.update(domain.index(**each).pk for each in batch)
            advance(len(batch))
        content_type = ContentType.objects.get_for_model(source.model)
        stale = Entry.objects.filter(content_type=content_type, kind=source.name)
        gone = set(stale.values_list("pk", flat=True)) - kept
        for some in (list(gone)[n : n + BATCH] for n in range(0, len(gone), BATCH)):
            domain.drop(Entry.objects.filter(pk__in=some))
        return len(kept)
