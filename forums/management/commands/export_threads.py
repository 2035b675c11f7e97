from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from ...moving import export
from ...moving.asked import add_circle_arguments, circle_asked

FORMATS = {".zip": export.archive, ".mbox": export.mbox}


class Command(BaseCommand):
    help = "Écrit les discussions d’un groupe dans un fichier .zip (JSON, mbox et pièces jointes) ou .mbox."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="le fichier à écrire, .zip ou .mbox")
        add_circle_arguments(parser)

    def handle(self, *args, file, circle, territory, **options):
        if file.suffix not in FORMATS:
            raise CommandError("Le nom du fichier se termine par .zip ou par .mbox.")
        circle = circle_asked(circle, territory)
        part = file.with_name(f"{file.name}.part")  # a file that bears the name asked for is whole
        try:
            with part.open("wb") as opened:
                for piece in FORMATS[file.suffix](circle):
                    opened.write(piece)
            part.replace(file)
        except OSError as error:
            raise CommandError(f"{file} : {error.strerror}.") from error
        finally:
            part.unlink(missing_ok=True)
        self.stdout.write(f"{file} : {file.stat().st_size} octets.")
