from django.core.management.base import BaseCommand
from django.utils import timezone

from extranet.circles.domain import refresh_due
from extranet.notices import leaving, tasks

TOGETHER = 100


class Command(BaseCommand):
    help = (
        "Envoie les récapitulatifs dont l’heure est venue et les courriels qui attendaient. À lancer toutes les cinq "
        "minutes : deux passages n’envoient rien deux fois."
    )

    def handle(self, *args, **options):
        now = timezone.now()
        refresh_due()
        leaving.forget(now)
        late = leaving.late_mails(now)
        for start in range(0, len(late), TOGETHER):
            tasks.send_mails.enqueue(late[start : start + TOGETHER])
        digests = leaving.gather_digests(now)
        for pk in digests:
            tasks.send_digest.enqueue(pk)
        self.stdout.write(f"Courriels en attente : {len(late)}. Récapitulatifs : {len(digests)}.")
