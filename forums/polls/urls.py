from django.urls import path

from . import views

# Part of the namespace `forums`: see forums/urls.py.
urlpatterns = [
    path("questions/", views.awaited, name="polls"),
    path("<int:pk>/question/", views.new, name="poll_new"),
    path("<int:pk>/messages/<int:seq>/repondre/", views.vote, name="poll_vote"),
    path("<int:pk>/messages/<int:seq>/clore/", views.close, name="poll_close"),
    path("<int:pk>/messages/<int:seq>/suite/", views.outcome, name="poll_outcome"),
    path("<int:pk>/messages/<int:seq>/resultat.csv", views.export, name="poll_csv"),
]
