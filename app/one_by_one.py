"""What a job goes through: found in one reading, then seen to one by one, each in its own transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TypeVar

from app.work import ByNobody, Work, acting, reading

Found = TypeVar("Found")


def one_by_one(
    find: Callable[[Work], Iterable[Found]], see_to: Callable[[Work, Found], bool], at: datetime | None = None
) -> int:
    """See to each thing found, and return how many were; ``see_to`` reads it again under its lock.

    One that fails hinders no other: the first failure is raised once all are seen to. ``at`` stands for the
    present (tests).
    """
    with reading(ByNobody(), at=at) as work:
        found = list(find(work))
    done, failures = 0, []
    for one in found:
        try:
            with acting(ByNobody(), at=at) as work:
                is_done = see_to(work, one)
        except Exception as failure:
            failures.append(failure)
        else:
            done += is_done
    if failures:
        raise failures[0]
    return done
