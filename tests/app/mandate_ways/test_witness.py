"""A mandate by word of mouth: what must be said, who may be the witness, what is kept, until when."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from app.errors import Conflict, Forbidden, Invalid
from app.mandate_steps import Giver
from app.mandate_ways.witness import DECLARATIONS, Spoken, check_spoken, keep_spoken
from app.queries import mandates as views
from app.work import ByUsager, Database, acting
from models.account import Account
from models.enums import MandateStatus, MandateWay, ProofKind, Side
from tests.app.mandate_ways.giving import SPOKEN, speak
from tests.app.scenes import (
    GUISE,
    SIGNATURE,
    accept,
    act,
    consent,
    draft,
    join,
    mandate_row,
    present,
    see,
    send,
)
from tests.conftest import NOW, Cast

LONG = "x" * 81
WRONG: tuple[tuple[str, dict[str, Any]], ...] = (
    ("language", {"language": ""}), ("language", {"language": "xx"}), ("language", {"language": "other"}),
    ("language", {"language": "other", "language_words": LONG}), ("language", {"language": None}),
    ("reason", {"reason": ""}), ("reason", {"reason": "other", "reason_words": " "}), ("reason", {"reason": 3}),
    ("first_name", {"first_name": " "}), ("first_name", {"first_name": "–"}),
    ("last_name", {"last_name": LONG}),
    ("quality", {"quality": "x"}), ("quality", {"quality": LONG}), ("first_name", {"first_name": None}),
    ("declared", {"declared": frozenset()}), ("declared", {"declared": frozenset({"read", "agreed"})}),
    ("declared", {"declared": frozenset({*DECLARATIONS, "more"})}), ("declared", {"declared": "read"}),
    ("last_name", {"first_name": "Samira", "last_name": "Kaddour"}),
    ("last_name", {"first_name": "KADDOUR", "last_name": "samira"}),
)  # fmt: skip


@pytest.fixture
def shown(database: Database, cast: Cast) -> UUID:
    """Give a mandate that waits for its consent."""
    return present(cast, draft(cast))


def named(first_name: str, last_name: str) -> Spoken:
    return replace(SPOKEN, first_name=first_name, last_name=last_name)


def test_what_is_kept(cast: Cast, shown: UUID) -> None:
    speak(cast, shown, replace(SPOKEN, language="other", language_words="Lingala"))
    row = mandate_row(shown)
    assert (row.status, row.way, row.confirm_by) == (MandateStatus.CONSENTED, MandateWay.VERBAL, None)
    with see(cast, "aline") as work:
        proof = views.document(work, shown).proof
    assert proof is not None
    assert proof.kind is ProofKind.WITNESS
    assert (proof.image, proof.name) == ("", "")  # they are the witness's, not the person's
    assert proof.witness_image.startswith("<svg")
    kept = dict(proof.facts)
    assert kept["Lu par"].startswith("Aline ")
    assert (kept["Langue"], kept["Témoin"]) == ("Lingala", "Odile Vasseur, sa voisine")
    assert kept["Pourquoi pas par écrit"].startswith("La personne ne sait pas lire")


def test_to_be_confirmed_within_seven_days_of_its_acceptance(cast: Cast, shown: UUID) -> None:
    speak(cast, shown)
    accept(cast, shown, at=NOW + timedelta(hours=1))
    assert mandate_row(shown).confirm_by == NOW + timedelta(days=7, hours=1)


def test_a_written_one_confirms_it_and_waits_for_nothing(cast: Cast, shown: UUID) -> None:
    case_id = mandate_row(shown).case_id
    speak(cast, shown)
    accept(cast, shown)
    send(cast, case_id)
    written = present(cast, case_id)
    assert mandate_row(shown).status is MandateStatus.ACTIVE  # until the other one is accepted
    consent(cast, written)
    accept(cast, written)
    assert mandate_row(shown).status is MandateStatus.SUPERSEDED
    assert (mandate_row(written).status, mandate_row(written).confirm_by) == (MandateStatus.ACTIVE, None)


def test_a_witness_who_cannot_draw_writes_their_name(cast: Cast, shown: UUID) -> None:
    for name in ("", "Samira Kaddour", "Odile", "Odile Vasseur Martin"):
        with pytest.raises(Invalid, match="Écrivez le nom du témoin"):
            speak(cast, shown, drawing=None, name=name)
    drawings: tuple[object, ...] = (None, {}, "M0 0")
    for drawing in drawings:
        with pytest.raises(Invalid) as refused:
            speak(cast, shown, drawing=drawing)
        assert "signature" in refused.value.fields
    speak(cast, shown, drawing=None, name="vasseur  ODILE")
    with see(cast, "aline") as work:
        proof = views.document(work, shown).proof
    assert proof is not None
    assert (proof.witness_image, dict(proof.facts)["Nom écrit par le témoin"]) == ("", "vasseur ODILE")


def test_what_must_be_said(cast: Cast, shown: UUID) -> None:
    for field, said in WRONG:
        spoken = replace(SPOKEN, **said)
        with pytest.raises(Invalid) as refused, act(cast, "aline") as work:
            check_spoken(work, shown, spoken, Giver())
        assert field in refused.value.fields, said
        with pytest.raises(Invalid):
            speak(cast, shown, spoken)
    assert mandate_row(shown).status is MandateStatus.PRESENTED


def test_the_witness_is_nobody_of_the_structure(cast: Cast, shown: UUID) -> None:
    """Neither the aidant nor a colleague, however the name is written; elsewhere the name is free."""
    with see(cast, "aline") as work:
        rows = {one.id: one for one in work.session.scalars(select(Account))}
    aline, adam, chloe = (rows[id_] for id_ in (cast.aline, cast.adam, cast.chloe))
    for one in (aline, adam):
        for first, last in (
            (one.first_name, one.last_name), (one.last_name.upper(), one.first_name.upper()),
            (f" {one.first_name} ", one.last_name.replace("è", "e").replace("é", "e")),
        ):  # fmt: skip
            with pytest.raises(Invalid, match="votre structure") as refused:
                speak(cast, shown, named(first, last))
            assert "last_name" in refused.value.fields
    their_name = named(chloe.first_name, chloe.last_name)
    join(cast, "chloe", GUISE, Side.AGENT)
    with pytest.raises(Invalid, match="votre structure"):
        speak(cast, shown, their_name)
    other = present(cast, draft(cast, by="chloe"), "chloe")
    speak(cast, other, named(adam.first_name, adam.last_name), "chloe")


def test_who_read_when_the_screen_has_changed_hands(cast: Cast, shown: UUID) -> None:
    """Whoever acts then is the person of the mandate: the reader is named, and must be of the structure."""
    sha256 = mandate_row(shown).shown_sha256
    for reader_id in (None, cast.chloe, cast.bruno):
        spoken = replace(SPOKEN, reader_id=reader_id)
        with pytest.raises(Forbidden), acting(ByUsager(shown), at=NOW) as work:
            keep_spoken(work, shown, shown_sha256=sha256, giver=Giver(), spoken=spoken, drawing=SIGNATURE)
    with acting(ByUsager(shown), at=NOW) as work:
        spoken = replace(SPOKEN, reader_id=cast.adam)
        keep_spoken(work, shown, shown_sha256=sha256, giver=Giver(), spoken=spoken, drawing=SIGNATURE)
    with see(cast, "aline") as work:
        proof = views.document(work, shown).proof
    assert proof is not None
    assert dict(proof.facts)["Lu par"].startswith("Adam ")


def test_on_another_text(cast: Cast, shown: UUID) -> None:
    with pytest.raises(Conflict, match="Le texte a changé"):
        speak(cast, shown, shown="0" * 64)
