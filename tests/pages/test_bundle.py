"""The scripts of every dashboard come in one file, and nothing that people wrote is taken for one of them."""

from __future__ import annotations

import json

import pytest
from nicegui import Client
from nicegui.page import page

from pages import routes
from pages.shell import bundle

assert routes  # every component is known once the screens are

ADDRESSES = sorted(bundle._addresses())


def lead(text: str) -> str:
    """Lead a page without elements."""
    return bundle.lead_there(Client(page(""), request=None), text)


def test_each_part_is_in_the_file_once() -> None:
    address, script = bundle.bundle()
    assert len(ADDRESSES) == len(bundle.PARTS)
    assert script.count("import ") == 1
    assert "export default" not in script
    for part in bundle.PARTS:
        assert script.count(f"export const {part} = ") == 1
    assert address == bundle.bundle()[0]


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_import_is_led_to_the_file(address: str) -> None:
    other = 'import { default as Else } from "/_nicegui/else.js";'
    preload = f'<head>\n<link rel="modulepreload" href="{address}" /></head>'
    page = lead(f'{preload}import {{ default as One }} from "{address}";{other}')
    assert address not in page
    assert page.count(bundle.bundle()[0]) == 2
    assert other in page


def test_what_people_wrote_is_left_alone() -> None:
    written = json.dumps(f'import {{ default as One }} from "{ADDRESSES[0]}";')
    assert lead(written) == written
