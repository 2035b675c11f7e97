from django.urls import path

from . import views

app_name = "circles"
urlpatterns = [
    path("groupes/aller/", views.go_to_index, name="index"),
    path("groupes/aller/<slug:slug>/", views.go_to_circle, name="circle"),
    path("groupes/nouveau/", views.new, name="new"),
    path("groupes/<slug:slug>/modifier/", views.edit, name="edit"),
    path("groupes/<slug:slug>/personnes/", views.people, name="people"),
    path("groupes/<slug:slug>/personnes/<int:user_id>/retirer/", views.remove, name="remove"),
    path("groupes/<slug:slug>/observateurs/", views.invite_observer, name="invite_observer"),
    path(
        "groupes/<slug:slug>/observateurs/<slug:observer>/retirer/", views.uninvite_observer, name="uninvite_observer"
    ),
    path("fonctions/<int:pk>/fin/", views.end_mandate, name="end_mandate"),
    path("droits/<str:model>/<int:pk>/", views.explain, name="explain"),
]
