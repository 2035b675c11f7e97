from django.conf import settings
from django.contrib.auth.models import Group
from django.db import models
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from .territory import Commune, Territory

# What can be done in a circle, each carried by a guardian permission `<action>_circle`.
ACTIONS = ("view", "contribute", "moderate")


class Circle(models.Model):
    """People who share things; the unit that permissions guard. Content inherits the rights of its circles."""

    class Kind(models.TextChoices):
        EVERYONE = "everyone", "Tous les membres"
        QUADRANT = "quadrant", "Quadrant"
        COMMISSION = "commission", "Commission"
        GROUP = "group", "Groupe de travail"
        COMMUNE = "commune", "Commune"

    territory = models.ForeignKey(Territory, models.CASCADE, related_name="circles", verbose_name="intercommunalité")
    kind = models.CharField("nature", max_length=12, choices=Kind.choices)
    name = models.CharField("nom", max_length=120)
    slug = models.SlugField("adresse", max_length=80)
    commune = models.OneToOneField(Commune, models.CASCADE, null=True, blank=True, related_name="circle")
    members_group = models.OneToOneField(Group, models.PROTECT, related_name="member_circle")
    facilitators_group = models.OneToOneField(Group, models.PROTECT, related_name="facilitator_circle")

    mission = models.TextField("lettre de mission", blank=True)
    deliverables = models.TextField("livrables", blank=True)
    due_on = models.DateField("échéance", null=True, blank=True)
    pilot = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="pilote"
    )
    rapporteur = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="rapporteur"
    )

    # The rule of a commission: its members are the chief executives of the communes that it selects.
    population_under = models.PositiveIntegerField("communes de moins de (habitants)", null=True, blank=True)
    outside_polarities = models.BooleanField("hors polarités du SCoT", default=False)

    class Meta:
        verbose_name = "groupe"
        ordering = ["kind", "name"]
        permissions = [("contribute_circle", "Peut contribuer"), ("moderate_circle", "Peut animer")]
        constraints = [models.UniqueConstraint(fields=["territory", "slug"], name="one_circle_per_slug")]

    def __str__(self):
        return self.name

    def selects(self, commune):
        """Whether this commission's rule takes `commune` in. An unknown population is never under a threshold."""
        if self.kind != self.Kind.COMMISSION or self.population_under is None or commune.population is None:
            return False
        return commune.population < self.population_under and not (self.outside_polarities and commune.scot_polarity)


class CircleUserPermission(UserObjectPermissionBase):
    """A personal grant on a circle: readers who are not members."""

    content_object = models.ForeignKey(Circle, models.CASCADE)


class CircleGroupPermission(GroupObjectPermissionBase):
    """A group's grant on a circle: its members, its facilitators, the administrators, a circle that observes it."""

    content_object = models.ForeignKey(Circle, models.CASCADE)


class Membership(models.Model):
    """A person named to a circle, besides those whom their function brings in. Worth nothing without a mandate."""

    class Role(models.TextChoices):
        MEMBER = "member", "Membre"
        FACILITATOR = "facilitator", "Animateur"
        READER = "reader", "Lecteur"

    circle = models.ForeignKey(Circle, models.CASCADE, related_name="memberships", verbose_name="groupe")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships")
    role = models.CharField("rôle", max_length=12, choices=Role.choices, default=Role.MEMBER)
    since = models.DateTimeField("depuis", auto_now_add=True)

    class Meta:
        verbose_name = "appartenance"
        constraints = [models.UniqueConstraint(fields=["circle", "user"], name="one_membership_per_person")]

    def __str__(self):
        return f"{self.user} · {self.circle}"
