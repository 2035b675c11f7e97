"""What every answer of the host says to caches and to other sites, and the one way in."""

import pytest
from django.core.cache import cache
from django.db import OperationalError, connection
from django.http import HttpResponse
from django.test import RequestFactory
from redis.exceptions import ConnectionError as RedisConnectionError

from config.cache import ForgetfulRedisCache
from config.middleware import private_responses


def test_member_page_is_kept_by_no_cache(world, as_person):
    response = as_person(world.helene).get("/")
    assert response.headers["Cache-Control"] == "private, no-store"
    assert response.headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_a_view_that_says_public_is_not_believed():
    said = HttpResponse("x", headers={"Cache-Control": "max-age=3600, public"})
    response = private_responses(lambda request: said)(RequestFactory().get("/"))
    assert response.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("door", ["/admin/login/", "/django-admin/login/", "/_util/login/"])
def test_every_log_in_page_leads_to_the_same_one(client, db, door):
    response = client.get(door, {"next": "/groupes/"})
    assert (response.status_code, response.url) == (302, "/compte/login/?next=%2Fgroupes%2F")


def test_member_who_may_not_administer_is_told_so_and_not_sent_round(world, as_person):
    response = as_person(world.helene).get("/admin/", follow=True)
    assert response.status_code == 403
    assert len(response.redirect_chain) == 1


def test_probe_reads_ok_without_signing_in(client, db):
    response = client.get("/sante/")
    assert (response.status_code, response.json()) == (200, {"database": "ok", "cache": "ok"})


def test_probe_reads_503_when_the_database_is_away(client, db, monkeypatch):
    client.get("/sante/")  # what the middlewares learn, they know

    def away(*args, **kwargs):
        raise OperationalError("gone")

    with monkeypatch.context() as patch:
        patch.setattr(connection, "cursor", away)
        response = client.get("/sante/")
    assert (response.status_code, response.json()) == (503, {"database": "down", "cache": "ok"})


def test_probe_reads_503_when_the_cache_is_away(client, db, monkeypatch):
    client.get("/sante/")
    monkeypatch.setattr(cache, "set", lambda *args, **kwargs: None)
    cache.delete("health")
    response = client.get("/sante/")
    assert (response.status_code, response.json()) == (503, {"database": "ok", "cache": "down"})


def test_cache_away_finds_nothing_and_fails_nothing():
    away = ForgetfulRedisCache("redis://127.0.0.1:1", {})
    away.set("key", "value")
    assert away.get("key", "nothing") == "nothing"
    assert away.get_many(["key"]) == {}
    assert away.add("key", "value") is True
    assert away.delete("key") is False
    with pytest.raises(RedisConnectionError):
        away.clear()  # nobody waits for it: an administrator must know that nothing was cleared
