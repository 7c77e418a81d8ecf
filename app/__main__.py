"""Commands: ``python -m app check | migrate | seed | verify | jobs``.

``check`` is what a person runs before sharing a change, what README's test command runs and what the
continuous integration runs: lint, format, types, contracts, tests. What cannot run on this machine is
skipped and named; with ``CI=true`` it fails. Tests run in as many processes as there are processors
(``-- -n 0``: in one), whole files at a time, the browsers last and in one process of two.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree

if TYPE_CHECKING:
    from app.work import Database

ROOT = Path(__file__).parent.parent
_PYTHON = (sys.executable, "-m")
_MOST_PROCESSES = 4  # each has its own service, Chromium and PostgreSQL
# Memory in large pages, where Linux has them to give: on a virtual machine small ones took a third of the time.
_LARGE_PAGES = {"PYTHONMALLOC": "malloc", "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1"}
STATIC_PARTS: dict[str, tuple[str, ...]] = {
    "ruff check": (*_PYTHON, "ruff", "check", "."),
    "ruff format": (*_PYTHON, "ruff", "format", "--check", "."),
    "mypy": (*_PYTHON, "mypy", "--hide-error-context", "--no-color-output"),
    "import-linter": (str(Path(sys.executable).with_name("lint-imports")), "--no-logo"),
}


@dataclass(frozen=True)
class Result:
    """How one part of the check went: its exit status, seconds, what it left out."""

    name: str
    status: int
    seconds: float
    skipped: tuple[str, ...] = ()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return the exit status: 0 when all is well."""
    parser = argparse.ArgumentParser(prog="python -m app", description=(__doc__ or "").partition("\n")[0])
    commands = parser.add_subparsers(dest="command", required=True)
    checking = commands.add_parser(
        "check", help="lint, types, contracts and tests; options for pytest after --"
    )
    checking.add_argument("pytest", nargs="*", help="options and files for pytest")
    commands.add_parser("migrate", help="bring the database up to date")
    commands.add_parser("seed", help="fill an empty database with the demonstration")
    verifying = commands.add_parser("verify", help="check what proves the mandates")
    proofs = verifying.add_subparsers(dest="proof", required=True)
    proofs.add_parser("chain", help="the chain of the mandates' events, from the first to the last")
    document = proofs.add_parser("mandate", help="the document of a mandate against its evidence, offline")
    document.add_argument("pdf", type=Path, help="the document")
    document.add_argument("evidence", type=Path, help="its evidence, as JSON")
    document.add_argument("--trust", type=Path, help="certificates that you trust, to judge the seal by (PEM)")
    running = commands.add_parser("jobs", help="what runs by itself, and when it last did")
    running.add_argument("action", nargs="?", choices=["run"], help="run one now, whatever its time")
    running.add_argument("name", nargs="?", help="which one")
    given = parser.parse_args(arguments)
    if given.command == "check":
        return check(given.pytest)
    if given.command == "verify":
        return (
            verify_chain() if given.proof == "chain" else verify_mandate(given.pdf, given.evidence, given.trust)
        )
    if given.command == "jobs":
        return run_job(given.name or "") if given.action else list_jobs()
    return migrate() if given.command == "migrate" else seed()


def check(pytest_options: Sequence[str] = ()) -> int:
    """Run every part: those that only read the code while the first tests run."""
    with ThreadPoolExecutor(len(STATIC_PARTS)) as together:
        reading = [together.submit(_run, part, command) for part, command in STATIC_PARTS.items()]
        tests = _tests(pytest_options)
    results = [*(part.result() for part in reading), tests]
    print("\n" + _table(results))
    return 1 if any(result.status for result in results) else 0


def migrate() -> int:
    """Bring the schema of the configured database to its newest revision."""
    _connect()
    print("The database is up to date.")
    return 0


def seed() -> int:
    """Fill the configured database with the demonstration, unless somebody is in it."""
    from app import seed as demonstration
    from app.config import settings

    if not settings().is_demo:
        print(
            "Accounts of the demonstration have a public password: set APLUS_DEMO=true first.", file=sys.stderr
        )
        return 1
    _connect()
    if not demonstration.is_empty():
        print("There are accounts in this database: nothing was written.", file=sys.stderr)
        return 1
    demonstration.demonstration()
    print("The demonstration is ready.")
    return 0


