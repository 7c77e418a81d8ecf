"""A silence climbs, under frozen time: its agents, then their responsable, then the coordinator are told; each
sees what they may. And administrators see what runs by itself."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time
from uuid import UUID

import pytest
from playwright.sync_api import Page, expect

from app import escalation
from app.deadlines import COORDINATOR_DAYS, MANAGER_DAYS, add_working_days, working_days_before
from app.work import ByNobody, reading
from models.base import new_id
from models.enums import NoticeKind
from models.jobs import JobRun
from tests.app import scenes
from tests.app.scenes import CAF
from tests.browser import SignIn, axe
from tests.journeys.stage import Stage, stage

__all__ = ["stage"]

pytestmark = pytest.mark.browser


def climbed(stage: Stage, subject: str) -> UUID:
    """Send a case two weeks ago and let its silence climb, day after day."""
    sent = working_days_before(datetime.now(UTC), 10, time(10), "02")
    case_id = scenes.sent_case(stage.cast, (CAF,), at=sent, subject=subject)
    due = scenes.referral_rows(case_id)[CAF].due_at
    assert due is not None
    for days in (0, MANAGER_DAYS, COORDINATOR_DAYS):
        escalation.run(add_working_days(due, days, "02") if days else due)
    return case_id


def told(page: Page, kind: NoticeKind) -> Page:
    """Read what somebody was told, and that it is said there."""
    page.goto("/notifications")
    expect(page.get_by_role("heading", level=1, name="Notifications")).to_be_visible()
    expect(page.get_by_text(kind.label, exact=False).first).to_be_visible()
    return page


def test_a_silence_climbs_to_the_coordinator_who_sees_no_case(stage: Stage, sign_in: SignIn) -> None:
    subject = f"Silence {new_id()}"
    case_id = climbed(stage, subject)
    marc = told(sign_in("marc@demo.example"), NoticeKind.LATE_TO_MANAGER)
    expect(marc.get_by_text(subject)).to_be_visible()
    bruno = told(sign_in("bruno@demo.example"), NoticeKind.LATE)
    bruno.get_by_role("listitem").filter(has_text=subject).get_by_role("link").first.click()
    bruno.wait_for_url(f"**/demandes/{case_id}*")
    expect(bruno.locator(".state.late").first).to_contain_text(re.compile("en souffrance", re.IGNORECASE))
    colette = told(sign_in("colette@demo.example"), NoticeKind.LATE_TO_COORDINATOR)
    expect(colette.get_by_text(CAF).first).to_be_visible()
    assert axe(colette) == []
    assert subject not in colette.content()
    assert str(case_id) not in colette.content()
    assert colette.goto(f"/demandes/{case_id}").status == 404  # type: ignore[union-attr]


def test_an_administrator_has_a_job_run_now(stage: Stage, sign_in: SignIn) -> None:
    def started() -> datetime:
        with reading(ByNobody()) as work:
            return work.session.get_one(JobRun, "still").started_at

    page = sign_in("denis@demo.example", "/administration/taches")
    before, job = started(), page.locator("li[data-key=still]")
    assert axe(page) == []
    job.get_by_role("button").click()
    expect(page.locator("#dits")).to_contain_text("La tâche est demandée.")
    expect(job).not_to_contain_text("Demandé")
    assert started() > before, "it ran, in the process of the service, hours before its time"
