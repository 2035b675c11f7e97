"""HTTP to Django, WebSockets to the live hub."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")
http = get_asgi_application()

# Imported once the applications are loaded: they reach models.
from channels.routing import ProtocolTypeRouter  # noqa: E402

from extranet.live.routing import websocket  # noqa: E402

application = ProtocolTypeRouter({"http": http, "websocket": websocket})
