"""The pages of discussions, with plain forms: what works without JavaScript."""

import uuid

import pytest
from django.urls import reverse

from extranet.circles import domain as circles
from forums import domain
from forums.models import Post, ReadState, Thread

HTMX = {"HTTP_HX_REQUEST": "true"}


def url(name, thread, *rest):
    return reverse(f"forums:{name}", args=[thread.pk, *rest])


def send(client, thread, body="Voici.", **data):
    return client.post(url("reply", thread), {"body": body, "key": uuid.uuid4(), **data})


def text(response):
    return response.content.decode()


# Reading ------------------------------------------------------------------------------------------
def test_index_lists_the_threads_of_ones_circles(world, thread, as_person):
    assert "Papier" in text(as_person(world.helene).get("/discussions/"))
    assert "Papier" not in text(as_person(world.karim).get("/discussions/"))


def test_index_filters_by_circle_and_by_new_messages(world, thread, as_person):
    other = domain.open_thread(world.helene, "Fleurissement", "Texte", [world.south])
    client = as_person(world.helene)
    assert "Papier" not in text(client.get(f"/discussions/?groupe={world.south.slug}"))
    assert "Fleurissement" in text(client.get(f"/discussions/?groupe={world.south.slug}"))
    new = text(client.get("/discussions/?nouveaux"))
    assert "Papier" in new
    assert other.title not in new


@pytest.mark.parametrize("query", ["groupe=quadrant-nord-ouest", "groupe=inconnu", "apres=nimporte"])
def test_index_of_a_foreign_circle_or_made_up_place_is_not_found(world, as_person, query):
    assert as_person(world.helene).get(f"/discussions/?{query}").status_code == 404


def test_foreign_circle_that_shares_a_thread_is_not_named(world, as_person):
    shared = domain.open_thread(world.yves, "À deux", "Texte", [world.north, world.everyone])
    page = text(as_person(world.helene).get(shared.get_absolute_url()))
    assert "Quadrant Nord-Ouest" not in page + text(as_person(world.helene).get("/discussions/"))
    assert "1 autre groupe" in page


@pytest.mark.parametrize("number", [1, 30, 200])
def test_index_costs_six_queries(world, as_person, django_assert_num_queries, number):
    for index in range(number):
        domain.open_thread(world.yves, f"Sujet {index}", "Texte", [world.group, world.everyone])
    client = as_person(world.helene)
    client.get("/discussions/")
    with django_assert_num_queries(6):  # person, rights, frame, the newest ids, the threads, unread by circle
        response = client.get("/discussions/")
    assert text(response).count("thread-row") == min(number, 20)


@pytest.mark.parametrize("number", [1, 30, 200])
def test_thread_costs_six_queries(world, thread, write, as_person, django_assert_num_queries, number):
    for index in range(number):
        write([world.helene, world.guest, world.yves][index % 3], f"Réponse {index}")
    client = as_person(world.helene)
    client.get("/discussions/")
    with django_assert_num_queries(6):  # person, rights, thread, messages, who reads and writes, frame
        client.get(thread.get_absolute_url())


def test_thread_opens_where_reading_stopped(world, thread, write, as_person):
    for index in range(120):
        write(world.yves, f"Réponse {index}")
    domain.read(world.helene, thread, 60)
    response = as_person(world.helene).get(thread.get_absolute_url())
    assert [post.seq for post in response.context["window"].posts] == [1, *range(59, 109)]
    page = text(response)
    assert "61 nouveaux messages" in page
    assert "Afficher les 50 messages précédents" in page
    assert "Afficher les 13 messages suivants" in page


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?message=70", [1, *range(60, 110)]),
        ("?message=121", [1, *range(72, 122)]),
        ("?message=999999999", [1, *range(72, 122)]),
        ("?message=1", [*range(1, 51)]),
        ("?debut=9", [1, *range(9, 59)]),
        ("?debut=2", [*range(1, 51)]),
        ("?message=-3", [*range(1, 51)]),
        ("?message=٣x", [*range(1, 51)]),
    ],
)
def test_page_stands_around_the_message_asked_for(world, thread, write, as_person, query, expected):
    for index in range(120):
        write(world.yves, f"Réponse {index}")
    response = as_person(world.helene).get(thread.get_absolute_url() + query)
    assert [post.seq for post in response.context["window"].posts] == expected


