"""What is done apart: reading the text of the files."""

from django.dispatch import receiver
from django_tasks import task

from . import domain, extraction
from .models import FileVersion


@task()
def read_text(version_id):
    """Read the text of a file version and keep it, or why it could not be read. Done twice, it does the same."""
    version = FileVersion.objects.select_related("resource").filter(pk=version_id).first()
    if version is None:
        return
    try:
        with version.file.open("rb") as file:
            found = extraction.read(file, version.mime)
    except extraction.Unread as reason:
        domain.record_failure(version, str(reason))
    except OSError:
        domain.record_failure(version, "Le fichier n’est plus à sa place.")
    else:
        domain.record_text(version, found.text, found.pages)


@receiver(domain.file_stored)
def read_when_stored(sender, version_id, **kwargs):
    read_text.enqueue(version_id)
