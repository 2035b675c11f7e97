"""The benches' settings: the suite's, with a cache of their own and, on PostgreSQL, production's ways."""

import os

from config.settings.test import *

CACHES["default"]["KEY_PREFIX"] = f"bench-{os.getpid()}"