def test_read_thread_of_fifty_shows_everything(world, thread, write, as_person):
    for index in range(49):
        write(world.yves, f"Réponse {index}")
    domain.read(world.helene, thread, 50)
    response = as_person(world.helene).get(thread.get_absolute_url())
    assert len(response.context["window"].posts) == 50
    assert "Afficher" not in text(response)


def test_button_marks_as_read_without_javascript(world, thread, as_person):
    client = as_person(world.helene)
    assert "J’ai tout lu" in text(client.get(thread.get_absolute_url()))
    assert client.post(url("read", thread), {"seq": "1"}).url == "/discussions/"
    assert ReadState.objects.get(user=world.helene).last_read_seq == 1
    assert client.post(url("read", thread), {"seq": "x"}).status_code == 302


def test_reading_a_page_writes_nothing(world, thread, as_person):
    as_person(world.helene).get(thread.get_absolute_url())
    assert not ReadState.objects.filter(user=world.helene).exists()


# Writing ------------------------------------------------------------------------------------------
def test_reply_leads_to_the_new_message(world, thread, as_person):
    response = send(as_person(world.helene), thread, "Chez nous, **5 %**.")
    assert response.url == f"/discussions/{thread.pk}/?message=2#message-2"
    assert "<strong>5\u202f%</strong>" in text(as_person(world.helene).get(response.url))


def test_reply_by_script_answers_with_the_message_and_a_new_key(world, thread, as_person):
    key = str(uuid.uuid4())
    response = as_person(world.helene).post(url("reply", thread), {"body": "Voici.", "key": key}, **HTMX)
    assert text(response).count("<article") == 1
    assert 'id="message-2"' in text(response)
    assert "forums:posted" in response["HX-Trigger"]
    assert key not in response["HX-Trigger"]


def test_same_sending_twice_is_one_message(world, thread, as_person):
    key = str(uuid.uuid4())
    answers = [send(as_person(world.helene), thread, "Voici.", key=key).url for _ in range(2)]
    assert answers[0] == answers[1]
    assert thread.posts.count() == 2


@pytest.mark.parametrize("htmx", [{}, HTMX])
def test_same_key_with_another_text_is_refused_and_the_text_is_kept(world, thread, as_person, htmx):
    client, key = as_person(world.helene), str(uuid.uuid4())
    client.post(url("reply", thread), {"body": "Un", "key": key})
    response = client.post(url("reply", thread), {"body": "Un texte tout autre", "key": key}, **htmx)
    assert response.status_code == 422
    assert "Un texte tout autre</textarea>" in text(response)
    assert key not in text(response)  # publishing again is a sending of its own
    assert thread.posts.count() == 2


@pytest.mark.parametrize(
    ("body", "words"),
    [("", "Écrivez votre message"), ("é" * 20_001, "20\u202f001 caractères"), ("a\x00b", "nul")],
)
def test_bad_text_is_said_and_kept(world, thread, as_person, body, words):
    response = send(as_person(world.helene), thread, body)
    assert response.status_code == 422
    assert words in text(response)
    assert body.replace("\x00", "") in text(response).replace("\x00", "")
    assert thread.posts.count() == 1


def test_line_ends_of_the_browser_count_once(world, thread, as_person):
    assert send(as_person(world.helene), thread, "é\r\n" * 9_999 + "é").status_code == 302


def test_twenty_messages_a_minute_then_a_rest(world, thread, as_person, time_machine_at):
    client = as_person(world.helene)
    for index in range(20):
        assert send(client, thread, f"Message {index}").status_code == 302
    response = send(client, thread, "Le message de trop")
    assert response.status_code == 429
    assert "Le message de trop</textarea>" in text(response)
    assert send(as_person(world.yves), thread).status_code == 302


def test_reply_to_a_closed_thread_is_refused_and_kept(world, thread, as_person):
    domain.close(thread, world.yves)
    assert "<textarea" not in text(as_person(world.helene).get(thread.get_absolute_url()))
    response = send(as_person(world.helene), thread, "Trop tard")
    assert response.status_code == 422
    assert "Trop tard</textarea>" in text(response)


