"""README is true: its tables are the code's, what it names exists, and its commands are those promised."""

from __future__ import annotations

import importlib
import re
import tomllib
from pathlib import Path

import pytest

from app.config import VERSION
from tests.readme import BLOCKS, README, ROOT, filled, names
from tests.screenshot import LARGEST, PICTURE

TEXT = README.read_text()
CODE = "\n".join(path.read_text() for top in ("app", "models") for path in sorted((ROOT / top).rglob("*.py")))
_TOP = r"(?:app|pages|models|tests|\.ci)/[\w./-]*"
_FILES = r"(?:\.env\.example|\.gitignore|\.pre-commit-config\.yaml|[\w-]+\.(?:py|toml|yml))"


def paths(text: str) -> set[str]:
    """Return what a text names as a path of this folder: links, and what stands as one in code."""
    links = set(re.findall(r"\]\(([^)#:]+)\)", text))
    return (
        links
        | set(re.findall(rf"`({_TOP}|{_FILES})`", text))
        | set(re.findall(rf"(?<=\s)({_TOP})(?=\s)", text))
    )


def unknown(text: str) -> set[str]:
    """Return the paths that a text names and that do not exist."""
    return {path for path in paths(text) if not (ROOT / path).exists()}


def resolves(dotted: str) -> bool:
    """Whether ``app.module.name`` is something of the code."""
    module, _, name = dotted.rpartition(".")
    try:
        return hasattr(importlib.import_module(module), name)
    except ModuleNotFoundError:
        return False


def test_readme_says_what_the_code_says() -> None:
    assert filled(TEXT) == TEXT, "write README's tables again: uv run python -m tests.readme"


def test_every_table_stands_in_readme_once() -> None:
    assert sorted(names(TEXT)) == sorted(BLOCKS)
    assert TEXT.count("<!-- generated:") == TEXT.count("<!-- end -->") == len(BLOCKS)


@pytest.mark.parametrize("name", BLOCKS)
def test_a_table_that_differs_is_seen(name: str) -> None:
    start = TEXT.index(f"<!-- generated: {name} -->\n")
    at = TEXT.index("\n| ", TEXT.index("| --- ", start)) + 1  # its first row
    stale = TEXT[:at] + TEXT[TEXT.index("\n", at) + 1 :]
    assert filled(stale) == filled(TEXT) != stale


def test_the_two_commands_are_there_as_promised() -> None:
    for command in ("pip install uv && uv run main.py", "pip install uv && uv run python -m app check"):
        assert f"\n```sh\n{command}\n```\n" in TEXT


@pytest.mark.parametrize("document", ["README.md", "CHANGELOG.md", "publiccode.yml"])
def test_every_path_exists(document: str) -> None:
    assert unknown((ROOT / document).read_text()) == set()


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("see `app/gone.py`", "app/gone.py"),
        ("see `pages/gone/`", "pages/gone/"),
        ("see `gone.toml`", "gone.toml"),
        ("a [link](GONE.md) to", "GONE.md"),
        ("uv run pytest tests/gone # some", "tests/gone"),
    ],
)
def test_a_path_that_does_not_exist_is_seen(text: str, path: str) -> None:
    assert unknown(text) == {path}


def test_every_name_of_the_code_exists() -> None:
    dotted = set(re.findall(r"`((?:app|pages|models)(?:\.\w+)+)`", TEXT))
    assert dotted
    assert {one for one in dotted if not resolves(one)} == set()
    assert not resolves("app.referrals.gone")
    assert not resolves("app.gone.resolve")


def test_every_anchor_leads_somewhere() -> None:
    titles = {
        re.sub(r"[^\w -]", "", title).lower().replace(" ", "-")
        for title in re.findall(r"^#+ (.+)$", TEXT, re.M)
    }
    assert set(re.findall(r"\]\(#([^)]+)\)", TEXT)) - titles == set()


def test_every_word_of_the_glossary_is_in_the_code() -> None:
    glossary = TEXT.partition("## Words\n")[2].partition("\n## ")[0]
    words = re.findall(r"`(\w+)`", "".join(re.findall(r"^\|[^|]+\|([^|]+)\|", glossary, re.M)))
    assert len(words) > 15
    assert {word for word in words if not re.search(rf"(?<![^\W_]){word}(?![^\W_])", CODE)} == set()


def test_the_picture_is_one_for_a_readme() -> None:
    picture = PICTURE.read_bytes()
    assert picture.startswith(b"\x89PNG")
    assert (int.from_bytes(picture[16:20], "big"), int.from_bytes(picture[20:24], "big")) == (1440, 900)
    assert len(picture) < LARGEST


def test_the_version_is_one() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["version"] == VERSION
    assert Path(ROOT / project["readme"]) == README
    assert f"**State: {VERSION}" in TEXT
    newest = re.search(r"^## ([\d.]+)", (ROOT / "CHANGELOG.md").read_text(), re.M)
    assert newest
    assert newest[1] == VERSION
