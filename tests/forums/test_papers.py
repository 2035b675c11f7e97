"""A whole discussion: to print, as a PDF, who took part, its summary."""

import io
from unittest.mock import patch

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.urls import reverse
from pypdf import PdfReader

from extranet.files.checks import inspect
from extranet.files.storage import private_files
from extranet.live.models import Entry
from forums import domain, topics
from forums.models import Post, Thread
from forums.moving import domain as moving
from forums.papers import pdf as maker
from forums.papers import views, whole


def url(name, thread, *rest):
    return reverse(f"forums:{name}", args=[thread.pk, *rest])


def page(response):
    return response.content.decode()


def words_of(octets):
    """The words of a PDF, on one line."""
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(octets)).pages).split())


# Printing -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("number", [1, 120])
def test_print_view_shows_every_message_in_seven_queries(
    world, thread, write, as_person, django_assert_num_queries, number
):
    for index in range(number):
        write(world.helene, f"Réponse n° {index} fin")
    client = as_person(world.guest)
    client.get("/discussions/")
    with django_assert_num_queries(7):  # person, rights, thread, messages, who reads and writes, who took part, frame
        shown = page(client.get(url("print", thread)))
    assert all(f"Réponse n° {index} fin" in shown for index in range(number))


def test_pdf_holds_every_message_its_title_language_and_pages(world, thread, write, as_person):
    for index in range(60):
        write(world.helene, f"Avis numéro {index}.\n\n" + "Le texte continue. " * 20)
    response = as_person(world.helene).get(url("pdf", thread))
    assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")
    reader = PdfReader(io.BytesIO(response.content))
    assert reader.metadata.title == "Papier\u202f: quel seuil\u202f?"
    assert reader.trailer["/Root"]["/Lang"] == "fr"
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    text = words_of(response.content)
    assert all(f"Avis numéro {index}." in text for index in range(60))
    assert "Angers Loire Métropole" in text
    assert f"Page 1 sur {len(reader.pages)}" in text


def test_pdf_and_print_view_of_a_thread_one_may_not_see_are_not_found(world, thread, as_person):
    client = as_person(world.karim)
    for name in ("print", "pdf", "participants"):
        assert client.get(url(name, thread)).status_code == 404


def test_removed_message_is_printed_without_its_text(world, thread, write, as_person):
    domain.remove(write(world.helene, "Secret éventé"), world.yves, "Hors sujet")
    client = as_person(world.yves)
    for text in (page(client.get(url("print", thread))), words_of(client.get(url("pdf", thread)).content)):
        assert "Secret" not in text
        assert "Hors sujet" in text


@pytest.mark.parametrize("missing", [OSError("libpango"), ImportError("weasyprint")])
def test_print_view_takes_the_place_of_a_pdf_that_cannot_be_made(world, thread, as_person, missing):
    with patch.object(maker, "import_module", side_effect=missing):
        response = as_person(world.helene).get(url("pdf", thread), follow=True)
    assert response.redirect_chain == [(url("print", thread), 302)]
    assert "ne peut pas préparer de PDF" in page(response)
    assert "quel" in page(response)


def test_thread_too_long_for_a_pdf_is_printed_from_the_browser(world, thread, write, as_person):
    write(world.helene)
    with patch.object(views, "MOST_IN_PDF", 1):
        assert "trop longue" in page(as_person(world.helene).get(url("pdf", thread), follow=True))


def test_nothing_is_fetched_to_make_a_pdf():
    with patch("socket.socket.connect", side_effect=AssertionError("fetched")):
        html = '<html lang="fr"><title>T</title><p>Texte<img src="http://127.0.0.1:9/x.png" alt="i">'
        html += '<link rel="stylesheet" href="file:///etc/passwd">'
        assert "Texte" in words_of(maker.make(html, "http://testserver/"))


# Who took part ------------------------------------------------------------------------------------------------------
def test_table_says_who_took_part_and_how_much(world, thread, write, as_person):
    first, last = write(world.helene), write(world.helene)
    domain.remove(write(world.guest), world.yves, "Doublon")
    shown = whole.participants(thread)
    assert [(each.name, each.function, each.commune, each.number) for each in shown] == [
        ("Hélène Marchais", "DGS", "Bouchemaine", 2),
        ("Yves Cormerais", "DGS", "Feneu", 1),
    ]
    assert (shown[0].first, shown[0].last) == (first.created_at, last.created_at)
    assert "Hélène Marchais" in page(as_person(world.helene).get(url("participants", thread)))


