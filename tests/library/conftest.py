import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from extranet.library import domain
from extranet.library.models import Resource, Theme

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def zipped(**parts):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return content.getvalue()


def docx(text):
    types = (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Override PartName="/word/document.xml" ContentType="application/'
        'vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
    )
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1"'
        ' Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"'
        ' Target="word/document.xml"/></Relationships>'
    )
    body = f'<w:document xmlns:w="{WORD}"><w:body><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:body></w:document>'
    return zipped(**{"[Content_Types].xml": types, "_rels/.rels": relations, "word/document.xml": body})


def odt(text):
    office, words = "urn:oasis:names:tc:opendocument:xmlns:office:1.0", "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
    content = (
        f'<office:document-content xmlns:office="{office}" xmlns:text="{words}" office:version="1.2">'
        f"<office:body><office:text><text:p>{text}</text:p></office:text></office:body></office:document-content>"
    )
    return zipped(mimetype="application/vnd.oasis.opendocument.text", **{"content.xml": content})


def upload(name="note.txt", content=b"Une note.", kind="application/octet-stream"):
    return SimpleUploadedFile(name, content, kind)


@pytest.fixture
def theme(db):
    return Theme.objects.get(slug="achats")


@pytest.fixture
def add(world, theme, django_capture_on_commit_callbacks):
    """Add a resource as someone, in some circles; its file, if any, is read at once."""

    def add(author=None, circles=None, title="Convention", kind=Resource.Kind.DOCUMENT, **details):
        with django_capture_on_commit_callbacks(execute=True):
            return domain.add_resource(
                author or world.yves, circles or [world.group], title, kind, details.pop("theme", theme), **details
            )

    return add
