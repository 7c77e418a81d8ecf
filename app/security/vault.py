"""Keys and encryption: AES-256-GCM everywhere, one key a purpose, derived from the service's secret.

Sources: NIST SP 800-38D (GCM), RFC 5869 (HKDF).
"""

from __future__ import annotations

import hmac
import os
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_NONCE = 12
_KEY_ID = 8


def derive(secret: bytes, purpose: str) -> bytes:
    """Return the 32-byte key of a purpose (HKDF-SHA256): knowing one says nothing of the others."""
    return HKDF(SHA256(), 32, salt=b"administration-plus", info=purpose.encode()).derive(secret)


class Tampered(Exception):
    """A sealed value was changed, moved to another place, or sealed with another secret."""


class Vault:
    """Seals small values. A sealed value is key id (8 bytes), nonce (12), ciphertext and tag.

    The key id is there for rotation: ``retired`` secrets still open what they sealed.
    """

    def __init__(self, secret: bytes, *retired: bytes) -> None:
        self._keys: dict[bytes, AESGCM] = {}
        for each in (*retired, secret):
            key = derive(each, "columns")
            self._current = sha256(key).digest()[:_KEY_ID]
            self._keys[self._current] = AESGCM(key)
        self._fingerprints = derive(secret, "fingerprints")

    def seal(self, clear: bytes, context: bytes) -> bytes:
        """Encrypt ``clear``; ``context`` (where it is kept) is authenticated with it."""
        nonce = os.urandom(_NONCE)
        return self._current + nonce + self._keys[self._current].encrypt(nonce, clear, context)

    def open(self, sealed: bytes, context: bytes) -> bytes:
        """Decrypt what ``seal`` gave for the same context, or raise ``Tampered``."""
        key = self._keys.get(sealed[:_KEY_ID])
        if key is None:
            raise Tampered("unknown key")
        try:
            return key.decrypt(sealed[_KEY_ID : _KEY_ID + _NONCE], sealed[_KEY_ID + _NONCE :], context)
        except InvalidTag as error:
            raise Tampered("changed or moved") from error

    def fingerprint(self, *parts: str) -> bytes:
        """Return a keyed fingerprint (HMAC-SHA256), to find equals without keeping the value."""
        return hmac.digest(self._fingerprints, "\x1f".join(parts).encode(), "sha256")
