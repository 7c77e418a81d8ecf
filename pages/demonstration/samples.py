"""Invented values for the parts that show cases: a list, a thread, what stands beside it. Nothing is read."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from app.french import NBSP
from app.lifecycle import Gesture
from app.policy import Action
from app.queries.case import CaseView, MandateLine, ReferralView
from app.queries.lists import ReferralChip, Row
from app.queries.thread import EntryView, FileLine, Reader
from models.enums import (
    Audience,
    CaseStatus,
    EntryKind,
    EventKind,
    MandateStatus,
    ReferralStatus,
    Side,
)

STRUCTURE = "France Services de Guise"
LONG = (
    "Aide personnalisée au logement suspendue depuis l’emménagement, la colocation déclarée deux fois et "
    "l’attestation de loyer perdue entre la mairie et la caisse"
)
LONGEST_WORD = "Hubert-Félicité-Anticonstitutionnellement-de-Saint-Barthélemy-d’Anjou"


def id_of(name: str) -> UUID:
    """Return an id that names nothing in the service."""
    return uuid5(NAMESPACE_URL, f"demonstration/{name}")


def rows(now: datetime) -> list[Row]:
    """Return a row in each of its states."""
    late, soon = now - timedelta(days=5), now + timedelta(hours=2)
    cpam = _chip("CPAM", ReferralStatus.IN_PROGRESS, assignee=f"Basile{NBSP}T.")
    return [
        _row("plain", "Carte Vitale bloquée après un changement de caisse", now, cpam),
        _row("unread", "Droits C2S refusés sans explication", now, _chip("CPAM", due_at=soon), unread=True),
        _row("late", "APL suspendue depuis deux mois", now, _chip("CAF", due_at=late), urgent=True),
        _row("open", "Retraite : six trimestres manquants", now, _chip("CARSAT", ReferralStatus.RESOLVED)),
        _row("long", LONG, now, *_five(late), urgent=True),
        _row("to_redirect", "Chèque énergie non reçu", now, _chip("DDFIP", ReferralStatus.NOT_COMPETENT),
             status=CaseStatus.TO_REDIRECT),
        _row("closed", "Avis d’impôt au mauvais nom", now, _chip("DDFIP", ReferralStatus.RESOLVED),
             status=CaseStatus.CLOSED),
    ]  # fmt: skip


def entries(now: datetime) -> list[EntryView]:
    """Return a line of each kind, over two days."""
    before = now - timedelta(days=1, hours=1)
    paper = FileLine(id_of("file"), "recepisse-c2s.pdf", 182_000, "disponible")
    long_name = FileLine(id_of("long"), f"{LONGEST_WORD}-scan-du-recepisse.pdf", 12_400_000, "disponible")
    return [
        _entry(1, "Aline Lefèvre", STRUCTURE, "Madame K. a reçu un refus de C2S, sans motif.", before, paper),
        _event(2, EventKind.SENT, "Aline Lefèvre", STRUCTURE, before, what="CPAM – Aisne"),
        _event(3, EventKind.TAKEN, "Basile Thomas", "CPAM – Aisne", now - timedelta(minutes=50)),
        _entry(4, "Basile Thomas", "CPAM – Aisne", "Bonjour, merci pour le récépissé. L’avis d’imposition "
               "n’a pas été rattaché au bon dossier : je demande la correction aujourd’hui.", now, long_name),
        _entry(5, "Marc Dubois", "CAF – Aisne", "Le dossier d’allocation est le même : à vérifier ensemble.",
               now, kind=EntryKind.NOTE),
        _entry(6, LONGEST_WORD, STRUCTURE, f"{LONG}.\n\n{'https://exemple.invalid/' + 'adresse' * 12}", now),
    ]  # fmt: skip


def case(now: datetime) -> CaseView:
    """Return a case with three organisations, each in a state of its own."""
    mandate = MandateLine(
        id_of("mandate"), MandateStatus.ACTIVE, now + timedelta(days=180), ("CPAM", "CAF"), True
    )
    return CaseView(
        id=id_of("case"), status=CaseStatus.IN_PROGRESS, subject="Droits C2S refusés sans explication",
        usager=f"Mme{NBSP}K.", usager_name="Samira Kaci", born_on=date(1987, 5, 14), phone="06 12 34 56 78",
        commune="Vervins", departement="02", is_elsewhere=False, identifiers=(),
        qualification=("Santé et handicap", "Refus sans explication", "C2S"),
        urgency="Plus de droits ouverts", structure=STRUCTURE, author="Aline Lefèvre",
        sent_at=now - timedelta(days=1), closing="", side=Side.AIDANT, own_group=None,
        referrals=(
            _referral("CPAM", ReferralStatus.IN_PROGRESS, now + timedelta(days=9), assignee="Basile Thomas"),
            _referral("CAF", ReferralStatus.IN_PROGRESS, now - timedelta(days=3), is_late=True),
            _referral("MSA", ReferralStatus.NOT_COMPETENT, None),
        ),
        mandate=mandate, invited=("Mathilde Roy",), last_seq=6, read_seq=6,
        may=frozenset({Action.READ, Action.WRITE, Action.ASSOCIATE}),
    )  # fmt: skip


def readers(now: datetime) -> tuple[Reader, ...]:
    """Return who has read it."""
    return (
        Reader("Aline Lefèvre", 6, now, id_of("aline")),
        Reader("Adam Benali", 2, now - timedelta(days=1), id_of("adam")),
    )


def today() -> datetime:
    """Return now, in UTC."""
    return datetime.now(UTC)


def _row(
    key: str, subject: str, now: datetime, *referrals: ReferralChip,
    status: CaseStatus = CaseStatus.IN_PROGRESS, unread: bool = False, urgent: bool = False,
) -> Row:  # fmt: skip
    return Row(
        case_id=id_of(key), subject=subject, usager=f"Mme{NBSP}K.", commune="Vervins", status=status,
        is_urgent=urgent, is_unread=unread, activity_at=now - timedelta(minutes=14), referrals=referrals,
        theme="logement", sent_at=now - timedelta(days=2), rank=key, departement="02",
        due_at=min((one.due_at for one in referrals if one.due_at), default=None),
    )  # fmt: skip


def _chip(
    name: str,
    status: ReferralStatus = ReferralStatus.SENT,
    *,
    assignee: str = "",
    due_at: datetime | None = None,
) -> ReferralChip:
    return ReferralChip(name, status, due_at is not None and due_at <= today(), False, assignee, due_at)


def _five(late: datetime) -> tuple[ReferralChip, ...]:
    return (
        _chip("CAF", due_at=late, assignee=f"Bruno{NBSP}C."),
        _chip("CPAM", ReferralStatus.IN_PROGRESS, assignee=f"Basile{NBSP}T."),
        ReferralChip("France Travail", ReferralStatus.IN_PROGRESS, False, True, f"Fatou{NBSP}D.", None),
        _chip("MSA", ReferralStatus.NOT_COMPETENT),
        _chip("DDFIP", ReferralStatus.RESOLVED),
    )


def _entry(
    seq: int, author: str, group: str, text: str, at: datetime, *files: FileLine,
    kind: EntryKind = EntryKind.MESSAGE,
) -> EntryView:  # fmt: skip
    audience = Audience.OPERATORS if kind is EntryKind.NOTE else Audience.EVERYBODY
    return EntryView(
        id=id_of(f"entry {seq}"), seq=seq, kind=kind, audience=audience, event=None, author_id=id_of(author),
        author=author, group=group, text=text, what="", at=at, files=files,
    )  # fmt: skip


def _event(seq: int, event: EventKind, author: str, group: str, at: datetime, *, what: str = "") -> EntryView:
    return EntryView(
        id=id_of(f"entry {seq}"), seq=seq, kind=EntryKind.EVENT, audience=Audience.EVERYBODY, event=event,
        author_id=id_of(author), author=author, group=group, text="", what=what, at=at, files=(),
    )  # fmt: skip


def _referral(
    name: str, status: ReferralStatus, due_at: datetime | None, *, assignee: str = "", is_late: bool = False
) -> ReferralView:
    return ReferralView(
        group_id=id_of(name), group=f"{name} – Aisne", organization=name, status=status,
        assignee_id=id_of(assignee) if assignee else None, assignee=assignee, due_at=due_at, is_late=is_late,
        is_waiting=False, gestures=frozenset({Gesture.WITHDRAW}),
    )  # fmt: skip
