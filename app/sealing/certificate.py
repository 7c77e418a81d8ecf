"""The certificate that seals, from a PKCS#12 file: whether it can, and whose it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from asn1crypto import keys, x509
from cryptography import x509 as pyca
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)
from pyhanko.sign.signers import SimpleSigner
from pyhanko_certvalidator.registry import SimpleCertificateStore

from app.sealing.faults import CannotSeal

_LARGEST = 1_000_000  # bytes of a PKCS#12 file


@dataclass(frozen=True)
class Certificate:
    """A certificate and its key. ``subject`` is whose it is, in words; ``sha256`` its fingerprint."""

    signer: SimpleSigner
    subject: str
    sha256: str


def read_certificate(pkcs12_file: bytes, password: str, now: datetime) -> Certificate:
    """Return the certificate of a PKCS#12 file, valid at that instant, or raise ``CannotSeal``."""
    if len(pkcs12_file) > _LARGEST or not pkcs12_file.startswith(b"\x30"):
        raise CannotSeal("unreadable_certificate")
    try:
        found = pkcs12.load_pkcs12(pkcs12_file, password.encode() or None)
    except ValueError as error:
        word = "wrong_password" if "password" in str(error).lower() else "unreadable_certificate"
        raise CannotSeal(word) from error
    key, own = found.key, found.cert.certificate if found.cert else None
    if own is None or not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise CannotSeal("unreadable_certificate")
    if own.not_valid_after_utc <= now:
        raise CannotSeal("certificate_expired")
    if own.not_valid_before_utc > now:
        raise CannotSeal("certificate_too_early")
    store = SimpleCertificateStore()
    store.register_multiple([_as_asn1(one.certificate) for one in found.additional_certs])
    der = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    signer = SimpleSigner(
        signing_cert=_as_asn1(own), signing_key=keys.PrivateKeyInfo.load(der), cert_registry=store
    )
    return Certificate(signer, subject_of(own), own.fingerprint(hashes.SHA256()).hex())


def subject_of(certificate: pyca.Certificate) -> str:
    """Return whose certificate it is: common name and organisation."""
    wanted = (pyca.NameOID.COMMON_NAME, pyca.NameOID.ORGANIZATION_NAME)
    names = [str(one.value) for oid in wanted for one in certificate.subject.get_attributes_for_oid(oid)]
    return ", ".join(dict.fromkeys(names)) or certificate.subject.rfc4514_string()


def _as_asn1(certificate: pyca.Certificate) -> x509.Certificate:
    return x509.Certificate.load(certificate.public_bytes(Encoding.DER))
