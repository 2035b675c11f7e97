from django.core.files import File

from extranet.library import domain
from extranet.library.models import Resource, Theme

from .. import content

KINDS = {
    "Modèle": Resource.Kind.MODEL,
    "Compte rendu": Resource.Kind.REPORT,
    "Synthèse": Resource.Kind.REPORT,
    "Retour d’expérience": Resource.Kind.FEEDBACK,
}


def write(network, texts, progress):
    """The written sheets, then the real files; their texts are read as anyone's would be."""
    themes = {theme.slug: theme for theme in Theme.objects.all()}
    step = progress("Ressources", len(texts.sheets) + len(texts.files))
    for sheet in texts.sheets:
        kind = Resource.Kind.FEEDBACK if sheet.slug.startswith("retour-") else Resource.Kind.SHEET
        valid_until = content.instant(sheet.valid_until, network.now).date() if sheet.valid_until else None
        _add(
            network,
            themes,
            sheet,
            kind,
            body=sheet.body,
            legal_references="\n".join(sheet.legal),
            valid_until=valid_until,
        )
        step()
    for text in texts.files:
        with text.path.open("rb") as file:
            kind = KINDS.get(text.kind, Resource.Kind.DOCUMENT)
            _add(network, themes, text, kind, file=File(file, name=text.path.name))
        step()


def _add(network, themes, text, kind, **details):
    domain.add_resource(
        network.people[text.author],
        [network.circles[slug] for slug in text.circles],
        text.title,
        kind,
        themes[text.theme],
        summary=text.summary,
        cooperation_form=text.form.replace(" bis", "b").replace(f"{content.NARROW}bis", "b"),
        at=content.instant(text.when, network.now),
        **details,
    )
