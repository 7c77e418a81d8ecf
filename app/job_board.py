"""What runs by itself, as administrators see it: how each job went, when it is next, and having one run now."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from app import jobs
from app.errors import Conflict, Forbidden, NotFound
from app.events import JobsChanged
from app.french import plural
from app.journal import record
from app.policy import may_administer
from app.sealing.faults import FAULTS
from app.work import Work

# The title of each job, and what it does.
WORDS: dict[str, tuple[str, str]] = {
    "answers": ("Réponses par SMS", "Lit les SMS reçus et en tire la suite : accord, refus, fin du mandat."),
    "outbox": (
        "Envois",
        "Envoie les e-mails et les SMS qui attendent, et réessaie ceux qui n’ont pas pu partir.",
    ),
    "notices": (
        "E-mails des notifications",
        "Réunit ce que chacun n’a pas lu, au rythme choisi, et écrit un seul e-mail par personne.",
    ),
    "incoming": ("Relève des SMS", "Demande au prestataire les SMS qu’il n’aurait pas annoncés."),
    "seals": ("Cachets des mandats", "Pose le cachet électronique sur les mandats acceptés."),
    "terms": (
        "Fin des mandats",
        "Rappelle les mandats bientôt terminés ou à confirmer, et note ceux qui sont terminés.",
    ),
    "late": (
        "Demandes en souffrance",
        "Prévient le groupe à l’échéance, ses responsables 2 jours ouvrés plus tard, les animateurs après 5.",
    ),
    "closing": (
        "Demandes débloquées",
        "Rappelle de les clôturer à 10 jours, annonce la clôture à 23 jours, les clôture à 30.",
    ),
    "still": (
        "Demandes sans mouvement",
        "Annonce la clôture de celles que personne n’a touchées depuis 11 mois, les clôture à 12.",
    ),
}
# What jobs say that they did («3 sent, 1 not»), in French.
_COUNTED: dict[str, tuple[str, str]] = {
    "handled": ("SMS traité", "SMS traités"),
    "sent": ("envoi parti", "envois partis"),
    "not": ("envoi à réessayer", "envois à réessayer"),
    "written": ("e-mail écrit", "e-mails écrits"),
    "seen": ("SMS relevé", "SMS relevés"),
    "sealed": ("mandat scellé", "mandats scellés"),
    "marked": ("mandat attend", "mandats attendent"),
    "expired": ("mandat terminé", "mandats terminés"),
    "reminded": ("rappel", "rappels"),
    "chased": ("relance", "relances"),
    "told": ("silence signalé", "silences signalés"),
    "announced": ("clôture annoncée", "clôtures annoncées"),
    "closed": ("demande clôturée", "demandes clôturées"),
}
_SAID = {
    "nothing to seal": "aucun mandat à sceller",
    "mail under way": "des e-mails partent encore",
    "no provider": "aucun prestataire de SMS n’est configuré",
    **{fault: sentence.rstrip(".") for fault, sentence in FAULTS.items() if fault},
}


@dataclass(frozen=True)
class JobView:
    """A job and its last run. ``started_at`` is empty when it never ran, ``ended_at`` while it runs,
    ``next_at`` when it is to run as soon as can be. ``result`` is in French."""

    name: str
    title: str
    purpose: str
    every: timedelta
    started_at: datetime | None
    ended_at: datetime | None
    next_at: datetime | None
    failures: int
    result: str
    is_asked: bool


@dataclass(frozen=True)
class Board:
    """Every job, and when this was read."""

    jobs: tuple[JobView, ...]
    now: datetime


def board(work: Work) -> Board:
    """Return every job with its last run and its next one: for administrators."""
    _administer(work)
    known = jobs.runs(work)
    found = []
    for job in jobs.JOBS:
        row = known.get(job.name)
        title, purpose = WORDS.get(job.name, (job.name, ""))
        found.append(
            JobView(
                job.name, title, purpose, job.every,
                started_at=row.started_at if row else None,
                ended_at=row.ended_at if row else None,
                next_at=jobs.next_run(job, row),
                failures=row.failures if row else 0,
                result=in_french(row.result) if row else "",
                is_asked=bool(row and row.asked_at),
            )
        )  # fmt: skip
    return Board(tuple(found), work.now)


def ask(work: Work, name: str) -> None:
    """Have a job run now, by the process that runs them; asking twice asks once. One under way is not asked."""
    _administer(work)
    job = next((one for one in jobs.JOBS if one.name == name), None)
    if job is None:
        raise NotFound
    row = jobs.runs(work).get(name)
    if row is not None and row.asked_at is None:
        if row.ended_at is None and work.now < (jobs.next_run(job, row) or work.now):
            raise Conflict("Cette tâche est en cours. Attendez qu’elle se termine.")
        row.asked_at = work.now
        record(work, "job.asked", job=name)
    work.signal(JobsChanged(is_asked=True))


def in_french(result: str) -> str:
    """Return what a job says that it did as administrators read it; what is not known is said as it stands."""
    parts = (_part(part) for part in re.split(r", then |, |: ", result) if part)
    return ", ".join(parts)


def _part(part: str) -> str:
    found = re.fullmatch(r"(\d+) (\w+)", part)
    if found and found[2] in _COUNTED:
        return plural(int(found[1]), *_COUNTED[found[2]])
    return _SAID.get(part, part)


def _administer(work: Work) -> None:
    if not may_administer(work.actor):
        raise Forbidden("Cette page est réservée aux administrateurs.")
