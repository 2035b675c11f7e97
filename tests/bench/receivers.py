"""The browsers of the fan-out bench, in a process of their own, which says when each frame came.

Its input: first one JSON object, {"live": address, "bare": address, "origin", "cookies": [one a socket], "topic",
"stalled": {"cookie", "topic"} or null}. It opens a socket for each cookie on the live server and as many on the bare
one, and answers {"ready": how many}. Then each line "live" or "bare" makes it wait for one frame on every socket of
that side, and say when they came (on the monotonic clock that all processes of a machine share) and how long the frame
is. "bare open" opens the sockets of the bare side; "end" says how many frames came in all, and how many did not follow
the one before.
"""

import asyncio
import json
import socket
import sys
from itertools import pairwise
from time import monotonic
from urllib.parse import urlsplit

import uvloop
from websockets.asyncio.client import connect

TOGETHER = 50  # sockets opened at the same time
PATIENCE = 60  # seconds for the last frame of a round


class Side:
    """Sockets that all get the same frames."""

    def __init__(self, wanted):
        self.wanted = wanted
        self.frames = [[] for _ in range(wanted)]
        self.times = []
        self.all_came = asyncio.Event()
        self.readers = []

    async def open(self, address, headers=None, origin=None, follow=None):
        gate = asyncio.Semaphore(TOGETHER)

        async def one(number):
            async with gate:
                details = {"additional_headers": headers[number], "origin": origin} if headers else {}
                opened = await connect(address, compression=None, ping_interval=None, open_timeout=PATIENCE, **details)
                if follow:
                    await opened.send(json.dumps({"follow": [follow]}))
                    self.frames[number].append(await opened.recv())
            self.readers.append(asyncio.create_task(self._read(opened, self.frames[number])))

        await asyncio.gather(*(one(number) for number in range(self.wanted)))

    async def _read(self, opened, frames):
        async for text in opened:
            if text == "{}":
                continue  # the hub's heartbeat
            self.times.append(monotonic())
            frames.append(text)
            if len(self.times) >= self.wanted:
                self.all_came.set()

    async def round(self):
        async with asyncio.timeout(PATIENCE):
            await self.all_came.wait()
        times, self.times = self.times, []
        self.all_came.clear()
        return {"times": times, "length": len(self.frames[0][-1].encode())}

    def count(self):
        """Frames of the rounds (without the answer to `follow`), and entries that do not follow the one before."""
        gaps = 0
        for frames in self.frames:
            told = [json.loads(text) for text in frames]
            seqs = [told[0]["last"], *(entry["seq"] for each in told[1:] for entry in each["entries"])]
            gaps += sum(after != before + 1 for before, after in pairwise(seqs))
        return {"frames": sum(len(frames) - 1 for frames in self.frames), "gaps": gaps}


async def stall(address, origin, cookie, topic):
    """A socket that follows and then reads nothing at all, with little room for what comes."""
    place = urlsplit(address)
    narrow = socket.create_connection((place.hostname, place.port))
    narrow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    opened = await connect(
        address,
        sock=narrow,
        origin=origin,
        additional_headers={"Cookie": cookie},
        compression=None,
        ping_interval=None,
        max_queue=1,
    )
    await opened.send(json.dumps({"follow": topic}))
    opened.transport.pause_reading()
    return opened


async def main():
    loop = asyncio.get_running_loop()
    asked = json.loads(sys.stdin.readline())
    count = len(asked["cookies"])
    sides = {"live": Side(count), "bare": Side(count)}
    headers = [{"Cookie": cookie} for cookie in asked["cookies"]]
    await sides["live"].open(asked["live"], headers, asked["origin"], asked["topic"])
    kept = []
    if asked["stalled"]:
        kept.append(await stall(asked["live"], asked["origin"], **asked["stalled"]))
    tell({"ready": count})
    while (word := (await loop.run_in_executor(None, sys.stdin.readline)).strip()) != "end":
        if word == "bare open":
            await sides["bare"].open(asked["bare"])
            tell({"ready": count})
        else:
            tell(await sides[word].round())
    tell(sides["live"].count())


def tell(answer):
    print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    uvloop.run(main())
