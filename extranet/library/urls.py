from django.urls import path

from . import views

app_name = "library"
urlpatterns = [
    path("ressources/", views.index, name="index"),
    path("ressources/ajouter/", views.new, name="new"),
    path("ressources/<int:pk>/", views.resource, name="resource"),
    path("ressources/<int:pk>/modifier/", views.edit, name="edit"),
    path("ressources/<int:pk>/version/", views.new_version, name="new_version"),
    path("ressources/<int:pk>/archiver/", views.archive, name="archive"),
    path("ressources/<int:pk>/retablir/", views.restore, name="restore"),
    path("ressources/<int:pk>/fichier/", views.latest, name="latest"),
    path("ressources/<int:pk>/fichier/<int:number>/relire/", views.read_again, name="read_again"),
    path("ressources/<int:pk>/fichier/<int:number>/<str:name>", views.download, name="download"),
]
