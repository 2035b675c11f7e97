"""Files: what is taken, how it is given back, and the text read from it."""

import io
import zipfile
from unittest.mock import patch

import pytest
import weasyprint
from django.urls import reverse

from extranet.files.checks import Refused, clean_name, inspect
from extranet.files.storage import private_files
from extranet.library import domain, extraction
from extranet.library.models import FileVersion, Resource
from extranet.search.query import search
from tests.library.conftest import docx, odt, upload, zipped

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(20)


def pdf(html="<h1>Élections municipales</h1><p style='break-after: page'>Un</p><p>La voirie</p>"):
    return weasyprint.HTML(string=html).write_pdf()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("page.html", b"<html></html>"),
        ("dessin.svg", b"<svg/>"),
        ("archive.zip", zipped(a="b")),
        ("ancien.doc", b"\xd0\xcf\x11\xe0"),
        ("sans-extension", b"texte"),
        ("piege.pdf", b"<html><script>alert(1)</script>"),
        ("piege.txt", b"  <!DOCTYPE html><script>alert(1)</script>"),
        ("piege.csv", b"MZ\x90\x00\x03"),
        ("piege.png", b"GIF89a" + bytes(20)),
        ("piege.docx", zipped(a="b")),
        ("piege.odt", docx("texte")),
        ("piege.xlsx", b"PK\x03\x04 abime"),
        ("vide.txt", b""),
    ],
)
def test_what_is_not_an_office_file_is_refused_with_a_reason(name, content):
    with pytest.raises(Refused, match=r"\w{3}"):
        inspect(upload(name, content))


def test_a_bomb_is_refused_before_it_is_opened():
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "")
        archive.writestr("word/document.xml", bytes(1 << 20))
    bomb = content.getvalue()
    with patch("extranet.files.checks.MOST_UNPACKED", 1 << 19), pytest.raises(Refused, match="démesuré"):
        inspect(upload("bombe.docx", bomb))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.PDF", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"),
        ("a.png", PNG),
        ("a.docx", docx("a")),
        ("a.odt", odt("a")),
        ("a.csv", "é;à".encode("cp1252")),
    ],
)
def test_office_files_are_taken(name, content):
    assert inspect(upload(name, content)).size == len(content)


def test_a_file_name_loses_what_could_deceive():
    assert clean_name("../../C:\\dossier\\re\u202egpj.pdf") == "regpj.pdf"
    assert clean_name("ligne\r\nX: 1.pdf") == "ligneX_ 1.pdf"
    assert len(clean_name("é" * 500 + ".docx")) == 145


def test_a_refused_file_leaves_neither_row_nor_file(world, theme):
    with pytest.raises(Refused):
        domain.add_resource(world.yves, [world.group], "Piège", "document", theme, file=upload("a.exe", b"MZ"))
    assert Resource.objects.count() == 0


def test_an_identical_version_is_refused(world, add):
    resource = add(file=upload())
    with pytest.raises(Refused, match="identique"):
        domain.add_version(resource, upload(), world.yves, "encore")
    assert FileVersion.objects.count() == 1


