"""The lower limit of the fan-out bench: a `websockets` server that does nothing but broadcast.

Says its port. Then each line of its input, a number of bytes, broadcasts a message of that size to all that are
connected; it answers with the time when it began.
"""

import asyncio
import sys
from time import monotonic

import uvloop
from websockets.asyncio.server import broadcast, serve


async def main():
    loop = asyncio.get_running_loop()

    async def wait(opened):
        await opened.wait_closed()

    async with serve(wait, "127.0.0.1", 0, compression=None, ping_interval=None) as server:
        print(server.sockets[0].getsockname()[1], flush=True)
        while line := await loop.run_in_executor(None, sys.stdin.readline):
            text = "x" * int(line)
            start = monotonic()
            broadcast(server.connections, text)
            print(start, flush=True)


if __name__ == "__main__":
    uvloop.run(main())
