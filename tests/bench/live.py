"""What is measured on the service as it runs: ``main.py`` in a process of its own, and people connected.

Everybody here is one asyncio process that speaks to the service as browsers do: signed-in people of the
groups of one case, each with the dashboard and that case open, who answer «seen» and «ack» as the page's
own code would. One of them writes; the clock (CLOCK_MONOTONIC, here) runs from the sending of the press on
«Répondre» until the last of the others has received the message's HTML: the commit and the network are in
it, the drawing by the browser is not. The processor is shared with the service, and with the database.
"""

from __future__ import annotations

import asyncio
import json
import math
import random
import secrets
import statistics
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.bench.fill import Filled
from tests.bench.measure import RUNS
from tests.bench.service import answerable, service, sign_in
from tests.socket_client import SocketClient

OTHERS = 50
WARM_UP = 10  # dashboards opened at once and left: every thread and connection of the service exists then
_PAUSE = (0.3, 1.1)  # seconds between two messages: what follows one must not always be over at the next
_TYPED_SECONDS = 0.3  # between the last key that the page tells of and the press: what is typed is kept by then
_ACK_SECONDS = 3.0  # NiceGUI's own
_PATIENCE = 20.0


def live(url: str, filled: Filled) -> dict[str, Any]:
    """Start the service on the database that was filled and measure it.

    ``seen_1_ms`` and ``seen_50_ms``: a message received by the only other, by all of 50 others.
    ``list_bytes``: the dashboard's first answer, not compressed, without a case. ``elements``: those the
    server keeps for a dashboard with a case open. ``client_kb``: private memory of the process for each of
    50 such dashboards, after two have lived a while.
    """
    case_id = answerable(filled)
    tokens = sign_in(case_id, filled, 1 + OTHERS + WARM_UP)
    with service(url) as (base, pid):
        return asyncio.run(_measure(base, pid, f"/demandes/{case_id}", tokens))


async def _measure(base: str, pid: int, path: str, tokens: list[str]) -> dict[str, Any]:
    await _warm_up(base, path, [tokens.pop() for _ in range(WARM_UP)])
    first = httpx.get(
        base + "/demandes?vue=toutes",
        headers={"Cookie": f"sid={tokens[0]}", "Accept-Encoding": "identity"},
        timeout=_PATIENCE,
    )
    first.raise_for_status()
    author = await Tab(base, tokens[0]).open(path)
    others = [await Tab(base, tokens[1]).open(path)]
    seen_1 = await _seen(author, others)
    before = _private_kb(pid)
    for token in tokens[2:]:
        others.append(await Tab(base, token).open(path))
    await asyncio.sleep(3)
    after = _private_kb(pid)
    seen_50 = await _seen(author, others)
    for tab in (author, *others):
        await tab.close()
    return {
        "seen_1_ms": seen_1,
        "seen_50_ms": seen_50,
        "list_bytes": len(first.content),
        "elements": len(author.page.elements),
        "client_kb": round((after - before) / (len(others) - 1)),
    }


async def _warm_up(base: str, path: str, tokens: list[str]) -> None:
    tabs = await asyncio.gather(*(Tab(base, token).open(path) for token in tokens))
    for tab, token in zip(tabs, tokens, strict=True):
        httpx.post(base + "/deconnexion", headers={"Cookie": f"sid={token}", "Origin": base}, timeout=_PATIENCE)
        await tab.close()


async def _seen(author: Tab, others: list[Tab]) -> dict[str, float]:
    """Post ``RUNS`` messages one after the other; return how long until the last of the others had each."""
    chance = random.Random(1)
    durations = []
    for _ in range(RUNS):
        await asyncio.sleep(chance.uniform(*_PAUSE))
        mark = f"message {secrets.token_hex(8)}"
        expected = [other.expect(mark) for other in others]
        start = await author.post(f"{mark} : le dossier est repris, je vous tiens au courant.")
        received = await asyncio.wait_for(asyncio.gather(*expected), _PATIENCE)
        durations.append((max(received) - start) * 1_000)
    kept = sorted(durations)
    return {
        "p50": round(statistics.median(kept), 1),
        "p95": round(kept[math.ceil(0.95 * len(kept)) - 1], 1),
    }


