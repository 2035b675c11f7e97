from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import Progress

from extranet.circles.models import Territory
from extranet.ui.tables import read_table

from ... import domain
from ...domain.imports import CHANGED, CREATED, ERROR, UNCHANGED

WORDS = {CREATED: "créée", CHANGED: "modifiée", UNCHANGED: "inchangée", ERROR: "erreur"}


class Command(BaseCommand):
    help = "Fait entrer les personnes d’un tableau CSV ou XLSX : courriel, prénom, nom, code INSEE, fonction, début…"

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="le tableau, CSV ou XLSX")
        parser.add_argument("--territory", metavar="SIREN", help="l’intercommunalité, quand il y en a plusieurs")
        parser.add_argument("--partial", action="store_true", help="importer les lignes justes malgré les erreurs")
        parser.add_argument("--dry-run", action="store_true", help="tout vérifier sans rien écrire")
        parser.add_argument("--no-mail", action="store_true", help="n’envoyer aucune invitation")

    def handle(self, *args, file, territory, partial, dry_run, no_mail, **options):
        try:
            with file.open("rb") as content:
                rows = read_table(content)
            report = self._import(rows, self._territory(territory), partial=partial, dry_run=dry_run, send=not no_mail)
        except OSError as error:
            raise CommandError(f"{file} : {error.strerror}.") from error
        except ValueError as error:
            raise CommandError(str(error)) from error
        self._tell(report, dry_run)

    def _territory(self, siren):
        territories = Territory.objects.filter(siren=siren) if siren else Territory.objects.all()
        found = list(territories[:2])
        if not found:
            raise CommandError("Aucune intercommunalité ne porte ce SIREN." if siren else "Aucune n’est en place.")
        if len(found) > 1:
            raise CommandError("Plusieurs intercommunalités sont en place : précisez --territory SIREN.")
        return found[0]

    def _import(self, rows, territory, **options):
        console = Console(stderr=True)
        with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
            task = progress.add_task(territory.name, total=len(rows))
            return domain.import_people(rows, territory, progress=lambda: progress.advance(task), **options)

    def _tell(self, report, dry_run):
        for line in report.lines:
            if line.outcome != UNCHANGED:
                self.stdout.write(f"ligne {line.number} : {WORDS[line.outcome]} : {line.who}. {line.detail}".rstrip())
        self.stdout.write(", ".join(f"{word} : {report.count(outcome)}" for outcome, word in WORDS.items()) + ".")
        if report.done:
            return
        if dry_run:
            self.stdout.write("Essai : rien n’a été écrit.")
            return
        raise CommandError("Rien n’a été importé : corrigez ces lignes, ou relancez avec --partial.")
