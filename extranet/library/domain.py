"""What can be done with resources and their files: the only writer of their tables."""

from datetime import timedelta

from django.contrib.auth import get_user_model
from django.core.files import File
from django.db import transaction
from django.db.models import OuterRef, Value
from django.dispatch import Signal
from django.utils import timezone

from extranet.circles.domain import relist, share
from extranet.circles.frame import function_label
from extranet.files.checks import Refused, inspect
from extranet.files.storage import private_files
from extranet.search import domain as search
from extranet.ui import markdown

from .models import FileVersion, Resource

SEARCH_KIND = "library.resource"
DAY = timedelta(days=1)
MOST_A_DAY = 50
TOO_MANY = "Vous avez déposé 50 fichiers en un jour\u202f: reprenez demain."
# Sent after commit with `version_id`: a file waits for its text to be read.
file_stored = Signal()
# Sent after commit with `resource_id`, for what is added now: people are to be told.
resource_added = Signal()


@transaction.atomic
def add_resource(author, circles, title, kind, theme, *, file=None, reason="", at=None, **details):
    """A new resource, shared with `circles`; the first of them is its home, whose facilitators moderate it.

    Arguments:
        kind: a Resource.Kind; theme: a Theme.
        file: its first version, a Django File whose name is shown to readers; `reason` says what it is.
        at: when it was added, an aware datetime; now by default.
        details: cooperation_form (a Resource.Form or None), summary, body (Markdown), link, legal_references,
            valid_until.

    Raises: Refused for the file; ValueError for a body beyond 100,000 characters.
    """
    moment = at or timezone.now()
    circles = list(circles)
    details["cooperation_form"] = details.get("cooperation_form") or ""
    resource = Resource.objects.create(
        title=title,
        kind=kind,
        theme=theme,
        author=author,
        author_label=_function_of(author, circles[0].territory_id),
        html=markdown.render(details.get("body", "")),
        home_circle=circles[0],
        listed_at=moment,
        created_at=moment,
        updated_at=moment,
        **details,
    )
    share(resource, circles)
    if file is not None:
        add_version(resource, file, author, reason, at=at)
    else:
        put_in_search(resource)
    if at is None:
        transaction.on_commit(lambda: resource_added.send(sender=Resource, resource_id=resource.pk), robust=True)
    return resource


def add_version(resource, file, author, reason, *, at=None):
    """The next version of the resource's file. It goes back to the top of the lists; its text is read after commit.

    `at` is when it was put there (now by default, and then a person's 50 files a day are counted).

    Raises: Refused.
    """
    inspected = inspect(file)
    if at is None and _files_of_the_day(author) >= MOST_A_DAY:
        raise Refused(TOO_MANY)
    moment = at or timezone.now()
    version = FileVersion(
        resource=resource,
        name=inspected.name,
        size=inspected.size,
        sha256=inspected.sha256,
        mime=inspected.mime,
        author=author,
        reason=reason,
        created_at=moment,
    )
    try:
        with transaction.atomic():
            _store(version, file, moment)
    except BaseException:
        if version.file and version.file._committed:
            private_files().delete(version.file.name)
        raise
    transaction.on_commit(lambda: file_stored.send(sender=FileVersion, version_id=version.pk))
    return version


def _store(version, file, moment):
    resource = Resource.objects.select_for_update().get(pk=version.resource_id)
    last = resource.versions.order_by("-number").first()
    if last and last.sha256 == version.sha256:
        raise Refused(f"Ce fichier est identique à la version {last.number}\u202f: rien n’a changé.")
    version.number = last.number + 1 if last else 1
    version.file = File(file, name=version.name)
    version.save()
    Resource.objects.filter(pk=resource.pk).update(updated_at=moment)
    if moment > resource.listed_at:
        relist(resource, moment)
    put_in_search(resource)


@transaction.atomic
def change(resource, *, circles=None, at=None, **changes):
    """Change what is said of a resource, its text or its audience (`circles`; its home circle always stays)."""
    moment = at or timezone.now()
    if "body" in changes:
        changes["html"] = markdown.render(changes["body"])
    if "cooperation_form" in changes:
        changes["cooperation_form"] = changes["cooperation_form"] or ""
    for name, value in changes.items():
        setattr(resource, name, value)
    resource.updated_at = moment
    resource.save(update_fields=[*changes, "updated_at"])
    if circles is not None:
        share(resource, circles)
    put_in_search(resource)


@transaction.atomic
def archive(resource, *, at=None):
    """Take a resource out of lists and search; whoever has its address still reads it."""
    resource.archived_at = at or timezone.now()
    resource.save(update_fields=["archived_at"])
    search.forget(resource)


@transaction.atomic
def restore(resource):
    """Put an archived resource back in lists and search."""
    resource.archived_at = None
    resource.save(update_fields=["archived_at"])
    put_in_search(resource)


@transaction.atomic
def record_text(version, text, pages=None):
    """Keep the text that was read of a file: it can be found from now on."""
    version.text, version.pages = text, pages
    version.text_state, version.text_error = FileVersion.TextState.DONE, ""
    version.save(update_fields=["text", "pages", "text_state", "text_error"])
    put_in_search(version.resource)


def record_failure(version, reason):
    """Keep why the text of a file could not be read."""
    version.text_state, version.text_error = FileVersion.TextState.FAILED, reason[:200]
    version.save(update_fields=["text_state", "text_error"])


def read_again(version):
    """Ask for the text of a file to be read once more."""
    version.text_state, version.text_error = FileVersion.TextState.WAITING, ""
    version.save(update_fields=["text_state", "text_error"])
    transaction.on_commit(lambda: file_stored.send(sender=FileVersion, version_id=version.pk))


def put_in_search(resource):
    """Index the resource with the text of its latest file; an archived one is not found."""
    if resource.archived_at is None:
        search.index(**search_entry(resource))


def search_entry(resource):
    """The arguments with which a resource is indexed."""
    latest = resource.versions.order_by("-number").first()
    parts = [resource.summary, markdown.to_text(resource.html), resource.legal_references, resource.link]
    if latest is not None:
        parts += [latest.text, latest.name]
    return {
        "obj": resource,
        "kind": SEARCH_KIND,
        "title": resource.title,
        "text": "\n\n".join(part for part in parts if part),
        "url": resource.get_absolute_url(),
        "listed_at": resource.listed_at,
    }


def _files_of_the_day(author):
    return FileVersion.objects.filter(author=author, created_at__gt=timezone.now() - DAY).count()


def _function_of(author, territory_id):
    label = function_label(OuterRef("pk"), Value(territory_id))
    row = get_user_model().objects.filter(pk=author.pk).annotate(label=label).values_list("label", flat=True).first()
    return (row or "")[:160]
