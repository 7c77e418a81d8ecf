"""The service, telling a file of each statement it sends: ``python -m tests.bench.counted FILE``."""

from __future__ import annotations

import os
import runpy
import sys
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

from tests.bench.measure import READ

if __name__ == "__main__":
    _file = os.open(sys.argv.pop(1), os.O_CREAT | os.O_WRONLY | os.O_APPEND)

    def _note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.lstrip().upper().startswith(READ):
            os.write(_file, " ".join(statement.split()).encode() + b"\n")

    event.listen(Engine, "before_cursor_execute", _note)
    runpy.run_path(str(Path(__file__).resolve().parents[2] / "main.py"), run_name="__main__")
