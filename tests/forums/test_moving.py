"""Moving in and out: a shared mailbox becomes discussions, a circle's discussions become files."""

import io
import json
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest.mock import patch

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from extranet.circles import domain as circles
from extranet.files.storage import private_files
from extranet.notices.models import Notice
from extranet.search.query import search
from forums import domain, reading
from forums.models import Post, ReadState, Thread
from forums.moving import export, words
from forums.moving.domain import import_threads
from forums.moving.reading import Archive

from . import archive


@pytest.fixture
def box(tmp_path):
    return archive.shared_mailbox(tmp_path / "boite.mbox")


def thread_named(title):
    return Thread.objects.get(title=title)


def told(path, circle, **options):
    out = io.StringIO()
    call_command("import_threads", path, circle=circle.slug, stdout=out, **options)
    return out.getvalue()


# Coming in ----------------------------------------------------------------------------------------------------------
def test_mailbox_becomes_threads_with_their_replies_and_dates(world, box):
    report = import_threads(box, world.group)
    assert (report.read, report.known, report.opened, report.messages) == (9, 1, 4, 7)
    thread = thread_named("Groupement d’achats : papier")
    assert [(post.seq, post.author_name, post.author_label) for post in thread.posts.all()] == [
        (1, "Hélène Marchais", "DGS, Bouchemaine"),
        (2, "DUPONT Jean", "hors extranet"),
        (3, "Yves Cormerais", "DGS, Feneu"),
    ]
    assert [post.author for post in thread.posts.all()] == [world.helene, None, world.yves]
    assert thread.created_at == datetime(2012, 12, 10, 8, 5, tzinfo=UTC)
    assert thread.listed_at == thread.last_post_at == datetime(2012, 12, 11, 7, 0, tzinfo=UTC)


def test_texts_come_without_the_quoted_mail_and_the_signature(world, box):
    import_threads(box, world.group)
    first, second, third = thread_named("Groupement d’achats : papier").posts.all()
    # Nobody answers it: what its author signed stays.
    assert first.body.startswith("Bonjour à tous,\n\nQui serait intéressé par un groupement d’achats de papier ?")
    assert second.body == "Ici, 300 ramettes par an."
    assert third.body == "Feneu aussi :\n\n- papier\n- enveloppes\n\nVoir la grille (https://exemple.fr/)."


def test_answer_without_reference_joins_its_subject_within_thirty_days(world, box):
    import_threads(box, world.group)
    threads = Thread.objects.filter(title="Neige demain").order_by("created_at")
    assert [thread.post_count for thread in threads] == [2, 1]
    assert threads[0].posts.get(seq=2).body == "Vu.\nFrom là, la route est barrée."


def test_files_are_kept_when_they_pass_the_checks_and_named_when_not(world, box):
    report = import_threads(box, world.group)
    post = Post.objects.get(message_id="neige-1@feneu.example")
    assert [file["name"] for file in post.files] == ["astreintes.pdf"]
    with private_files().open(post.files[0]["path"]) as file:
        assert file.read(5) == b"%PDF-"
    assert "plan.doc" in post.body
    assert [trouble.number for trouble in report.troubles if "plan.doc" in trouble.reason] == [4]


def test_headers_and_dates_that_are_broken_are_read_as_they_can_be(world, box):
    report = import_threads(box, world.group)
    thread = thread_named("Salle des fêtes")
    assert thread.author_name == "Mairie de Trélazé"
    assert thread.created_at == datetime(2012, 12, 13, 9, 5, tzinfo=UTC)  # of the line that begins the message
    assert [trouble.reason for trouble in report.troubles if trouble.subject == "Rien"] == [
        "message vide\u202f: il n’est pas repris"
    ]


def test_second_import_doubles_nothing_and_goes_on_where_threads_stopped(world, box, tmp_path):
    import_threads(box, world.group)
    count = Post.objects.count()
    report = import_threads(box, world.group)
    assert (report.messages, Post.objects.count()) == (0, count)
    later = archive.letter(
        ["From: karim@avrille.example", "Subject: Re: papier", "Date: Wed, 12 Dec 2012 08:00:00 +0100",
         "Message-ID: <papier-4@avrille.example>", "References: <perdu@x> <papier-3@feneu.example>"],
        "Avrillé en est.",
    )  # fmt: skip
    report = import_threads(archive.mbox(later, path=tmp_path / "suite.mbox"), world.group)
    assert (report.opened, report.continued) == (0, 1)
    thread = thread_named("Groupement d’achats : papier")
    assert [post.seq for post in thread.posts.all()] == [1, 2, 3, 4]
    assert (thread.last_author_name, thread.live_seq) == ("Karim Belkacem", 1)


