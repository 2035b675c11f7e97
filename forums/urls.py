from django.urls import include, path

from . import views
from .moving import views as moving
from .papers import views as papers

app_name = "forums"
urlpatterns = [
    path("", views.index, name="index"),
    path("nouvelle/", views.new, name="new"),
    path("nouvelle/apercu/", views.preview, name="preview_new"),
    path("nouvelle/lecteurs/", views.readers, name="readers"),
    path("exporter/<slug:slug>/", moving.export_circle, name="export"),
    path("<int:pk>/", views.thread, name="thread"),
    path("<int:pk>/imprimer/", papers.printed, name="print"),
    path("<int:pk>/pdf/", papers.pdf, name="pdf"),
    path("<int:pk>/participants/", papers.participants, name="participants"),
    path("<int:pk>/repondre/", views.reply, name="reply"),
    path("<int:pk>/apercu/", views.preview, name="preview"),
    path("<int:pk>/lu/", views.read, name="read"),
    path("<int:pk>/clore/", views.close, name="close"),
    path("<int:pk>/rouvrir/", views.reopen, name="reopen"),
    path("<int:pk>/messages/<int:seq>/modifier/", views.edit, name="edit"),
    path("<int:pk>/messages/<int:seq>/retirer/", views.remove, name="remove"),
    path("<int:pk>/messages/<int:seq>/historique/", views.history, name="history"),
    path("<int:pk>/messages/<int:seq>/resume/", views.sum_up, name="sum_up"),
    path("<int:pk>/messages/<int:seq>/fichiers/<int:number>/<str:name>", views.attachment, name="attachment"),
    path("", include("forums.polls.urls")),
]
