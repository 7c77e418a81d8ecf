"""A server of loopback that speaks as OVHcloud and as Brevo do: real requests, signatures and shapes."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

ACCOUNT, KEY, SECRET, CONSUMER = "sms-ab12345-1", "application", "its-secret", "consumer"
AHEAD = 3_600  # their clock is an hour ahead


@dataclass
class Provider:
    """What the server was asked, and what it says. ``failing`` is a status that it answers to everything."""

    url: str = ""
    clock: int = 0
    asked: list[tuple[str, str, Any]] = field(default_factory=list)
    invalid: set[str] = field(default_factory=set)
    incoming: dict[int, dict[str, Any]] = field(default_factory=dict)
    events: list[dict[str, Any]] = field(default_factory=list)
    failing: int = 0
    nonsense: bool = False

    @property
    def sent(self) -> list[Any]:
        """The bodies of the SMS it was given."""
        return [body for method, path, body in self.asked if method == "POST"]


@contextmanager
def provider() -> Iterator[Provider]:
    """Run the server."""
    said = Provider()

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: Any) -> None:
            pass

        def do_GET(self) -> None:
            self._answer(b"")

        def do_POST(self) -> None:
            self._answer(self.rfile.read(int(self.headers["Content-Length"] or 0)))

        def _answer(self, body: bytes) -> None:
            path = urlsplit(self.path).path
            said.asked.append((self.command, self.path, json.loads(body) if body else None))
            status, answer = self._say(path, body)
            content = b"<html>" if said.nonsense else json.dumps(answer).encode()
            self.send_response(said.failing or status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def _say(self, path: str, body: bytes) -> tuple[int, Any]:
            if path == "/1.0/auth/time":
                return 200, said.clock
            if path.startswith("/1.0/"):
                return self._ovh(path.removeprefix(f"/1.0/sms/{ACCOUNT}"), body)
            if self.headers["api-key"] != KEY:
                return 401, {"code": "unauthorized", "message": "Key not found"}
            if path == "/v3/transactionalSMS/send":
                if json.loads(body)["recipient"] in said.invalid:
                    return 400, {"code": "invalid_parameter", "message": "Invalid phone number"}
                return 201, {"messageId": 1511882900176220}
            assert path == "/v3/transactionalSMS/statistics/events"
            return 200, {"events": said.events}

        def _ovh(self, path: str, body: bytes) -> tuple[int, Any]:
            stamp = self.headers["X-Ovh-Timestamp"]
            parts = (
                SECRET,
                CONSUMER,
                self.command,
                f"{said.url}{self.path.removeprefix('/1.0')}",
                body.decode(),
                stamp,
            )
            signature = "$1$" + hashlib.sha1("+".join(parts).encode()).hexdigest()
            known = (self.headers["X-Ovh-Application"], self.headers["X-Ovh-Consumer"]) == (KEY, CONSUMER)
            if not known or self.headers["X-Ovh-Signature"] != signature or abs(int(stamp) - said.clock) > 300:
                return 403, {"message": "Invalid signature", "httpCode": "403 Forbidden"}
            if path == "/jobs":
                receivers = json.loads(body)["receivers"]
                bad = [one for one in receivers if one in said.invalid]
                good = [one for one in receivers if one not in said.invalid]
                return 200, {
                    "ids": [26929925] if good else [], "invalidReceivers": bad, "validReceivers": good,
                    "totalCreditsRemoved": len(good),
                }  # fmt: skip
            if path == "/incoming":
                assert "creationDatetime.from" in parse_qs(urlsplit(self.path).query)
                return 200, sorted(said.incoming)
            found = said.incoming.get(int(path.removeprefix("/incoming/")))
            return (200, found) if found else (404, {"message": "The requested object does not exist"})

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    serving.start()
    said.url = f"http://127.0.0.1:{server.server_port}/1.0"
    try:
        yield said
    finally:
        server.shutdown()
        server.server_close()
        serving.join()


def ovh_sms(
    number: int, text: str, sender: str = "+33612345678", at: str = "2026-11-23T10:31:00+01:00"
) -> dict[str, Any]:
    """An incoming SMS as the API tells it."""
    return {"id": number, "sender": sender, "message": text, "creationDatetime": at, "credits": 0, "tag": ""}


def brevo_event(
    text: str, to: str = "33612345678", at: str = "2026-11-23T09:31:00.000Z", **more: Any
) -> dict[str, Any]:
    """A «replied» event as the API tells it."""
    return {
        "phoneNumber": to,
        "date": at,
        "messageId": "1511882900176220",
        "event": "replied",
        "reply": text,
        **more,
    }
