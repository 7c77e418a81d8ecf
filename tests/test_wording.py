"""The rules of ``pages/wording.md`` that a machine can check, on every French sentence of the code."""

from __future__ import annotations

import re
from functools import lru_cache

import pytest

from tests.test_typography import ROOT, sentences

# A word, and the rule of pages/wording.md that it breaks. Read without case.
NOT_SAID: dict[str, str] = {
    r"veuillez|merci de\b|s’il vous plaît|svp\b": "7, no ceremony",
    r"cliqu(?:er|ez)|saisi(?:r|ssez)\b|renseign(?:er|ez)|sélectionn(?:er|ez)": "words: what the hand does",
    r"soumettre|soumettez|valide[rz]\b|uploader|téléverser|poste[rz]\b": "words: one verb for each thing",
    r"\berreur\b|\bincorrecte?s?\b|\binvalides?\b|\béchec\b": "words: a machine's words",
    r"\bticket|\bdossier (?:numéro|n°)|\bbénéficiaire|\badministré": "words: demande, personne",
    r"\(s\)|\(e\)s|\bet/ou\b": "11, no plural in brackets",
    r"\.\.\.": "12, one character",
    r"\d+h\d\d|\b\d\d:\d\d\b": "10, «10 h 42»",
    r"\betc\b": "13, say it or leave it",
}  # fmt: skip
LONGEST = 25
PLACES = ("pages", "app", "models")
# Not the voice of the service: invented stories, the binding text of the mandate, reference data.
NOT_OURS = (
    "app/demo/",
    "app/mandate_text.py",
    "app/reference.py",
    "models/departements.py",
    "models/migrations/",
)


@lru_cache
def spoken() -> list[tuple[str, str]]:
    """Every French sentence that a screen may show, with its file."""
    found = []
    for place in PLACES:
        for path in sorted((ROOT / place).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            if not name.startswith(NOT_OURS):
                found += [(name, text) for text in sentences(path) if _is_french(text)]
    for path in sorted((ROOT / "pages").rglob("*.js")):
        found += [
            (path.name, text)
            for text in re.findall(r"[\"`>]([^\"`<>]+)[\"`<]", path.read_text())
            if _is_french(text)
        ]
    return found


def _is_french(text: str) -> bool:
    return bool(re.search(r"[a-zéèàç]{2,}[ \u00a0’][a-zéèàç]", text)) and not re.search(r"[{}<>=;]", text)


@pytest.mark.parametrize("pattern", NOT_SAID)
def test_words_that_are_not_said(pattern: str) -> None:
    found = [f"{name}: {text!r}" for name, text in spoken() if re.search(pattern, text, re.IGNORECASE)]
    assert found == [], NOT_SAID[pattern]


def test_nobody_is_shouted_at() -> None:
    assert [f"{name}: {text!r}" for name, text in spoken() if re.search(r"[!]|\b[A-ZÉÈÀ]{7,}\b", text)] == []


def test_sentences_are_short() -> None:
    found = [
        f"{name}: {sentence.strip()!r}"
        for name, text in spoken()
        for sentence in re.split(r"[.?:](?:\s|$)", text)
        if len(re.findall(r"[\w’'-]+", sentence)) > LONGEST
    ]
    assert found == []


def test_there_is_something_to_read() -> None:
    """A pattern that reads nothing would let everything pass."""
    assert len(spoken()) > 200
    assert {"signature.js", "pages/shell/page.py", "app/errors.py"} <= {name for name, _ in spoken()}
    assert (ROOT / "pages/wording.md").is_file()
