"""French as it is written: a no-break space before « : ; ? ! » and inside the quotes, curly apostrophes."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
WRONG = re.compile(r" [:;?!»](?=\s|$)|« |[a-zà-ü]'[a-zà-ü]")
ENGLISH = re.compile(r"\b(?:the|is|of|and)\b|=>")


def sentences(path: Path) -> list[str]:
    """The strings of a file that people read: no docstring, no English, no script."""
    tree = ast.parse(path.read_text())
    docs = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in docs
        and not ENGLISH.search(node.value)
    ]


def test_spaces_and_apostrophes_are_french() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {text[:80]!r}"
        for folder in ("app", "models", "pages")
        for path in (ROOT / folder).rglob("*.py")
        for text in sentences(path)
        if WRONG.search(text)
    ]
    assert found == []


def test_scripts_too() -> None:
    found = [
        f"{path.name}: {text}"
        for path in (ROOT / "pages").rglob("*.js")
        for text in re.findall(r"[\"`>]([^\"`<>{}]*[a-zéè][ ’][a-zéè][^\"`<>{}]*)[\"`<]", path.read_text())
        if WRONG.search(text) and not ENGLISH.search(text) and "?" not in text
    ]
    assert found == []


# «}» ends a number that is computed.
UNIT = re.compile(r"(?:\}|\b\d+) (?:%<|(?:s|h|j|min|mois|ans|jours|secondes|caractères|fichiers|Ko|Mo)\b)")


def test_a_number_is_not_parted_from_its_unit() -> None:
    python = [path for folder in ("app", "pages") for path in (ROOT / folder).rglob("*.py")]
    texts = [(path, text) for path in python for text in [*sentences(path), *_computed(path)]]
    texts += [
        (path, line)
        for path in (ROOT / "pages").rglob("*.js")
        for line in path.read_text().splitlines()
        if not line.lstrip().startswith("//")
    ]
    outside = {"demo", "__main__.py"}  # invented stories; the terminal
    assert [
        f"{p.name}: {t.strip()[:80]}" for p, t in texts if UNIT.search(t) and not outside & {*p.parts}
    ] == []


def _computed(path: Path) -> list[str]:
    """The sentences with something computed in them, which is shown as «}»."""
    return [
        "".join(str(part.value) if isinstance(part, ast.Constant) else "}" for part in node.values)
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.JoinedStr)
    ]