def list_jobs() -> int:
    """Say of each job how often it runs, when it last did and how that went."""
    from app import jobs

    _open()
    for job in jobs.last_runs():
        last = f"{job.started_at:%Y-%m-%d %H:%M:%S} UTC" if job.started_at else "never"
        ended = "" if job.ended_at or not job.started_at else " (not ended)"
        failed = f", failed {job.failures} times in a row" if job.failures else ""
        print(f"{job.name:<12} every {job.every}  last {last}{ended}{failed}  {job.result}".rstrip())
    return 0


def run_job(name: str) -> int:
    """Run one job now."""
    from app import jobs

    _open()
    job = next((one for one in jobs.JOBS if one.name == name), None)
    if job is None:
        print(f"No job is called «{name}»: {', '.join(one.name for one in jobs.JOBS)}.", file=sys.stderr)
        return 1
    is_well = jobs.run(job)
    (last,) = (one for one in jobs.last_runs() if one.name == name)
    print(last.result, file=sys.stdout if is_well else sys.stderr)
    return 0 if is_well else 1


def verify_chain() -> int:
    """Say whether the chain of mandates is sound, or which event is the first at fault; change nothing."""
    from app import verifying

    _open()
    is_sound, sentence = verifying.mandate_chain()
    print(sentence, file=sys.stdout if is_sound else sys.stderr)
    return 0 if is_sound else 1


def verify_mandate(pdf: Path, evidence: Path, trust: Path | None = None) -> int:
    """Say whether a mandate's document and its evidence are whole and go together, and what the seal is: no
    database, no settings."""
    from app import verifying

    try:
        is_whole, sentences = verifying.mandate_files(
            pdf.read_bytes(), evidence.read_bytes(), trust.read_bytes() if trust else None
        )
    except OSError as unreadable:
        print(f"{unreadable.filename} : {unreadable.strerror}", file=sys.stderr)
        return 1
    for sentence in sentences:
        print(sentence, file=sys.stdout if is_whole else sys.stderr)
    return 0 if is_whole else 1


def _connect() -> None:
    from app import schema

    schema.migrate(_open())


def _open() -> Database:
    from app import work
    from app.config import settings

    ours = settings()
    if not ours.database_url:
        ours.data_dir.mkdir(parents=True, exist_ok=True)
    return work.connect(ours)


def _run(name: str, command: Sequence[str]) -> Result:
    start = time.monotonic()
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env=_environment())
    if done.returncode:  # at once: nobody should wait for the tests to learn it
        print(f"\n── {name} ──\n{(done.stdout + done.stderr).rstrip()}", flush=True)
    return Result(name, done.returncode, time.monotonic() - start)


def _tests(options: Sequence[str]) -> Result:
    """Run pytest in front of the person, and learn from its report what was skipped and why."""
    processes = min(os.cpu_count() or 1, _MOST_PROCESSES)
    beside = ("-n", str(processes), "--dist", "loadfile", "--no-loadscope-reorder")
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        command = (*_PYTHON, "pytest", f"--junit-xml={report}", *beside, *options)
        status = subprocess.run(command, cwd=ROOT, env=_environment()).returncode
        skipped = _skipped(report)
    return Result("pytest", status, time.monotonic() - start, skipped=skipped)


def _environment() -> dict[str, str]:
    """The root of the project comes first on the path, wherever the command was typed."""
    known = os.environ.get("PYTHONPATH")
    path = os.pathsep.join([str(ROOT), *([known] if known else [])])
    return {**_LARGE_PAGES, **os.environ, "PYTHONPATH": path}


def _skipped(report: Path) -> tuple[str, ...]:
    """Return each reason for which tests were skipped, with their number."""
    if not report.exists():
        return ()
    # The report is one that our own command just wrote.
    tree = ElementTree.parse(report)  # noqa: S314
    reasons = Counter(node.get("message", "") for node in tree.iter("skipped"))
    return tuple(f"{count} × {reason}" for reason, count in sorted(reasons.items()))


def _table(results: Sequence[Result]) -> str:
    """Return a line a part: whether it passed, how long it took, what was left out."""
    lines = []
    for result in results:
        word = "failed" if result.status else "passed"
        lines.append(f"{result.name:<14} {word:<7} {result.seconds:6.1f} s")
        lines += [f"{'':<14} skipped: {reason}" for reason in result.skipped]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
