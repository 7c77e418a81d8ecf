"""Sealing with a real certificate and a real authority; the seals are judged by pyHanko’s own validator too."""

from __future__ import annotations

import io
import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pikepdf
import pytest
from asn1crypto import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from app.__main__ import main
from app.config import Settings
from app.mandate_document.check import verify_files
from app.mandate_document.evidence import evidence_of, sealed_evidence_of
from app.mandate_document.facts import SealPlan
from app.mandate_document.render import render
from app.sealing.authority import Authority
from app.sealing.certificate import read_certificate
from app.sealing.chosen import chosen_sealer
from app.sealing.faults import FAULTS, CannotSeal
from app.sealing.reading import read_roots, read_seal
from app.sealing.seal import Sealed, Sealer, seal
from app.sealing.trial import FOLDER, ROOT, trial_sealer
from models.enums import SealLevel
from tests.app.mandate_document.test_mandate_document import facts_of
from tests.app.sealing import chains
from tests.app.sealing.chains import PASSWORD, SUBJECT, chain

FACTS = facts_of()
PATIENT = 120.0  # seconds: a machine that runs other tests is slow, not down


def today() -> datetime:
    return datetime.now(UTC)


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return render(FACTS)


@pytest.fixture(scope="module")
def authority() -> Iterator[chains.Authority]:
    with chains.authority(chain()) as running:
        yield running


@pytest.fixture(scope="module")
def stamped(pdf: bytes, authority: chains.Authority) -> Sealed:
    certificate = read_certificate(chain().pkcs12(), PASSWORD, today())
    return seal(pdf, Sealer(certificate, Authority(authority.url, PATIENT)))


@pytest.fixture(scope="module")
def pair(pdf: bytes, stamped: Sealed) -> tuple[bytes, bytes]:
    """The sealed PDF and its evidence."""
    said = stamped.seal.named("stamped")
    return stamped.pdf, sealed_evidence_of(evidence_of(FACTS, pdf), stamped.pdf, said)


def fault(**given: object) -> str:
    with pytest.raises(CannotSeal) as why:
        chosen_sealer(Settings(demo=False, **given), today())  # type: ignore[arg-type]
    assert why.value.fault in FAULTS
    assert len(why.value.fault) <= 24
    return why.value.fault


def test_the_unsealed_document_is_the_beginning_of_the_sealed_one(pdf: bytes, stamped: Sealed) -> None:
    assert stamped.pdf.startswith(pdf)
    assert len(stamped.pdf) > len(pdf)
    assert stamped.level is SealLevel.STAMPED


def test_another_validator_holds_it_for_good_under_the_root_and_for_nobodys_without(stamped: Sealed) -> None:
    found = PdfFileReader(io.BytesIO(stamped.pdf)).embedded_signatures
    assert len(found) == 1
    assert found[0].sig_object["/SubFilter"] == "/ETSI.CAdES.detached"
    root = x509.Certificate.load(chain().root.public_bytes(Encoding.DER))
    status = validate_pdf_signature(found[0], ValidationContext(trust_roots=[root]))
    assert status.bottom_line
    assert status.timestamp_validity is not None
    assert status.timestamp_validity.trusted
    elsewhere = x509.Certificate.load(chain("Une autre racine").root.public_bytes(Encoding.DER))
    assert not validate_pdf_signature(found[0], ValidationContext(trust_roots=[elsewhere])).bottom_line


def test_our_own_reading_says_whose_it_is_and_whom_one_may_trust(pdf: bytes, stamped: Sealed) -> None:
    report = read_seal(stamped.pdf)
    assert report is not None
    assert (report.is_intact, report.subject, report.is_trusted) == (True, SUBJECT, None)
    assert report.stamped_at is not None
    assert abs(report.stamped_at - today()) < timedelta(minutes=30)
    for of, is_trusted in ((chain(), True), (chain("Une autre racine"), False)):
        read = read_seal(stamped.pdf, read_roots(of.pem))
        assert read is not None
        assert read.is_trusted is is_trusted
    assert read_seal(pdf) is None
    assert read_seal(b"") is None


def test_it_is_still_for_archives_and_for_all(stamped: Sealed) -> None:
    with pikepdf.open(io.BytesIO(stamped.pdf)) as sealed:
        xmp = sealed.Root.Metadata.read_bytes().decode()
        assert "<pdfaid:part>2<" in xmp
        assert "<pdfuaid:part>1<" in xmp
        assert bool(sealed.Root.MarkInfo.Marked)
        field = sealed.Root.AcroForm.Fields[0]
        assert str(field.TU) == "Cachet électronique"
        assert int(field.F) & 4  # printed, as PDF/A asks
        assert str(sealed.pages[0].Tabs) == "/S"


