"""What a bench is asked on the command line, and how its figures are printed."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from typing import Any

Run = Callable[[str, int], dict[str, Any]]


def answer(name: str, run: Run, *, cases: int, least: int = 1) -> None:
    """Read ``--cases``, ``--engine`` and ``--json``, run, print."""
    parser = argparse.ArgumentParser(prog=f"python -m {name}")
    parser.add_argument("--cases", type=int, default=cases, help="how many cases (the agent sees one in fifty)")
    parser.add_argument("--engine", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of lines")
    asked = parser.parse_args()
    if asked.cases < least:
        parser.error(f"at least {least} cases: the agent needs an open one to answer")
    figures = run(asked.engine, asked.cases)
    if asked.json:
        print(json.dumps(figures))
        return
    for figure, value in figures.items():
        print(f"{figure:16} {value}")
