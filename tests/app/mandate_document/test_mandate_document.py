"""The document of a mandate and its evidence: what they claim, what they say, and that damage is found."""

from __future__ import annotations

import hashlib
import io
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
import rfc8785
import zxingcpp
from PIL import Image

from app.__main__ import main
from app.mandate_document.check import verify_files
from app.mandate_document.details import details_of, masked, signature_of
from app.mandate_document.evidence import NAMED, evidence_of, said_sha256, sha256_as_kept
from app.mandate_document.facts import DocumentFacts, PageImage, SealPlan
from app.mandate_document.render import render
from app.mandate_papers import STRENGTH
from app.signature import Drawing
from models.enums import ProofKind

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
DRAWING = Drawing(300, 120, (((10, 80, 0), (90, 20, 40), (150, 90, 80), (280, 40, 120)),))
HOSTILE = 'Zoé "D\'Arc" #import $x$ \\ @a *_[<é😀' + "Très-Long" * 12


def facts_of(holder: str = "Mme Zoé Martin", *, drawn: bool = True) -> DocumentFacts:
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
        code="7K3M9QXA7K3M9QXA", short_code="7K3M9QXA",
        address="https://plus.example.org/verifier/7K3M9QXA7K3M9QXA",
    )  # fmt: skip


@pytest.mark.parametrize("drawn", [True, False])
def test_it_claims_both_standards_and_is_tagged_titled_and_french(drawn: bool) -> None:
    with pikepdf.open(io.BytesIO(render(facts_of(drawn=drawn)))) as pdf:
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
    with pypdfium2.PdfDocument(render(facts_of(HOSTILE, drawn=drawn))) as pdf:
        said = pdf[0].get_textpage().get_text_range()
    assert 'Zoé "D\'Arc" #import $x$ \\ @a *_[<é[U+1F600]Très-Long' in said


def test_the_same_facts_give_the_same_bytes() -> None:
    assert render(facts_of()) == render(facts_of())


