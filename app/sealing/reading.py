"""Reading the seal of a PDF, offline: whether it is whole, whose it is, whether it leads to a given root."""

from __future__ import annotations

import asyncio
import io
import logging
from dataclasses import dataclass
from datetime import UTC, datetime

from asn1crypto import pem, x509
from cryptography import x509 as pyca
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from app.sealing.certificate import subject_of

# It tells at length, with tracebacks, of each certificate that leads to no root: that is the usual case here.
for _name_of_logger in ("pyhanko", "pyhanko_certvalidator"):
    _loud = logging.getLogger(_name_of_logger)
    _loud.addHandler(logging.NullHandler())
    _loud.propagate = False


@dataclass(frozen=True)
class SealReport:
    """A seal as found in a file.

    ``is_intact``: the signature holds, and covers the file whole, so that nothing was changed nor added since.
    ``subject`` and ``sha256`` are of the certificate. ``signed_at`` is what the signer says; ``stamped_at``
    what a time stamp that holds says. ``is_trusted`` tells whether it leads to the given roots, ``None`` when
    none was given.
    """

    is_intact: bool
    subject: str
    sha256: str
    signed_at: datetime | None
    stamped_at: datetime | None
    authority: str
    is_trusted: bool | None = None

    def named(self, level: str) -> dict[str, str]:
        """Return what the evidence says of this seal: who, by which certificate, when, stamped by whom."""
        at = self.stamped_at or self.signed_at
        return {
            "level": level, "by": self.subject, "certificate_sha256": self.sha256,
            "at": at.isoformat() if at else "", "authority": self.authority,
        }  # fmt: skip


def read_seal(pdf: bytes, roots: tuple[bytes, ...] = ()) -> SealReport | None:
    """Return the seal of a PDF, or nothing when it has none that can be read. ``roots`` are certificates (DER)
    that one trusts; nothing is fetched, so revocation is not judged. Any bytes may be given."""
    try:
        return asyncio.run(_read(pdf, roots))
    except Exception:  # a file that was changed may fail in any way: none of them is a sound seal
        return None  # damaged somewhere: pyHanko's reader stumbles in as many ways as there are places


def read_roots(file: bytes) -> tuple[bytes, ...]:
    """Return the certificates of a PEM or DER file; a ``ValueError`` when there is none."""
    found = [body for _, _, body in pem.unarmor(file, multiple=True)] if pem.detect(file) else [file]
    for one in found:
        _ = x509.Certificate.load(one, strict=True).native
    return tuple(found)


async def _read(pdf: bytes, roots: tuple[bytes, ...]) -> SealReport | None:
    found = PdfFileReader(io.BytesIO(pdf)).embedded_regular_signatures
    if len(found) != 1:
        return None
    own = found[0].signer_cert
    trusted = [x509.Certificate.load(root) for root in roots]
    status = await async_validate_pdf_signature(found[0], ValidationContext(trust_roots=trusted))
    stamp = status.timestamp_validity
    stamped_at = stamp.timestamp if stamp is not None and stamp.valid and stamp.intact else None
    if stamped_at is not None and trusted:
        # Judged at the proven time: a certificate may have expired since.
        then = ValidationContext(trust_roots=trusted, moment=stamped_at, best_signature_time=stamped_at)
        status = await async_validate_pdf_signature(found[0], then)
    return SealReport(
        is_intact=_is_intact(status),
        subject=subject_of(pyca.load_der_x509_certificate(own.dump())),
        sha256=own.sha256.hex(),
        signed_at=_utc(found[0].self_reported_timestamp),
        stamped_at=_utc(stamped_at),
        authority=_name(stamp.signing_cert) if stamp is not None else "",
        is_trusted=bool(status.trusted and (stamp is None or stamp.trusted)) if roots else None,
    )


def _is_intact(status: PdfSignatureStatus) -> bool:
    whole = status.coverage is SignatureCoverageLevel.ENTIRE_FILE
    return bool(status.intact and status.valid and whole)


def _name(certificate: x509.Certificate) -> str:
    return subject_of(pyca.load_der_x509_certificate(certificate.dump()))


def _utc(moment: datetime | None) -> datetime | None:
    return moment.astimezone(UTC) if moment else None
