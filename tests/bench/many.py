"""``uv run python -m tests.bench.many --cases N --engine postgres --json``: one gesture on 50 cases at once.

An Agent+ who may see one case in fifty marks 50 open cases as read, takes in charge those that are free, hands
them over. Of each gesture: on how many it was made, the milliseconds of a case (``p50`` and ``p95``: each its
own transaction, the actor loaded anew, what it tells people included) and of the whole, the mean number of
statements a case. Then the first page of each order of «Toutes en cours», in milliseconds over 50 runs. A case
has six messages and two lines of events.
"""

from __future__ import annotations

import gc
import math
import statistics
from itertools import pairwise
from time import perf_counter
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlmodel import col

from app import bulk
from app.bulk import BulkGesture, Choice
from app.queries import lists
from app.queries.lists import Filter
from app.queries.order import Order
from app.work import Database, reading
from models.case import Referral
from models.enums import ReferralStatus
from models.thread import Entry
from tests.bench.asked import answer
from tests.bench.database import opened
from tests.bench.fill import Filled, fill
from tests.bench.measure import _answerable, counted, timed
from tests.engines import VAULT

AT_ONCE = 50


def run(engine: str, cases: int) -> dict[str, Any]:
    """Fill a database of that engine and return what was measured on it."""
    with opened(engine) as url:
        database = Database(url, VAULT)
        try:
            filled = fill(database, cases)
            gc.collect()
            gc.freeze()
            with reading(filled.agent) as work:
                messages = work.session.scalar(select(func.count()).select_from(Entry))
                colleague = bulk.colleagues(work)[0].id
            figures: dict[str, Any] = {"cases": cases, "messages": messages, "engine": engine}
            for order in Order:
                figures[f"list_{order.value}_ms"] = timed(lambda asked: _first_page(filled, asked), [order])
            ids = _free_first(filled)
            warm, ids = ids[-3:], ids[:AT_ONCE]
            for gesture in (BulkGesture.READ, BulkGesture.TAKE, BulkGesture.PASS):
                bulk.run(filled.agent, gesture, warm, Choice(colleague=colleague))
                figures[f"bulk_{gesture.name.lower()}"] = _measured(
                    database, filled, gesture, ids, Choice(colleague=colleague)
                )
            return figures
        finally:
            database.close()


def _free_first(filled: Filled) -> list[UUID]:
    """Return the open cases that the agent may take at once: those that nobody follows, then their own."""
    rank = {ReferralStatus.SENT: 0, ReferralStatus.IN_PROGRESS: 1}
    with reading(filled.agent) as work:
        states = select(col(Referral.case_id), col(Referral.status)).where(
            col(Referral.group_id) == filled.agent_group, col(Referral.case_id).in_(_answerable(filled)),
            or_(col(Referral.assignee_id).is_(None), col(Referral.assignee_id) == work.actor.account_id),
        )  # fmt: skip
        found = [(rank[row[1]], row[0]) for row in work.session.execute(states) if row[1] in rank]
    return [case_id for _, case_id in sorted(found)]


def _first_page(filled: Filled, order: Order) -> None:
    with reading(filled.agent) as work:
        lists.page(work, Filter(sort=order))


def _measured(
    database: Database, filled: Filled, gesture: BulkGesture, ids: list[UUID], choice: Choice
) -> dict[str, Any]:
    ends = [perf_counter()]
    with counted(database.engine) as statements:
        report = bulk.run(filled.agent, gesture, ids, choice, told=lambda _: ends.append(perf_counter()))
        ends.append(perf_counter())
    each = sorted((end - start) * 1_000 for start, end in pairwise(ends[:-1]))
    return {
        "done": report.done, "refused": len(report.refused), "p50_ms": round(statistics.median(each), 2),
        "p95_ms": round(each[math.ceil(0.95 * len(each)) - 1], 2),
        "whole_ms": round((ends[-1] - ends[0]) * 1_000), "statements": round(len(statements) / len(ids), 1),
    }  # fmt: skip


if __name__ == "__main__":
    answer("tests.bench.many", run, cases=16_667)
