"""Passwords: what is kept, and that an unknown account costs as much as a wrong password."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

import pytest
from argon2 import PasswordHasher

from app.security import passwords


@pytest.fixture(autouse=True)
def cheap() -> Iterator[None]:
    before = passwords._hasher
    passwords.use_cost(1, 8)
    yield
    passwords._hasher = before
    passwords._nobody.cache_clear()


def test_only_the_right_password_is_right() -> None:
    kept = passwords.hash_password("un beau matin")
    assert passwords.verify(kept, "un beau matin")
    assert not passwords.verify(kept, "un beau matin ")
    assert not passwords.verify(kept, "")


def test_the_same_password_is_never_kept_twice_alike() -> None:
    assert passwords.hash_password("un beau matin") != passwords.hash_password("un beau matin")


def test_it_is_argon2id_at_the_library_s_cost() -> None:
    default = PasswordHasher()
    passwords._hasher = default
    kept = passwords.hash_password("un beau matin")
    assert kept.startswith("$argon2id$")
    assert f"m={default.memory_cost},t={default.time_cost}" in kept


def test_accents_typed_on_another_system_are_the_same_password() -> None:
    kept = passwords.hash_password(unicodedata.normalize("NFC", "été à Noël"))
    assert passwords.verify(kept, unicodedata.normalize("NFD", "été à Noël"))


@pytest.mark.parametrize("kept", [None, "", "not a hash", "$argon2id$v=19$broken"])
def test_nothing_kept_is_never_right(kept: str | None) -> None:
    assert not passwords.verify(kept, "nobody")


def test_an_unknown_account_costs_one_verification_too(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = passwords.hash_password("un beau matin")
    passwords.verify(None, "first")
    costs = []

    class Counting:
        def verify(self, hash_: str, typed: bytes) -> bool:
            costs.append(hash_.split("$")[:4])
            return original.verify(hash_, typed)

    original = passwords._hasher
    monkeypatch.setattr(passwords, "_hasher", Counting())
    passwords.verify(None, "typed")
    passwords.verify(kept, "typed")
    assert costs == [kept.split("$")[:4]] * 2


def test_a_hash_of_another_cost_is_outdated() -> None:
    kept = passwords.hash_password("un beau matin")
    assert not passwords.is_outdated(kept)
    passwords.use_cost(2, 16)
    assert passwords.is_outdated(kept)
    assert passwords.verify(kept, "un beau matin")
