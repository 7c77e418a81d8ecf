"""The document of a mandate and its evidence: what they claim, what they say, and that damage is found."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pikepdf
import pypdfium2  # type: ignore[import-untyped]
import pytest

from app.__main__ import main
from app.mandate_document.check import verify_files
from app.mandate_document.evidence import evidence_of, sha256_as_kept
from app.mandate_document.facts import DocumentFacts
from app.mandate_document.render import render
from app.signature import Drawing

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
DRAWING = Drawing(300, 120, (((10, 80, 0), (90, 20, 40), (150, 90, 80), (280, 40, 120)),))
HOSTILE = 'Zoé "D\'Arc" #import $x$ \\ @a *_[<é😀' + "Très-Long" * 12


def _facts(holder: str = "Mme Zoé Martin", *, drawn: bool = True) -> DocumentFacts:
    plain = (f"Je m’appelle **{holder}**.", "Je donne mon accord à **France services**.")
    full = (f"Je soussigné(e) **{holder}** donne mandat.", "Ce mandat est gratuit. " * 20)
    proof = {**DRAWING.as_json(), "image": DRAWING.svg()} if drawn else {"name": holder}
    shown = {"full": full, "language": "fr", "plain": plain, "text": "a" * 64}
    return DocumentFacts(
        mandate_id="0193-1", holder=holder, structure="France services", organizations=("CAF",),
        language="fr", text_version=1, text_sha256="a" * 64, plain_text=plain, full_text=full,
        shown_sha256=sha256_as_kept(shown), way="screen", consent="Signature dessinée à l’écran",
        strength="Signature électronique simple", image=DRAWING.svg() if drawn else "",
        declared_name="" if drawn else holder, proof=proof, proof_sha256=sha256_as_kept(proof),
        presented_at=NOW, consented_at=NOW, accepted_at=NOW, accepted_by="Paul Durand", expires_at=NOW,
    )  # fmt: skip


@pytest.mark.parametrize("drawn", [True, False])
def test_it_claims_both_standards_and_is_tagged_titled_and_french(drawn: bool) -> None:
    with pikepdf.open(io.BytesIO(render(_facts(drawn=drawn)))) as pdf:
        xmp = pdf.Root.Metadata.read_bytes().decode()
        assert "<pdfaid:part>2<" in xmp
        assert "<pdfaid:conformance>A<" in xmp
        assert "<pdfuaid:part>1<" in xmp
        assert bool(pdf.Root.MarkInfo.Marked)
        assert str(pdf.Root.Lang).startswith("fr")
        assert str(pdf.docinfo["/Title"]) == "Mandat"
        assert len(pdf.pages) <= 2


@pytest.mark.parametrize("drawn", [True, False])
def test_what_is_typed_is_never_markup_and_never_stops_the_document(drawn: bool) -> None:
    with pypdfium2.PdfDocument(render(_facts(HOSTILE, drawn=drawn))) as pdf:
        said = pdf[0].get_textpage().get_text_range()
    assert 'Zoé "D\'Arc" #import $x$ \\ @a *_[<é[U+1F600]Très-Long' in said


def test_the_same_facts_give_the_same_bytes() -> None:
    assert render(_facts()) == render(_facts())


def test_one_flipped_bit_is_found_in_either_file() -> None:
    facts = _facts(drawn=False)
    pdf = render(facts)
    evidence = evidence_of(facts, pdf)
    assert verify_files(pdf, evidence).is_whole
    for at in range(0, len(pdf), len(pdf) // 40):
        assert not verify_files(_flip(pdf, at), evidence).is_whole
    for at in range(len(evidence)):
        assert not verify_files(pdf, _flip(evidence, at)).is_whole, at


def test_a_text_or_an_accord_that_is_not_the_one_hashed_is_named() -> None:
    facts = _facts()
    other = replace(facts, plain_text=("Autre",), proof={"name": "Autre"})
    assert verify_files(b"pdf", evidence_of(other, b"pdf")).faults == (
        "Le texte montré ne correspond pas à son empreinte.",
        "L’accord ne correspond pas à son empreinte.",
    )


@pytest.mark.parametrize("evidence", [b"", b"\xff", b"[]", b"{}", b"[" * 100_000, b"NaN"])
def test_any_other_file_is_a_fault_and_not_an_error(evidence: bytes) -> None:
    assert not verify_files(b"", evidence).is_whole


def test_the_command_says_whether_both_files_go_together(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    facts = _facts()
    pdf, evidence = tmp_path / "mandat.pdf", tmp_path / "preuve.json"
    pdf.write_bytes(render(facts))
    evidence.write_bytes(evidence_of(facts, pdf.read_bytes()))
    assert main(["verify", "mandate", str(pdf), str(evidence)]) == 0
    assert "pas scellés" in capsys.readouterr().out
    pdf.write_bytes(b"other")
    assert main(["verify", "mandate", str(pdf), str(evidence)]) == 1
    assert "PDF" in capsys.readouterr().err
    assert main(["verify", "mandate", str(tmp_path / "none"), str(evidence)]) == 1


def _flip(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ (1 << at % 8)]) + data[at + 1 :]