def test_preview_shows_and_keeps_the_text(world, thread, as_person):
    response = send(as_person(world.helene), thread, "**Gras**", preview="1")
    assert "<strong>Gras</strong>" in text(response)
    assert "**Gras**</textarea>" in text(response)
    assert thread.posts.count() == 1


def test_preview_by_script_is_safe(world, thread, as_person):
    body = "<script>alert(1)</script> [x](javascript:alert(1))"
    for address in (url("preview", thread), reverse("forums:preview_new")):
        page = text(as_person(world.helene).post(address, {"body": body}, **HTMX))
        assert "<script" not in page
        assert 'href="javascript' not in page


def test_quoting_fills_the_composer(world, thread, as_person):
    page = text(as_person(world.helene).get(thread.get_absolute_url() + "?citer=1"))
    assert "&gt; Bonjour, **quel** seuil ?" in page
    assert as_person(world.helene).get(thread.get_absolute_url() + "?citer=9").status_code == 404


def test_author_edits_and_the_history_shows_both_texts(world, thread, write, as_person):
    post = write(world.helene, "Premier jet")
    client = as_person(world.helene)
    assert "Premier jet</textarea>" in text(client.get(url("edit", thread, 2)))
    assert client.post(url("edit", thread, 2), {"body": "Second jet"}).url == post.get_absolute_url()
    history = text(as_person(world.guest).get(url("history", thread, 2)))
    assert "Premier jet" in history
    assert "Second jet" in history


def test_edit_left_empty_is_refused(world, thread, as_person):
    response = as_person(world.yves).post(url("edit", thread, 1), {"body": " "})
    assert response.status_code == 422
    assert Post.objects.get().body.startswith("Bonjour")


def test_removed_text_is_shown_to_moderators_alone(world, thread, write, as_person):
    write(world.helene, "Canari sensible")
    response = as_person(world.yves).post(url("remove", thread, 2), {"reason": "Nom d’un agent"})
    assert response.status_code == 302
    page = text(as_person(world.guest).get(thread.get_absolute_url()))
    assert "Canari" not in page
    assert "Nom d’un agent" in page
    assert as_person(world.helene).get(url("history", thread, 2)).status_code == 404
    assert "Canari" in text(as_person(world.yves).get(url("history", thread, 2)))


def test_removal_needs_a_reason(world, thread, as_person):
    response = as_person(world.yves).post(url("remove", thread, 1), {"reason": ""})
    assert response.status_code == 422
    assert Post.objects.get().removed_at is None


def test_removed_message_is_quoted_by_nobody(world, thread, write, as_person):
    domain.remove(write(world.helene, "Canari sensible"), world.yves, "Non")
    assert as_person(world.guest).get(thread.get_absolute_url() + "?citer=2").status_code == 404


# Opening ------------------------------------------------------------------------------------------
def opening(**data):
    return {"title": "Sel de déneigement", "body": "Qui en a ?", "key": uuid.uuid4(), **data}


def test_thread_is_opened_in_chosen_circles(world, as_person):
    client = as_person(world.helene)
    response = client.post("/discussions/nouvelle/", opening(circles=[world.group.pk, world.everyone.pk]))
    thread = Thread.objects.get()
    assert response.url == thread.get_absolute_url()
    assert thread.home_circle == world.group
    assert set(thread.audience.values_list("circle", flat=True)) == {world.group.pk, world.everyone.pk}


def test_thread_is_not_opened_in_a_foreign_circle_and_all_is_kept(world, as_person):
    data = opening(circles=[world.north.pk])
    response = as_person(world.helene).post("/discussions/nouvelle/", data)
    assert response.status_code == 422
    assert "Sel de déneigement" in text(response)
    assert "Qui en a ?</textarea>" in text(response)
    assert Thread.objects.count() == 0


def test_form_says_how_many_people_will_read(world, as_person):
    response = as_person(world.helene).post(reverse("forums:readers"), {"circles": [world.group.pk]}, **HTMX)
    assert "Lue par 3 personnes" in text(response)
    foreign = as_person(world.helene).post(reverse("forums:readers"), {"circles": [world.north.pk, "x"]}, **HTMX)
    assert "Lue par" not in text(foreign)


