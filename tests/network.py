"""A poor network between a browser and a server: slow, losing packets, held, cut. Tests run it themselves."""

from __future__ import annotations

import asyncio
import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

_PACKET = 1460
_RETRANSMISSION = 0.3  # seconds that TCP waits before it sends a lost packet again


@dataclass(frozen=True)
class Quality:
    """A round trip in seconds, a rate in bytes a second (0: no limit), a share of packets that get lost."""

    round_trip: float = 0.0
    rate: float = 0.0
    loss: float = 0.0


GOOD = Quality()
POOR = Quality(round_trip=0.3, rate=125_000, loss=0.02)


class Network:
    """A TCP proxy on a port of its own. ``target`` is the port of the server, and may change."""

    def __init__(self, target: int, quality: Quality = GOOD) -> None:
        self.target, self.quality = target, quality
        self.port = 0
        self._random = random.Random(7)
        self._tasks: set[asyncio.Task[None]] = set()
        self._lines: set[asyncio.StreamWriter] = set()
        self._loop = asyncio.new_event_loop()
        self._flows = asyncio.Event()
        self._is_cut = False
        self._free_at = 0.0

    @property
    def url(self) -> str:
        """The address for the browser, without a slash at its end."""
        return f"http://127.0.0.1:{self.port}"

    def hold(self) -> None:
        """Let nothing through, and break nothing: a tunnel. Nobody is told."""
        self._loop.call_soon_threadsafe(self._flows.clear)

    def cut(self) -> None:
        """Break every connection and refuse new ones."""
        self._is_cut = True
        self._loop.call_soon_threadsafe(self._break)

    def heal(self) -> None:
        """Let everything through again."""
        self._is_cut = False
        self._loop.call_soon_threadsafe(self._flows.set)

    @contextmanager
    def running(self) -> Iterator[Network]:
        """Listen until the block ends."""
        self._flows.set()
        listening = threading.Event()
        thread = threading.Thread(target=self._run, args=(listening,), daemon=True)
        thread.start()
        listening.wait(10)
        try:
            yield self
        finally:
            self._loop.call_soon_threadsafe(self._loop.stop)
            thread.join(10)

    def _run(self, listening: threading.Event) -> None:
        server = self._loop.run_until_complete(asyncio.start_server(self._begin, "127.0.0.1", 0))
        self.port = server.sockets[0].getsockname()[1]
        listening.set()
        self._loop.run_forever()
        server.close()
        self._break()
        self._loop.run_until_complete(self._end())
        self._loop.close()

    async def _end(self) -> None:
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _begin(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = self._loop.create_task(self._meet(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._is_cut:
            writer.transport.abort()
            return
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:
            writer.transport.abort()
            return
        self._lines |= {writer, far_writer}
        try:
            await asyncio.gather(self._carry(reader, far_writer), self._carry(far_reader, writer))
        finally:
            for end in (writer, far_writer):
                self._lines.discard(end)
                end.transport.abort()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        under_way: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
        taking = self._loop.create_task(self._take(reader, under_way))
        try:
            with suppress(OSError):
                await self._give(under_way, writer)
        finally:
            taking.cancel()
        writer.close()

    async def _take(self, reader: asyncio.StreamReader, under_way: asyncio.Queue[tuple[float, bytes]]) -> None:
        arrival = 0.0
        while data := await _read(reader):
            packets = len(data) // _PACKET + 1
            lost = sum(self._random.random() < self.quality.loss for _ in range(packets))
            now = self._loop.time()
            if self.quality.rate:
                self._free_at = max(now, self._free_at) + len(data) / self.quality.rate
            sent = max(now, self._free_at)
            arrival = max(arrival, sent + self.quality.round_trip / 2 + lost * _RETRANSMISSION)
            under_way.put_nowait((arrival, data))
        under_way.put_nowait((arrival, b""))

    async def _give(self, under_way: asyncio.Queue[tuple[float, bytes]], writer: asyncio.StreamWriter) -> None:
        while True:
            arrival, data = await under_way.get()
            await asyncio.sleep(max(0.0, arrival - self._loop.time()))
            await self._flows.wait()
            if not data:
                return
            writer.write(data)
            await writer.drain()

    def _break(self) -> None:
        for end in list(self._lines):
            end.transport.abort()


async def _read(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.read(16 * _PACKET)
    except OSError:
        return b""


def port_of(url: str) -> int:
    """Return the port of an address."""
    port = urlsplit(url).port
    assert port is not None
    return port
