"""A browser's half of NiceGUI's protocol, without the browser: opens a page, its socket, and fires events.

It says exactly what it is told to, forgeries included. Recipe: nicegui.md, section 3.
"""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import httpx
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

Message = tuple[str, Any]

_ESCAPES = (("&#36;", "$"), ("&#96;", "`"), ("&gt;", ">"), ("&lt;", "<"), ("&amp;", "&"))
_TIMEOUT = 10.0


class Refused(Exception):
    """The page or the socket was not opened: ``status`` is the HTTP status."""

    def __init__(self, status: int) -> None:
        super().__init__(f"HTTP {status}")
        self.status = status


class SocketClient:
    """One open tab. ``base`` is the server's address, ``cookie`` the session's token (or nothing)."""

    def __init__(self, base: str, cookie: str = "", *, origin: str = "") -> None:
        self.base = base
        self.cookie = cookie
        self.origin = origin or base
        self.client_id = ""
        self.next_message_id = 0
        self.tab_id = str(uuid4())
        self.sid = ""
        self.elements: dict[int, dict[str, Any]] = {}
        self.messages: list[Message] = []
        self.closed = threading.Event()
        self._socket: ClientConnection | None = None
        self._stack = ExitStack()
        self._news = threading.Condition()

    @property
    def headers(self) -> dict[str, str]:
        """The cookie, as a browser sends it."""
        return {"Cookie": f"sid={self.cookie}"} if self.cookie else {}

    def open(self, path: str) -> SocketClient:
        """Load a page and open its socket."""
        return self.load(path).connect()

    def load(self, path: str) -> SocketClient:
        """Load a page: its id and its elements are known, its socket is not open."""
        page = httpx.get(self.base + path, headers=self.headers | {"Accept": "text/html"}, timeout=_TIMEOUT)
        found = re.search(r"'client_id': '([0-9a-f-]+)'", page.text)
        if page.status_code != 200 or found is None:
            raise Refused(page.status_code)
        self.client_id = found[1]
        number = re.search(r"'next_message_id': (\d+)", page.text)
        self.next_message_id = int(number[1]) if number else 0
        elements = re.search(r"parseElements\(String\.raw`(.*?)`\)", page.text, re.DOTALL)
        assert elements is not None
        text = elements[1]
        for escape, character in _ESCAPES:
            text = text.replace(escape, character)
        self.elements = {int(id_): element for id_, element in json.loads(text).items()}
        return self

    def connect(self, **query: str) -> SocketClient:
        """Open the socket; ``query`` overrides what a browser would say (an empty value leaves it out)."""
        said = {
            "EIO": "4", "transport": "websocket", "client_id": self.client_id,
            "next_message_id": str(self.next_message_id), "implicit_handshake": "true",
            "document_id": str(uuid4()), "tab_id": self.tab_id, "old_tab_id": "null", **query,
        }  # fmt: skip
        address = self.base.replace("http", "ws", 1) + "/_nicegui_ws/socket.io/?"
        address += urlencode({key: value for key, value in said.items() if value})
        headers = self.headers | ({"Origin": self.origin} if self.origin != "none" else {})
        try:
            self._socket = self._stack.enter_context(
                connect(
                    address, additional_headers=headers, compression=None, open_timeout=_TIMEOUT, max_size=None
                )
            )
        except Exception as error:
            response = getattr(error, "response", None)
            if response is None:
                raise
            raise Refused(response.status_code) from error
        threading.Thread(target=self._listen, args=(self._socket,), daemon=True).start()
        self.wait_for(lambda message: message[0] in ("connected", "refused"))
        return self

    @property
    def is_connected(self) -> bool:
        """Whether the server accepted the handshake and the socket is still there."""
        return bool(self.sid) and not self.closed.is_set()

    def find(self, text: str = "", **props: Any) -> int:
        """Return the id of the only element with this text, or these props."""
        with self._news:
            found = [
                id_
                for id_, element in self.elements.items()
                if (not text or text in (element.get("text"), element.get("props", {}).get("label")))
                and all(element.get("props", {}).get(name) == value for name, value in props.items())
            ]
        assert len(found) == 1, f"{len(found)} elements with {text!r} {props}"
        return found[0]

    def fire(self, element_id: int, event: str, *args: Any, listener: str = "", client_id: str = "") -> None:
        """Send an event of an element as NiceGUI's browser side does; ids may be forged."""
        self.emit(
            "event",
            {
                "id": element_id,
                "client_id": client_id or self.client_id,
                "listener_id": listener or self.listener(element_id, event),
                "args": [json.dumps(arg) for arg in args],
            },
        )

    def listener(self, element_id: int, event: str) -> str:
        """Return the id of an element's listener."""
        with self._news:
            events = self.elements[element_id].get("events", [])
        return str(next(each["listener_id"] for each in events if each["type"] == event))

    def emit(self, name: str, payload: Any) -> None:
        """Send any message of socket.io."""
        self.send("42" + json.dumps([name, payload]))

    def send(self, frame: str) -> None:
        """Send any frame; a socket that is closed says nothing."""
        assert self._socket is not None
        try:
            self._socket.send(frame)
        except ConnectionClosed:
            self.closed.wait(_TIMEOUT)

    def wait_for(self, wanted: Callable[[Message], bool], timeout: float = _TIMEOUT) -> Message:
        """Return the first message received that is wanted, past ones included."""
        deadline = time.monotonic() + timeout
        with self._news:
            while True:
                for message in self.messages:
                    if wanted(message):
                        return message
                left = deadline - time.monotonic()
                if left <= 0 or (self.closed.is_set() and not self._news.wait(0.1)):
                    raise AssertionError(f"not received; messages: {[name for name, _ in self.messages]}")
                self._news.wait(min(left, 0.5))

    def close(self) -> None:
        """Close the tab."""
        if self._socket is not None:
            self._stack.close()
            self.closed.wait(_TIMEOUT)

    def _listen(self, socket: ClientConnection) -> None:
        try:
            for frame in socket:
                self._receive(str(frame), socket)
        except ConnectionClosed:
            pass
        finally:
            with self._news:
                self.closed.set()
                self._news.notify_all()

    def _receive(self, frame: str, socket: ClientConnection) -> None:
        if frame.startswith("0"):
            socket.send("40")
        elif frame == "2":
            socket.send("3")
        elif frame.startswith("40"):
            self.sid = json.loads(frame[2:])["sid"]
            self._note(("connected", self.sid))
        elif frame.startswith("44"):
            self._note(("refused", json.loads(frame[2:])))
        elif frame.startswith("42"):
            name, *rest = json.loads(frame[2:])
            self._note((name, rest[0] if rest else None))
        elif frame.startswith(("41", "1")):
            self._note(("disconnected", None))
            self.sid = ""

    def _note(self, message: Message) -> None:
        name, payload = message
        with self._news:
            if isinstance(payload, dict) and "_id" in payload:
                self.next_message_id = payload.pop("_id") + 1
            if name == "update":
                for id_, element in payload.items():
                    if element is None:
                        self.elements.pop(int(id_), None)
                    else:
                        self.elements[int(id_)] = element
            self.messages.append(message)
            self._news.notify_all()
