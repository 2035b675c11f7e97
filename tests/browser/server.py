"""The project's own server on a throw-away database holding the small world: `python -m tests.browser.server`.

Prints one line of JSON when it answers: {"url": …, "places": {name: what stands in a page's path}}. Ends on SIGTERM,
its database with it.
"""

import json
import signal
import socket
import sys

import uvicorn
from django.db import connection

from config.asgi import application  # before what follows: it loads the applications
from tests.browser import content

OTHERS_OUT = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid != pg_backend_pid()
"""


def serve():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())  # uvicorn hands it back at its end: what follows is done
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    config = uvicorn.Config(
        application,
        ws_max_size=64 * 1024,
        ws_per_message_deflate=False,
        lifespan="off",
        log_level="warning",
        timeout_graceful_shutdown=1,
    )
    former = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        places = content.build()
        connection.close()
        port = listening.getsockname()[1]
        listening.listen()  # what comes before the first turn of the loop waits
        print(json.dumps({"url": f"http://127.0.0.1:{port}", "places": places}), flush=True)
        uvicorn.Server(config).run(sockets=[listening])
    finally:
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(OTHERS_OUT)  # the server's threads still hold theirs
        connection.creation.destroy_test_db(former, verbosity=0)


if __name__ == "__main__":
    serve()
