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
