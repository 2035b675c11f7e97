from django.urls import path

from . import views

app_name = "live"
urlpatterns = [path("live/<str:topic>", views.entries, name="entries")]
