"""``uv run python -m tests.bench.mandates --runs N --engine sqlite|postgres --json``: what a mandate costs.

Medians in milliseconds of N runs in one process, on a database of the cast alone: ``empty`` a transaction that
writes one row, to compare with; ``present``, ``sign`` and ``accept`` the three steps of a capture as the server
sees them (the document is made in ``accept``); ``held`` one mandate held to its chain (``verify chain``, the
time of all divided by their number); ``render`` the document alone; ``seal`` a sealing under the
trial chain, its time stamp included; ``verify_files`` the offline check of a sealed pair; ``look`` the answer
to a code, before and after the sign-in. ``ratio`` is how many empty transactions each is worth.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from app import chain_facts, drafts, mandates, reference, verification, work
from app.demo import cast as demo_cast
from app.journal import record
from app.mandate_document.check import verify_files
from app.mandate_document.evidence import evidence_of, sealed_evidence_of
from app.mandate_document.facts import DocumentFacts
from app.mandate_document.render import render
from app.mandate_steps import Giver
from app.schema import migrate
from app.sealing.seal import seal
from app.sealing.trial import trial_sealer
from app.work import ByAccount, ByNobody, Database, acting, reading
from models.mandate import Mandate
from models.organization import Group
from tests.app.mandate_document.test_mandate_document import facts_of
from tests.bench.database import opened
from tests.engines import VAULT

T = TypeVar("T")
_DRAWING = {"width": 800, "height": 300, "strokes": [[[10 + 3 * at, 10 + at % 50, at] for at in range(200)]]}


def main() -> None:
    """Read the arguments, run, print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.mandates")
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--engine", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of a table")
    asked = parser.parse_args()
    with opened(asked.engine) as url:
        database = Database(url, VAULT)
        try:
            migrate(database)
            work.use(database)
            figures = measured(asked.runs)
        finally:
            database.close()
    empty = figures["empty"]
    rows = {name: {"ms": round(ms, 1), "ratio": round(ms / empty, 1)} for name, ms in figures.items()}
    if asked.json:
        print(json.dumps({"engine": asked.engine, "runs": asked.runs, **rows}))
        return
    print(f"{'step':<14}{'ms':>10}{'ratio':>10}   ({asked.engine}, median of {asked.runs})")
    for name, row in rows.items():
        print(f"{name:<14}{row['ms']:>10}{row['ratio']:>10}")


def measured(runs: int) -> dict[str, float]:
    """Return the median of each step, in milliseconds, in the order of their names above."""
    with acting(ByNobody()) as filling:
        reference.load(filling)
        demo_cast.create(filling)
        by = ByAccount(demo_cast.find(filling)["aline"].id)
        group = filling.session.scalars(select(Group).where(col(Group.name) == "CAF – Aisne")).one()
        structure = filling.session.scalars(
            select(Group).where(col(Group.name) == "France Services de Guise")
        ).one()
    taken: dict[str, list[float]] = {}
    for _ in range(runs + 1):
        code = _capture(by, structure.id, group.id, taken)
        for name, caller in (("look", ByNobody()), ("look_signed_in", by)):
            with acting(ByNobody()) as clearing:
                clearing.session.connection().exec_driver_sql("DELETE FROM sign_in_attempt")
            _timed(taken, name, _look, caller, code)
    taken["held"] = [_held() for _ in range(runs + 1)]
    facts = facts_of()
    with tempfile.TemporaryDirectory() as folder:
        _documents(facts, Path(folder), runs, taken)
    return {name: median(each[1:]) for name, each in taken.items()}  # the first run loads what is loaded once


def _capture(by: ByAccount, structure: UUID, group: UUID, taken: dict[str, list[float]]) -> str:
    form = {
        "theme": "logement", "blockage": "absence", "procedure": "apl", "urgent": "non", "civility": "mme",
        "first_name": "Samira", "last_name": "Kaddour", "born_on": "03/07/1987", "commune": "Guise",
        "departement": "02", "groups": [str(group)], "subject": "APL non versée", "description": "Essai.",
    }  # fmt: skip
    with acting(by) as it:
        case_id = drafts.start(it, structure, form)

    def empty() -> None:
        with acting(by) as it:
            record(it, "case.drafted", case_id)

    def present() -> UUID:
        with acting(by) as it:
            return mandates.present(it, case_id)

    _timed(taken, "empty", empty)
    mandate_id = _timed(taken, "present", present)

    def sign() -> None:
        with acting(by) as it:
            shown = it.session.get_one(Mandate, mandate_id).shown_sha256
            mandates.sign(it, mandate_id, shown_sha256=shown, giver=Giver(), drawing=_DRAWING)

    def accept() -> None:
        with acting(by) as it:
            mandates.accept(it, mandate_id)

    _timed(taken, "sign", sign)
    _timed(taken, "accept", accept)
    with acting(by) as it:
        return it.session.get_one(Mandate, mandate_id).code or ""


def _held() -> float:
    begun = time.perf_counter()
    with reading(ByNobody()) as it:
        report = chain_facts.verify(it)
    assert report.count > 0
    assert not report.reason
    return (time.perf_counter() - begun) * 1000 / report.count


def _look(caller: ByAccount | ByNobody, code: str) -> None:
    with acting(caller) as it:
        assert verification.look(it, code, "192.0.2.1").state is verification.State.IN_FORCE


def _documents(facts: DocumentFacts, folder: Path, runs: int, taken: dict[str, list[float]]) -> None:
    sealer = trial_sealer(folder, datetime.now(UTC))
    for _ in range(runs + 1):
        pdf = _timed(taken, "render", render, facts)
        sealed = _timed(taken, "seal", seal, pdf, sealer)
        said = sealed.seal.named("trial")
        evidence = sealed_evidence_of(evidence_of(facts, pdf), sealed.pdf, said)
        report = _timed(taken, "verify_files", verify_files, sealed.pdf, evidence)
        assert report.is_whole, report.faults


def _timed(taken: dict[str, list[float]], name: str, do: Callable[..., T], *given: object) -> T:
    begun = time.perf_counter()
    made = do(*given)
    taken.setdefault(name, []).append((time.perf_counter() - begun) * 1000)
    return made


if __name__ == "__main__":
    main()
