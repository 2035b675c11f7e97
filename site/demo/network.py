"""The demo network's people: Angers Loire Métropole as in November 2012, its circles, a hundred fictional people."""

import csv
import re
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
from wagtail.models import Site

from extranet.circles import domain, official
from extranet.circles.models import Circle, Function, Membership, Territory
from extranet.members import domain as members

from . import content

COMMUNES = Path(__file__).parent / "data" / "alm_2012_communes.csv"
SIREN = "244900015"
BEGINNING = date(2012, 1, 1)
PASSWORD = "Les 33 communes de la Loire"  # noqa: S105 public, and unusable in production: see hashers.py

# The common titles say no more than the function, which the interface shows in its short form: « DGS, Bouchemaine ».
COMMON_TITLES = {"Directeur général des services", "Directrice générale des services"}

KINDS = {
    "all": Circle.Kind.EVERYONE,
    "quadrant": Circle.Kind.QUADRANT,
    "commission": Circle.Kind.COMMISSION,
    "working_group": Circle.Kind.GROUP,
}


@dataclass
class Network:
    """What was built, by the names that the written content uses."""

    territory: Territory
    now: datetime
    circles: dict = field(default_factory=dict)  # slug -> Circle
    communes: dict = field(default_factory=dict)  # INSEE code -> Commune
    people: dict = field(default_factory=dict)  # "Prénom Nom" -> user

    def day(self, text, default=None):
        """The date that a written "2012-11-05" or "-30d" means; `default` for nothing."""
        return content.instant(text, self.now).date() if text else default


def build(texts, now, progress):
    """The territory, communes, circles and people. `progress(label, total)` returns a function called at each step."""
    territory = domain.create_territory(
        siren=SIREN,
        name="Angers Loire Métropole",
        kind=Territory.Kind.CA,
        site=Site.objects.get(is_default_site=True),
    )
    network = Network(territory, now)
    _build_circles(network, texts.circles)
    _build_communes(network, progress)
    _build_people(network, texts.people, progress)
    _name_members(network, texts.circles)
    return network


def _build_circles(network, circles):
    for text in circles:
        if text.kind == "all":
            circle = network.territory.circles.get(kind=Circle.Kind.EVERYONE)
            domain.describe(circle, mission=text.summary)
        else:
            circle = domain.open_circle(
                network.territory,
                KINDS[text.kind],
                text.title,
                slug=text.slug,
                mission=unwrapped("\n\n".join(filter(None, [text.summary, text.born_of, text.mission]))),
                deliverables="\n".join(text.deliverables),
                due_on=network.day(text.deadline),
                population_under=text.max_population,
            )
        network.circles[text.slug] = circle


def unwrapped(text):
    """Paragraphs on one line each: the sources are wrapped, and a member's line break is kept as one."""
    return re.sub(r"(?<=\S)\n(?=[^\n\s])(?!- |\d+\. |[>|])", " ", text)


def _build_communes(network, progress):
    with COMMUNES.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    step = progress("Communes", len(rows))
    for row in rows:
        population = int(row["population"]) if row["population"] else None
        commune = domain.add_commune(
            network.territory,
            insee_code=row["insee_code"],
            name=row["name"],
            quadrant=network.circles[f"quadrant-{row['quadrant']}"],
            population=population,
            population_year=official.POPULATION_YEAR if population is not None else None,
            latitude=float(row["latitude"]) if row["latitude"] else None,
            longitude=float(row["longitude"]) if row["longitude"] else None,
            successor_name=row["successor_name"],
        )
        network.communes[commune.insee_code] = commune
        network.circles[f"commune-{commune.insee_code}"] = commune.circle
        step()


def _build_people(network, people, progress):
    step, encoded = progress("Personnes", len(people)), make_password(PASSWORD)
    for text in people:
        user = get_user_model()(email=text.email, first_name=text.first_name, last_name=text.last_name)
        user.password = encoded
        user.save()
        for mandate in text.mandates:
            _give(network, user, mandate)
        members.change_profile(user, phone=text.phone)
        network.people[text.name] = user
        step()


def _give(network, user, text):
    starts_on = network.day(text.start, BEGINNING)
    invited = text.function in (Function.GUEST, Function.PARTNER)
    domain.give_mandate(
        user,
        text.function,
        territory=network.territory,
        commune=network.communes.get(text.insee),
        circle=network.circles[text.circle] if invited else None,
        title="" if text.title in COMMON_TITLES else text.title,
        starts_on=starts_on,
        ends_on=network.day(text.end, network.now.date() + timedelta(days=365) if invited else None),
    )


def _name_members(network, circles):
    for text in circles:
        circle = network.circles[text.slug]
        for name in [*(text.members if text.kind == "working_group" else ()), *text.facilitators]:
            role = Membership.Role.FACILITATOR if name in text.facilitators else Membership.Role.MEMBER
            domain.join(circle, network.people[name], role)
        leaders = {"pilot": text.pilot, "rapporteur": text.rapporteur}
        domain.describe(circle, **{role: network.people[name] for role, name in leaders.items() if name})
        for insee_code in text.communes_without_population:
            for user in get_user_model().objects.filter(
                mandates__commune__insee_code=insee_code, mandates__function=Function.DGS
            ):
                domain.join(circle, user)
