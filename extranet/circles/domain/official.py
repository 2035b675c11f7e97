from dataclasses import dataclass, field

from django.db import transaction

from .. import official
from ..models import Commune, Territory
from .territories import add_commune, create_territory


@dataclass
class ImportReport:
    """What an import of the official list changed."""

    territory: Territory
    created: list = field(default_factory=list)
    updated: list = field(default_factory=list)
    # Communes that the territory has and the list no longer has: shown, never deleted (content hangs on them).
    left: list = field(default_factory=list)


@transaction.atomic
def import_authority(authority, site=None, progress=lambda commune: None):
    """Build or bring up to date the territory of an official authority, with its communes and circles.

    Arguments:
        authority: an `official.OfficialAuthority`.
        site: the Wagtail site that serves it, for a new territory or one that has none.
        progress: called with each commune's name.

    Idempotent: a second import changes only names and populations that have changed.
    """
    territory = Territory.objects.filter(siren=authority.siren).first()
    if territory is None:
        territory = create_territory(siren=authority.siren, name=authority.short_name, kind=authority.kind, site=site)
    report = ImportReport(territory)
    known = {commune.insee_code: commune for commune in territory.communes.all()}
    for row in authority.communes:
        commune = known.pop(row["insee_code"], None)
        if commune is None:
            report.created.append(add_commune(territory, insee_code=row["insee_code"], **_facts(row)))
        elif _update(commune, _facts(row)):
            report.updated.append(commune)
        progress(row["commune_name"])
    report.left = list(known.values())
    return report


def _facts(row):
    population = int(row["population"]) if row["population"] else None
    return {
        "name": row["commune_name"],
        "siren": row["commune_siren"],
        "population": population,
        "population_year": official.POPULATION_YEAR if population is not None else None,
    }


def _update(commune, facts):
    if all(getattr(commune, name) == value for name, value in facts.items()):
        return False
    Commune.objects.filter(pk=commune.pk).update(**facts)
    return True
