"""«Tâches»: administrators see what runs, have it run, and see it happen; nobody else enters."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from app import jobs
from pages.admin.tasks import every, lasted
from pages.components.fragment import Fragment
from tests.conftest import Cast
from tests.pages.test_screens import Tab, tab
from tests.pages.test_trial_box import until

__all__ = ["tab"]
sqlite = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
TASKS = "/administration/taches"


def listed(tab: Tab) -> Fragment:
    return next(one for one in tab.all(Fragment) if "Demandes en souffrance" in one.content)


@sqlite
async def test_a_job_is_asked_for_and_its_result_shown_by_itself(
    tab: Tab, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = next(job for job in jobs.JOBS if job.name == "late")
    jobs.run(late)
    await tab.sign_in("denis")
    await tab.user.open(TASKS)
    shown = listed(tab)
    said: list[str] = []
    show = shown.replace

    def note(content: Any) -> None:
        said.append(str(content))
        show(said[-1])

    monkeypatch.setattr(shown, "replace", note)
    assert "Demandé" not in shown.content
    press = {"act": "run", "job": "late", "number": 1}
    assert await tab.fire(shown, "act", press) == ""
    assert "Demandé, dans quelques secondes" in said[-1]
    jobs.run(late)  # as the loop of any process would
    await until(lambda: "Demandé" not in said[-1])
    assert "0\u00a0silence signalé" in said[-1]
    assert "n’existe pas" in await tab.fire(shown, "act", {"act": "run", "job": "rien", "number": 2})


@sqlite
@pytest.mark.parametrize("who", ["aline", "marc", "colette", "olivier"])
async def test_nobody_else_enters(tab: Tab, cast: Cast, who: str) -> None:
    await tab.sign_in(who)
    answer = await tab.user.http_client.get(TASKS)
    assert answer.status_code == 403
    assert "réservée aux administrateurs" in answer.text
    await tab.user.open("/demandes")
    assert TASKS not in tab.shown


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (20, "toutes les 20 secondes"), (60, "toutes les minutes"), (900, "toutes les 15 minutes"),
        (3600, "toutes les heures"), (6 * 3600, "toutes les 6 heures"), (86400, "tous les jours"),
    ],
)  # fmt: skip
def test_how_often(seconds: int, words: str) -> None:
    assert every(timedelta(seconds=seconds)).replace("\u00a0", " ") == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.2, "en moins d’une seconde"), (1, "en 1 seconde"), (65, "en 65 secondes"), (200, "en 3 minutes")],
)
def test_how_long(seconds: float, words: str) -> None:
    assert lasted(timedelta(seconds=seconds)).replace("\u00a0", " ") == words
