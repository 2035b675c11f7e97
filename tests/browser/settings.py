# ruff: noqa: F405
"""The site that the browser visits: the suite's own settings, mails in files, one page that fails."""

from config.settings.test import *  # noqa: F403

ROOT_URLCONF = "tests.browser.urls"
SERVESTATIC_USE_FINDERS = True
MEDIA_ROOT = VAR_DIR / "media"
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = VAR_DIR / "mails"

# A database of its own beside the suite's: a file on SQLite, one per process on PostgreSQL.
database = DATABASES["default"]
if database["ENGINE"].endswith("sqlite3"):
    database["TEST"] = {"NAME": str(VAR_DIR / "browser.sqlite3")}
else:
    database["TEST"] = {"NAME": f"test_{database['NAME']}_browser_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"}
if REDIS_URL:
    CHANNEL_LAYERS["default"]["CONFIG"]["prefix"] += "-browser"
