from django.core.management.base import BaseCommand

from forums.polls import domain


class Command(BaseCommand):
    help = "Annonce la clôture des questions dont la date est passée. À lancer toutes les cinq minutes."

    def handle(self, *args, **options):
        closed = domain.close_due()
        self.stdout.write(f"{closed} question{'s' if closed > 1 else ''} close{'s' if closed > 1 else ''}.")
