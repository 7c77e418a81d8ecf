"""Signals reach the pages they concern, once; bursts are gathered; nothing missed, nothing kept."""

from __future__ import annotations

import asyncio
from uuid import UUID, uuid4

import pytest

from app.errors import NotFound
from app.events import CaseChanged, CaseRead, Missed, RightsChanged, Signal
from pages.shell import live
from pages.shell.live import Gathered

CASE, GROUP, ACCOUNT = uuid4(), uuid4(), uuid4()


def test_a_signal_is_heard_once_whatever_the_topics() -> None:
    heard: list[Signal] = []
    before = live.watching()
    leave = live.watch([CASE, GROUP], heard.append)
    signal = CaseChanged(CASE, frozenset({GROUP}))
    live.deliver(signal)
    live.deliver(CaseChanged(uuid4(), frozenset({uuid4()})))
    live.deliver(CaseRead(CASE, ACCOUNT))
    live.deliver(RightsChanged(frozenset({ACCOUNT})))
    assert heard == [signal, CaseRead(CASE, ACCOUNT)]
    live.deliver(Missed())
    assert heard[2:] == [Missed()]
    leave()
    live.deliver(signal)
    assert len(heard) == 3
    assert live.watching() == before


def test_a_failing_page_hinders_no_other(caplog: pytest.LogCaptureFixture) -> None:
    heard: list[Signal] = []

    def fail(_: Signal) -> None:
        raise ValueError

    leave, leave_too = live.watch([CASE], fail), live.watch([CASE], heard.append)
    live.deliver(CaseRead(CASE, ACCOUNT))
    leave()
    leave_too()
    assert len(heard) == 1
    assert "a page failed" in caplog.text


async def test_a_burst_is_read_once_and_what_comes_meanwhile_once_more() -> None:
    runs: list[set[UUID]] = []
    going, go_on = asyncio.Event(), asyncio.Event()

    async def work(cases: set[UUID]) -> None:
        runs.append(cases)
        going.set()
        await go_on.wait()

    gathered = Gathered(0, work)
    others = [uuid4() for _ in range(5)]
    for case_id in others:
        gathered.hear(CaseChanged(case_id, frozenset()))
    await going.wait()
    gathered.hear(CaseChanged(CASE, frozenset()))
    go_on.set()
    while len(runs) < 2:
        await asyncio.sleep(0)
    assert runs == [set(others), {CASE}]


async def test_a_refusal_ends_quietly_and_the_next_signal_is_heard() -> None:
    runs = 0
    done = asyncio.Event()

    async def work(_: set[UUID]) -> None:
        nonlocal runs
        runs += 1
        if runs == 1:
            raise NotFound
        done.set()

    gathered = Gathered(0, work)
    gathered.soon()
    while not runs:
        await asyncio.sleep(0)
    await asyncio.sleep(0)
    gathered.soon()
    await asyncio.wait_for(done.wait(), 1)


async def test_nothing_runs_once_left() -> None:
    async def work(_: set[UUID]) -> None:
        raise AssertionError

    gathered = Gathered(0.01, work)
    gathered.soon()
    gathered.end()
    gathered.soon()
    await asyncio.sleep(0.02)
