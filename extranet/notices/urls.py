from django.urls import path

from . import views

app_name = "notices"
urlpatterns = [
    path("", views.index, name="index"),
    path("tout-lu/", views.read_all, name="read_all"),
    path("cloche/", views.bell, name="bell"),
    path("<int:pk>/", views.open_notice, name="open"),
]
