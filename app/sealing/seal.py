"""Sealing a PDF: a PAdES signature appended to it (ETSI EN 319 142-1, baseline B, or T with a time stamp).

Nothing of the document changes: its bytes are the beginning of the sealed file. Proofs of non-revocation (LTV)
are not embedded: the evidence is kept five years, and the chain of events says when each thing was done.
"""

from __future__ import annotations

import asyncio
import io
import logging
from dataclasses import dataclass

from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign.fields import InvisSigSettings, MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError

from app.sealing.certificate import Certificate
from app.sealing.faults import CannotSeal
from app.sealing.reading import SealReport, read_seal
from models.enums import SealLevel

log = logging.getLogger(__name__)

FIELD = "Cachet"
_REASON = "Cachet du service qui conserve ce mandat"
_TRIAL_REASON = "Cachet d’essai : sans valeur"


@dataclass(frozen=True)
class Sealer:
    """What seals: a certificate, an authority when there is one, whether all of it is a trial."""

    certificate: Certificate
    authority: TimeStamper | None = None
    is_trial: bool = False

    @property
    def level(self) -> SealLevel:
        """What its seals are worth."""
        if self.is_trial:
            return SealLevel.TRIAL
        return SealLevel.STAMPED if self.authority else SealLevel.SEALED


@dataclass(frozen=True)
class Sealed:
    """A sealed file, and what its own seal says when it is read again."""

    pdf: bytes
    level: SealLevel
    seal: SealReport


def seal(pdf: bytes, sealer: Sealer) -> Sealed:
    """Return the PDF with its seal appended, or raise ``CannotSeal``. Not to be called within a transaction nor
    on the event loop: it may wait for the authority.

    What was made is read again before it is given back: an authority can answer anything.
    """
    try:
        made = asyncio.run(_signed(pdf, sealer))
    except CannotSeal:
        raise
    except TimestampRequestError as error:
        raise CannotSeal("authority_refused") from error
    except (SigningError, PdfError, ValueError, TypeError, KeyError) as error:
        # asn1crypto reads the authority's answer by pieces, each of which may be nonsense.
        log.warning("a document could not be sealed: %s", type(error).__name__)
        raise CannotSeal("authority_refused" if sealer.authority else "failed") from error
    report = read_seal(made)
    if not made.startswith(pdf) or report is None or not report.is_intact:
        raise CannotSeal("failed")
    if sealer.authority is not None and report.stamped_at is None:
        raise CannotSeal("authority_refused")
    return Sealed(made, sealer.level, report)


class _Writer(IncrementalPdfFileWriter):
    """Appends to a PDF and leaves its metadata alone: rewritten, they might not conform to PDF/A any more."""

    def _update_meta(self) -> None:
        """Neither the date of the document nor its producer becomes another."""


async def _signed(pdf: bytes, sealer: Sealer) -> bytes:
    writer = _Writer(io.BytesIO(pdf))
    page = writer.prev.root["/Pages"]["/Kids"][0]
    if "/Tabs" not in page:  # PDF/UA-1, 7.18.3: a page with an annotation says in which order they come
        page[pdf_name("/Tabs")] = pdf_name("/S")
        writer.mark_update(writer.prev.root["/Pages"]["/Kids"].raw_get(0))
    signer = PdfSigner(
        PdfSignatureMetadata(
            field_name=FIELD,
            md_algorithm="sha256",
            subfilter=SigSeedSubFilter.PADES,
            reason=_TRIAL_REASON if sealer.is_trial else _REASON,
            name=sealer.certificate.subject,
            certify=True,
            docmdp_permissions=MDPPerm.NO_CHANGES,
        ),
        signer=sealer.certificate.signer,
        timestamper=sealer.authority,
        # Invisible in the way that PDF/A-2 and PDF/UA-1 both allow: printed, and outside the page.
        new_field_spec=SigFieldSpec(
            FIELD, readable_field_name="Cachet électronique",
            invis_sig_settings=InvisSigSettings(box_out_of_bounds=True),
        ),
    )  # fmt: skip
    out = await signer.async_sign_pdf(writer, output=io.BytesIO())
    return bytes(out.getvalue())
