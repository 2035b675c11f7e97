"""A page of the tests that shows a circle's topic, and live.js, which production serves from its static files."""

from django.contrib.staticfiles.views import serve
from django.http import HttpResponse
from django.template import RequestContext, Template
from django.urls import path, re_path
from django.utils.safestring import mark_safe

from config.urls import urlpatterns as site
from extranet.live.domain import last_seq
from tests.live import kind

PAGE = Template(
    '{% load live static %}<!doctype html><html lang="fr"><title>Essai</title><link rel="icon" href="data:,">'
    '<link rel="stylesheet" href="{% static "tall.css" %}"><main {% live_topic topic seq %}><h1>Essai</h1>'
    "<div data-live-into>{{ pieces }}</div></main>{% live_script %}"
)


def show(request, circle):
    topic = f"tests.circle:{circle}"
    context = {"topic": topic, "seq": last_seq(topic), "pieces": mark_safe("".join(kind.shown))}
    return HttpResponse(PAGE.render(RequestContext(request, context)))


def tall(request):
    return HttpResponse("p { min-height: 300px }", content_type="text/css")


tall.login_required = serve.login_required = False
urlpatterns = [
    path("essai/<int:circle>", show),
    path("static/tall.css", tall),
    re_path("static/(?P<path>live/.*)", serve, {"insecure": True}),
    *site,
]
