"""A small SMTP server on loopback: enough of RFC 5321 to take a message, with STARTTLS, TLS and AUTH PLAIN."""

from __future__ import annotations

import base64
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass
class Post:
    """What was taken, and how it answers: ``refused`` addresses are unknown, ``busy`` ones greylisted."""

    port: int = 0
    taken: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    signed_in: list[str] = field(default_factory=list)
    over_tls: list[bool] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)
    busy: set[str] = field(default_factory=set)
    password: str = ""


@contextmanager
def smtp(certificate: tuple[Path, Path] | None = None, *, tls_at_once: bool = False) -> Iterator[Post]:
    """Run the server; ``certificate`` is its chain and key."""
    post = Post()

    class Handler(socketserver.StreamRequestHandler):
        timeout = 20
        is_secure = False

        def handle(self) -> None:
            with suppress(OSError):
                if tls_at_once:
                    self._secure()
                self._converse()
            if self.is_secure:  # the socket wrapped: nobody else closes it
                self.connection.close()

        def _secure(self) -> None:
            assert certificate is not None
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*certificate)
            self.connection = context.wrap_socket(self.connection, server_side=True)
            self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb", 0)
            self.is_secure = True

        def _say(self, line: str) -> None:
            self.wfile.write(line.encode() + b"\r\n")

        def _converse(self) -> None:
            self._say("220 tests")
            while line := self.rfile.readline().decode().rstrip():
                verb, _, rest = line.partition(" ")
                match verb.upper():
                    case "EHLO":
                        offers = ["250-tests", "250-AUTH PLAIN"]
                        offers += ["250-STARTTLS"] if certificate and not self.is_secure else []
                        self._say("\r\n".join([*offers, "250 8BITMIME"]))
                    case "STARTTLS":
                        self._say("220 go")
                        self._secure()
                    case "AUTH":
                        _, name, password = base64.b64decode(rest.split()[1]).decode().split("\0")
                        post.signed_in.append(name)
                        self._say("235 welcome" if password == post.password else "535 no")
                    case "RCPT":
                        to = rest[rest.index("<") + 1 : rest.index(">")]
                        if to not in post.refused | post.busy:
                            post.recipients.append(to)
                        self._say(
                            "550 nobody" if to in post.refused else "450 later" if to in post.busy else "250 ok"
                        )
                    case "DATA":
                        self._say("354 go")
                        body = b""
                        while (piece := self.rfile.readline()) != b".\r\n":
                            body += piece.removeprefix(b".") if piece.startswith(b"..") else piece
                        taken: Any = message_from_bytes(body, policy=policy.default)
                        post.taken.append(taken)
                        post.over_tls.append(self.is_secure)
                        self._say("250 taken")
                    case "QUIT":
                        self._say("221 bye")
                        return
                    case _:
                        self._say("250 ok")

    class Server(socketserver.ThreadingTCPServer):
        allow_reuse_address = daemon_threads = True

    server = Server(("127.0.0.1", 0), Handler)
    post.port = server.server_address[1]
    serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    serving.start()
    try:
        yield post
    finally:
        server.shutdown()
        server.server_close()
        serving.join()


def certificate(folder: Path) -> tuple[Path, Path]:
    """Make a certificate of 127.0.0.1 that vouches for itself; return its file and its key's."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "tests")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    chain, secret = folder / "chain.pem", folder / "key.pem"
    chain.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return chain, secret
