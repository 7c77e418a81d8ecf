"""OVHcloud's SMS API. Source: its published schema (https://eu.api.ovh.com/1.0/sms.json, types
``sms.SmsSendingReport`` and ``sms.Incoming``) and its guides.

Each request is signed with the time of *their* clock. A callback of theirs carries no proof of who calls, so
only the identifier is taken from it, and the SMS is fetched from the API before it is believed.
"""

from __future__ import annotations

import hashlib
import json
import time
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlencode
from zoneinfo import ZoneInfo

from app.sms.driver import (
    Callback,
    Malformed,
    Received,
    Refused,
    Unavailable,
    e164,
    each_readable,
    exchange,
    json_of,
)

OVH = "ovh"
_PARIS = ZoneInfo("Europe/Paris")  # of an instant that names no zone
_DAYS_OF_VALIDITY = 2
_clocks: dict[str, int] = {}  # seconds by which their clock is ahead of ours, by address


class Ovh:
    """An account (``sms-ab12345-1``). Without a sender of one's own a short number is used, which can be
    answered; a name (11 letters) cannot."""

    name = OVH

    def __init__(self, url: str, account: str, sender: str, key: str, secret: str, consumer: str) -> None:
        self._url = url.rstrip("/")
        self._path = f"/sms/{quote(account, safe='')}"
        self._sender = sender
        self._key, self._secret, self._consumer = key, secret, consumer

    def send(self, to_e164: str, text: str, reference: str) -> str:
        """Add a job for one receiver. What the API calls an invalid receiver is refused for good."""
        body: dict[str, Any] = {
            "message": text, "receivers": [to_e164], "noStopClause": True, "priority": "high",
            "charset": "UTF-8", "coding": "7bit", "class": "phoneDisplay", "tag": reference,
            "validityPeriod": _DAYS_OF_VALIDITY * 24 * 60,
        }  # fmt: skip
        body |= {"sender": self._sender} if self._sender else {"senderForResponse": True}
        status, answer = self._ask("POST", f"{self._path}/jobs", body)
        if status != 200 or not isinstance(answer, dict):
            raise Unavailable("rejected")
        if answer.get("invalidReceivers"):
            raise Refused("bad_number")
        if not (ids := answer.get("ids")):
            raise Unavailable("unreadable")
        return str(ids[0])

    def received(self, callback: Callback) -> Received | None:
        """Fetch the SMS whose identifier a callback gives; one that the account does not know is forged."""
        given = str({**callback.query, **callback.fields}.get("id", "")).strip()
        if not (given.isascii() and given.isdecimal()) or len(given) > 20:
            raise Malformed
        found = self._incoming(given)
        if found is None:
            raise Malformed
        return found

    def recent(self, since: datetime, known: frozenset[str]) -> list[Received]:
        """List the incoming SMS of the account since then, and fetch each that is new."""
        query = urlencode({"creationDatetime.from": since.astimezone(UTC).isoformat(timespec="seconds")})
        status, ids = self._ask("GET", f"{self._path}/incoming?{query}")
        if status != 200 or not isinstance(ids, list):
            raise Unavailable("rejected")
        new = (str(one) for one in ids if isinstance(one, int) and str(one) not in known)
        return each_readable(new, self._incoming)

    def _incoming(self, number: str) -> Received | None:
        status, sms = self._ask("GET", f"{self._path}/incoming/{number}")
        if status == 404:
            return None
        try:
            at = datetime.fromisoformat(sms["creationDatetime"])
            sender, text, ref = e164(str(sms["sender"])), str(sms["message"]), str(sms["id"])
        except (TypeError, KeyError, ValueError) as failure:
            raise Malformed from failure
        if ref != number or not sender:
            raise Malformed
        return Received(ref, sender, text, at if at.tzinfo else at.replace(tzinfo=_PARIS))

    def _ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> tuple[int, Any]:
        url = self._url + path
        content = json.dumps(body) if body is not None else ""
        stamp = str(int(time.time()) + self._ahead())
        signed = "+".join((self._secret, self._consumer, method, url, content, stamp))
        headers = {
            "X-Ovh-Application": self._key, "X-Ovh-Consumer": self._consumer, "X-Ovh-Timestamp": stamp,
            "X-Ovh-Signature": "$1$" + hashlib.sha1(signed.encode()).hexdigest(),  # noqa: S324 (their protocol)
            "Content-Type": "application/json",
        }  # fmt: skip
        try:
            answer = exchange(method, url, headers=headers, content=content.encode())
        except Unavailable:
            _clocks.pop(self._url, None)  # a clock may have been set meanwhile: theirs is asked anew
            raise
        return answer.status_code, json_of(answer)

    def _ahead(self) -> int:
        """Ask their clock, once as long as all is well: a signature a few minutes off is refused."""
        if self._url not in _clocks:
            theirs = json_of(exchange("GET", f"{self._url}/auth/time", headers={}))
            if not isinstance(theirs, int):
                raise Unavailable("unreadable")
            _clocks[self._url] = theirs - int(time.time())
        return _clocks[self._url]
