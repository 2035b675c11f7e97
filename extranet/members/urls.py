from django.urls import path

from . import views

app_name = "members"
urlpatterns = [
    path("annuaire/", views.people, name="people"),
    path("annuaire/personnes.csv", views.people_csv, name="people_csv"),
    path("annuaire/communes/", views.communes, name="communes"),
    path("annuaire/communes/<slug:insee_code>/", views.commune, name="commune"),
    path("annuaire/moi/", views.profile, name="profile"),
    path("annuaire/importer/", views.import_people, name="import"),
    path("annuaire/<int:pk>/", views.person, name="person"),
    path("annuaire/<int:pk>/contact.vcf", views.person_vcard, name="vcard"),
    path("inviter/", views.invite, name="invite"),
    path("inviter/<int:pk>/renvoyer/", views.resend, name="resend"),
    path("invitation/<str:token>/", views.accept, name="accept"),
]
