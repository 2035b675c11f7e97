"""For the host's asgi.py: `ProtocolTypeRouter({"http": …, "websocket": websocket})`."""

from .sockets import websocket

__all__ = ["websocket"]
