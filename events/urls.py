from django.urls import path

from .views import agenda, feeds, meetings

app_name = "events"
urlpatterns = [
    path("agenda/", agenda.month, name="index"),
    path("agenda/mois/<int:year>-<int:month>/", agenda.month, name="month"),
    path("agenda/a-venir/", agenda.to_come, name="to_come"),
    path("agenda/passees/", agenda.past, name="past"),
    path("agenda/nouvelle/", meetings.new, name="new"),
    path("agenda/nouvelle-serie/", meetings.new_series, name="new_series"),
    path("agenda/mon-flux/", feeds.my_feed, name="my_feed"),
    path("agenda/flux/<str:token>.ics", feeds.feed, name="feed"),
    path("agenda/<int:pk>.ics", meetings.one_ics, name="ics"),
    path("agenda/<int:pk>/", meetings.event, name="event"),
    path("agenda/<int:pk>/inscription/", meetings.register, name="register"),
    path("agenda/<int:pk>/inscriptions.csv", meetings.registrations, name="registrations"),
    path("agenda/<int:pk>/modifier/", meetings.edit, name="edit"),
    path("agenda/<int:pk>/annuler/", meetings.cancel, name="cancel"),
]
