"""The demonstration at one instant, for pictures that are the same every day (``python -m``).

Only the date stands still: what the event loop counts with does not.
"""

from __future__ import annotations

import runpy

import time_machine

from tests.browser import ROOT
from tests.conftest import NOW

if __name__ == "__main__":
    with time_machine.travel(NOW, tick=False):
        runpy.run_path(str(ROOT / "main.py"), run_name="__main__")
