"""Who is told of each line, one row of the table at a time, on people invented for it."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from app.notify.rules import HAPPENED, SAID, People, Post, told_of
from models.enums import EntryKind, EventKind, NoticeKind, ReferralStatus, Side

AUTHOR, COLLEAGUE, THIRD = (uuid4() for _ in range(3))
CAF, CPAM = uuid4(), uuid4()
BRUNO, MARC, BASILE, BERTILLE, GUEST, ELSEWHERE = (uuid4() for _ in range(6))
NAMES = {
    AUTHOR: "author", COLLEAGUE: "colleague", THIRD: "third", BRUNO: "bruno", MARC: "marc", BASILE: "basile",
    BERTILLE: "bertille", GUEST: "guest", ELSEWHERE: "elsewhere",
}  # fmt: skip
S = ReferralStatus

# The CAF has the case in charge (Bruno), nobody at the CPAM yet; the colleague wrote once, a guest never did.
PEOPLE = People(
    author_id=AUTHOR,
    aidants=frozenset({AUTHOR, COLLEAGUE, THIRD}),
    agents={CAF: frozenset({BRUNO, MARC}), CPAM: frozenset({BASILE, BERTILLE})},
    invited=frozenset({GUEST}),
    wrote=frozenset({AUTHOR, COLLEAGUE, ELSEWHERE}),
    posts=(Post(CAF, S.IN_PROGRESS, BRUNO), Post(CPAM, S.SENT)),
    about=CAF,
)
ALL_AGENTS = "bruno marc basile bertille guest"
OURS = "author colleague"


def told(kind: EntryKind | EventKind, people: People = PEOPLE) -> dict[NoticeKind, set[str]]:
    found = found_for(kind, people)
    return {notice: {NAMES[one] for one in who} for notice, who in found.items()}


def found_for(kind: EntryKind | EventKind, people: People) -> dict[NoticeKind, frozenset[UUID]]:
    if isinstance(kind, EventKind):
        return told_of(EntryKind.EVENT, kind, people)
    return told_of(kind, None, people)


def posts(*states: Post) -> People:
    return replace(PEOPLE, posts=states)


def test_every_line_has_its_row() -> None:
    assert set(HAPPENED) == set(EventKind)
    assert set(SAID) == set(EntryKind)


EVENTS: dict[EventKind, dict[NoticeKind, str]] = {
    EventKind.SENT: {},  # nothing is new in ``PEOPLE``: below
    EventKind.ASSOCIATED: {NoticeKind.ASSOCIATED: OURS},
    EventKind.INVITED: {NoticeKind.ASSOCIATED: OURS},
    EventKind.TAKEN: {NoticeKind.TAKEN: OURS},
    EventKind.PASSED: {NoticeKind.ASSIGNED: "bruno"},
    EventKind.HANDED_OVER: {NoticeKind.ASSIGNED: "bruno"},
    EventKind.LEFT_FREE: {NoticeKind.LEFT_FREE: "bruno marc"},
    EventKind.ASKED: {NoticeKind.ASKED: OURS},
    EventKind.REFERRAL_RESOLVED: {NoticeKind.RESOLVED: OURS},
    EventKind.NOT_COMPETENT: {NoticeKind.NOT_COMPETENT: OURS},
    EventKind.BETTER_RECIPIENT: {NoticeKind.NOT_COMPETENT: OURS},
    EventKind.STANDARD_PROCEDURE: {},
    EventKind.WITHDRAWN: {},
    EventKind.CLOSED: {NoticeKind.CLOSED: "bruno"},
    EventKind.REOPENED: {NoticeKind.REOPENED: "bruno"},
    EventKind.CLOSING_SOON: {NoticeKind.CLOSING_SOON: OURS},
    EventKind.CLOSED_BY_SERVICE: {NoticeKind.CLOSED_BY_SERVICE: f"{OURS} bruno"},
    EventKind.MANDATE_ACCEPTED: {NoticeKind.MANDATE: "bruno"},
    EventKind.MANDATE_REVOKED: {NoticeKind.MANDATE: f"{OURS} bruno"},
    EventKind.MANDATE_TAKEN_BACK: {NoticeKind.MANDATE: f"{OURS} bruno"},
    EventKind.MANDATE_EXPIRED: {NoticeKind.MANDATE: f"{OURS} bruno"},
    EventKind.ANSWER_UNCLEAR: {NoticeKind.MESSAGE: OURS},
}


@pytest.mark.parametrize("event", EventKind, ids=lambda one: one.name)
def test_events(event: EventKind) -> None:
    assert told(event) == {kind: set(names.split()) for kind, names in EVENTS[event].items()}


class TestMessages:
    def test_from_the_aidants_to_who_has_it_else_to_the_group(self) -> None:
        aidant = replace(PEOPLE, side=Side.AIDANT)
        assert told(EntryKind.MESSAGE, aidant) == {NoticeKind.MESSAGE: {"bruno", "basile", "bertille", "guest"}}

    def test_to_agents_who_wrote_too(self) -> None:
        aidant = replace(PEOPLE, side=Side.AIDANT, wrote=frozenset({MARC, GUEST}))
        assert told(EntryKind.MESSAGE, aidant) == {NoticeKind.MESSAGE: set(ALL_AGENTS.split())}

    def test_an_assignee_who_left_the_group_is_nobody(self) -> None:
        left = replace(posts(Post(CAF, S.IN_PROGRESS, ELSEWHERE)), side=Side.AIDANT)
        assert told(EntryKind.MESSAGE, left) == {NoticeKind.MESSAGE: {"bruno", "marc", "guest"}}

    @pytest.mark.parametrize(
        "state", [Post(CAF, S.NOT_COMPETENT, BRUNO), Post(CAF, S.RESOLVED, ELSEWHERE)], ids=["refused", "left"]
    )
    def test_the_groups_when_it_would_reach_nobody(self, state: Post) -> None:
        alone = replace(posts(state), side=Side.AIDANT)
        assert told(EntryKind.MESSAGE, alone) == {NoticeKind.MESSAGE: set(ALL_AGENTS.split())}
        uninvited = replace(alone, invited=frozenset(), agents={CAF: frozenset({BRUNO, MARC})})
        assert told(EntryKind.MESSAGE, uninvited) == {NoticeKind.MESSAGE: {"bruno", "marc"}}

    def test_nobody_is_flooded_once_somebody_is_told(self) -> None:
        two = replace(
            posts(Post(CAF, S.NOT_COMPETENT), Post(CPAM, S.IN_PROGRESS, BASILE)), side=Side.AIDANT,
            invited=frozenset(),
        )  # fmt: skip
        assert told(EntryKind.MESSAGE, two) == {NoticeKind.MESSAGE: {"basile"}}

    def test_who_unblocked_it_is_told_what_came_after(self) -> None:
        over = replace(
            posts(Post(CAF, S.RESOLVED, BRUNO), Post(CPAM, S.NOT_COMPETENT, BASILE)), side=Side.AIDANT
        )
        assert told(EntryKind.MESSAGE, over) == {NoticeKind.MESSAGE: {"bruno", "guest"}}

    def test_from_an_agent_to_the_aidants_and_to_other_groups(self) -> None:
        both = posts(Post(CAF, S.IN_PROGRESS, BRUNO), Post(CPAM, S.IN_PROGRESS, BASILE))
        agent = replace(both, side=Side.AGENT, own=frozenset({CAF}))
        assert told(EntryKind.MESSAGE, agent) == {
            NoticeKind.MESSAGE: {"author", "colleague", "basile", "guest"}
        }

    def test_a_note_reaches_no_aidant(self) -> None:
        named = replace(PEOPLE, side=Side.AGENT, mentioned=frozenset({AUTHOR, MARC}))
        assert told(EntryKind.NOTE, named) == {
            NoticeKind.MENTION: {"marc"},
            NoticeKind.NOTE: {"bruno", "guest"},
        }

    def test_who_is_mentioned_is_told_so_once_and_only_if_they_take_part(self) -> None:
        named = replace(PEOPLE, side=Side.AGENT, mentioned=frozenset({COLLEAGUE, MARC, ELSEWHERE}))
        assert told(EntryKind.MESSAGE, named) == {
            NoticeKind.MENTION: {"colleague", "marc"},
            NoticeKind.MESSAGE: {"author", "bruno", "guest"},
        }


class TestCircumstances:
    def test_new_groups_only(self) -> None:
        new = posts(Post(CAF, S.IN_PROGRESS, BRUNO), Post(CPAM, S.SENT, is_new=True))
        assert told(EventKind.ASSOCIATED, new) == {
            NoticeKind.NEW_CASE: {"basile", "bertille"},
            NoticeKind.ASSOCIATED: {"author", "colleague"},
        }
        both = posts(Post(CAF, S.SENT, is_new=True), Post(CPAM, S.SENT, is_new=True))
        assert told(EventKind.SENT, both) == {NoticeKind.NEW_CASE: {"bruno", "marc", "basile", "bertille"}}

    def test_who_is_invited(self) -> None:
        ours = {NoticeKind.ASSOCIATED: {"author", "colleague"}}
        assert told(EventKind.INVITED, replace(PEOPLE, named=GUEST)) == {NoticeKind.INVITED: {"guest"}} | ours
        assert told(EventKind.INVITED, replace(PEOPLE, named=ELSEWHERE)) == ours

    @pytest.mark.parametrize("event", [EventKind.TAKEN, EventKind.PASSED, EventKind.HANDED_OVER])
    def test_who_had_it_until_then_if_they_still_read_it(self, event: EventKind) -> None:
        assert told(event, replace(PEOPLE, former=MARC))[NoticeKind.TAKEN_OVER] == {"marc"}
        assert NoticeKind.TAKEN_OVER not in told(event, replace(PEOPLE, former=ELSEWHERE))

    @pytest.mark.parametrize("event", [EventKind.NOT_COMPETENT, EventKind.BETTER_RECIPIENT])
    def test_nobody_competent_is_to_redirect(self, event: EventKind) -> None:
        nobody = posts(Post(CAF, S.NOT_COMPETENT, BRUNO), Post(CPAM, S.NOT_COMPETENT))
        assert told(event, nobody) == {NoticeKind.TO_REDIRECT: {"author", "colleague"}}

    def test_all_the_structure_once_the_author_has_left(self) -> None:
        gone = replace(PEOPLE, aidants=frozenset({COLLEAGUE, THIRD}), posts=(Post(CAF, S.NOT_COMPETENT),))
        assert told(EventKind.NOT_COMPETENT, gone) == {NoticeKind.TO_REDIRECT: {"colleague", "third"}}

    def test_withdrawn_from_those_who_had_it_else_from_the_group(self) -> None:
        had = posts(Post(CAF, S.WITHDRAWN, BRUNO), Post(CPAM, S.SENT))
        assert told(EventKind.WITHDRAWN, had) == {NoticeKind.WITHDRAWN: {"bruno"}}
        waited = posts(Post(CAF, S.IN_PROGRESS, BRUNO), Post(CPAM, S.WITHDRAWN))
        assert told(EventKind.WITHDRAWN, waited) == {NoticeKind.WITHDRAWN: {"basile", "bertille"}}

    def test_the_last_competent_one_withdrawn_is_to_redirect(self) -> None:
        last = posts(Post(CAF, S.NOT_COMPETENT, BRUNO), Post(CPAM, S.WITHDRAWN, BASILE))
        assert told(EventKind.WITHDRAWN, last) == {
            NoticeKind.TO_REDIRECT: {"author", "colleague"},
            NoticeKind.WITHDRAWN: {"basile"},
        }

    @pytest.mark.parametrize("event", [EventKind.CLOSED, EventKind.REOPENED])
    def test_the_groups_when_nobody_had_it(self, event: EventKind) -> None:
        (kind,) = EVENTS[event]
        assert told(event, posts(Post(CAF, S.SENT), Post(CPAM, S.SENT))) == {kind: set(ALL_AGENTS.split())}

    def test_a_stand_in_is_told_too(self) -> None:
        post = Post(CAF, S.IN_PROGRESS, BASILE, frozenset({BRUNO}), is_away=True)
        away = replace(posts(post), side=Side.AIDANT, agents={CAF: frozenset({BASILE, BRUNO, MARC})})
        assert told(EntryKind.MESSAGE, away) == {NoticeKind.MESSAGE: {"basile", "bruno", "guest"}}
        away = posts(Post(CAF, S.IN_PROGRESS, BRUNO, frozenset({MARC})))
        assert told(EventKind.PASSED, away) == {NoticeKind.ASSIGNED: {"bruno", "marc"}}

    @pytest.mark.parametrize("stand_ins", [frozenset(), frozenset({BASILE})], ids=["nobody", "elsewhere"])
    def test_the_group_when_nobody_stands_in(self, stand_ins: frozenset[UUID]) -> None:
        away = posts(Post(CAF, S.IN_PROGRESS, BRUNO, stand_ins, is_away=True))
        caf = {"bruno", "marc"}
        assert told(EntryKind.MESSAGE, replace(away, side=Side.AIDANT)) == {NoticeKind.MESSAGE: caf | {"guest"}}
        assert told(EventKind.CLOSED, away) == {NoticeKind.CLOSED: caf}
        assert told(EventKind.MANDATE_ACCEPTED, away) == {NoticeKind.MANDATE: caf}

    def test_a_stand_in_of_another_group_is_not(self) -> None:
        away = posts(Post(CAF, S.IN_PROGRESS, BRUNO, frozenset({BASILE})))
        assert told(EventKind.PASSED, away) == {NoticeKind.ASSIGNED: {"bruno"}}


@pytest.mark.parametrize("kind", [EntryKind.MESSAGE, EntryKind.NOTE, *EventKind], ids=lambda one: one.name)
@pytest.mark.parametrize("side", [None, *Side])
def test_only_who_may_read_is_ever_told(kind: EntryKind | EventKind, side: Side | None) -> None:
    may_read = PEOPLE.aidants | PEOPLE.all_agents
    strangers = frozenset({ELSEWHERE})
    for new in (False, True):
        people = replace(
            PEOPLE, side=side, named=ELSEWHERE, mentioned=strangers, wrote=PEOPLE.wrote | strangers,
            posts=tuple(Post(g, s, ELSEWHERE, strangers, new) for g in (CAF, CPAM, UUID(int=9)) for s in S),
        )  # fmt: skip
        for who in found_for(kind, people).values():
            assert who <= may_read
