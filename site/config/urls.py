"""The host's URLs: the plugins' own come from their `register_extranet_urls` hooks, before Wagtail's catch-all."""

from django.contrib import admin
from django.urls import include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from accounts.views import one_way_in
from config.health import health

urlpatterns = [
    path("sante/", health, name="health"),
    path("admin/login/", one_way_in),
    path("django-admin/login/", one_way_in),
    path("_util/login/", one_way_in),
    path("django-admin/", admin.site.urls),
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("compte/", include("extranet.members.account_urls")),
    path("", include("home.urls")),
    path("", include("extranet.urls")),
    path("", include(wagtail_urls)),
]

handler400 = "extranet.ui.views.bad_request"
handler403 = "extranet.ui.views.forbidden"
handler404 = "extranet.ui.views.not_found"
handler500 = "extranet.ui.views.server_error"
