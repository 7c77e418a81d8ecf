"""The usager's link: whole, ours, of this purpose and within its term, or worth nothing."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import timedelta
from uuid import UUID

import pytest

from app.security import links
from app.security.links import read_link, usager_link
from app.security.pace import Pace
from app.security.vault import Vault
from tests.conftest import NOW

VAULT = Vault(b"a secret of the tests, of 32 bytes and more")
MANDATE = UUID("0190f3c2-8d11-7000-8000-00000000abcd")
TERM = NOW + timedelta(days=180)
TOKEN = usager_link(VAULT, MANDATE, TERM)


def test_it_leads_to_its_mandate_until_the_term_and_no_longer() -> None:
    assert read_link(VAULT, TOKEN, NOW) == MANDATE
    assert read_link(VAULT, TOKEN, TERM - timedelta(seconds=1)) == MANDATE
    assert read_link(VAULT, TOKEN, TERM) is None
    assert len(TOKEN) == links.LENGTH


def test_every_bit_of_it_counts() -> None:
    raw = urlsafe_b64decode(TOKEN)
    for bit in range(len(raw) * 8):
        changed = bytearray(raw)
        changed[bit // 8] ^= 1 << bit % 8
        assert read_link(VAULT, urlsafe_b64encode(bytes(changed)).decode(), NOW) is None, bit


@pytest.mark.parametrize(
    "token",
    [
        "", "x", TOKEN[:-1], TOKEN[1:], TOKEN + "A", TOKEN[:-4] + "====", TOKEN[:-1] + "é", "\x00" * 48,
        "é" * 48, TOKEN[:10] + "+/" + TOKEN[12:], " " + TOKEN[1:], "!" * 48, "A" * 48, TOKEN.swapcase(),
    ],
)  # fmt: skip
def test_what_is_not_whole_is_nothing(token: str) -> None:
    assert read_link(VAULT, token, NOW) is None


def test_another_secret_and_another_purpose_sign_something_else(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read_link(Vault(b"another secret, of 32 bytes and more"), TOKEN, NOW) is None
    monkeypatch.setattr(links, "_PURPOSE", "link.other")
    other = usager_link(VAULT, MANDATE, TERM)
    assert read_link(VAULT, other, NOW) == MANDATE
    monkeypatch.undo()
    assert read_link(VAULT, other, NOW) is None


def test_the_term_cannot_be_put_off() -> None:
    longer = usager_link(VAULT, MANDATE, TERM + timedelta(days=1))
    grafted = urlsafe_b64decode(longer)[:20] + urlsafe_b64decode(TOKEN)[20:]
    assert read_link(VAULT, urlsafe_b64encode(grafted).decode(), NOW) is None


def test_a_pace_is_kept_a_key_and_forgets() -> None:
    pace = Pace(3, 60, remembered=2)
    for at in (0.0, 1.0, 2.0):
        assert not pace.is_exceeded("a", at)
        pace.count("a", at)
    assert pace.is_exceeded("a", 59.9)
    assert not pace.is_exceeded("b", 3.0)
    assert not pace.is_exceeded("a", 60.0)
    pace.count("a", 61.0)
    assert not pace.is_exceeded("a", 62.0)
    for key in ("b", "c"):
        pace.count(key, 62.0)
    assert len(pace._counts) == 2
