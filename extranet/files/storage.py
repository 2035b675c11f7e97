"""Where the files of members are kept, under names that tell nothing."""

import uuid

from django.conf import settings
from django.core.files.storage import default_storage, storages


def private_files():
    """The host's "private" storage, or its default one. Neither may be served as such: every download is a view that
    asks `access`."""
    return storages["private"] if "private" in settings.STORAGES else default_storage


def place(folder):
    """A new random path in `folder`."""
    name = uuid.uuid4().hex
    return f"{folder}/{name[:2]}/{name}"
