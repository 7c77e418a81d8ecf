"""Words are folded alike in texts and in searches, and what was found is shown in the letters of the text."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.personal_data import fold
from app.search_words import LONGEST, MOST_TERMS, Term, folded, marked, passage, terms


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("kaddour", ((("kaddour",), True),)),
        ("Été", ((("ete",), True),)),
        ("œuvre", ((("oeuvre",), True),)),
        ("la CAF", ((("la",), False), (("caf",), True))),
        ("trop-perçu", ((("trop", "percu"), True),)),
        ("l’aide", ((("l", "aide"), True),)),
        ("« trop perçu » apl", ((("trop", "percu"), False), (("apl",), True))),
        ('"trop perçu" apl', ((("trop", "percu"), False), (("apl",), True))),
        ('apl "trop per', ((("apl",), True), (("trop", "per"), True))),
        ("apl apl", ((("apl",), True),)),
        ("", ()), ("  ", ()), ('"', ()), ("*", ()), ("%", ()), ("_", ()), ("😀", ()), ("\0", ()),
    ],
)  # fmt: skip
def test_what_is_asked_for(typed: str, asked: tuple[tuple[tuple[str, ...], bool], ...]) -> None:
    assert tuple((term.words, term.is_open) for term in terms(typed)) == asked


@pytest.mark.parametrize(
    ("typed", "text", "is_found"),
    [
        ("verse", "Le versement d’août", True),
        ("ersement", "Le versement d’août", False),
        ("aout", "Le versement d’août", True),
        ("LOEUF", "Mme Lœuf", True),
        ("trop perçu", "du perçu en trop", True),
        ("trop-perçu", "du perçu en trop", False),
        ("trop-perçu", "un trop perçus", True),
        ('"trop percu"', "un trop-perçu.", True),
        ('"trop percu"', "un trop perçus", False),
        ('"trop pe', "un trop perçu", True),
        ("la", "la CAF", True),
        ("la", "Laon", False),
        ("02 2026", "le 02/03/2026", True),
    ],
)
def test_what_is_found(typed: str, text: str, is_found: bool) -> None:
    sought = terms(typed)
    assert all(term.is_in(folded(text)) for term in sought) is is_found
    assert all(any(mark for _, mark in marked(text, (term,))) for term in sought) is is_found


def test_what_was_found_is_marked_in_its_own_letters() -> None:
    found = marked("Le Trop-Perçu de l’Œuvre, e\u0301te\u0301s", terms("trop-percu oeuv ete"))
    assert [piece for piece, mark in found if mark] == ["Trop", "Perçu", "Œuvre", "e\u0301te\u0301s"]


def test_a_passage_is_short_and_around_what_was_found() -> None:
    text = f"{'mot ' * 200}Le versement\n\nretenu {'fin ' * 200}"
    pieces = passage(text, terms("versem"))
    said = "".join(piece for piece, _ in pieces)
    assert ("versement", True) in pieces
    assert said.startswith("…mot")
    assert said.endswith("fin…")
    assert len(said) < 170
    assert "versement retenu" in said
    assert passage("Court.", terms("rien")) == (("Court.", False),)
    assert len("".join(piece for piece, _ in passage("a" * 10_000, terms("aaa")))) < 170


@given(st.text(max_size=300))
@example("½ ﬁ Ǆ ß İ ŉ ㍿ e\u0301 \u0301")
@example('AND NEAR(a b) "x* OR col:y -z ^w {a}')
def test_anything_may_be_typed(typed: str) -> None:
    sought = terms(typed)
    assert len(sought) <= MOST_TERMS
    assert all(word.isalnum() for term in sought for word in term.words)
    assert "".join(piece for piece, _ in marked(typed, sought)) == typed
    for term in terms(typed[:LONGEST]):
        assert term.is_in(folded(typed))
    assert all(Term((word,), False).is_in(folded(typed)) for word in folded(typed).split())


@given(st.text(max_size=300), st.text(max_size=20))
def test_what_is_marked_is_what_is_found(text: str, typed: str) -> None:
    for term in terms(typed):
        assert any(mark for _, mark in marked(text, (term,))) is term.is_in(folded(text))
    said = "".join(piece for piece, _ in passage(text, terms(typed)))
    assert len(said) <= 170
    assert fold(said.strip("…")).strip() in fold(" ".join(text.split()))
