"""What the browser finds: the small world of tests/world.py with discussions, meetings and resources in it."""

from datetime import timedelta
from urllib.parse import urlsplit

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.core.files.base import ContentFile
from django.utils import timezone

from events import domain as events
from events.models import Answer, Kind
from extranet.circles.models import CirclePage
from extranet.library import domain as library
from extranet.library.models import Resource, Theme
from extranet.members import domain as members
from extranet.members.models import Invitation
from extranet.notices.links import Less
from forums import domain as forums
from forums.polls import domain as polls
from forums.polls.models import Poll
from tests import world as worlds

# One discussion of the group « Achats » a test, so that none reads what another writes.
THREADS = ("exchange", "cut", "polling", "plain", "keyboard", "bell", "secret")
SHEET = """# Base légale

Article L. 2113-6.

# Méthode

1. Recenser
2. Délibérer

| Étape | Durée |
|---|---|
| Avis | 2 mois |
"""


def build():
    """Fill the database. Returns what stands in the paths of the pages to visit."""
    world = worlds.build()
    page = CirclePage.objects.get(circle=world.group)
    reset = f"{user_pk_to_url_str(world.marc)}-{default_token_generator.make_token(world.marc)}"
    return {
        **_discussions(world),
        **_meetings(world),
        **_resources(world),
        "group": world.group.slug,
        "group_page": _path(page),
        "groups_page": _path(page.get_parent()),
        "commune_page": _path(CirclePage.objects.get(circle=world.bouchemaine.circle)),
        "circle": world.group.pk,
        "person": world.yves.pk,
        "insee": world.bouchemaine.insee_code,
        "mandate": world.guest.mandates.get().pk,
        "invitation": _invitation(world),
        "less": _less(world),
        "reset": reset,
    }


def _path(page):
    return urlsplit(page.get_url()).path


def _discussions(world):
    places = {}
    for name in THREADS:
        places[name] = forums.open_thread(world.yves, f"Fil {name}", "Bonjour à tous.", [world.group]).pk
    thread = forums.open_thread(world.helene, "Papier : quel seuil ?", "Bonjour, **quel** seuil ?", [world.group])
    asked = thread.posts.get()
    forums.reply(
        thread, world.yves, "- 4 000 €\n- ou 40 000 €\n\n`code` et [lien](https://www.example.org)", quote=asked
    )
    forums.edit(asked, world.helene, "Bonjour, **quel** seuil pour le papier ?")
    forums.sum_up(asked, world.helene)
    removed = forums.reply(thread, world.yves, "Un doublon.")
    forums.remove(removed, world.yves, "Doublon")
    everyone = forums.open_thread(world.karim, "Rentrée", "Qui ouvre à 8 h 30 ?", [world.everyone])
    return {**places, "thread": thread.pk, "everyone": everyone.pk, **_questions(world)}


def _questions(world):
    """A discussion with questions put to the group: to answer, to rank, and one that is closed with its outcome."""
    thread = forums.open_thread(world.yves, "Trois questions", "Répondez avant la séance.", [world.group])
    ends = timezone.now() + timedelta(days=3)
    asked = polls.open_poll(
        world.yves, thread, "Un seuil unique ?", Poll.Kind.SINGLE, ["Oui", "Non"], closes_at=ends, by_commune=True
    )
    polls.vote(asked, world.yves, polls.voices_of(world.yves).filter(poll=asked).first(), [1, 0], "")
    polls.open_poll(world.yves, thread, "Quel lot d’abord ?", Poll.Kind.RANKED, ["Papier", "Sel"], closes_at=ends)
    closed = polls.open_poll(world.yves, thread, "On continue ?", Poll.Kind.SINGLE, ["Oui", "Non"], closes_at=ends)
    polls.close(closed, world.yves)
    polls.say_outcome(closed, world.yves, "Le groupe continue.")
    return {"questions": thread.pk, "closed_question": closed.post.seq}


def _meetings(world):
    start = timezone.now().replace(hour=9, minute=0, second=0, microsecond=0) + timedelta(days=7)

    def convene(title, days=0, **details):
        begins = start + timedelta(days=days)
        details = {"place": "Feneu, salle du conseil", "video_url": "https://visio.example/dgs", **details}
        ends = begins + timedelta(hours=2)
        return events.convene(world.admin, [world.everyone], title, Kind.MONTHLY, begins, ends, **details)

    items = [{"title": "Ouverture", "minutes": 10, "speaker": "Anne Direction"}, {"title": "Papier", "minutes": None}]
    event = convene("Réunion mensuelle", items=items, description="Ordre du jour **provisoire**.", capacity=20)
    events.register(event, world.karim, Answer.REMOTE)
    cancelled = convene("Séance annulée", 2)
    events.cancel(cancelled, world.admin, "Salle prise")
    return {
        "event": event.pk,
        "cancelled": cancelled.pk,
        "phone_event": convene("Séance du téléphone", 1).pk,
        "plain_event": convene("Séance sans script", 3).pk,
        "month": f"{start:%Y-%m}",
    }


def _resources(world):
    theme = Theme.objects.first()
    sheet = library.add_resource(
        world.yves,
        [world.group],
        "Écrire un groupement",
        Resource.Kind.SHEET,
        theme,
        body=SHEET,
        summary="La marche à suivre.",
    )
    file = library.add_resource(
        world.yves,
        [world.everyone],
        "Convention de prêt",
        Resource.Kind.MODEL,
        theme,
        file=ContentFile("Convention de prêt de matériel.".encode(), name="convention.txt"),
        reason="Première version",
    )
    library.add_version(file, ContentFile(b"Une autre.", name="convention-2.txt"), world.yves, "Deux articles de plus")
    return {"sheet": sheet.pk, "file": file.pk}


def _less(world):
    """The token of the link « recevoir moins » of a mail."""
    return Less(user=world.helene.pk, kind="forums.reply").path.split("/")[-2]


def _invitation(world):
    """The token of an invitation nobody has used."""
    details = {"territory": world.alm, "commune": world.bouchemaine, "by": world.helene}
    invited = members.invite("julien@bouchemaine.example", "Julien", "Rétif", "agent", **details)
    return Invitation.objects.get(pk=invited.invitation.pk).issue_token()
