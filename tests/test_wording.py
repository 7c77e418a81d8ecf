"""The rules of ``pages/wording.md`` that a machine can check, on every French sentence of the code."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
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
    r"sollicitation|\bl’usager\b": "words: demande, la personne",
    r"\ben retard\b|hors délai|\bgelée?s?\b|échou[eé]": "words: en souffrance, suspendu, pas fonctionné",
    r"pas de connexion|hors ligne|^retour\b|\btap(?:er|ez)\b": "words: connexion perdue, revenir, écrire",
}  # fmt: skip
LONGEST = 25
PLACES = ("pages", "app", "models")
# Not the voice of the service: invented stories, the binding text of the mandate, reference data, what people
# answer.
NOT_OURS = (
    "app/demo/",
    "app/mandate_text.py",
    "app/reference.py",
    "app/sms/answers.py",
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


# The dialog prepares what another screen does: its title says what for, its button what comes next.
LEADS_ELSEWHERE = {"Nommer d’autres organismes"}


def test_a_dialog_is_titled_by_the_verb_of_its_gesture() -> None:
    found, wrong = 0, []
    for path in sorted((ROOT / "pages").rglob("*.py")):
        for block in (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.With)):
            titles = _first_words(
                item.context_expr for item in block.items if _named(item.context_expr, "Dialog")
            )
            gestures = _first_words(node for node in ast.walk(block) if _named(node, "buttons"))
            if titles and gestures and not titles & LEADS_ELSEWHERE:
                found += 1
                verbs = {words.split()[0] for words in titles | gestures}
                wrong += [f"{path.name}: {titles | gestures}"] if len(verbs) > 1 else []
    assert wrong == []
    assert found > 6


def test_a_relative_time_has_the_exact_one_at_hand() -> None:
    """What is said as «14 min», «hier», «reste 2 j» stands in a ``<time title>`` (``states.dated``)."""
    found, wrong = 0, []
    for path in sorted((ROOT / "pages").rglob("*.py")):
        tree = ast.parse(path.read_text())
        inside = {id(node) for part in ast.walk(tree) if _tells_exactly(part) for node in ast.walk(part)}
        for node in ast.walk(tree):
            if any(_named(node, name) for name in ("age", "day_name", "due_words")):
                found += 1
                wrong += [] if id(node) in inside else [f"{path.name}:{node.lineno}"]  # type: ignore[attr-defined]
    assert wrong == []
    assert found >= 3


def _tells_exactly(node: ast.AST) -> bool:
    is_time = isinstance(node, ast.Subscript) and ast.unparse(node.value).startswith("h.time(")
    is_words = isinstance(node, ast.FunctionDef) and node.name == "due_words"  # its caller is asked instead
    return is_time or is_words or _named(node, "dated")


def _named(node: ast.AST, name: str) -> bool:
    """Whether this is a call of that name, of a function or of a method."""
    return isinstance(node, ast.Call) and name in (
        getattr(node.func, "id", None), getattr(node.func, "attr", None)
    )  # fmt: skip


def _first_words(calls: Iterable[ast.AST]) -> set[str]:
    """The first argument of each call, where it is written there."""
    first = [call.args[0] for call in calls if isinstance(call, ast.Call) and call.args]
    return {arg.value for arg in first if isinstance(arg, ast.Constant) and isinstance(arg.value, str)}


def test_there_is_something_to_read() -> None:
    """A pattern that reads nothing would let everything pass."""
    assert len(spoken()) > 200
    assert {"signature.js", "pages/shell/page.py", "app/errors.py"} <= {name for name, _ in spoken()}
    assert (ROOT / "pages/wording.md").is_file()
