import json
import shutil
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management import CommandError, call_command
from django.core.management.base import BaseCommand
from django.db import connection, transaction
from django.utils import timezone
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from wagtail.models import Site

from demo import content, network, writings
from extranet.circles.models import Territory


class Command(BaseCommand):
    help = "Construit le réseau de démonstration, ou le garde s’il est déjà là, et dit qui peut s’y connecter."

    def add_arguments(self, parser):
        parser.add_argument("--reset", action="store_true", help="effacer tout et repartir de zéro")

    def handle(self, *args, reset, **options):
        if not getattr(settings, "DEMO", False):
            raise CommandError("Le réseau de démonstration ne se construit qu’avec les réglages de développement.")
        if reset:
            self._forget_everything()
        self.stdout.write("Base de données…")
        call_command("migrate", verbosity=0)
        texts = content.read()
        if Territory.objects.filter(siren=network.SIREN).exists():
            self.stdout.write(
                "Le réseau de démonstration est déjà là : il est gardé tel quel (RESET=1 pour repartir de zéro)."
            )
        else:
            self._build(texts)
        self._serve_here()
        self._present(texts.accounts)

    def _serve_here(self):
        """Links in mails lead where the demo answers, whatever its port today."""
        url = urlsplit(settings.WAGTAILADMIN_BASE_URL)
        Site.objects.filter(is_default_site=True).update(hostname=url.hostname, port=url.port or 80)

    def _forget_everything(self):
        """The database as it was born, whatever the engine, and none of the files that went with it."""
        self.stdout.write("Tout est effacé…")
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        connection.close()
        if connection.vendor == "sqlite":
            for suffix in ("", "-wal", "-shm"):
                Path(f"{connection.settings_dict['NAME']}{suffix}").unlink(missing_ok=True)
        for folder in (settings.MEDIA_ROOT, settings.EMAIL_FILE_PATH):
            shutil.rmtree(folder, ignore_errors=True)

    def _build(self, texts):
        columns = (TextColumn("{task.description:<24}"), BarColumn(), MofNCompleteColumn())
        with Progress(*columns, console=Console()) as bars, transaction.atomic():

            def progress(label, total):
                task = bars.add_task(label, total=total)
                return lambda: bars.advance(task)

            built = network.build(texts, timezone.now(), progress)
            writings.write(built, texts, progress)
        writings.settle(built, texts)

    def _present(self, accounts):
        url = settings.WAGTAILADMIN_BASE_URL
        people = [{"role": one.role, "email": one.email, "password": network.PASSWORD} for one in accounts]
        path = settings.VAR_DIR / "demo.json"
        path.write_text(json.dumps({"url": url, "accounts": people}, ensure_ascii=False, indent=2), encoding="utf-8")
        self.stdout.write("\nQui peut se connecter :")
        for one in people:
            self.stdout.write(f"  {one['role']:<38} {one['email']}")
        self.stdout.write(f"Le mot de passe de tous : {network.PASSWORD}")
