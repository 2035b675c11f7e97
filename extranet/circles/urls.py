from django.urls import path

from . import views

app_name = "circles"
urlpatterns = [
    path("groupes/aller/", views.go_to_index, name="index"),
    path("groupes/aller/<slug:slug>/", views.go_to_circle, name="circle"),
    path("droits/<str:model>/<int:pk>/", views.explain, name="explain"),
]
