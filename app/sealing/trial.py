"""The TEST chain of the demonstration: a root, a certificate that seals, a local authority.

Made once, in the data folder, with keys that only the service's own account may read.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper

from app.sealing.certificate import Certificate, read_certificate
from app.sealing.seal import Sealer

FOLDER = "trial-seal"
ROOT, SIGNER, AUTHORITY = "root.pem", "cachet.p12", "horodatage.p12"
_PASSWORD = "demonstration"
_LIFE = timedelta(days=3650)
_BITS = 2048
_Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
_LEAVES: tuple[tuple[str, str, x509.ObjectIdentifier | None], ...] = (
    (SIGNER, "Cachet d’essai Administration+", None),
    (AUTHORITY, "Horodatage d’essai Administration+", ExtendedKeyUsageOID.TIME_STAMPING),
)


def trial_sealer(data_dir: Path, now: datetime) -> Sealer:
    """Return what seals in the demonstration; its chain is made if it is not there."""
    folder = data_dir / FOLDER
    if not (folder / ROOT).exists():
        _make(folder, now)
    certificate, authority = (_read(folder / name, now) for name in (SIGNER, AUTHORITY))
    own = authority.signer
    stamper = DummyTimeStamper(own.signing_cert, own.signing_key, own.cert_registry)
    return Sealer(certificate, stamper, is_trial=True)


def _read(path: Path, now: datetime) -> Certificate:
    return read_certificate(path.read_bytes(), _PASSWORD, now)


def _make(folder: Path, now: datetime) -> None:
    """Make the chain beside, then put it in place at once: of two processes, one wins, both read the same."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=f".{FOLDER}-", dir=folder.parent))  # 0700
    try:
        root_key = ec.generate_private_key(ec.SECP256R1())
        name = _name("Autorité d’essai Administration+")
        root = _certificate(name, name, root_key, root_key, now, usage=None)
        _write(beside / ROOT, root.public_bytes(Encoding.PEM), 0o644)
        for file, title, usage in _LEAVES:
            key = _key(usage)
            own = _certificate(_name(title), name, key, root_key, now, usage=usage, is_leaf=True)
            kept = pkcs12.serialize_key_and_certificates(
                title.encode(), key, own, [root], BestAvailableEncryption(_PASSWORD.encode())
            )
            _write(beside / file, kept, 0o600)
        try:
            beside.rename(folder)
        except OSError:
            if not (folder / ROOT).exists():
                raise
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _key(usage: x509.ObjectIdentifier | None) -> _Key:
    """pyHanko reads a key anew for each seal, slowly if it is RSA; its local authority knows nothing else."""
    return rsa.generate_private_key(65537, _BITS) if usage else ec.generate_private_key(ec.SECP256R1())


def _write(path: Path, content: bytes, mode: int) -> None:
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(content)


def _name(title: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "FR"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Démonstration, sans valeur"),
            x509.NameAttribute(NameOID.COMMON_NAME, title),
        ]
    )


def _certificate(
    subject: x509.Name, issuer: x509.Name, key: _Key, by: _Key, now: datetime,
    *, usage: x509.ObjectIdentifier | None, is_leaf: bool = False,
) -> x509.Certificate:  # fmt: skip
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + _LIFE)
        .add_extension(x509.BasicConstraints(ca=not is_leaf, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(by.public_key()), critical=False)
        .add_extension(
            x509.KeyUsage(
                digital_signature=is_leaf, content_commitment=is_leaf and usage is None, key_encipherment=False,
                data_encipherment=False, key_agreement=False, key_cert_sign=not is_leaf, crl_sign=not is_leaf,
                encipher_only=False, decipher_only=False,
            ),
            critical=True,
        )
    )  # fmt: skip
    if usage is not None:
        builder = builder.add_extension(x509.ExtendedKeyUsage([usage]), critical=True)
    return builder.sign(by, hashes.SHA256())
