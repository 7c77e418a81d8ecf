"""``uv run python -m tests.bench.chain --events N --engine sqlite|postgres``: how long verifying takes.

Writes a chain of N events with their details, as the service would have, then verifies it once. Prints the
seconds of each, the events verified a second, and the most memory (MB) that the whole process took.
"""

from __future__ import annotations

import argparse
import resource
import secrets
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice

from sqlalchemy import update

from app import chain, work
from app.schema import migrate
from app.work import ByNobody, Database, acting, reading
from models.base import new_id
from models.chain import START, ChainHead, MandateEvent, MandateEventDetail
from tests.bench.bulk import Row, write
from tests.bench.database import opened
from tests.engines import VAULT

_BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
_CHUNK = 10_000


def main() -> None:
    """Read the arguments, fill, verify, print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.chain")
    parser.add_argument("--events", type=int, default=100_000)
    parser.add_argument("--engine", choices=("sqlite", "postgres"), default="sqlite")
    asked = parser.parse_args()
    with opened(asked.engine) as url:
        database = Database(url, VAULT)
        try:
            migrate(database)
            work.use(database)
            start = time.perf_counter()
            fill(asked.events)
            filled = time.perf_counter()
            with reading(ByNobody()) as ours:
                report = chain.verify(ours)
            taken = time.perf_counter() - filled
        finally:
            database.close()
    assert (report.is_sound, report.count) == (True, asked.events), report
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(
        f"fill {filled - start:.1f} s, verify {taken:.1f} s, {asked.events / taken:.0f} a second, {memory} MB"
    )


def fill(events: int) -> None:
    """Write so many events, five a mandate, and the head."""
    made = _events(events)
    with acting(ByNobody()) as ours:
        while chunk := list(islice(made, _CHUNK)):
            write(ours.session, MandateEvent, [event for event, _ in chunk])
            write(ours.session, MandateEventDetail, [detail for _, detail in chunk])
            last = chunk[-1][0]
        ours.session.execute(update(ChainHead).values(seq=last["seq"], hash=last["hash"]))


def _events(count: int) -> Iterator[tuple[Row, Row]]:
    previous, mandate_id = START, new_id()
    for seq in range(1, count + 1):
        if seq % 5 == 1:
            mandate_id = new_id()
        details = {"actor": str(mandate_id), "shown": "a" * 64, "proof": "b" * 64}
        salt = secrets.token_bytes(32)
        at = _BEGIN + timedelta(seconds=seq)
        said = chain.Said(seq, mandate_id, "consent", at, chain.commit_to(details, salt), previous)
        previous = said.hash()
        yield {**said._asdict(), "hash": previous}, {"seq": seq, "salt": salt, "details": details}


if __name__ == "__main__":
    main()
