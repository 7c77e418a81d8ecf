"""The scripts that every dashboard needs, in one file: a first visit asks once instead of seven times.

NiceGUI asks for the script of each component by itself. Those of ``PARTS`` are put together when the service
starts, each in a scope of its own, and the page that NiceGUI built is led there; the others stay as they are.
"""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from pathlib import Path

from nicegui import Client, __version__
from nicegui.dependencies import js_components

PARTS = ("choosing", "connection", "fragment", "keys", "outlet", "press", "search", "splitter")
_PAGES = Path(__file__).parent.parent
_VUE = 'import { h } from "vue";\n'
_IMPORT = re.compile(r'import \{ default as (\w+) \} from "([^"]+)";\n?')
_PRELOAD = re.compile(r'\s*<link rel="modulepreload" href="([^"]+)" />')


@lru_cache(maxsize=1)
def bundle() -> tuple[str, str]:
    """Return the address of the file, which names its content, and the file."""
    script = _VUE + "".join(
        f"export const {part} = (() => {{\n{_body(_PAGES / room / f'{part}.js')}}})();\n"
        for part in PARTS
        for room in ("components", "shell")
        if (_PAGES / room / f"{part}.js").exists()
    )
    return f"/statique/{hashlib.sha256(script.encode()).hexdigest()[:12]}/parts.js", script


def lead_there(client: Client, page: str) -> str:
    """Return a client's page whose imports of ``PARTS`` come from the one file. What people wrote cannot pass
    for one of them: in the page it is JSON, whose quotes are escaped."""
    bundled, address = _addresses(), bundle()[0]
    # The page has them. Sent once more, under the address of its own, a script would be another component: Vue
    # would draw anew all that is made of it.
    client.outbox._loaded_components.update(
        one.component.name for one in client.elements.values() if one.component is not None
    )
    page = _PRELOAD.sub(lambda found: "" if found[1] in bundled else found[0], page)
    page = page.replace("</head>", f'<link rel="modulepreload" href="{address}" /></head>', 1)
    return _IMPORT.sub(
        lambda found: (
            f'import {{ {bundled[found[2]]} as {found[1]} }} from "{address}";\n'
            if found[2] in bundled
            else found[0]
        ),
        page,
    )


@lru_cache(maxsize=1)
def _addresses() -> dict[str, str]:
    """The address under which NiceGUI names each of ``PARTS``."""
    return {
        f"/_nicegui/{__version__}/components/{one.key}": one.path.stem
        for one in js_components.values()
        if one.path.is_relative_to(_PAGES) and one.path.stem in PARTS
    }


def _body(path: Path) -> str:
    """A component's script as the body of a function that returns it."""
    script = path.read_text()
    if script.count("export default {") != 1:
        raise ValueError(f"{path.name} must export one component, by default")
    return script.replace(_VUE, "", 1).replace("export default {", "return {", 1)
