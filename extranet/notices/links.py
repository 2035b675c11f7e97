"""The link « recevoir moins » of a mail: signed, for one person and one sort of mail, good without signing in."""

from dataclasses import asdict, dataclass
from datetime import timedelta

from django.core import signing
from django.urls import reverse

SALT = "extranet.notices.less"
VALID = timedelta(days=180)


@dataclass(frozen=True)
class Less:
    """What its holder may ask for: less of a `kind` of notice, no more digest, or no more copies for `absent`."""

    user: int
    kind: str = ""
    content: tuple = ()  # (id of a ContentType, id): the thing that the mail was about
    digest: bool = False
    absent: int | None = None

    @property
    def path(self):
        said = {name: value for name, value in asdict(self).items() if value}
        return reverse("notices:less", args=[signing.dumps(said, salt=SALT)])


def read(token):
    """The Less of a link. Raises signing.SignatureExpired after 180 days, signing.BadSignature for a forged one."""
    return Less(**signing.loads(token, salt=SALT, max_age=VALID))
