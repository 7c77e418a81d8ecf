"""Each contract on imports is seen failing: a fault planted in a copy of the tree breaks it, and it alone."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("models", "app", "pages")

# Contract: file, import planted there.
FAULTS = [
    ("direction", "app/errors.py", "import pages"),
    ("direction", "models/enums.py", "import app"),
    ("nobody-imports-main", "pages/routes.py", "import main"),
    ("nobody-imports-main", "app/events.py", "import tests.engines"),
    ("app-knows-no-web", "app/errors.py", "from nicegui import ui"),
    ("app-knows-no-web", "app/access.py", "from fastapi import Request"),
    ("app-knows-no-web", "app/access.py", "import starlette.requests"),
    ("pages-know-no-sql", "pages/files.py", "from sqlalchemy import select"),
    ("pages-know-no-sql", "pages/files.py", "import sqlmodel"),
    ("pages-know-only-words-of-models", "pages/files.py", "from models.case import Case"),
    ("policy-and-lifecycle-are-pure", "app/policy.py", "from sqlalchemy import select"),
    ("policy-and-lifecycle-are-pure", "app/lifecycle.py", "from app.config import settings"),
    ("layers-of-app", "app/errors.py", "from app import journal"),
    ("layers-of-app", "app/threads.py", "from app import cases"),
    ("layers-of-app", "app/security/vault.py", "import app.policy"),
    ("layers-of-app", "app/events.py", "import app.policy"),
    ("layers-of-pages", "pages/shell/design.py", "from pages.cases import workspace"),
    ("layers-of-pages", "pages/people/account.py", "from pages.mandates import capture"),
    ("layers-of-pages", "pages/public/skeleton.py", "from pages import routes"),
]


def contracts() -> dict[str, str]:
    """Return the names of the contracts by their id."""
    tables: Any = tomllib.loads((ROOT / "pyproject.toml").read_text())
    return {contract["id"]: contract["name"] for contract in tables["tool"]["importlinter"]["contracts"]}


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a copy of the code, to plant faults in."""
    copy = tmp_path_factory.mktemp("tree")
    for package in PACKAGES:
        shutil.copytree(ROOT / package, copy / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", copy)
    return copy


@pytest.fixture
def planted(tree: Path, path: str, line: str) -> Iterator[None]:
    file = tree / path
    whole = file.read_text()
    file.write_text(f"{whole}\n{line}\n")
    yield
    file.write_text(whole)


def broken(tree: Path) -> set[str]:
    """Return the ids of the contracts that the tree breaks."""
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-logo"]
    env = {**os.environ, "PYTHONPATH": str(tree), "COLUMNS": "400"}
    done = subprocess.run(command, cwd=tree, env=env, capture_output=True, text=True)
    found = {key for key, name in contracts().items() if re.search(re.escape(name) + " BROKEN", done.stdout)}
    kept = {key for key, name in contracts().items() if re.search(re.escape(name) + " KEPT", done.stdout)}
    assert found | kept == set(contracts()), done.stdout + done.stderr
    assert (done.returncode != 0) == bool(found)
    return found


def test_the_tree_keeps_every_contract(tree: Path) -> None:
    assert broken(tree) == set()


@pytest.mark.parametrize(("contract", "path", "line"), FAULTS)
@pytest.mark.usefixtures("planted")
def test_a_planted_fault_is_seen(tree: Path, contract: str, path: str, line: str) -> None:
    assert broken(tree) == {contract}


def test_every_contract_has_its_fault() -> None:
    assert {contract for contract, _, _ in FAULTS} == set(contracts())
