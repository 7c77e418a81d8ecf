"""An SMTP server on loopback (``aiosmtpd``): it takes or refuses, is slow, speaks TLS, asks for a password."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass
class Post:
    """What was taken, and how it answers: ``refused`` addresses are unknown, ``busy`` ones greylisted; it waits
    ``slow`` seconds before it takes a message (``reached`` is set when it begins to)."""

    port: int = 0
    taken: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    signed_in: list[str] = field(default_factory=list)
    over_tls: list[bool] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)
    busy: set[str] = field(default_factory=set)
    password: str = ""
    slow: float = 0
    reached: threading.Event = field(default_factory=threading.Event)

    async def handle_RCPT(
        self, _server: SMTP, _session: Any, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Take an address, or not."""
        if address in self.refused:
            return "550 nobody"
        if address in self.busy:
            return "450 later"
        self.recipients.append(address)
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(self, server: SMTP, _session: Any, envelope: Envelope) -> str:
        """Take a message."""
        self.reached.set()
        time.sleep(self.slow)  # its own thread: the clock of the tests may be frozen
        content: Any = envelope.content
        self.taken.append(message_from_bytes(content, policy=policy.default))
        self.over_tls.append(server.transport.get_extra_info("ssl_object") is not None)  # type: ignore[union-attr]
        return "250 taken"

    def knows(self, _server: SMTP, _session: Any, _envelope: Envelope, _how: str, given: Any) -> AuthResult:
        """Say whether somebody may write from here."""
        assert isinstance(given, LoginPassword)
        self.signed_in.append(given.login.decode())
        return AuthResult(success=given.password.decode() == self.password, handled=False)


def free_port() -> int:
    """Return a port on which nobody listens."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        found: int = one.getsockname()[1]
        return found


@contextmanager
def smtp(
    certificate: tuple[Path, Path] | None = None, *, tls_at_once: bool = False, port: int = 0
) -> Iterator[Post]:
    """Run the server; ``certificate`` is its chain and key."""
    post = Post()
    context = None
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*certificate)
    loop = asyncio.new_event_loop()

    lines: list[SMTP] = []

    def protocol() -> SMTP:
        line = SMTP(
            post, hostname="tests", loop=loop, tls_context=None if tls_at_once else context,
            authenticator=post.knows, auth_require_tls=False,
        )  # fmt: skip
        lines.append(line)
        return line

    listening = loop.create_server(protocol, "127.0.0.1", port, ssl=context if tls_at_once else None)
    server = loop.run_until_complete(listening)
    post.port = server.sockets[0].getsockname()[1]
    serving = threading.Thread(target=loop.run_forever, daemon=True)
    serving.start()

    async def end() -> None:
        server.close()
        others = [one for one in asyncio.all_tasks() if one is not asyncio.current_task()]
        for one in others:
            one.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        for line in lines:
            if line.transport is not None:
                line.transport.close()
        for _ in range(3):  # until what was closed is gone
            await asyncio.sleep(0)

    try:
        yield post
    finally:
        asyncio.run_coroutine_threadsafe(end(), loop).result(20)
        loop.call_soon_threadsafe(loop.stop)
        serving.join()
        loop.close()


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
