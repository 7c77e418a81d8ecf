from app.work import *


def test_a(database, cast):
    with acting(ByAccount(cast.aline)) as w:
        print(w.actor)


def test_b(committed, cast):
    with acting(ByAccount(cast.aline)) as w:
        print(w.actor)


def test_c(clock, committed, cast):
    with acting(ByAccount(cast.aline)) as w:
        print(w.actor)