@pytest.mark.parametrize(
    ("mood", "expected"),
    [
        ("ill", "authority_down"), ("slow", "authority_down"), ("page", "authority_refused"),
        ("garbage", "authority_refused"), ("flood", "authority_refused"), ("refuses", "authority_refused"),
        ("other", "authority_refused"),
    ],
)  # fmt: skip
def test_an_authority_that_fails_seals_nothing(
    pdf: bytes, authority: chains.Authority, mood: str, expected: str
) -> None:
    certificate = read_certificate(chain().pkcs12(), PASSWORD, today())
    authority.mood = mood
    try:
        with pytest.raises(CannotSeal) as why:
            seal(pdf, Sealer(certificate, Authority(authority.url, 0.5 if mood == "slow" else PATIENT)))
    finally:
        authority.mood = "well"
    assert why.value.fault == expected


def test_nobody_listens(pdf: bytes) -> None:
    certificate = read_certificate(chain().pkcs12(), PASSWORD, today())
    with pytest.raises(CannotSeal, match="authority_down"):
        seal(pdf, Sealer(certificate, Authority("http://127.0.0.1:9/")))


def test_what_is_wrong_with_a_certificate_is_named(tmp_path: Path) -> None:
    def kept(content: bytes) -> str:
        (tmp_path / "cachet.p12").write_bytes(content)
        return str(tmp_path / "cachet.p12")

    assert fault() == "off"
    assert fault(seal_certificate=str(tmp_path / "none.p12")) == "unreadable_certificate"
    assert fault(seal_certificate=kept(b"not a certificate")) == "unreadable_certificate"
    good = kept(chain().pkcs12())
    assert fault(seal_certificate=good, seal_password="another") == "wrong_password"
    ended = kept(chain().pkcs12(end=today() - timedelta(days=1)))
    assert fault(seal_certificate=ended, seal_password=PASSWORD) == "certificate_expired"
    early = kept(chain().pkcs12(begin=today() + timedelta(days=1)))
    assert fault(seal_certificate=early, seal_password=PASSWORD) == "certificate_too_early"
    ours = Settings(demo=False, seal_certificate=kept(chain().pkcs12()), seal_password=PASSWORD)
    assert chosen_sealer(ours, today()).level is SealLevel.SEALED


def test_the_trial_chain_is_made_once_with_keys_of_ones_own(tmp_path: Path, pdf: bytes) -> None:
    sealer = trial_sealer(tmp_path, today())
    modes = {one.name: one.stat().st_mode & 0o777 for one in (tmp_path / FOLDER).iterdir()}
    assert modes == {"root.pem": 0o644, "cachet.p12": 0o600, "horodatage.p12": 0o600}
    assert (tmp_path / FOLDER).stat().st_mode & 0o077 == 0
    assert trial_sealer(tmp_path, today()).certificate.sha256 == sealer.certificate.sha256
    assert [one.name for one in tmp_path.iterdir()] == [FOLDER]
    made = seal(pdf, sealer)
    assert made.level is SealLevel.TRIAL
    read = read_seal(made.pdf, read_roots((tmp_path / FOLDER / ROOT).read_bytes()))
    assert read is not None
    assert read.is_trusted
    assert "essai" in read.subject


def test_the_sealed_pair_is_whole_and_says_whose_seal_it_is(pair: tuple[bytes, bytes]) -> None:
    report = verify_files(*pair)
    assert report.is_whole, report.faults
    assert SUBJECT in report.seal[0]
    assert verify_files(*pair, read_roots(chain().pem)).is_whole
    assert verify_files(*pair, read_roots(chain("Une autre racine").pem)).faults == (
        "Le cachet ne mène à aucune des autorités données.",
    )


def test_one_flipped_bit_anywhere_is_found(pair: tuple[bytes, bytes]) -> None:
    """Four hundred of them, in every region: the document, the seal, the padding after it, the evidence."""
    pdf, evidence = pair
    padding = pdf.rindex(b"0" * 64)
    chance = random.Random(4)  # the same places each time
    places = [chance.randrange(len(pdf)) for _ in range(190)] + [padding + at for at in range(0, 60, 6)]
    for at in places:
        assert not verify_files(flipped(pdf, at, chance.randrange(8)), evidence).is_whole, at
    for at in [chance.randrange(len(evidence)) for _ in range(200)]:
        assert not verify_files(pdf, flipped(evidence, at, chance.randrange(8))).is_whole, at


