from django.contrib.auth.models import Group
from django.core.validators import RegexValidator
from django.db import models


class Territory(models.Model):
    """The authority that runs an extranet (EPCI). One installation can host several, one host name each."""

    class Kind(models.TextChoices):
        CC = "CC", "Communauté de communes"
        CA = "CA", "Communauté d’agglomération"
        CU = "CU", "Communauté urbaine"
        METRO = "METRO", "Métropole"
        METLYON = "METLYON", "Métropole de Lyon"
        OTHER = "OTHER", "Autre"

    siren = models.CharField("SIREN", max_length=9, unique=True, validators=[RegexValidator(r"^\d{9}$")])
    name = models.CharField("nom", max_length=200)
    kind = models.CharField("nature", max_length=8, choices=Kind.choices, default=Kind.OTHER)
    site = models.OneToOneField(
        "wagtailcore.Site", models.SET_NULL, null=True, blank=True, related_name="territory", verbose_name="site"
    )
    administrators_group = models.OneToOneField(Group, models.PROTECT, related_name="administered_territory")

    class Meta:
        verbose_name = "intercommunalité"
        ordering = ["name"]

    def __str__(self):
        return self.name


class Commune(models.Model):
    """A member municipality. Its population may be unknown: a commune that has merged has none of its own."""

    territory = models.ForeignKey(Territory, models.CASCADE, related_name="communes", verbose_name="intercommunalité")
    insee_code = models.CharField("code INSEE", max_length=5, validators=[RegexValidator(r"^\d[0-9AB]\d{3}$")])
    siren = models.CharField("SIREN", max_length=9, blank=True)
    name = models.CharField("nom", max_length=100)
    population = models.PositiveIntegerField("population totale", null=True, blank=True)
    population_year = models.PositiveSmallIntegerField("année de la population", null=True, blank=True)
    quadrant = models.ForeignKey(
        "circles.Circle", models.SET_NULL, null=True, blank=True, related_name="quadrant_communes"
    )
    scot_polarity = models.BooleanField("polarité du SCoT", default=False)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    merged_into = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="merged_communes")
    successor_name = models.CharField("commune nouvelle", max_length=100, blank=True)

    class Meta:
        verbose_name = "commune"
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["territory", "insee_code"], name="one_commune_per_insee_code")]

    def __str__(self):
        return self.name