def test_preview_of_a_new_thread_keeps_everything(world, as_person):
    data = opening(circles=[world.group.pk], preview="1", body="*Qui* en a ?")
    page = text(as_person(world.helene).post("/discussions/nouvelle/", data))
    assert "<em>Qui</em>" in page
    assert "Sel de déneigement" in page
    assert "Lue par 3 personnes" in page
    assert Thread.objects.count() == 0


def test_opener_and_moderator_close_and_reopen(world, thread, as_person):
    client = as_person(world.yves)
    assert "Clore la discussion" in text(client.get(thread.get_absolute_url()))
    client.post(url("close", thread))
    assert "Rouvrir la discussion" in text(client.get(thread.get_absolute_url()))
    client.post(url("reopen", thread))
    thread.refresh_from_db()
    assert not thread.closed


# Rights -------------------------------------------------------------------------------------------
ADDRESSES = [
    ("get", "thread", []),
    ("post", "reply", []),
    ("post", "preview", []),
    ("post", "read", []),
    ("post", "close", []),
    ("post", "reopen", []),
    ("get", "edit", [1]),
    ("post", "edit", [1]),
    ("get", "remove", [1]),
    ("post", "remove", [1]),
    ("get", "history", [1]),
]
DATA = {"body": "Intrus", "reason": "Intrus", "seq": 1}


@pytest.mark.parametrize(("method", "name", "rest"), ADDRESSES)
def test_thread_of_another_circle_does_not_exist(world, thread, as_person, method, name, rest):
    client = as_person(world.karim)
    assert getattr(client, method)(url(name, thread, *rest), DATA).status_code == 404
    assert list(Post.objects.values_list("removed_at", "edited_at")) == [(None, None)]


@pytest.mark.parametrize(("method", "name", "rest"), ADDRESSES)
def test_thread_of_another_territory_does_not_exist(world, thread, as_person, method, name, rest):
    client = as_person(world.stranger)
    response = getattr(client, method)(url(name, thread, *rest), DATA, HTTP_HOST="saumur.test")
    assert response.status_code == 404


@pytest.mark.parametrize(("method", "name", "rest"), ADDRESSES)
def test_thread_is_gone_for_one_who_left_the_group(world, thread, write, as_person, method, name, rest):
    write(world.helene)
    circles.leave(world.group, world.helene)
    rest = [2] if rest else []
    assert getattr(as_person(world.helene), method)(url(name, thread, *rest), DATA).status_code == 404


@pytest.mark.parametrize(("method", "name", "rest"), ADDRESSES)
def test_message_that_does_not_exist_is_not_found(world, thread, as_person, method, name, rest):
    address = reverse(f"forums:{name}", args=[thread.pk + 1, *rest])
    assert getattr(as_person(world.yves), method)(address, DATA).status_code == 404


def test_reader_reads_and_cannot_write(world, as_person):
    thread = domain.open_thread(world.karim, "Avrillé", "Texte", [world.avrille.circle])
    client = as_person(world.elue)
    page = text(client.get(thread.get_absolute_url()))
    assert "<textarea" not in page
    assert send(client, thread).status_code == 404
    assert client.get("/discussions/nouvelle/").status_code == 404


@pytest.mark.parametrize("name", ["edit", "remove"])
def test_another_members_message_is_not_hers_to_change(world, thread, as_person, name):
    assert as_person(world.helene).get(url(name, thread, 1)).status_code == 404


def test_hidden_tools_are_those_of_others(world, thread, write, as_person):
    write(world.helene)
    page = text(as_person(world.helene).get(thread.get_absolute_url()))
    assert f'data-own hidden href="{url("edit", thread, 1)}"' in page
    assert f'data-own href="{url("edit", thread, 2)}"' in page


def test_anonymous_is_sent_to_sign_in(world, thread, client):
    for address in ("/discussions/", thread.get_absolute_url(), "/discussions/nouvelle/"):
        assert client.get(address).url.startswith("/compte/")
