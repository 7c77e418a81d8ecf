"""Invented values for the parts that help with a case: found, sent elsewhere, followed by somebody else."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

from app.french import NBSP
from app.lifecycle import Gesture
from app.policy import Action
from app.queries.absent import AbsenceView
from app.queries.case import CaseView
from app.queries.finding import Hit, Passage
from app.queries.identifiers import IdentifierLine
from app.queries.lists import Row
from app.queries.people import PersonView
from app.queries.redirecting import Better
from app.queries.referral_history import StepView
from app.queries.standing_in import Away
from app.referral_steps import SENT
from app.search_words import marked, passage, terms
from models.enums import CaseStatus, IdentifierKind, ReferralStatus
from pages.demonstration import samples
from pages.demonstration.samples import LONGEST_WORD, id_of

SOUGHT = "attestation moreau"
_SAID = (
    "J’ai bien l’attestation de loyer de Mme Moreau. Il manque la page signée par le bailleur, que la mairie "
    "garde depuis le déménagement. Elle peut la donner à la personne, ou l’envoyer elle-même à la caisse."
)
_NOTED = f"L’attestation est restée chez {LONGEST_WORD}."


def found(now: datetime) -> tuple[list[Row], dict[UUID, Hit]]:
    """Return cases found by their subject, by the usager's name, by a message, by a note."""
    told = (
        ("Attestation de droits demandée deux fois", "Josiane Moreau", "", "", False),
        (
            "Pension versée à une ancienne adresse",
            "Luc Moreau",
            "Aline Roy",
            "L’attestation est jointe.",
            False,
        ),
        ("Loyer payé, aide suspendue", "", "Bruno Carlier", _SAID, False),
        ("Prime d’activité réclamée à tort", "Josiane Moreau", "Marc Dubois", _NOTED, True),
    )
    sought, example = terms(SOUGHT), samples.rows(now)[0]
    rows: list[Row] = []
    hits: dict[UUID, Hit] = {}
    for subject, usager, author, text, is_note in told:
        one = replace(example, case_id=id_of(subject), subject=subject, usager=f"M.{NBSP}M.")
        said = Passage(id_of(text), author, now, is_note, passage(text, sought)) if text else None
        hits[one.case_id] = Hit(marked(subject, sought), marked(usager, sought), said)
        rows.append(one)
    return rows, hits


def to_choose(now: datetime) -> list[Row]:
    """Return cases to choose from, one of them unread."""
    subjects = ("Carte de séjour et droits fermés", "Taxe d’habitation payée deux fois", "Bourse non versée")
    return [
        replace(example, case_id=id_of(subject), subject=subject)
        for example, subject in zip(samples.rows(now), subjects, strict=False)
    ]


def betters() -> tuple[Better, ...]:
    """Return what an organisation may propose: one group, several, a recipient, nobody who could answer."""
    carsat = PersonView(id_of("carsat"), "CARSAT – Aisne")
    houses = (PersonView(id_of("north"), "MSA – Thiérache"), PersonView(id_of("south"), "MSA – Soissonnais"))
    return (
        Better("CARSAT", (carsat,)),
        Better("MSA", houses),
        Better("CAF", (PersonView(id_of("caf"), "CAF – Aisne"),), is_recipient=True),
        Better("France Travail", ()),
    )


def to_redirect(now: datetime) -> tuple[tuple[str, CaseView], ...]:
    """Return cases that should go elsewhere, each with what it shows."""
    case = samples.case(now)
    *others, silent = case.referrals
    one, several = (replace(silent, better=better) for better in betters()[:2])
    nobody_s = replace(case, status=CaseStatus.TO_REDIRECT)
    return (
        ("Un organisme en propose un autre", replace(case, referrals=(*others, one))),
        ("Aucun n’est compétent, plusieurs sont proposés", replace(nobody_s, referrals=(one, several))),
        ("Aucun n’est compétent, aucun n’est proposé", replace(nobody_s, referrals=(silent,))),
        (
            "Sans le droit d’associer",
            replace(nobody_s, referrals=(silent,), may=frozenset({Action.READ})),
        ),
    )


def steps(now: datetime) -> tuple[StepView, ...]:
    """Return what became of a referral, from its sending to its answer."""
    started, status, done = now - timedelta(days=9), ReferralStatus.IN_PROGRESS, ReferralStatus.RESOLVED
    first, then = now + timedelta(days=12), now + timedelta(days=20)
    return (
        StepView(started, SENT, ReferralStatus.SENT, "Aline L.", "", first),
        StepView(started + timedelta(hours=3), Gesture.TAKE.name, status, "Basile T.", "Basile T.", first),
        StepView(now - timedelta(days=6), Gesture.ASK.name, status, "Basile T.", "Basile T.", None),
        StepView(now - timedelta(days=5), Gesture.ANSWERED.name, status, "Aline L.", "Basile T.", then),
        StepView(now - timedelta(days=2), Gesture.SET_FREE.name, status, "", "", then),
        StepView(now - timedelta(hours=1), Gesture.RESOLVE.name, done, "Nadia B.", "Nadia B.", None),
    )


def identifiers() -> tuple[IdentifierLine, ...]:
    """Return numbers known to one organisation, to two, to none any more."""
    return (
        IdentifierLine(IdentifierKind.ALLOCATAIRE, "0 123 456", ("CAF",)),
        IdentifierLine(IdentifierKind.NIR, "2 87 05 02 738 004 52", ("CARSAT", "CPAM")),
        IdentifierLine(IdentifierKind.FISCAL, "30 02 837 465 910", ()),
    )


def absences(day: date) -> tuple[AbsenceView, ...]:
    """Return an absence under way, one to come, one of a single day that nobody stands in for."""
    group = "CAF – Aisne"
    return tuple(
        AbsenceView(
            id_of(f"absence {name}"), id_of(name), name, id_of(group), group, day + timedelta(days=first),
            day + timedelta(days=last), id_of(stand_in) if stand_in else None, stand_in, first <= 0,
        )
        for name, first, last, stand_in in (
            ("Bruno Carlier", -2, 5, "Marc Dubois"),
            ("Nadia Bernard", 12, 26, "Bruno Carlier"),
            (LONGEST_WORD, 30, 30, ""),
        )
    )  # fmt: skip


def away(day: date) -> tuple[Away, ...]:
    """Return somebody absent whose cases another one follows, then nobody."""
    until = day + timedelta(days=5)
    return Away(until, id_of("Marc Dubois"), "Marc D."), Away(until, None, "")
