from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Page


class HomePage(Page):
    """The root of a territory's site: for a member, the dashboard."""

    introduction = RichTextField("introduction", blank=True)

    template = "home/home_page.html"
    content_panels = [*Page.content_panels, FieldPanel("introduction")]
    max_count_per_parent = 1

    class Meta:
        verbose_name = "accueil"
