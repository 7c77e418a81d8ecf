"""The words of the mandate: versions that never change, and what is shown with its own hash."""

from __future__ import annotations

import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import mandate_text
from app.mandate_text import FULL, PLAIN, Shown, current, fill, text_sha256
from app.work import ByNobody, Database, acting
from models.mandate import MandateText
from tests.conftest import NOW

TEXT = MandateText(
    created_at=NOW, language="fr", version=1, published_on=mandate_text.PUBLISHED_ON, body=FULL,
    plain_body=PLAIN, sha256=text_sha256(FULL, PLAIN),
)  # fmt: skip
WORDS = {
    "usager": "Mme Samira Kaddour",
    "structure": "France Services de Guise",
    "problem": "Logement",
    "until": "23 mai 2027",
}


CAF = (("CAF", "Caisse d’allocations familiales"),)
MSA = (("MSA", "Mutualité sociale agricole"),)


def shown(*, organizations: tuple[tuple[str, str], ...] = CAF, **changes: str) -> Shown:
    return fill(TEXT, organizations=organizations, **{**WORDS, **changes})


def test_every_word_stands_in_both_texts() -> None:
    filled = shown(organizations=(*CAF, *MSA))
    long = "Caisse d’allocations familiales (CAF), Mutualité sociale agricole (MSA)"
    for paragraphs, names in ((filled.plain, "CAF, MSA"), (filled.full, long)):
        text = "\n".join(paragraphs)
        for word in (*WORDS.values(), names):
            assert f"**{word}**" in text
        assert "{" not in text
        assert "}" not in text


def test_the_law_is_in_the_full_text() -> None:
    text = " ".join(shown().full)
    for word in ("gratuit", "révoquer à tout moment", "six mois", "cinq ans", "qui l’accepte", "mot de passe"):
        assert word in text


def test_the_plain_text_is_plain() -> None:
    sentences = [s for line in shown().plain for s in line.replace("**", "").split(". ")]
    assert max(len(sentence.split()) for sentence in sentences) <= 20


def test_the_hash_is_that_of_what_is_shown() -> None:
    filled = shown()
    kept = {"full": filled.full, "language": "fr", "plain": filled.plain, "text": TEXT.sha256}
    canonical = json.dumps(kept, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert filled.sha256 == hashlib.sha256(canonical.encode()).hexdigest()
    assert filled == shown()


@pytest.mark.parametrize("word", WORDS)
def test_another_word_is_another_hash(word: str) -> None:
    assert fill(TEXT, organizations=CAF, **{**WORDS, word: WORDS[word] + "x"}).sha256 != shown().sha256


def test_another_organisation_or_version_is_another_hash() -> None:
    assert shown(organizations=MSA).sha256 != shown().sha256
    other = MandateText(**{**TEXT.model_dump(), "sha256": "0" * 64})
    assert fill(other, organizations=CAF, **WORDS).sha256 != shown().sha256


def test_the_hash_of_a_version_covers_both_texts() -> None:
    assert text_sha256("a", "b") == hashlib.sha256(b"b\fa").hexdigest()
    assert len({text_sha256(*bodies) for bodies in (("a", "b"), ("b", "a"), ("ab", ""), ("", "ab"))}) == 4


@given(st.text(st.characters(codec="utf-8"), max_size=80))
def test_a_name_cannot_pass_for_our_words(name: str) -> None:
    filled = shown(usager=name)
    assert len(filled.plain) == len(PLAIN.splitlines())
    assert len(filled.full) == len(FULL.splitlines())
    for line in (*filled.plain, *filled.full):
        assert line.count("**") % 2 == 0


def test_a_name_that_looks_like_a_mark_is_shown_as_typed() -> None:
    assert shown(usager="{structure} **Durand**").plain[0] == "Je m’appelle **{structure} Durand**."


def test_the_french_text_is_written_once(database: Database) -> None:
    with acting(ByNobody(), at=NOW) as work:
        first = current(work)
        assert (first.body, first.plain_body, first.sha256) == (FULL, PLAIN, text_sha256(FULL, PLAIN))
        assert current(work).id == first.id