def test_trial_writes_nothing_and_reports_the_same(world, box):
    trial = told(box, world.group, dry_run=True)
    assert not Thread.objects.exists()
    assert told(box, world.group) == trial.replace("Essai : rien n’a été écrit.\n", "")
    assert "message 4, « Neige demain » : pièce jointe non reprise" in trial
    assert "hors extranet : DUPONT Jean" in trial


def test_import_interrupted_leaves_whole_threads_and_can_go_on(world, box):
    kept = len(list(Path(private_files().location).rglob("*")))
    real, calls = domain.Post.objects.bulk_create, []

    def stop_at_third(posts, **options):
        calls.append(posts)
        if len(calls) == 2:
            real(posts, **options)
            raise KeyboardInterrupt
        return real(posts, **options)

    with patch.object(Post.objects, "bulk_create", stop_at_third), pytest.raises(KeyboardInterrupt):
        import_threads(box, world.group)
    assert [thread.post_count for thread in Thread.objects.all()] == [3]
    assert len([each for each in Path(private_files().location).rglob("*") if each.is_file()]) <= kept
    import_threads(box, world.group)
    assert Post.objects.count() == 7


def test_nobody_is_told_and_nothing_is_new_but_everything_is_found(world, tmp_path, django_capture_on_commit_callbacks):
    recent = datetime.now(UTC) - timedelta(days=2)
    fresh = archive.letter(
        ["From: yves@feneu.example", "Subject: Déneigement", f"Date: {recent:%a, %d %b %Y %H:%M:%S +0000}",
         "Message-ID: <neuf@feneu.example>"],
        "Qui a du sel ? @Hélène Marchais",
    )  # fmt: skip
    with django_capture_on_commit_callbacks(execute=True):
        import_threads(archive.mbox(fresh, path=tmp_path / "neuf.mbox"), world.group)
    assert (Notice.objects.count(), mail.outbox) == (0, [])
    assert reading.unread_by_circle(world.helene) == {}
    assert [each.title for each in search(world.helene, "deneigement").items] == ["Déneigement"]
    assert search(world.karim, "deneigement").items == []


def test_sender_of_another_territory_is_an_outsider(world, tmp_path):
    foreign = archive.letter(
        ["From: Paul Roy <paul@montsoreau.example>", "Subject: Bonjour", "Message-ID: <paul@x>"], "Texte"
    )
    import_threads(archive.mbox(foreign, path=tmp_path / "paul.mbox"), world.group)
    assert (Post.objects.get().author, Post.objects.get().author_label) == (None, "hors extranet")


@pytest.mark.parametrize("content", [b"PK\x03\x04", b"Bonjour"])
def test_file_that_is_no_mbox_is_refused_in_words(world, tmp_path, content):
    path = tmp_path / "autre.mbox"
    path.write_bytes(content)
    with pytest.raises(CommandError, match="mbox"):
        told(path, world.group)
    with pytest.raises(CommandError, match="Aucun groupe"):
        call_command("import_threads", path, circle="inconnu")


@settings(max_examples=150, deadline=None)
@given(st.lists(st.binary(max_size=300), max_size=4), st.binary(max_size=60), st.binary(max_size=60))
def test_whatever_an_archive_holds_it_is_read_to_its_end(tmp_path_factory, bodies, subject, sender):
    path = tmp_path_factory.mktemp("mbox") / "n.mbox"
    head = b"Subject: " + subject + b"\nFrom: " + sender + b"\nDate: " + subject
    kinds = [b"text/plain; charset=" + sender, b"multipart/mixed; boundary=b", b"message/rfc822", b"text/html"]
    letters = [
        b"From x\n" + head + b"\nContent-Type: " + kinds[index] + b"\n\n" + body + b"\n\n"
        for index, body in enumerate(bodies)
    ]
    path.write_bytes(b"".join(letters))
    found = Archive(path)
    for each in found.heads():
        words.without_quotes(found.letter(each).text)
        assert each.at.tzinfo


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Oui.\n\n-----Message d'origine-----\nDe : X\nVieux", "Oui."),
        ("D’accord\n\nDe : Yves <y@x>\nEnvoyé : lundi\nÀ : tous\nObjet : Z\n\nVieux texte", "D’accord"),
        ("Oui.\n\nOn Mon, Dec 10, 2012, X wrote:\n> Vieux", "Oui."),
        ("Le 3 mars, X a écrit :\n> Question ?\nRéponse entre les lignes", None),
        ("> Tout est cité", None),
        ("Reçu.\n> Vieux\n> texte\n", "Reçu."),
    ],
)
def test_quote_at_the_end_is_left_out_and_one_that_is_answered_kept(text, expected):
    assert words.without_quotes(text) == (expected or text.strip())


