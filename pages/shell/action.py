"""From a screen to the services: each call in its own transaction and in a thread, so that no query ever
freezes the people connected. The pool is ours and as large as the database's."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache, partial
from typing import Concatenate, ParamSpec, TypeVar

from app.config import settings
from app.work import Caller, Work, acting, reading

P = ParamSpec("P")
T = TypeVar("T")


@lru_cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(settings().threads, thread_name_prefix="aplus")


@lru_cache
def _aside() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(1, thread_name_prefix="aplus-aside")


@lru_cache
def _door() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(2, thread_name_prefix="sign-in")


@lru_cache
def _darkroom() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(2, thread_name_prefix="pictures")


async def on_pictures(fn: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run what works on pictures or PDFs, in no transaction. It takes seconds, a minute when a file is hostile:
    those who send pages wait for each other here, never in the threads of people at work."""
    return await asyncio.get_running_loop().run_in_executor(_darkroom(), partial(fn, *args, **kwargs))


async def at_the_door(fn: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run what verifies a password. argon2 is meant to be slow: those who sign in wait for each other here,
    never in the threads of people at work."""
    return await asyncio.get_running_loop().run_in_executor(_door(), partial(fn, *args, **kwargs))


async def in_thread(fn: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run a blocking function in our pool."""
    return await asyncio.get_running_loop().run_in_executor(_pool(), partial(fn, *args, **kwargs))


async def read(
    caller: Caller, query: Callable[Concatenate[Work, P], T], *args: P.args, **kwargs: P.kwargs
) -> T:
    """Run one query in a transaction that cannot write, with the rights the caller has now."""

    def run() -> T:
        with reading(caller) as work:
            return query(work, *args, **kwargs)

    return await in_thread(run)


async def read_aside(
    caller: Caller, query: Callable[Concatenate[Work, P], T], *args: P.args, **kwargs: P.kwargs
) -> T:
    """Run one query for nobody who waits: one at a time, so that however many lists there are to bring up to
    date, they take neither the threads nor the processor from those who act."""

    def run() -> T:
        with reading(caller) as work:
            return query(work, *args, **kwargs)

    return await asyncio.get_running_loop().run_in_executor(_aside(), run)


async def act(
    caller: Caller, service: Callable[Concatenate[Work, P], T], *args: P.args, **kwargs: P.kwargs
) -> T:
    """Run one service in a transaction: kept whole, or not at all."""

    def run() -> T:
        with acting(caller) as work:
            return service(work, *args, **kwargs)

    return await in_thread(run)
