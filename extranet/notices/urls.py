from django.urls import path

from . import views

app_name = "notices"
urlpatterns = [
    path("", views.index, name="index"),
    path("tout-lu/", views.read_all, name="read_all"),
    path("cloche/", views.bell, name="bell"),
    path("preferences/", views.preferences, name="preferences"),
    path("suivi/<str:model>/<int:pk>/", views.watch, name="watch"),
    path("moins/<str:token>/", views.less, name="less"),
    path("<int:pk>/", views.open_notice, name="open"),
]
