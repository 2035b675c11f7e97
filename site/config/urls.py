"""The host's URLs: the plugins' own come from their `register_extranet_urls` hooks, before Wagtail's catch-all."""

from django.contrib import admin
from django.urls import include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

urlpatterns = [
    path("django-admin/", admin.site.urls),
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("compte/", include("allauth.account.urls")),
    path("", include("home.urls")),
    path("", include("extranet.urls")),
    path("", include(wagtail_urls)),
]

handler400 = "extranet.ui.views.bad_request"
handler403 = "extranet.ui.views.forbidden"
handler404 = "extranet.ui.views.not_found"
handler500 = "extranet.ui.views.server_error"
