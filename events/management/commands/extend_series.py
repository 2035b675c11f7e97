from django.core.management.base import BaseCommand

from events import domain


class Command(BaseCommand):
    help = "Crée les séances des dix-huit mois à venir de chaque série. À lancer chaque nuit."

    def handle(self, *args, **options):
        made = domain.extend_all()
        self.stdout.write(f"{made} séance{'s' if made > 1 else ''} créée{'s' if made > 1 else ''}.")
