"""Check a document against its evidence, offline: two files, no database, no settings."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import rfc8785

from app.french import clock, long_date
from app.mandate_document.evidence import FORMAT, FORMATS, NAMED, said_sha256, sha256_as_kept

_NAMED = re.compile(re.escape(NAMED) + r"\s*:\s*([0-9a-f]{64})")
UNSEALED = "Ils ne sont pas scellés : rien ne dit qui les a faits."


@dataclass(frozen=True)
class Report:
    """What was found wrong, in French sentences; nothing when both files are whole and go together. ``seal``
    says what the seal is, also in sentences."""

    faults: tuple[str, ...]
    seal: tuple[str, ...] = (UNSEALED,)

    @property
    def is_whole(self) -> bool:
        """Tell whether nothing was found wrong."""
        return not self.faults


def verify_files(pdf: bytes, evidence: bytes, roots: tuple[bytes, ...] = ()) -> Report:
    """Report on a PDF and its evidence. Any file may be given: what cannot be read is a fault, never an error.

    Unsealed, it proves that neither file was damaged, not who made them. Sealed, the seal must be whole and the
    one that the evidence names; it covers what the evidence says of the mandate too, since the document names
    its hash. Whether one trusts it is judged only by ``roots``, certificates in DER.
    """
    try:
        read = json.loads(evidence)
        is_canonical = rfc8785.dumps(read) == evidence
    except (ValueError, RecursionError, rfc8785.CanonicalizationError):
        return Report(("La preuve est illisible.",))
    if not isinstance(read, dict) or read.get("format") not in FORMATS:
        return Report(("Ce fichier n’est pas la preuve d’un mandat.",))
    shown, proof, sealed = read.get("shown"), read.get("proof"), read.get("sealed")
    rest = {key: value for key, value in read.items() if key != "sha256"}
    checks = (
        (is_canonical, "La preuve n’est pas écrite sous sa forme canonique."),
        (hashlib.sha256(rfc8785.dumps(rest)).hexdigest() == read.get("sha256"), "La preuve a été modifiée."),
        (
            isinstance(shown, dict) and sha256_as_kept(shown) == read.get("shown_sha256"),
            "Le texte montré ne correspond pas à son empreinte.",
        ),
        (
            proof == {"withheld": True}
            or (isinstance(proof, dict) and sha256_as_kept(proof) == read.get("proof_sha256")),
            "L’accord ne correspond pas à son empreinte.",
        ),
        (
            hashlib.sha256(pdf).hexdigest() == read.get("pdf_sha256")
            and read.get("pdf_bytes", len(pdf)) == len(pdf),
            "Le PDF n’est pas celui que décrit la preuve.",
        ),
    )
    faults = tuple(sentence for holds, sentence in checks if not holds)
    names = _said_by(read)
    if names and read.get("said_sha256") != names[0]:
        faults += ("La preuve a été modifiée.",) if not faults else ()
    if not faults and _named_by(pdf) != names:  # read only when both files are whole
        faults = ("Le PDF ne nomme pas cette preuve.",)
    if sealed is False:
        if b"/ByteRange" in pdf:  # of a signature (ISO 32000-1, 12.8.1)
            faults += ("Le PDF porte un cachet que la preuve ne nomme pas.",)
        if roots:
            faults += ("Le document n’est pas scellé : il n’y a pas de cachet à juger.",)
        return Report(faults)
    more, said = _seal(pdf, sealed, roots, is_trial=read.get("plan") == "trial")
    return Report(faults + more, said)


def _said_by(evidence: dict[str, Any]) -> list[str]:
    """Return what the document must name of its evidence: nothing when it is one from before."""
    return [said_sha256(evidence)] if evidence["format"] == FORMAT else []


def _named_by(pdf: bytes) -> list[str]:
    """Return every hash that a document gives as its evidence's: one, unless somebody wrote another into a
    field of the form."""
    import pypdfium2  # heavy, and only for this

    try:
        with pypdfium2.PdfDocument(pdf) as document:
            text = "\f".join(page.get_textpage().get_text_bounded() for page in document)
    except pypdfium2.PdfiumError:
        return []
    return _NAMED.findall(text)


def _seal(
    pdf: bytes, named: Any, roots: tuple[bytes, ...], *, is_trial: bool
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what is wrong with a seal that the evidence names, and what it is."""
    from app.sealing.reading import read_seal

    found = read_seal(pdf, roots)
    if found is None:
        return ("Le cachet du PDF est absent ou illisible.",), ()
    named = named if isinstance(named, dict) else {}
    before = named.get("before")
    start = before.get("bytes") if isinstance(before, dict) else None
    is_prefix = isinstance(start, int) and hashlib.sha256(pdf[:start]).hexdigest() == before.get("pdf_sha256")
    # A document of the demonstration says so itself, under its seal: its evidence cannot say otherwise.
    is_trial = is_trial or named.get("level") == "trial"
    level = "trial" if is_trial else "stamped" if found.stamped_at else "sealed"
    checks = (
        (found.is_intact, "Le cachet ne couvre pas le PDF tel qu’il est : le PDF a été modifié depuis."),
        (is_prefix, "Le début du PDF n’est pas le document qui a été scellé."),
        (found.sha256 == named.get("certificate_sha256"), "Le cachet n’est pas celui que nomme la preuve."),
        (found.named(level).items() <= named.items(), "La preuve dit autre chose du cachet que le cachet."),
        (found.is_trusted is not False, "Le cachet ne mène à aucune des autorités données."),
    )
    said = [f"Cachet de « {found.subject} »{_at(found.signed_at)}, sur le PDF entier."]
    if found.stamped_at:
        said.append(f"Horodaté par « {found.authority} »{_at(found.stamped_at)}.")
    if is_trial:
        said.append("C’est un cachet d’essai : il est sans valeur.")
    said.append(
        "Il mène à une autorité que vous avez donnée."
        if found.is_trusted
        else "L’autorité qui a délivré le certificat n’est pas jugée : donnez la sienne avec --trust."
    )
    return tuple(sentence for holds, sentence in checks if not holds), tuple(said)


def _at(moment: datetime | None) -> str:
    return f", {long_date(moment)} à {clock(moment)}" if moment else ""
