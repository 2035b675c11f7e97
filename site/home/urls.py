from django.contrib.auth.decorators import login_not_required
from django.urls import path
from django.views.generic import TemplateView

app_name = "home"


def page(route, name):
    """A page that anybody may read: the law wants some of them without signing in."""
    view = login_not_required(TemplateView.as_view(template_name=f"home/{name}.html"))
    view.login_required = False
    return path(route, view, name=name)


urlpatterns = [
    page("accessibilite/", "accessibility"),
    page("donnees-personnelles/", "personal_data"),
    page("mentions-legales/", "legal"),
    page("aide/", "help"),
]