# The summary --------------------------------------------------------------------------------------------------------
def test_opener_and_moderators_choose_the_summary_others_do_not(world, write, as_person):
    thread = domain.open_thread(world.helene, "Sel", "Qui en a ?", [world.group])
    post = domain.reply(thread, world.guest, "En résumé : **Feneu**.")
    with pytest.raises(PermissionDenied):
        domain.sum_up(post, world.guest)
    assert as_person(world.guest).get(url("sum_up", thread, 2)).status_code == 404
    assert as_person(world.guest).post(url("sum_up", thread, 2)).status_code == 404
    for person in (world.helene, world.yves):
        assert as_person(person).post(url("sum_up", thread, 2)).status_code == 302
        assert Thread.objects.get(pk=thread.pk).summary_seq == 2
        as_person(person).post(url("sum_up", thread, 2), {"drop": "1"})
        assert Thread.objects.get(pk=thread.pk).summary_seq is None


def test_summary_is_shown_above_the_messages_wherever_it_stands(
    world, thread, write, as_person, django_assert_num_queries
):
    domain.sum_up(write(world.helene, "Voici le résumé."), world.yves)
    for index in range(150):
        write(world.helene, f"Réponse {index}")
    client = as_person(world.helene)
    client.get("/discussions/")
    with django_assert_num_queries(6):
        response = client.get(thread.get_absolute_url() + "?message=150")
    assert page(response).count("Voici le résumé.") == 1
    assert 2 not in [post.seq for post in response.context["window"].posts]
    assert words_of(client.get(url("pdf", thread)).content).count("Voici le résumé.") == 2


def test_summary_follows_its_message_and_goes_with_it(world, thread, write):
    post = write(world.helene, "Premier jet")
    domain.sum_up(post, world.yves)
    domain.edit(post, world.helene, "Second jet")
    entry = Entry.objects.filter(key="resume").order_by("-seq")[0]
    assert "Second jet" in topics.render(thread.pk, [entry])["resume"]
    domain.remove(post, world.yves, "Erreur")
    assert Thread.objects.get(pk=thread.pk).summary_seq is None
    assert "jet" not in topics.render(thread.pk, [entry])["resume"]
    with pytest.raises(PermissionDenied):
        domain.sum_up(post, world.yves)


# Files --------------------------------------------------------------------------------------------------------------
@pytest.fixture
def with_file(thread):
    file = ContentFile(b"Grille de prix", name="grille.txt")
    post = thread.posts.get()
    post.files = [moving._store(inspect(file), file, [])]
    post.save()
    return post


def test_file_of_a_message_is_downloaded_by_its_readers_only(world, with_file, as_person):
    address = reverse("forums:attachment", args=[with_file.thread_id, 1, 1, "grille.txt"])
    client = as_person(world.helene)
    assert f'href="{address}"' in page(client.get(with_file.get_absolute_url()))
    response = client.get(address)
    assert b"".join(response.streaming_content) == b"Grille de prix"
    assert response["Content-Disposition"].startswith("attachment")
    for wrong in ((1, 2, "grille.txt"), (1, 1, "autre.txt"), (2, 1, "grille.txt"), (1, 0, "grille.txt")):
        assert client.get(reverse("forums:attachment", args=[with_file.thread_id, *wrong])).status_code == 404
    assert as_person(world.karim).get(address).status_code == 404


def test_file_of_a_removed_message_is_for_moderators_alone(world, with_file, as_person):
    address = reverse("forums:attachment", args=[with_file.thread_id, 1, 1, "grille.txt"])
    domain.remove(Post.objects.get(pk=with_file.pk), world.yves, "Périmé")
    assert as_person(world.helene).get(address).status_code == 404
    assert as_person(world.yves).get(address).status_code == 200
    private_files().delete(with_file.files[0]["path"])
    assert as_person(world.yves).get(address).status_code == 404


# Export -------------------------------------------------------------------------------------------------------------
def test_those_who_run_a_circle_export_it(world, thread, as_person):
    address = reverse("forums:export", args=[world.group.slug])
    for person, status in ((world.yves, 200), (world.admin, 200), (world.helene, 404), (world.karim, 404)):
        client = as_person(person)
        assert client.get(address).status_code == status
        assert (address in page(client.get(f"/discussions/?groupe={world.group.slug}"))) == (status == 200)


@pytest.mark.parametrize("number", [1, 15])
def test_export_costs_the_same_queries_for_one_thread_and_fifteen(world, as_person, django_assert_num_queries, number):
    for index in range(number):
        domain.open_thread(world.yves, f"Sujet {index}", "Texte", [world.group])
    client = as_person(world.yves)
    client.get("/discussions/")
    with django_assert_num_queries(9):  # person, rights, circle; threads and messages for JSON, mbox and files
        response = client.get(reverse("forums:export", args=[world.group.slug]))
        assert len(b"".join(response.streaming_content)) > 0
