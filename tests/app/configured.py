"""Settings of one test: ``configured`` sets them and forgets them afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from app.config import settings

Configure = Callable[..., None]


@pytest.fixture
def configured(monkeypatch: pytest.MonkeyPatch) -> Iterator[Configure]:
    """Give what sets settings: ``configured(sms_provider="ovh")``, outside the demonstration unless said so."""

    def configure(**values: object) -> None:
        outside = {"demo": "false", "secret_key": "a secret of the tests, of 32 bytes and more"}
        for name, value in {**outside, **values}.items():
            monkeypatch.setenv(f"APLUS_{name.upper()}", str(value))
        settings.cache_clear()

    yield configure
    monkeypatch.undo()
    settings.cache_clear()