# Going out ----------------------------------------------------------------------------------------------------------
def zipped(circle):
    return zipfile.ZipFile(io.BytesIO(b"".join(export.archive(circle))))


def test_archive_holds_the_threads_their_files_and_an_mbox(world, box):
    import_threads(box, world.group)
    removed = Post.objects.get(message_id="papier-3@feneu.example")
    domain.remove(removed, world.yves, "Doublon")
    content = zipped(world.group)
    assert content.testzip() is None
    data = json.loads(content.read("discussions.json"))
    assert (data["format"], data["circle"]["slug"]) == ("extranet-discussions/1", world.group.slug)
    posts = [post for thread in data["threads"] for post in thread["posts"]]
    assert next(post["markdown"] for post in posts if post["author"]["email"] is None) == "Ici, 300 ramettes par an."
    (file,) = [file for post in posts for file in post.get("files", [])]
    assert content.read(file["entry"])[:5] == b"%PDF-"
    assert [post["removal_reason"] for post in posts if "removed_at" in post] == ["Doublon"]
    everything = "".join(content.read(name).decode("utf-8", "replace") for name in content.namelist())
    assert "enveloppes" not in everything


def test_export_command_writes_a_whole_file_or_none(world, box, tmp_path):
    import_threads(box, world.group)
    call_command("export_threads", tmp_path / "achats.zip", circle=world.group.slug, stdout=io.StringIO())
    assert zipfile.is_zipfile(tmp_path / "achats.zip")
    with patch.object(export, "_mail", side_effect=OSError(28, "plein")), pytest.raises(CommandError):
        call_command("export_threads", tmp_path / "achats.mbox", circle=world.group.slug, stdout=io.StringIO())
    assert [each.name for each in tmp_path.iterdir() if "achats" in each.name] == ["achats.zip"]


def test_export_of_what_was_written_here_is_known_when_it_comes_back(world, thread, write, tmp_path):
    write(world.helene)
    path = tmp_path / "achats.mbox"
    path.write_bytes(b"".join(export.mbox(world.group)))
    assert import_threads(path, world.group).known == 2


def facts(circle):
    names = ("body", "author_id", "author_name", "author_label", "created_at")
    return [(each.title, list(each.posts.order_by("seq").values_list(*names))) for each in export.threads_of(circle)]


TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\r"), min_size=1, max_size=200).filter(
    lambda text: text.replace("\x00", "").strip()
)
TITLES = st.one_of(TEXTS, st.sampled_from(["Re: Papier", "=?utf-8?q?x?=", "Papier"])).filter(domain.clean_title)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(TITLES, st.lists(TEXTS, min_size=1, max_size=4)), min_size=1, max_size=3))
def test_what_goes_out_as_mbox_comes_in_the_same(world, tmp_path, threads):
    Post.objects.all().delete()
    Thread.objects.all().delete()
    ReadState.objects.all().delete()
    elsewhere = circles.open_circle(world.alm, "group", f"Ailleurs {tmp_path.name}")
    people = [world.yves, world.helene]
    for title, texts in threads:
        opened = domain.open_thread(world.yves, title, texts[0], [world.group])
        for index, text in enumerate(texts[1:]):
            domain.reply(opened, people[index % 2], text)
    Post.objects.filter(author=world.helene).update(author=None, author_name='Zoé « Z » Ümlaut, dite "Zz"')
    path = tmp_path / "tout.mbox"
    path.write_bytes(b"".join(export.mbox(world.group)))
    import_threads(path, elsewhere)
    assert facts(elsewhere) == facts(world.group)
    assert export.message_id(Post.objects.filter(thread__home_circle=elsewhere).first()) in path.read_text()
