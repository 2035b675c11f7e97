"""Where the files of members are kept, under names that tell nothing."""

import uuid

from django.conf import settings
from django.core.files.storage import default_storage, storages
from django.http import FileResponse, Http404
from django.utils.http import content_disposition_header


def private_files():
    """The host's "private" storage, or its default one. Neither may be served as such: every download is a view that
    asks `access`."""
    return storages["private"] if "private" in settings.STORAGES else default_storage


def place(folder):
    """A new random path in `folder`."""
    name = uuid.uuid4().hex
    return f"{folder}/{name[:2]}/{name}"


def download(file):
    """The answer that gives a kept file, as a dict with its name, mime, size and path: never run by a browser here.

    Raises Http404 when it is not in its place any more.
    """
    try:
        response = FileResponse(private_files().open(file["path"]), content_type=file["mime"])
    except FileNotFoundError:
        raise Http404 from None
    response.headers["Content-Length"] = file["size"]
    response.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=file["name"])
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
