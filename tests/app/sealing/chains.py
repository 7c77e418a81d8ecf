"""A real chain of certificates and a real time-stamping authority on loopback, for the tests that seal."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from asn1crypto import algos, keys, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

PASSWORD = "un mot de passe d’essai"
SUBJECT = "Cachet de Guise"
Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
BEGIN, END = datetime(2020, 1, 1, tzinfo=UTC), datetime(2040, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Chain:
    """A root, and what it certified: the authority's certificate and key as pyHanko wants them."""

    root: x509.Certificate
    root_key: Key
    authority: asn1_x509.Certificate
    authority_key: keys.PrivateKeyInfo

    @property
    def pem(self) -> bytes:
        """The root, to trust."""
        return self.root.public_bytes(Encoding.PEM)

    def pkcs12(self, begin: datetime = BEGIN, end: datetime = END, password: str = PASSWORD) -> bytes:
        """Make a certificate that seals, valid between these instants, with its key and the root."""
        key = ec.generate_private_key(ec.SECP256R1())
        own = certificate(SUBJECT, key, self.root.subject, self.root_key, begin, end)
        return pkcs12.serialize_key_and_certificates(
            b"cachet", key, own, [self.root], BestAvailableEncryption(password.encode())
        )


@cache
def chain(name: str = "Racine d’essai") -> Chain:
    """Return a chain, made once for each name."""
    root_key = ec.generate_private_key(ec.SECP256R1())
    title = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    root = certificate(name, root_key, title, root_key, BEGIN, END, is_root=True)
    key = rsa.generate_private_key(65537, 2048)  # pyHanko's own authority knows RSA only
    stamps = certificate(
        "Horodatage d’essai", key, title, root_key, BEGIN, END, usage=ExtendedKeyUsageOID.TIME_STAMPING
    )
    der = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return Chain(
        root, root_key, asn1_x509.Certificate.load(stamps.public_bytes(Encoding.DER)),
        keys.PrivateKeyInfo.load(der),
    )  # fmt: skip


def certificate(
    subject: str, key: Key, issuer: x509.Name, by: Key, begin: datetime, end: datetime, *,
    is_root: bool = False, usage: x509.ObjectIdentifier | None = None,
) -> x509.Certificate:  # fmt: skip
    """Certify a key."""
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, subject)]))
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(end)
        .add_extension(x509.BasicConstraints(ca=is_root, path_length=None), critical=True)
        .add_extension(
            x509.KeyUsage(
                digital_signature=not is_root, content_commitment=not is_root and usage is None,
                key_encipherment=False, data_encipherment=False, key_agreement=False, key_cert_sign=is_root,
                crl_sign=is_root, encipher_only=False, decipher_only=False,
            ),
            critical=True,
        )
    )  # fmt: skip
    if usage:
        builder = builder.add_extension(x509.ExtendedKeyUsage([usage]), critical=True)
    return builder.sign(by, hashes.SHA256())


@dataclass
class Authority:
    """A running authority. ``mood`` is how it answers: see ``_answer``."""

    url: str = ""
    mood: str = "well"
    asked: list[str] = field(default_factory=list)


@contextmanager
def authority(of: Chain) -> Iterator[Authority]:
    """Run an authority that speaks RFC 3161 over HTTP on loopback."""
    state = Authority()
    store = SimpleCertificateStore()
    stamper = DummyTimeStamper(of.authority, of.authority_key, store)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = self.rfile.read(int(self.headers["Content-Length"]))
            state.asked.append(self.headers["Content-Type"])
            status, kind, body = _answer(state.mood, stamper, asked)
            try:
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
            except (BrokenPipeError, ConnectionResetError):
                return

        def log_message(self, *_: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    running = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    running.start()
    state.url = f"http://127.0.0.1:{server.server_port}/tsr"
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
        running.join()


def _answer(mood: str, stamper: DummyTimeStamper, asked: bytes) -> tuple[int, str, bytes]:
    kind = "application/timestamp-reply"
    if mood == "ill":
        return 503, "text/plain", b"down"
    if mood == "page":
        return 200, "text/html", b"<html>an account page</html>"
    if mood == "garbage":
        return 200, kind, b"\x30\x82\x01\x00garbage"
    if mood == "flood":
        return 200, kind, b"\x30" * 400_000
    if mood == "slow":
        time.sleep(1.0)
    request = tsp.TimeStampReq.load(asked)
    if mood == "refuses":
        return 200, kind, bytes.fromhex("30053003020102")  # status 2, rejection, and no token
    if mood == "other":  # a good stamp, of something else
        request["message_imprint"] = tsp.MessageImprint(
            {"hash_algorithm": algos.DigestAlgorithm({"algorithm": "sha256"}), "hashed_message": b"\x01" * 32}
        )
    return 200, kind, stamper.request_tsa_response(request).dump()
