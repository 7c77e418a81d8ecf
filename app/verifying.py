"""``python -m app verify …``: whether what proves the mandates is as it was written."""

from __future__ import annotations

from app import chain, chain_facts
from app.mandate_document.check import verify_files
from app.schema import is_current
from app.work import ByNobody, database, reading


def mandate_chain() -> tuple[bool, str]:
    """Check the chain of the process's database and the mandates it tells of: whether both are sound, and the
    sentence that says so."""
    if not is_current(database()):
        return False, "The database is not at the newest schema: run `python -m app migrate` first."
    with reading(ByNobody()) as work:
        report = chain.verify(work)
        facts = chain_facts.verify(work) if report.is_sound else None
    events = _many(report.count, "event")
    if facts is not None and facts.reason:
        return False, (
            f"The chain is sound ({events}, the last hash is {report.last_hash}), but mandate "
            f"{facts.first_bad} is not as it says: {facts.reason}. "
            f"As it says before it: {_many(facts.count, 'mandate')}."
        )
    if facts is not None:
        return True, (
            f"The chain is sound: {events}, the last hash is {report.last_hash}. "
            f"As it says: {_many(facts.count, 'mandate')}."
        )
    where = "" if report.first_bad is None else f" at event {report.first_bad}"
    return False, f"The chain is broken{where}: {report.reason}. Sound before it: {events}."


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def mandate_files(pdf: bytes, evidence: bytes, trusted: bytes | None = None) -> tuple[bool, tuple[str, ...]]:
    """Check a document against its evidence: whether all is well, and the sentences that say what was found.

    ``trusted`` is a file of certificates (PEM) to judge the seal by.
    """
    roots: tuple[bytes, ...] = ()
    if trusted is not None:
        from app.sealing.reading import read_roots  # heavy, and only for this

        try:
            roots = read_roots(trusted)
        except (ValueError, TypeError):
            return False, ("Le fichier donné par --trust ne contient aucun certificat.",)
    report = verify_files(pdf, evidence, roots)
    if not report.is_whole:
        return False, report.faults
    return True, ("Le document et sa preuve sont entiers et vont ensemble.", *report.seal)
