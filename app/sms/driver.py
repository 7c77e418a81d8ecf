"""The interface of an SMS provider, and what all of them share: one HTTP exchange, faults in closed words."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeVar

import httpx

T = TypeVar("T")
log = logging.getLogger(__name__)

# At their lower levels they write addresses and headers, keys among them.
for _talkative in ("httpx", "httpcore"):
    logging.getLogger(_talkative).setLevel(logging.WARNING)

TIMEOUT = httpx.Timeout(10, connect=5)  # seconds; an exchange ends within half a minute, whatever is slow


class Refused(Exception):
    """Never to be sent: the number is none. Its only argument is a closed word, kept as the fault."""


class Unavailable(Exception):
    """Not sent this time (network, credentials, credit, the provider itself): to be tried again."""


class Forged(Exception):
    """A callback that does not come from the provider: 403, and nothing is kept."""


class Malformed(Exception):
    """A callback from which no SMS can be read (no identifier above all): 400, and nothing is kept."""


@dataclass(frozen=True)
class Callback:
    """What a provider said over HTTP: the query, the body's fields if it has any, the bearer's token."""

    query: Mapping[str, str]
    fields: Mapping[str, Any]
    bearer: str = ""


@dataclass(frozen=True)
class Received:
    """An SMS received. ``ref`` is unique at its provider, ``sender`` in E.164, ``at`` when it was received."""

    ref: str
    sender: str
    text: str
    at: datetime


class Driver(Protocol):
    """An SMS provider."""

    name: str

    def send(self, to_e164: str, text: str, reference: str) -> str:
        """Hand a text over and return the provider's own reference, or raise ``Refused`` or ``Unavailable``.

        ``reference`` is ours, at most 20 characters; what a provider shows of it is a tag.
        """
        ...

    def received(self, callback: Callback) -> Received | None:
        """Return the SMS that a callback is about; nothing when it tells something else (a delivery).

        Raises ``Forged``, ``Malformed``, or ``Unavailable`` when the provider cannot be asked (it calls again).
        """
        ...

    def recent(self, since: datetime, known: frozenset[str]) -> list[Received]:
        """Return what was received since then, asked of the provider, but for the references that are known:
        a callback may have been lost."""
        ...


def exchange(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str],
    content: bytes = b"",
    params: Mapping[str, str] | None = None,
) -> httpx.Response:
    """Make one request; what prevents an answer, and an answer that is the provider's own trouble, is
    ``Unavailable``. Answers in 4xx that are about the request itself come back."""
    try:
        answer = httpx.request(
            method, url, headers=dict(headers), content=content, params=params, timeout=TIMEOUT
        )
    except httpx.HTTPError as failure:
        raise Unavailable("unreachable") from failure
    if answer.status_code in (401, 403):
        raise Unavailable("access")
    if answer.status_code == 402:
        raise Unavailable("no_credit")
    if answer.status_code == 429 or answer.status_code >= 500 or answer.is_redirect:
        raise Unavailable("provider")
    return answer


def json_of(answer: httpx.Response) -> Any:
    """Return the body of an answer; what is no JSON is the provider's trouble."""
    try:
        return answer.json()
    except ValueError as failure:
        raise Unavailable("unreadable") from failure


def each_readable(items: Iterable[T], read: Callable[[T], Received | None]) -> list[Received]:
    """Read what a provider lists; one that holds no SMS does not hide those after it."""
    found: list[Received] = []
    for item in items:
        try:
            one = read(item)
        except Malformed:
            log.warning("an incoming SMS of the provider's list cannot be read")
            continue
        if one is not None:
            found.append(one)
    return found


def e164(number: str) -> str:
    """Return a provider's spelling of a number («0033612345678», «33612345678») in E.164."""
    digits = "".join(sign for sign in number if sign.isdecimal())
    return "+" + digits.removeprefix("00") if digits else ""
