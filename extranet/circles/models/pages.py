from django.db import models
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Page

from .circle import Circle


class CircleIndexPage(Page):
    """The list of a person's circles."""

    introduction = RichTextField("introduction", blank=True)

    template = "circles/circle_index_page.html"
    content_panels = [*Page.content_panels, FieldPanel("introduction")]
    subpage_types = ["circles.CirclePage"]

    class Meta:
        verbose_name = "page des groupes"


class CirclePage(Page):
    """A circle's place: its mission, its people, and the sections that the plugins add."""

    circle = models.OneToOneField(Circle, models.PROTECT, related_name="page", verbose_name="groupe")
    introduction = RichTextField("introduction", blank=True)

    template = "circles/circle_page.html"
    content_panels = [*Page.content_panels, FieldPanel("circle"), FieldPanel("introduction")]
    parent_page_types = ["circles.CircleIndexPage"]
    subpage_types = []

    class Meta:
        verbose_name = "page de groupe"
