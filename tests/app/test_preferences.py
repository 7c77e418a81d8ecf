"""One's own choices: kept with the account, told to its open pages, and nobody else's."""

from __future__ import annotations

import pytest

from app import preferences
from app.errors import Invalid
from app.events import PreferencesChanged, Signal
from app.preferences import Preferences
from app.work import ByAccount, acting, reading
from models.enums import Appearance
from tests.app.security.entering import told
from tests.conftest import Cast

__all__ = ["told"]

pytestmark = pytest.mark.usefixtures("database")


def test_a_choice_is_kept_and_told_once(cast: Cast, told: list[Signal]) -> None:
    for _ in range(2):
        with acting(ByAccount(cast.aline)) as work:
            preferences.choose_shortcuts(work, False)
            preferences.choose_appearance(work, "dark")
    assert told == [PreferencesChanged(cast.aline)]
    with reading(ByAccount(cast.aline)) as work:
        assert preferences.mine(work) == Preferences(False, Appearance.DARK)
    with reading(ByAccount(cast.bruno)) as work:
        assert preferences.mine(work) == Preferences()


def test_another_appearance_is_refused(cast: Cast, told: list[Signal]) -> None:
    with acting(ByAccount(cast.aline)) as work, pytest.raises(Invalid):
        preferences.choose_appearance(work, "rose")
    assert told == []
