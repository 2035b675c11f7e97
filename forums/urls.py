from django.urls import path

from . import views

app_name = "forums"
urlpatterns = [
    path("", views.index, name="index"),
    path("nouvelle/", views.new, name="new"),
    path("nouvelle/apercu/", views.preview, name="preview_new"),
    path("nouvelle/lecteurs/", views.readers, name="readers"),
    path("<int:pk>/", views.thread, name="thread"),
    path("<int:pk>/repondre/", views.reply, name="reply"),
    path("<int:pk>/apercu/", views.preview, name="preview"),
    path("<int:pk>/lu/", views.read, name="read"),
    path("<int:pk>/clore/", views.close, name="close"),
    path("<int:pk>/rouvrir/", views.reopen, name="reopen"),
    path("<int:pk>/messages/<int:seq>/modifier/", views.edit, name="edit"),
    path("<int:pk>/messages/<int:seq>/retirer/", views.remove, name="remove"),
    path("<int:pk>/messages/<int:seq>/historique/", views.history, name="history"),
]
