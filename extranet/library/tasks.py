"""What is done apart: reading the text of the files, telling people of what is new."""

from django.dispatch import receiver
from django.utils.html import format_html
from django_tasks import task

from extranet.notices import domain as notices
from extranet.notices.kinds import Letter

from . import domain, extraction
from .models import FileVersion, Resource

ADDED = "library.added"


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


@task()
def tell_of_resource(resource_id):
    """Tell whoever may see it that a resource is there."""
    resource = Resource.objects.select_related("author").filter(pk=resource_id, archived_at=None).first()
    if resource is None:
        return
    by = resource.author.get_full_name() if resource.author else "Quelqu’un"
    text = f"{by} a ajouté « {resource.title} »"
    notices.tell(
        None, ADDED, resource, text, resource.get_absolute_url(), actor=resource.author, at=resource.created_at, part=0
    )


def letter(resource, part):
    """What a mail says of a resource; nothing once it is archived."""
    if resource.archived_at:
        return None
    return Letter(
        subject=resource.title,
        html=format_html("<p>{}</p>", resource.summary or resource.get_kind_display()),
        author=resource.author.get_full_name() if resource.author else "",
        function=resource.author_label,
        at=resource.created_at,
        action="Ouvrir la ressource",
    )


@receiver(domain.resource_added)
def tell_when_added(sender, resource_id, **kwargs):
    tell_of_resource.enqueue(resource_id)


@receiver(domain.file_stored)
def read_when_stored(sender, version_id, **kwargs):
    read_text.enqueue(version_id)
