"""The site's URLs, and a page that fails: what people see then is looked at too."""

from django.contrib.auth.decorators import login_not_required
from django.urls import path

from config.urls import *  # noqa: F403 every handler as well
from config.urls import urlpatterns as of_the_site


@login_not_required
def fail(request):
    raise RuntimeError("the page that fails, on purpose")


urlpatterns = [path("panne/", fail), *of_the_site]
