"""A checkout on one's own machine: `make demo`. Its key and its accounts are worth nothing elsewhere."""

from .base import *

INSTALLED_APPS = ["demo", *INSTALLED_APPS]
DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = "demo-only-not-a-secret-production-refuses-it"  # noqa: S105
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", ".localhost"]
DEMO = True

# Mails go to the console and to a file each.
EMAIL_BACKEND = "demo.mail.ConsoleAndFileBackend"
EMAIL_FILE_PATH = VAR_DIR / "mails"

SERVESTATIC_USE_FINDERS = True
SERVESTATIC_AUTOREFRESH = DEBUG

# Every password of the demo is kept under a name that production does not know: none can be used there.
PASSWORD_HASHERS = ["demo.hashers.DemoHasher"]
