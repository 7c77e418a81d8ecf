"""Check a document against its evidence, offline: two files, no database, no settings."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

import rfc8785

from app.mandate_document.evidence import FORMAT, sha256_as_kept


@dataclass(frozen=True)
class Report:
    """What was found wrong, in French sentences; nothing when both files are whole and go together."""

    faults: tuple[str, ...]

    @property
    def is_whole(self) -> bool:
        """Tell whether nothing was found wrong."""
        return not self.faults


def verify_files(pdf: bytes, evidence: bytes) -> Report:
    """Report on a PDF and its evidence. Any file may be given: what cannot be read is a fault, never an error.

    It proves that neither file was damaged, not who made them: they are not sealed.
    """
    try:
        read = json.loads(evidence)
        is_canonical = rfc8785.dumps(read) == evidence
    except (ValueError, RecursionError, rfc8785.CanonicalizationError):
        return Report(("La preuve est illisible.",))
    if not isinstance(read, dict) or read.get("format") != FORMAT:
        return Report(("Ce fichier n’est pas la preuve d’un mandat.",))
    shown, proof = read.get("shown"), read.get("proof")
    rest = {key: value for key, value in read.items() if key != "sha256"}
    checks = (
        (is_canonical, "La preuve n’est pas écrite sous sa forme canonique."),
        (hashlib.sha256(rfc8785.dumps(rest)).hexdigest() == read.get("sha256"), "La preuve a été modifiée."),
        (
            isinstance(shown, dict) and sha256_as_kept(shown) == read.get("shown_sha256"),
            "Le texte montré ne correspond pas à son empreinte.",
        ),
        (
            isinstance(proof, dict) and sha256_as_kept(proof) == read.get("proof_sha256"),
            "L’accord ne correspond pas à son empreinte.",
        ),
        (
            hashlib.sha256(pdf).hexdigest() == read.get("pdf_sha256"),
            "Le PDF n’est pas celui que décrit la preuve.",
        ),
    )
    return Report(tuple(sentence for holds, sentence in checks if not holds))
