"""Serve the site on this machine, as `make demo` does: one process for pages and sockets.

`serve.py PORT --check` only says whether the port is free (standard library only, before the environment exists).
"""

import os
import socket
import sys

HOST = "127.0.0.1"


def port_of(text):
    """The port number in `text`; ends with a message when it is none."""
    if not (text.isdigit() and 0 < int(text) < 65536):
        sys.exit(f"PORT={text} : un numéro de port est un nombre entre 1 et 65535. Exemple : make demo PORT=8001")
    return int(text)


def require_free(port):
    """End with a clear message when the port is taken or forbidden."""
    with socket.socket() as probe:
        # As the server itself does: a port just left by a previous run counts as free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except PermissionError:
            sys.exit(f"Le port {port} est réservé au système. Choisissez-en un autre : make demo PORT=8001")
        except OSError:
            sys.exit(
                f"Le port {port} est déjà utilisé par un autre programme (peut-être une démonstration déjà lancée). "
                f"Fermez-le, ou choisissez un autre port : make demo PORT={port + 1 if port < 65535 else 8001}"
            )


def serve(port):
    import uvicorn  # noqa: PLC0415 not there yet when only the port is checked

    class Server(uvicorn.Server):
        async def startup(self, sockets=None):
            await super().startup(sockets)
            if self.started:
                print(f"\nLe site répond sur http://{HOST}:{port}  (Ctrl-C pour l’arrêter)", flush=True)

    config = uvicorn.Config(
        "config.asgi:application",
        host=HOST,
        port=port,
        ws_max_size=64 * 1024,
        ws_per_message_deflate=False,  # 70 % more processor and 20 kB more a socket for little text
        lifespan="off",
        log_level="warning",
        timeout_graceful_shutdown=3,
    )
    try:
        Server(config).run()
    except KeyboardInterrupt:
        print("\nLe site est arrêté. Ce qui a été écrit est gardé : « make demo » le retrouve.")


if __name__ == "__main__":
    number = port_of(sys.argv[1])
    require_free(number)
    if "--check" not in sys.argv[2:]:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
        serve(number)
