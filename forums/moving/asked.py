"""What the two commands are asked: a circle by its slug, and the territory where names could be mistaken."""

from django.core.management.base import CommandError

from extranet.circles.models import Circle


def add_circle_arguments(parser):
    parser.add_argument("--circle", required=True, metavar="SLUG", help="le groupe, tel qu’il s’écrit dans son adresse")
    parser.add_argument("--territory", metavar="SIREN", help="l’intercommunalité, quand il y en a plusieurs")


def circle_asked(slug, siren):
    """The circle. Raises CommandError when it is none, or more than one."""
    found = Circle.objects.select_related("territory").filter(slug=slug)
    found = list((found.filter(territory__siren=siren) if siren else found)[:2])
    if not found:
        raise CommandError(
            f"Aucun groupe n’a « {slug} » pour adresse{' dans cette intercommunalité' if siren else ''}."
        )
    if len(found) > 1:
        raise CommandError("Plusieurs intercommunalités ont un groupe de ce nom : précisez --territory SIREN.")
    return found[0]
