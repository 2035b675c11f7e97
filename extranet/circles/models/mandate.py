from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from .circle import Circle
from .territory import Commune, Territory


class Function(models.TextChoices):
    """What a person does for a commune or the authority; it gives rights (see `domain.rights_of_mandates`)."""

    DGS = "dgs", "DGS"
    DEPUTY = "deputy", "DGA"
    SUBSTITUTE = "substitute", "DGS par suppléance"
    AGENT = "agent", "Agent"
    ELECTED = "elected", "Élu"
    GUEST = "guest", "Expert invité"
    PARTNER = "partner", "Partenaire"
    ADMINISTRATOR = "administrator", "Direction générale"


class MandateQuerySet(models.QuerySet):
    def active(self, on=None):
        """Mandates that hold on a day (a date, today by default), first and last day included."""
        day = on or timezone.localdate()
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=day), starts_on__lte=day)

    def due(self, on=None):
        """Mandates whose day has come or gone and whose rights have not followed yet."""
        day = on or timezone.localdate()
        return self.filter(
            Q(applied=False, starts_on__lte=day) & (Q(ends_on=None) | Q(ends_on__gte=day))
            | Q(applied=True) & (Q(ends_on__lt=day) | Q(starts_on__gt=day))
        )


class Mandate(models.Model):
    """A person's function between two dates: in a commune, in the authority itself (no commune), or in one circle for
    guests and partners."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="mandates", verbose_name="personne")
    territory = models.ForeignKey(Territory, models.CASCADE, related_name="mandates", verbose_name="intercommunalité")
    commune = models.ForeignKey(
        Commune, models.CASCADE, null=True, blank=True, related_name="mandates", verbose_name="commune"
    )
    circle = models.ForeignKey(
        Circle, models.CASCADE, null=True, blank=True, related_name="guest_mandates", verbose_name="groupe"
    )
    function = models.CharField("fonction", max_length=13, choices=Function.choices)
    title = models.CharField("intitulé du poste", max_length=120, blank=True)
    starts_on = models.DateField("à partir du", default=timezone.localdate)
    ends_on = models.DateField("jusqu’au", null=True, blank=True)
    # Whether the groups of the person follow this mandate; only domain.refresh_rights writes it.
    applied = models.BooleanField(default=False, editable=False)

    objects = MandateQuerySet.as_manager()

    class Meta:
        verbose_name = "fonction"
        ordering = ["starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="mandate_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=~Q(function__in=["guest", "partner"]) | Q(circle__isnull=False, ends_on__isnull=False),
                name="guests_have_a_circle_and_an_end",
            ),
            models.CheckConstraint(
                condition=~Q(function="elected") | Q(commune__isnull=False), name="elected_by_a_commune"
            ),
        ]

    def __str__(self):
        return f"{self.user}, {self.label}"

    @property
    def label(self):
        """The function as members read it: « DGS, Bouchemaine »."""
        place = None if self.function in (Function.GUEST, Function.PARTNER) else self.commune or self.territory
        return f"{self.title or self.get_function_display()}{f', {place}' if place else ''}"
