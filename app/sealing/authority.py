"""A time-stamping authority over HTTP (RFC 3161, section 3.4): one request, a few seconds, a small answer."""

from __future__ import annotations

import httpx
from asn1crypto import tsp
from pyhanko.sign.timestamps import TimeStamper

from app.sealing.faults import CannotSeal

SECONDS = 10.0
_LARGEST = 256 * 1024
_ASKS, _ANSWERS = "application/timestamp-query", "application/timestamp-reply"


class Authority(TimeStamper):
    """An authority at this address; ``CannotSeal`` when it does not answer in time, or says something else."""

    def __init__(self, url: str, seconds: float = SECONDS) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._url = url
        self._seconds = seconds

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """Send one request and return the answer as read; what it is worth is checked on the sealed file."""
        body = b""
        try:
            async with (
                httpx.AsyncClient(timeout=self._seconds, follow_redirects=False, trust_env=False) as client,
                client.stream(
                    "POST", self._url, content=req.dump(), headers={"Content-Type": _ASKS, "Accept": _ANSWERS}
                ) as answer,
            ):
                if answer.status_code >= 500 or answer.status_code == 429:
                    raise CannotSeal("authority_down")
                kind = answer.headers.get("content-type", "").split(";")[0]
                if answer.status_code != 200 or kind != _ANSWERS:
                    raise CannotSeal("authority_refused")
                async for piece in answer.aiter_bytes():
                    body += piece
                    if len(body) > _LARGEST:
                        raise CannotSeal("authority_refused")
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise CannotSeal("authority_down") from error
        try:
            read = tsp.TimeStampResp.load(body, strict=True)
            _ = read.native  # asn1crypto reads lazily: this reads all of it
        except (ValueError, TypeError, KeyError) as error:
            raise CannotSeal("authority_refused") from error
        return read