def test_a_file_cut_short_or_added_to_is_found(pdf: bytes, pair: tuple[bytes, bytes]) -> None:
    sealed, evidence = pair
    for other in (sealed[:-1], sealed[:1000], b"", sealed + b"\n", sealed + pdf, pdf):
        assert not verify_files(other, evidence).is_whole
    for other in (evidence[:-1], evidence + b" ", evidence[1:], b""):
        assert not verify_files(sealed, other).is_whole


def test_an_evidence_made_anew_for_another_pdf_does_not_make_its_seal(pdf: bytes, stamped: Sealed) -> None:
    """Whoever changes the PDF can make an evidence that fits; the seal still says no."""
    said = stamped.seal.named("stamped")
    added = stamped.pdf + b"\n% added\n"
    faults = verify_files(added, sealed_evidence_of(evidence_of(FACTS, pdf), added, said)).faults
    assert faults == ("Le cachet ne couvre pas le PDF tel qu’il est\u00a0: le PDF a été modifié depuis.",)
    without = sealed_evidence_of(evidence_of(FACTS, pdf), pdf, said)
    assert verify_files(pdf, without).faults == ("Le cachet du PDF est absent ou illisible.",)


@pytest.mark.parametrize(
    ("word", "value"),
    [("level", "sealed"), ("by", "Notaire Dupont"), ("at", "1999-01-01T00:00:00+00:00"), ("authority", "X")],
)
def test_what_the_evidence_says_of_the_seal_is_what_the_seal_says(
    pdf: bytes, stamped: Sealed, word: str, value: str
) -> None:
    """With every hash made anew: the seal itself is what is believed."""
    said = stamped.seal.named("stamped") | {word: value}
    report = verify_files(stamped.pdf, sealed_evidence_of(evidence_of(FACTS, pdf), stamped.pdf, said))
    assert report.faults == ("La preuve dit autre chose du cachet que le cachet.",)


def test_a_document_of_the_demonstration_cannot_pass_for_another(authority: chains.Authority) -> None:
    facts = replace(FACTS, seal=SealPlan.TRIAL)
    document = render(facts)
    certificate = read_certificate(chain().pkcs12(), PASSWORD, today())
    sealed = seal(document, Sealer(certificate, Authority(authority.url, PATIENT)))
    for level, is_whole in (("trial", True), ("stamped", False)):
        named = sealed.seal.named(level)
        report = verify_files(sealed.pdf, sealed_evidence_of(evidence_of(facts, document), sealed.pdf, named))
        assert report.is_whole is is_whole
        assert "C’est un cachet d’essai\u00a0: il est sans valeur." in report.seal


def test_a_seal_cannot_be_declared_away_nor_trusted_when_there_is_none(
    pdf: bytes, stamped: Sealed, tmp_path: Path
) -> None:
    undeclared = evidence_of(FACTS, stamped.pdf)
    assert verify_files(stamped.pdf, undeclared).faults == (
        "Le PDF porte un cachet que la preuve ne nomme pas.",
    )  # fmt: skip
    roots = read_roots(chain().pem)
    assert verify_files(pdf, evidence_of(FACTS, pdf)).is_whole
    assert verify_files(pdf, evidence_of(FACTS, pdf), roots).faults == (
        "Le document n’est pas scellé\u00a0: il n’y a pas de cachet à juger.",
    )  # fmt: skip


def test_the_command_judges_trust_when_asked(
    pair: tuple[bytes, bytes], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = [str(tmp_path / name) for name in ("mandat.pdf", "preuve.json", "root.pem", "none.pem")]
    for name, content in zip(names, (*pair, chain().pem, b"none"), strict=True):
        Path(name).write_bytes(content)
    assert main(["verify", "mandate", *names[:2]]) == 0
    assert SUBJECT in (said := capsys.readouterr().out)
    assert "n’est pas jugée" in said
    assert main(["verify", "mandate", *names[:2], "--trust", names[2]]) == 0
    assert "Il mène à une autorité" in capsys.readouterr().out
    assert main(["verify", "mandate", *names[:2], "--trust", names[3]]) == 1
    assert "aucun certificat" in capsys.readouterr().err


def flipped(data: bytes, at: int, bit: int) -> bytes:
    return data[:at] + bytes([data[at] ^ (1 << bit)]) + data[at + 1 :]