class Tab:
    """One open page, as light as can be: its frames are looked through, and read only by who needs them."""

    def __init__(self, base: str, token: str) -> None:
        self.page = SocketClient(base, token)
        self._expected: dict[str, asyncio.Future[float]] = {}
        self._received = 0
        self._tasks: list[asyncio.Task[None]] = []
        self._socket: ClientConnection

    async def open(self, path: str) -> Tab:
        """Load the page, open its socket, and say that the thread was seen."""
        page = await asyncio.to_thread(self.page.load, path)
        self._received = page.next_message_id
        query = {
            "EIO": "4", "transport": "websocket", "client_id": page.client_id, "implicit_handshake": "true",
            "next_message_id": page.next_message_id, "document_id": uuid4(), "tab_id": uuid4(),
            "old_tab_id": "null",
        }  # fmt: skip
        self._socket = await connect(
            page.base.replace("http", "ws", 1) + f"/_nicegui_ws/socket.io/?{urlencode(query)}",
            additional_headers={**page.headers, "Origin": page.base}, compression=None, max_size=None,
        )  # fmt: skip
        ready = asyncio.get_running_loop().create_future()
        self._tasks = [asyncio.create_task(self._listen(ready)), asyncio.create_task(self._acknowledge())]
        await asyncio.wait_for(ready, _PATIENCE)
        await self._say_seen()
        return self

    async def close(self) -> None:
        """Close the tab."""
        for task in self._tasks:
            task.cancel()
        await self._socket.close()

    def expect(self, mark: str) -> asyncio.Future[float]:
        """Return the instant, to come, at which a frame with this text is received."""
        self._expected[mark] = asyncio.get_running_loop().create_future()
        return self._expected[mark]

    async def post(self, text: str) -> float:
        """Type a message and press «Répondre»; return the instant of the press."""
        await self._fire(self.page.find(kind="area"), "typed", text)
        await asyncio.sleep(_TYPED_SECONDS)
        button = next(
            id_
            for id_, one in self.page.elements.items()
            if (one.get("tag"), one.get("text")) == ("nicegui-press", "Répondre")
        )
        start = time.monotonic()
        await self._fire(button, "press")
        return start

    async def _say_seen(self) -> None:
        await self._fire(self.page.find(follow=True), "seen")

    async def _fire(self, element_id: int, event: str, *args: Any) -> None:
        message = {
            "id": element_id,
            "client_id": self.page.client_id,
            "listener_id": self.page.listener(element_id, event),
            "args": [json.dumps(arg) for arg in args],
        }
        await self._socket.send("42" + json.dumps(["event", message]))

    async def _listen(self, ready: asyncio.Future[None]) -> None:
        try:
            async for frame in self._socket:
                now = time.monotonic()
                assert isinstance(frame, str)
                if frame.startswith("42"):
                    await self._hear(frame, now)
                elif frame.startswith("0"):
                    await self._socket.send("40")
                elif frame.startswith("40"):
                    ready.set_result(None)
                elif frame == "2":
                    await self._socket.send("3")
                else:
                    raise AssertionError(f"the service refused: {frame[:200]}")
        except ConnectionClosed as closed:
            if not ready.done():
                ready.set_exception(closed)
            for waiting in self._expected.values():
                waiting.set_exception(closed)

    async def _hear(self, frame: str, now: float) -> None:
        """Take note of a message: whether it is awaited, which it is, what it changes on the page."""
        shown = [mark for mark in self._expected if mark in frame]
        for mark in shown:
            self._expected.pop(mark).set_result(now)
        if shown:
            await self._say_seen()
        self._received += 1
        if frame.startswith('42["update"'):
            for id_, element in json.loads(frame[2:])[1].items():
                if id_ == "_id":
                    continue
                if element is None:
                    self.page.elements.pop(int(id_), None)
                else:
                    self.page.elements[int(id_)] = element

    async def _acknowledge(self) -> None:
        while True:
            await asyncio.sleep(_ACK_SECONDS)
            said = {"client_id": self.page.client_id, "next_message_id": self._received}
            await self._socket.send("42" + json.dumps(["ack", said]))


def _private_kb(pid: int) -> int:
    """Return the memory that only this process has (USS), in kilobytes."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Private_"))
