from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import Progress

from ...moving import domain
from ...moving.asked import add_circle_arguments, circle_asked


class Command(BaseCommand):
    help = "Fait entrer dans un groupe les discussions d’une liste ou d’une boîte partagée (archive mbox)."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="l’archive mbox")
        add_circle_arguments(parser)
        parser.add_argument("--dry-run", action="store_true", help="tout lire sans rien écrire")

    def handle(self, *args, file, circle, territory, dry_run, **options):
        circle = circle_asked(circle, territory)
        try:
            report = self._import(file, circle, dry_run)
        except OSError as error:
            raise CommandError(f"{file} : {error.strerror}.") from error
        except ValueError as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            raise CommandError("Interrompu : les discussions écrites sont entières, relancez pour la suite.") from None
        self._tell(report, dry_run)

    def _import(self, file, circle, dry_run):
        console = Console(stderr=True)
        with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
            task = progress.add_task(circle.name, total=None)

            def advance(done, total):
                progress.update(task, completed=done, total=total)

            return domain.import_threads(file, circle, dry_run=dry_run, progress=advance)

    def _tell(self, report, dry_run):
        for trouble in report.troubles:
            self.stdout.write(f"message {trouble.number}, « {trouble.subject} » : {trouble.reason}")
        for name, number in report.outsiders.most_common():
            self.stdout.write(f"hors extranet : {name} ({number})")
        self.stdout.write(
            f"{report.read} messages lus, {report.known} déjà là, {report.messages} repris,"
            f" {report.files} pièces jointes ; {report.opened} discussions ouvertes, {report.continued} continuées."
        )
        if dry_run:
            self.stdout.write("Essai : rien n’a été écrit.")
