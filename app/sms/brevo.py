"""Brevo's transactional SMS. Sources: https://developers.brevo.com (POST /transactionalSMS/send; GET
/transactionalSMS/statistics/events, whose events of kind «replied» hold what people answered).

Its callbacks carry a token that only Brevo was given: as a bearer, or at the end of the address. They name the
SMS that was answered, not the answer; so the answer's own words and instant make it unique.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from app.sms.driver import (
    Callback,
    Forged,
    Malformed,
    Received,
    Refused,
    Unavailable,
    e164,
    each_readable,
    exchange,
    json_of,
)

BREVO = "brevo"
_ABOUT_THE_NUMBER = ("recipient", "phone", "number")


class Brevo:
    """An account, known by its key. A sender that people can answer is a number."""

    name = BREVO

    def __init__(self, url: str, key: str, sender: str, token: str) -> None:
        self._url, self._key, self._sender, self._token = url.rstrip("/"), key, sender, token

    def send(self, to_e164: str, text: str, reference: str) -> str:
        """Send one SMS. An error about the recipient is refused for good."""
        body = {
            "sender": self._sender, "recipient": to_e164.removeprefix("+"), "content": text,
            "type": "transactional", "tag": reference, "unicodeEnabled": False,
        }  # fmt: skip
        answer = exchange(
            "POST",
            f"{self._url}/transactionalSMS/send",
            headers=self._headers,
            content=json.dumps(body).encode(),
        )
        said = json_of(answer)
        if answer.status_code >= 400:
            about = str(said.get("message", "")).lower() if isinstance(said, dict) else ""
            if answer.status_code == 400 and any(word in about for word in _ABOUT_THE_NUMBER):
                raise Refused("bad_number")
            raise Unavailable("rejected")
        if not isinstance(said, dict) or not said.get("messageId"):
            raise Unavailable("unreadable")
        return str(said["messageId"])

    def received(self, callback: Callback) -> Received | None:
        """Read the answer that a callback with the right token holds."""
        given = callback.bearer or callback.query.get("token", "")
        if not self._token or not hmac.compare_digest(given.encode(), self._token.encode()):
            raise Forged
        word = callback.fields.get("event") or callback.fields.get("msg_status")
        return _reply(callback.fields) if word == "replied" else None

    def recent(self, since: datetime, known: frozenset[str]) -> list[Received]:
        """Ask for the answers of the last three days (the shortest that holds two), a hundred at most."""
        query = {"event": "replied", "days": "3", "limit": "100", "sort": "desc"}
        answer = exchange(
            "GET", f"{self._url}/transactionalSMS/statistics/events", headers=self._headers, params=query
        )
        said = json_of(answer)
        if answer.status_code != 200 or not isinstance(said, dict):
            raise Unavailable("rejected")
        events = said.get("events") or []
        replies = [one for one in events if isinstance(one, dict) and one.get("event") == "replied"]
        found = each_readable(replies, _reply)
        return [one for one in found if one.at >= since and one.ref not in known]

    @property
    def _headers(self) -> dict[str, str]:
        return {"api-key": self._key, "Accept": "application/json", "Content-Type": "application/json"}


def _reply(fields: Mapping[str, Any]) -> Received:
    asked = str(fields.get("messageId") or "").strip()
    sender = e164(str(fields.get("phoneNumber") or fields.get("to") or ""))
    text, at = str(fields.get("reply") or ""), _instant(fields)
    if not asked or len(asked) > 40 or not sender or at is None:
        raise Malformed
    words = hashlib.sha256(f"{sender}\n{at.isoformat()}\n{text}".encode()).hexdigest()[:24]
    return Received(f"{asked}:{words}", sender, text, at)


def _instant(fields: Mapping[str, Any]) -> datetime | None:
    """Return when it was received: ``ts_event`` in seconds, else ``date``, in UTC when it names no zone."""
    try:
        if stamp := fields.get("ts_event"):
            return datetime.fromtimestamp(int(stamp), UTC)
        at = datetime.fromisoformat(str(fields.get("date", "")))
    except (ValueError, OverflowError, OSError, TypeError):
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
