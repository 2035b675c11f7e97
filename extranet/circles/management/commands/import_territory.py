from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from rich.console import Console
from rich.progress import track
from wagtail.models import Site

from ... import domain, official
from ...models import Territory


class Command(BaseCommand):
    help = "Construit une intercommunalité, ses communes et leurs groupes à partir de la liste officielle."

    def add_arguments(self, parser):
        parser.add_argument("siren", nargs="?", help="SIREN de l’intercommunalité (neuf chiffres)")
        parser.add_argument("--search", metavar="MOTS", help="chercher une intercommunalité ou une commune par son nom")
        parser.add_argument("--host", help="nom d’hôte qui la servira ; par défaut, celui du site déjà en place")
        parser.add_argument("--port", type=int, default=80, help="port du site créé pour --host")

    def handle(self, *args, siren, search, host, port, **options):
        if search:
            return self._search(search)
        if not siren:
            raise CommandError("Indiquez un SIREN, ou --search suivi d’un nom.")
        authority = official.authorities().get(siren)
        if authority is None:
            raise CommandError(self._unknown(siren))
        with transaction.atomic():
            report = domain.import_authority(authority, self._site(authority, host, port), self._progress(authority))
        self.stdout.write(
            f"{report.territory} : {len(report.created)} communes créées, {len(report.updated)} mises à jour."
        )
        for commune in report.left:
            self.stdout.write(f"Ne figure plus dans la liste officielle, conservée : {commune} ({commune.insee_code}).")

    def _search(self, words):
        found = official.search(words)
        if not found:
            raise CommandError(f"Aucune intercommunalité ni commune ne correspond à « {words} ».")
        for authority in found[:40]:
            self.stdout.write(f"{authority.siren}  {authority.name} ({len(authority.communes)} communes)")

    def _unknown(self, text):
        lines = [f"Aucune intercommunalité ne porte le SIREN « {text} »."]
        lines += [f"  {authority.siren}  {authority.name}" for authority in official.near(text)]
        return "\n".join([*lines[:1], *(["Vouliez-vous dire :"] if lines[1:] else []), *lines[1:]])

    def _site(self, authority, host, port):
        """The site that will serve the territory: its own, the one of `host` (made if needed), or the default."""
        territory = Territory.objects.filter(siren=authority.siren).first()
        if territory and territory.site_id:
            return territory.site
        default = Site.objects.select_related("root_page").filter(is_default_site=True).first()
        if not host:
            if default and Territory.objects.filter(site=default).exists():
                raise CommandError("Le site par défaut sert déjà une autre intercommunalité : précisez --host.")
            return default
        return Site.objects.filter(hostname=host).first() or self._new_site(authority, host, port, default)

    def _new_site(self, authority, host, port, default):
        """A site whose home page is of the same kind as the default site's."""
        model = type(default.root_page.specific)
        home = default.root_page.get_parent().add_child(
            instance=model(title=authority.short_name, slug=authority.siren, locale=default.root_page.locale)
        )
        return Site.objects.create(hostname=host, port=port, root_page=home, site_name=authority.short_name)

    def _progress(self, authority):
        if not self.stdout.isatty():
            return lambda name: None
        steps = iter(track(authority.communes, description=authority.short_name, console=Console(), transient=True))
        return lambda name: next(steps, None)
