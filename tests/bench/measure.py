"""What is measured on the server: durations in milliseconds over 50 runs, and the queries of one run.

Each run is what a screen asks of ``app``: one ``reading()`` or ``acting()`` of somebody signed in, from
the connection taken out of the pool to its return, the actor loaded anew. Not in it: the executor's
thread, the markup, the network.
"""

from __future__ import annotations

import gc
import math
import statistics
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import cycle, islice
from time import perf_counter
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Engine, event, func, select
from sqlmodel import col

from app import cases, drafts, mandates, messages
from app.mandate_steps import Giver
from app.queries import finding, lists, thread
from app.queries.case import case as read_case
from app.queries.visibility import holds, visible_cases
from app.work import Database, acting, reading
from models.base import new_id
from models.case import Case, Participation
from models.enums import CaseStatus, Party
from models.mandate import Mandate
from tests.bench.fill import Filled
from tests.bench.words import COMMON, NAMES, NOWHERE, RARE

RUNS = 50
WARM_UP = 5  # runs before those that count: statements compiled, pages in memory, as in a service that runs
_DRAWING = {"width": 600, "height": 200, "strokes": [[[40 + 9 * i, 90 + i % 7 * 9, 16 * i] for i in range(50)]]}
READ = ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH")
_T = TypeVar("_T")


def on_the_server(database: Database, filled: Filled) -> dict[str, Any]:
    """Measure lists, cases, replies and sendings for an Agent+ who may see one case in fifty."""
    seen = _visible(filled)
    answerable = _answerable(filled)

    def read_list(_: object = None) -> lists.Page:
        with reading(filled.agent) as work:
            return lists.page(work, lists.Filter())

    def count(_: object = None) -> None:
        with reading(filled.agent) as work:
            lists.counts(work)

    def look_for(words: str) -> lists.Page:
        with reading(filled.agent) as work:
            return finding.find(work, lists.Filter(words=words))

    def open_case(case_id: UUID) -> None:
        with reading(filled.agent) as work:
            read_case(work, case_id)
            thread.entries(work, case_id)
            thread.readers(work, case_id)

    def reply(case_id: UUID) -> None:
        with acting(filled.agent) as work:
            messages.post(work, case_id, "Le dossier est repris, je vous tiens au courant.", key=new_id())

    def send(case_id: UUID) -> None:
        with acting(filled.aidant) as work:
            cases.send(work, case_id)

    gc.collect()
    gc.freeze()  # as the service does at its start
    figures: dict[str, Any] = {
        "visible_cases": len(seen),
        "list_rows": len(read_list().rows),
        "list_ms": timed(read_list, [None]),
        "counts_ms": timed(count, [None]),
        "search_ms": timed(look_for, [COMMON]),
        "search_last_ms": timed(look_for, [RARE]),
        "search_name_ms": timed(look_for, NAMES),
        "search_nothing_ms": timed(look_for, [NOWHERE]),
        "search_found": [len(look_for(words).rows) for words in (COMMON, RARE, *NAMES, NOWHERE)],
        "case_ms": timed(open_case, _spread(seen)),
        "reply_ms": timed(reply, _spread(answerable)),
        "create_ms": timed(send, [_signed_draft(filled) for _ in range(RUNS + WARM_UP)]),
    }
    with counted(database.engine) as list_queries:
        read_list()
    with counted(database.engine) as case_queries:
        open_case(seen[0])
    return figures | {"list_queries": len(list_queries), "case_queries": len(case_queries)}


def timed(run: Callable[[_T], object], subjects: Sequence[_T]) -> dict[str, float]:
    """Return the median and the 95th percentile (nearest rank), in milliseconds, over ``RUNS`` runs."""
    durations = []
    for subject in islice(cycle(subjects), RUNS + WARM_UP):
        start = perf_counter()
        run(subject)
        durations.append((perf_counter() - start) * 1_000)
    kept = sorted(durations[WARM_UP:])
    return {"p50": round(statistics.median(kept), 2), "p95": round(kept[math.ceil(0.95 * RUNS) - 1], 2)}


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    """Collect the statements sent meanwhile; what opens and closes a transaction is not one."""
    statements: list[str] = []

    def on_execute(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.lstrip().upper().startswith(READ):
            statements.append(statement)

    event.listen(engine, "before_cursor_execute", on_execute)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", on_execute)


def _visible(filled: Filled) -> list[UUID]:
    """Return the cases that the agent may see, the oldest first."""
    with reading(filled.agent) as work:
        query = select(col(Case.id)).where(visible_cases(work.actor)).order_by(col(Case.id))
        found = list(work.session.scalars(query))
        total = work.session.scalar(select(func.count()).select_from(Case)) or 0
    if len(found) != math.ceil(total / 50):
        raise AssertionError(f"{len(found)} of {total} cases to be seen: not one in fifty")
    return found


def _answerable(filled: Filled) -> list[UUID]:
    """Return the open cases of the agent's group whose mandate holds."""
    with reading(filled.agent) as work:
        query = (
            select(col(Case.id))
            .join(Participation, col(Participation.case_id) == Case.id)
            .join(Mandate, col(Mandate.case_id) == Case.id)
            .where(
                col(Participation.holder_id) == filled.agent_group, col(Participation.party) == Party.RECIPIENT,
                col(Case.status) != CaseStatus.CLOSED, holds(work.now),
            )
            .order_by(col(Case.id))
        )  # fmt: skip
        found = list(work.session.scalars(query))
    if not found:
        raise SystemExit("No open case for the agent: ask for more cases (--cases 1000 or more).")
    return found


def _spread(found: list[UUID]) -> list[UUID]:
    """Return as many of them as there are runs, evenly from the oldest to the newest."""
    wanted = RUNS + WARM_UP
    return found if len(found) <= wanted else [found[i * len(found) // wanted] for i in range(wanted)]


def _signed_draft(filled: Filled) -> UUID:
    """Make a draft with its mandate in force, through the services: what remains is to send it."""
    form = {
        "theme": "logement", "blockage": "versement", "procedure": "apl", "urgent": "non",
        "civility": "mme", "first_name": "Samira", "last_name": "Kaddour", "born_on": "03/07/1987",
        "commune": "Guise", "departement": filled.departement,
        "groups": [str(group_id) for group_id in filled.recipients], "also": [],
        "subject": "Aide au logement suspendue depuis le déménagement",
        "description": "Le dernier versement date de juin. Deux appels et un courrier sans réponse.",
    }  # fmt: skip
    with acting(filled.aidant) as work:
        case_id = drafts.start(work, filled.structure, form)
    with acting(filled.aidant) as work:
        mandate_id = mandates.present(work, case_id)
        shown = work.session.get_one(Mandate, mandate_id).shown_sha256
    with acting(filled.aidant) as work:
        mandates.sign(work, mandate_id, shown_sha256=shown, giver=Giver(), drawing=_DRAWING)
    with acting(filled.aidant) as work:
        mandates.accept(work, mandate_id)
    return case_id