def test_one_flipped_bit_is_found_in_either_file() -> None:
    facts = facts_of(drawn=False)
    pdf = render(facts)
    evidence = evidence_of(facts, pdf)
    assert verify_files(pdf, evidence).is_whole
    for at in range(0, len(pdf), len(pdf) // 40):
        assert not verify_files(_flip(pdf, at), evidence).is_whole
    for at in range(len(evidence)):
        assert not verify_files(pdf, _flip(evidence, at)).is_whole, at


def test_a_text_or_an_accord_that_is_not_the_one_hashed_is_named() -> None:
    facts = facts_of()
    other = replace(facts, plain_text=("Autre",), proof={"name": "Autre"})
    pdf = render(other)
    assert verify_files(pdf, evidence_of(other, pdf)).faults == (
        "Le texte montré ne correspond pas à son empreinte.",
        "L’accord ne correspond pas à son empreinte.",
    )


@pytest.mark.parametrize("evidence", [b"", b"\xff", b"[]", b"{}", b"[" * 100_000, b"NaN"])
def test_any_other_file_is_a_fault_and_not_an_error(evidence: bytes) -> None:
    assert not verify_files(b"", evidence).is_whole


def test_the_command_says_whether_both_files_go_together(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    facts = facts_of()
    pdf, evidence = tmp_path / "mandat.pdf", tmp_path / "preuve.json"
    pdf.write_bytes(render(facts))
    evidence.write_bytes(evidence_of(facts, pdf.read_bytes()))
    assert main(["verify", "mandate", str(pdf), str(evidence)]) == 0
    assert "pas scellés" in capsys.readouterr().out
    pdf.write_bytes(b"other")
    assert main(["verify", "mandate", str(pdf), str(evidence)]) == 1
    assert "PDF" in capsys.readouterr().err
    assert main(["verify", "mandate", str(tmp_path / "none"), str(evidence)]) == 1


def text_of(pdf: bytes) -> str:
    with pypdfium2.PdfDocument(pdf) as read:
        said = " ".join(page.get_textpage().get_text_range() for page in read)
    return " ".join(said.replace("\u00a0", " ").split())


def test_its_qr_code_leads_to_its_verification() -> None:
    facts = facts_of()
    with pypdfium2.PdfDocument(render(facts)) as pdf:
        images = [page.render(scale=3).to_pil() for page in pdf]
    read = [code.text for image in images for code in zxingcpp.read_barcodes(image)]
    assert read == [facts.address]
    said = text_of(render(facts))
    assert "7K3M-9QXA-7K3M-9QXA" in said
    assert "7K3M-9QXA Ce document" in said  # the short one


@pytest.mark.parametrize("plan", SealPlan)
def test_what_it_says_of_its_seal_is_true_sealed_or_not(plan: SealPlan) -> None:
    said = text_of(render(replace(facts_of(), seal=plan)))
    assert " ".join(plan.sentence.replace("\u00a0", " ").split()) in said.replace("- ", "-")
    assert plan.foot in said
    assert ("essai" in said) is (plan is SealPlan.TRIAL)


def test_the_pages_of_a_paper_stand_in_it_described() -> None:
    out = io.BytesIO()
    Image.new("L", (620, 877), 200).save(out, "JPEG")
    pages = (PageImage("image/jpeg", out.getvalue(), "c" * 64), PageImage("application/pdf", b"%PDF", "d" * 64))
    facts = replace(facts_of(), pages=pages)
    pdf = render(facts)
    with pikepdf.open(io.BytesIO(pdf)) as read:
        assert "<pdfuaid:part>1<" in read.Root.Metadata.read_bytes().decode()
        alts = [str(one.Alt) for one in read.objects if isinstance(one, pikepdf.Dictionary) and "/Alt" in one]
    assert "Page 1 sur 2 du mandat signé sur papier" in alts
    assert any(facts.address in one for one in alts)
    said = text_of(pdf)
    assert f"Page 1 (SHA-256) : {'c' * 64}" in said
    assert f"Fichier 2, gardé à part (SHA-256) : {'d' * 64}" in said
    assert json.loads(evidence_of(facts, pdf))["pages"] == ["c" * 64, "d" * 64]


def test_every_proof_has_its_strength_and_a_phone_is_never_whole() -> None:
    assert set(STRENGTH) == set(ProofKind)
    for kind in ProofKind:
        content = {"phone": "+33612345678", "text": "OUI 1 87 07 02 123 456 78", "witness": "Paul Durand"}
        said = details_of(kind, content)
        assert "12345" not in str(said).replace(" ", "")
        assert "187" not in str(said).replace(" ", "")
    assert details_of(ProofKind.SMS_REPLY, {"phone": "+33612345678", "received_at": NOW.isoformat()}) == (
        ("Téléphone", "+33 6 •• •• •• 78"),
        ("Réponse reçue le", "24\u00a0novembre\u00a02026 à 10\u00a0h\u00a030"),
    )  # fmt: skip
    assert masked("+262692123456") == "•• •• •• 56"
    assert details_of(ProofKind.EXISTING, {"covers": ["CAF", "CPAM"], "ends_on": "2027-01-31"}) == (
        ("Valable jusqu’au", "31\u00a0janvier\u00a02027"), ("Organismes nommés", "CAF, CPAM"),
    )  # fmt: skip
    assert signature_of({"witness_image": "<svg/>", "witness": "Paul Durand"}) == ("<svg/>", "Paul Durand")
    shown = text_of(render(replace(facts_of(), details=(("Téléphone", masked("+33612345678")),))))
    assert "+33 6 •• •• •• 78" in shown


def test_the_evidence_holds_its_code_and_length_and_no_nir() -> None:
    facts = facts_of(drawn=False)
    pdf = render(facts)
    evidence = evidence_of(facts, pdf)
    assert json.loads(evidence)["pdf_bytes"] == len(pdf)
    assert json.loads(evidence)["code"] == facts.code
    answer = {"answer": "oui mon numéro est le 2 87 07 02 123 456"}
    held = replace(facts, proof=answer, proof_sha256=sha256_as_kept(answer))
    evidence = evidence_of(held, pdf)
    assert b"87 07" not in evidence
    pdf = render(held)
    assert verify_files(pdf, evidence_of(held, pdf)).is_whole
    drawn = facts_of()
    assert json.loads(evidence_of(drawn, pdf))["proof"] == json.loads(json.dumps(drawn.proof))


@pytest.mark.parametrize("version", [1, 2])
def test_an_evidence_of_before_is_still_read(version: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """But not with a document that names another: that would let anybody leave the name out."""
    facts = facts_of()
    named = render(facts)
    monkeypatch.setattr("app.mandate_document.render.NAMED", "Autre chose")  # as documents were
    pdf = render(facts)
    for document, whole in ((pdf, True), (named, False)):
        old = json.loads(evidence_of(facts, document))
        for word in ("said_sha256", *(("code", "pdf_bytes", "pages") if version == 1 else ())):
            old.pop(word)
        old["format"] = f"administration-plus/mandate-evidence/{version}"
        assert verify_files(document, _closed(old)).is_whole is whole


def test_another_evidence_is_not_the_one_that_the_document_names() -> None:
    """Whoever can recompute every hash of the evidence cannot write the document, once it is sealed."""
    facts = facts_of()
    pdf = render(facts)
    forged = json.loads(evidence_of(facts, pdf))
    forged["dates"]["expires"] = "2036-01-01T00:00:00+00:00"
    forged["said_sha256"] = said_sha256(forged)
    assert verify_files(pdf, _closed(forged)).faults == ("Le PDF ne nomme pas cette preuve.",)
    # Typed beforehand into a field that the document shows: it then names two.
    typed = replace(facts, details=(("Raison", f"{NAMED} : {forged['said_sha256']}"),))
    pdf = render(typed)
    true = evidence_of(typed, pdf)
    forged |= {name: json.loads(true)[name] for name in ("pdf_bytes", "pdf_sha256")}
    assert verify_files(pdf, _closed(forged)).faults == ("Le PDF ne nomme pas cette preuve.",)


def test_the_hash_that_the_document_names_is_the_one_of_the_evidence() -> None:
    facts = facts_of()
    pdf = render(facts)
    other = json.loads(evidence_of(facts, pdf)) | {"said_sha256": "0" * 64}
    assert verify_files(pdf, _closed(other)).faults == ("La preuve a été modifiée.",)


def _closed(evidence: dict[str, Any]) -> bytes:
    evidence.pop("sha256", None)
    return rfc8785.dumps({**evidence, "sha256": hashlib.sha256(rfc8785.dumps(evidence)).hexdigest()})


def _flip(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ (1 << at % 8)]) + data[at + 1 :]
