"""How wide the panes of the dashboard are: what a person drags is kept in the browser, sizes only.

The sizes are custom properties of the page, set before the first paint by a script of its head, so that nothing
jumps. Style sheets use them from 1280 px on; below, the panes have the widths of a tablet or a phone.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

KEY = "aplus-panneaux"  # in localStorage: {"views": 224, "list": 372, "facts": 268}


@dataclass(frozen=True)
class Pane:
    """A pane whose width is chosen: widths in pixels, and the share of the window it never exceeds."""

    name: str
    label: str
    initial: int
    least: int
    most: int
    share: float


PANES: dict[str, Pane] = {
    pane.name: pane
    for pane in (
        Pane("views", "Largeur des vues", 224, 168, 320, 0.22),
        Pane("list", "Largeur de la liste", 372, 280, 640, 0.42),
        Pane("facts", "Largeur des informations", 268, 220, 480, 0.3),
    )
}

# Before the first paint: what was kept, as far as it is a number within the limits.
_RESTORE = """<script>
{
  let kept = {};
  try { kept = JSON.parse(localStorage.getItem("KEY")) || {}; } catch {}
  for (const { name, least, most } of PANES) {
    const width = kept[name];
    if (Number.isFinite(width) && width >= least && width <= most)
      document.documentElement.style.setProperty(`--pane-${name}`, `${width}px`);
  }
}
</script>"""
_LIMITS = json.dumps([asdict(pane) for pane in PANES.values()])
RESTORE = _RESTORE.replace("KEY", KEY).replace("PANES", _LIMITS)
