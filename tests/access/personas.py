"""Who asks: one person per way of standing towards the sample objects, which all belong to the group « Achats »."""

from datetime import timedelta

import time_machine
from django.utils import timezone

from extranet.circles import domain
from extranet.circles.models import Commune, Function
from tests.world import person

PERSONAS = (
    "nobody",  # not signed in
    "other",  # agent of another commune
    "observer",  # agent of a commune that the group lets read, no more
    "member",  # of the group
    "facilitator",  # of the group
    "manager",  # runs another commune: deputy of Avrillé
    "administrator",  # of the territory
    "foreigner",  # DGS in another territory
    "disabled",  # was a member, the account is closed
    "removed",  # was a member, the mandate has just ended
    "expired",  # was a guest, the invitation ended yesterday
)


def people_of(world):
    """The person behind each persona (None for nobody)."""
    observer = person("observe@meignanne.example", "Observe", "Seulement")
    domain.give_mandate(observer, Function.AGENT, territory=world.alm, commune=world.meignanne)
    domain.invite_observer(world.group, Commune.objects.get(pk=world.meignanne.pk).circle)
    removed = person("partie@bouchemaine.example", "Partie", "Hier")
    mandate = domain.give_mandate(removed, Function.DEPUTY, territory=world.alm, commune=world.bouchemaine)
    domain.join(world.group, removed)
    domain.end_mandate(mandate)
    disabled = person("fermee@bouchemaine.example", "Compte", "Fermé", is_active=False)
    domain.give_mandate(disabled, Function.DEPUTY, territory=world.alm, commune=world.bouchemaine)
    domain.join(world.group, disabled)
    expired = person("ancien@conseil.example", "Ancien", "Expert")
    yesterday = timezone.localdate() - timedelta(days=1)
    with time_machine.travel(timezone.now() - timedelta(days=3)):
        domain.give_mandate(expired, Function.GUEST, territory=world.alm, circle=world.group, ends_on=yesterday)
    return {
        "nobody": None,
        "other": world.marc,
        "observer": observer,
        "member": world.helene,
        "facilitator": world.yves,
        "manager": world.karim,
        "administrator": world.admin,
        "foreigner": world.stranger,
        "disabled": disabled,
        "removed": removed,
        "expired": expired,
    }