def test_what_fails_after_the_file_is_stored_leaves_no_file_behind(world, add, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    resource = add()
    with patch.object(domain, "put_in_search", side_effect=RuntimeError), pytest.raises(RuntimeError):
        domain.add_version(resource, upload(), world.yves, "suite")
    assert FileVersion.objects.count() == 0
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_fifty_files_a_day(world, add):
    resource = add()
    with patch("extranet.library.domain.MOST_A_DAY", 2):
        for content in (b"1", b"2"):
            domain.add_version(resource, upload(content=content), world.yves, "suite")
        with pytest.raises(Refused, match="demain"):
            domain.add_version(resource, upload(content=b"3"), world.yves, "suite")


def test_the_same_file_is_recognised_where_one_may_see_it(world, add, theme, as_person):
    add(title="Déjà là", file=upload(), circles=[world.group])
    data = {"title": "Double", "kind": "document", "theme": theme.pk, "circles": [world.everyone.pk]}
    html = as_person(world.helene).post(reverse("library:new"), data | {"file": upload()}).content.decode()
    assert "Déjà là" in html
    answer = as_person(world.helene).post(reverse("library:new"), data | {"file": upload(), "anyway": "on"})
    assert answer.status_code == 302
    answer = as_person(world.karim).post(reverse("library:new"), data | {"file": upload("autre.txt")})
    assert answer.status_code == 200  # she sees the double, not the first
    assert "Déjà là" not in answer.content.decode()


def test_a_file_comes_back_with_its_name_and_cannot_run(world, add, as_person):
    version = add(file=upload("Délibération n° 5.txt", b"Texte")).versions.get()
    answer = as_person(world.helene).get(version.get_absolute_url())
    assert b"".join(answer.streaming_content) == b"Texte"
    assert answer.headers["Content-Disposition"].startswith("attachment; filename*=utf-8''D%C3%A9lib")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Type"] == "text/plain"
    assert "private" in answer.headers["Cache-Control"]


def test_a_file_already_fetched_is_not_sent_again(world, add, as_person):
    version = add(file=upload()).versions.get()
    client, url = as_person(world.helene), version.get_absolute_url()
    etag = client.get(url).headers["ETag"]
    assert etag == f'"{version.sha256}"'
    assert client.get(url, headers={"If-None-Match": etag}).status_code == 304
    head = client.head(url)
    assert (head.status_code, head.headers["Content-Length"]) == (200, str(version.size))
    assert as_person(world.karim).get(url, headers={"If-None-Match": etag}).status_code == 404


def test_a_wrong_name_or_number_leads_nowhere(world, add, as_person):
    version = add(file=upload()).versions.get()
    client = as_person(world.helene)
    for number, name in ((1, "autre.txt"), (2, version.name), (10**30, version.name)):
        assert client.get(reverse("library:download", args=[version.resource_id, number, name])).status_code == 404


def test_a_file_whose_bytes_are_lost_is_a_404(world, add, as_person):
    version = add(file=upload()).versions.get()
    private_files().delete(version.file.name)
    assert as_person(world.helene).get(version.get_absolute_url()).status_code == 404


@pytest.mark.parametrize(
    ("name", "content", "pages"),
    [("a.pdf", None, 2), ("a.docx", docx("Les Élections"), None), ("a.odt", odt("Les Élections"), None)],
)
def test_the_text_of_a_file_is_read_and_found(world, add, name, content, pages):
    version = add(title="Note", file=upload(name, content or pdf())).versions.get()
    assert (version.text_state, version.text_error) == (FileVersion.TextState.DONE, "")
    assert version.pages == pages or pages is None
    (found,) = search(world.helene, "election")
    assert found.title == "Note"
    assert "<mark>Élections</mark>" in found.extract
    assert not search(world.karim, "election")


def test_only_the_latest_file_is_searched(world, add, django_capture_on_commit_callbacks):
    resource = add(title="Note", file=upload(content=b"ancienne piscine"))
    with django_capture_on_commit_callbacks(execute=True):
        domain.add_version(resource, upload(content=b"nouveau gymnase"), world.yves, "suite")
    assert search(world.helene, "gymnase").total == 1
    assert search(world.helene, "piscine").total == 0


def test_an_unreadable_file_says_so_and_can_be_read_again(world, add, as_person, django_capture_on_commit_callbacks):
    version = add(file=upload("a.pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\nabime")).versions.get()
    assert version.text_state == FileVersion.TextState.FAILED
    client, resource = as_person(world.yves), version.resource
    assert version.text_error in client.get(resource.get_absolute_url()).content.decode()
    legible = patch("extranet.library.extraction.read", lambda *_: extraction.Text("relu", 1))
    with legible, django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("library:read_again", args=[resource.pk, 1]))
    version.refresh_from_db()
    assert (version.text_state, version.text) == (FileVersion.TextState.DONE, "relu")


def test_a_scanned_pdf_is_recognised():
    with pytest.raises(extraction.Unread, match="numérisé"):
        extraction.read(io.BytesIO(pdf("<p></p>")), "application/pdf")


def test_a_reader_that_eats_memory_or_never_ends_harms_nobody(tmp_path):
    hungry, endless = tmp_path / "hungry.py", tmp_path / "endless.py"
    limits = "import resource; resource.setrlimit(resource.RLIMIT_AS, (1 << 28, 1 << 28))\n"
    hungry.write_text(limits + "x = bytearray(1 << 30)")
    endless.write_text("while True: pass")
    for reader in (hungry, endless):
        other, hurry = patch.object(extraction, "READER", reader), patch.object(extraction, "PATIENCE", 1)
        with other, hurry, pytest.raises(extraction.Unread, match="trop de mémoire ou de temps"):
            extraction.read(io.BytesIO(b"x"), "application/pdf")


def test_an_office_bomb_is_stopped_by_the_readers_limits():
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("content.xml", "w") as part:
        part.write(b"<a>")
        for _ in range(900):
            part.write(b"<b>" + b"x" * (1 << 20) + b"</b>")
    content.seek(0)
    with pytest.raises(extraction.Unread):
        extraction.read(content, "application/vnd.oasis.opendocument.text")
