"""A press is heard once, however often a cut line makes the browser say it again."""

from __future__ import annotations

from typing import Any


class Once:
    """Counts the presses of one control as the browser numbers them: 1, 2, 3…"""

    def __init__(self) -> None:
        self._last = 0

    def is_new(self, number: Any) -> bool:
        """Whether this press is another than those heard before; one without a number always is."""
        if isinstance(number, bool) or not isinstance(number, int):
            return True
        is_new = number > self._last
        self._last = max(number, self._last)
        return is_new
