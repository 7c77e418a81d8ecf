"""The cases of an invented service: a pure stream of rows, the same for the same number and seed.

Cases come at one pace, 100 000 a year, and are closed with age: N cases are the last N of a service that
runs. At 100 000 they fill a year and 12 % of them are open; at 1 000 they are the last four days, nearly
all open; beyond, the history grows and what is open does not. So two sizes compare lists that show rows.
Sizes are those of a real case: six messages of a few sentences and two events, two recipients, a mandate
with the text that was shown, three people who have read. Not there, because nothing measured reads them:
the journal, the drawn signatures, files.
"""

from __future__ import annotations

import math
import random
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from uuid import UUID

from app.mandate_text import fill
from app.personal_data import fold
from app.search_index import holder_token
from app.search_words import folded
from models.case import Case, Participation, ReadMark, Referral
from models.enums import (
    Audience,
    CaseStatus,
    Civility,
    EntryKind,
    EventKind,
    MandateStatus,
    MandateWay,
    Outcome,
    Party,
    ReferralStatus,
    Side,
    Usefulness,
)
from models.mandate import Mandate, MandateScope, MandateText
from models.search import SearchLine
from models.thread import Entry
from tests.bench.bulk import Row
from tests.bench.words import (
    COMMUNES,
    FIRST_NAMES,
    LAST_NAMES,
    RARE,
    RARE_AT,
    RARE_IN,
    SENTENCES,
    SUBJECTS,
)

ONE_IN = 50  # the group that is measured sees one case in fifty
MESSAGES = 6
_EVERY = timedelta(days=365) / 100_000
# The older a case, the likelier it is closed: 12 % of a year's cases are open.
_OPEN_AT_FIRST, _OPEN_DECAY = 0.97, timedelta(days=365) / 8

Tables = dict[type, list[Row]]
_folded = cache(folded)


@dataclass(frozen=True)
class Place:
    """A group, where it acts and for which organisation, and its members with their names."""

    id: UUID
    name: str
    departement: str
    organization_id: UUID
    organization: tuple[str, str]  # short and full name
    members: tuple[tuple[UUID, str], ...]


@dataclass(frozen=True)
class Country:
    """The groups of each département; the first operator of the first département is the one measured."""

    operators: dict[str, tuple[Place, ...]]
    structures: dict[str, tuple[Place, ...]]
    themes: tuple[str, ...]
    blockages: tuple[str, ...]
    procedures: tuple[str, ...]
    text: MandateText

    @property
    def measured(self) -> Place:
        """The group of the Agent+ for whom everything is measured."""
        return next(iter(self.operators.values()))[0]


def id_at(chance: random.Random, at: datetime) -> UUID:
    """Return a UUIDv7 of that instant: as in real life, indexes grow at one end."""
    milliseconds = int(at.timestamp() * 1000)
    return UUID(
        int=milliseconds << 80 | 7 << 76 | chance.getrandbits(12) << 64 | 2 << 62 | chance.getrandbits(62)
    )


def case_rows(country: Country, chance: random.Random, number: int, of: int, now: datetime) -> Tables:
    """Return the rows of case ``number`` (0 the oldest) of the last ``of`` before ``now``."""
    age = _EVERY * (of - number - chance.random())
    return _OneCase(country, chance, now, now - age, number).rows()


class _OneCase:
    """One case being made up."""

    def __init__(
        self, country: Country, chance: random.Random, now: datetime, sent_at: datetime, number: int
    ) -> None:
        measured = number % ONE_IN == 0
        self.country, self.chance, self.now, self.sent_at = country, chance, now, sent_at
        self.id = id_at(chance, sent_at)
        first = country.measured
        departement = first.departement if measured else chance.choice(list(country.operators))
        others = [place for place in country.operators[departement] if place is not first]
        chosen = chance.sample(others, 1 if measured else 2)
        self.recipients = [first, *chosen] if measured else chosen
        self.structure = chance.choice(country.structures[departement])
        self.author = chance.choice(self.structure.members)
        self.agents = [chance.choice(place.members) for place in self.recipients]
        self.is_open = chance.random() < _OPEN_AT_FIRST * math.exp(-(now - sent_at) / _OPEN_DECAY)
        self.status, self.states = self._states()
        lasts = min(chance.expovariate(1 / 12) + 0.2, 60.0)
        self.ends_at = min(sent_at + timedelta(days=lasts), now - timedelta(seconds=30))
        self.ends_at = max(self.ends_at, sent_at + timedelta(seconds=10))
        self.tables: Tables = defaultdict(list)
        self.has_rare = number % RARE_IN == RARE_AT

    def _states(self) -> tuple[CaseStatus, list[ReferralStatus]]:
        status = ReferralStatus
        if not self.is_open:
            second = self.chance.choice((status.RESOLVED, status.RESOLVED, status.NOT_COMPETENT))
            return CaseStatus.CLOSED, [status.RESOLVED, second]
        draw = self.chance.random()
        if draw < 0.25:
            return CaseStatus.SENT, [status.SENT, status.SENT]
        if draw < 0.75:
            second = self.chance.choice((status.SENT, status.IN_PROGRESS, status.RESOLVED))
            return CaseStatus.IN_PROGRESS, [status.IN_PROGRESS, second]
        if draw < 0.8:
            return CaseStatus.TO_REDIRECT, [status.NOT_COMPETENT, status.NOT_COMPETENT]
        return CaseStatus.RESOLVED, [status.RESOLVED, status.RESOLVED]

    def rows(self) -> Tables:
        """Return everything that is written for this case."""
        self._case()
        self._referrals()
        shown = self._thread()
        self._participations(shown)
        self._read_marks(shown[Side.AGENT][0])
        self._mandate()
        return self.tables

    def _case(self) -> None:
        chance, closed = self.chance, not self.is_open
        urgent = chance.random() < 0.1
        self.first_name, self.last_name = chance.choice(FIRST_NAMES), chance.choice(LAST_NAMES)
        self.civility = chance.choice((Civility.MADAME, Civility.MONSIEUR))
        self.tables[Case].append({
            "id": self.id, "created_at": self.sent_at, "author_id": self.author[0],
            "structure_id": self.structure.id, "status": self.status,
            "theme_code": chance.choice(self.country.themes),
            "blockage_code": chance.choice(self.country.blockages),
            "procedure_code": chance.choice(self.country.procedures),
            "departement": self.structure.departement, "commune": chance.choice(COMMUNES),
            "civility": self.civility, "usager_first_name": self.first_name,
            "usager_last_name": self.last_name,
            "usager_born_on": date(1935, 1, 1) + timedelta(days=chance.randrange(26_000)),
            "usager_contact": {"phone": "06 12 34 56 78"} if chance.random() < 0.4 else None,
            "usager_key": chance.randbytes(32), "subject": chance.choice(SUBJECTS), "is_urgent": urgent,
            "urgency_reason": "Expulsion prononcée" if urgent else "", "last_seq": MESSAGES + 2,
            "sent_at": self.sent_at,
            "resolved_at": self.ends_at if self.status in (CaseStatus.RESOLVED, CaseStatus.CLOSED) else None,
            "closed_at": self.ends_at if closed else None,
            "outcome": chance.choice(list(Outcome)) if closed else None,
            "usefulness": chance.choice(list(Usefulness)) if closed else None,
        })  # fmt: skip

        case = self.tables[Case][-1]
        names = (case["subject"], self.first_name, self.last_name, case["commune"])
        case["search_text"] = fold(" ".join(names))
        self.holders = "".join(f" {holder_token(one.id)}" for one in (self.structure, *self.recipients))
        self._search_line(None, Audience.EVERYBODY, folded(case["search_text"]))

    def _referrals(self) -> None:
        for place, agent, status in zip(self.recipients, self.agents, self.states, strict=True):
            waits = status is ReferralStatus.IN_PROGRESS and self.chance.random() < 0.15
            runs = status in (ReferralStatus.SENT, ReferralStatus.IN_PROGRESS) and not waits
            since = self.ends_at if status is ReferralStatus.IN_PROGRESS else self.sent_at
            days = 21 if status is ReferralStatus.IN_PROGRESS else 5
            self.tables[Referral].append({
                "id": id_at(self.chance, self.sent_at), "created_at": self.sent_at, "case_id": self.id,
                "group_id": place.id, "status": status,
                "assignee_id": None if status is ReferralStatus.SENT else agent[0], "sent_at": self.sent_at,
                "due_at": since + timedelta(days=days) if runs else None, "is_waiting": waits,
                "resolved_at": self.ends_at if status is ReferralStatus.RESOLVED else None,
                "had_standard_procedure": self.chance.random() < 0.05,
            })  # fmt: skip

    def _thread(self) -> dict[Side, tuple[int, datetime]]:
        """Write six messages and two events; return the last line that each side sees, and when it came."""
        span = self.ends_at - self.sent_at
        times = [self.sent_at, *sorted(self.sent_at + span * self.chance.random() for _ in range(MESSAGES + 1))]
        answered = self.status is not CaseStatus.SENT
        shown = dict.fromkeys(Side, (1, self.sent_at))
        for seq, at in enumerate(times, 1):
            turn = (seq - 1) % 3
            by_agent = answered and seq > 2 and turn != 0
            place, person = (
                (self.recipients[turn - 1], self.agents[turn - 1])
                if by_agent
                else (self.structure, self.author)
            )
            event = {2: EventKind.SENT, 3: EventKind.TAKEN if answered else EventKind.MANDATE_ACCEPTED}.get(seq)
            note = by_agent and event is None and self.chance.random() < 0.1
            words = self.chance.sample(SENTENCES, self.chance.randint(2, 5))
            words += [f"Le courrier venait des îles {RARE}."] if self.has_rare and seq == 1 else []
            entry_id, text = id_at(self.chance, at), "" if event else " ".join(words)
            audience = Audience.OPERATORS if note else Audience.EVERYBODY
            self.tables[Entry].append({
                "id": entry_id, "created_at": at, "case_id": self.id, "seq": seq,
                "key": id_at(self.chance, at),
                "kind": EntryKind.EVENT if event else EntryKind.NOTE if note else EntryKind.MESSAGE,
                "audience": audience, "event": event,
                "author_id": person[0], "author_name": person[1], "author_group": place.name,
                "text": text, "details": {"what": place.name} if event is EventKind.SENT else {},
            })  # fmt: skip
            if text:
                self._search_line(entry_id, audience, "".join(map(_folded, words)))
            for side in (Side.AGENT,) if note else Side:
                shown[side] = (seq, at)
        return shown

    def _search_line(self, entry_id: UUID | None, audience: Audience, words: str) -> None:
        self.tables[SearchLine].append({
            "case_id": self.id, "entry_id": entry_id, "audience": audience, "folded": words,
            "holders": self.holders,
        })  # fmt: skip

    def _participations(self, shown: dict[Side, tuple[int, datetime]]) -> None:
        parts = [(self.structure, Party.STRUCTURE, Side.AIDANT)]
        parts += [(place, Party.RECIPIENT, Side.AGENT) for place in self.recipients]
        for place, party, side in parts:
            seq, at = shown[side]
            self.tables[Participation].append({
                "case_id": self.id, "holder_id": place.id, "party": party, "side": side,
                "is_open": self.is_open, "activity_at": at, "last_seq": seq,
            })  # fmt: skip

    def _read_marks(self, last: int) -> None:
        readers = {self.author[0], self.agents[0][0]}
        # The one who is measured follows the group's cases, and has not read one in three to its end.
        readers.add(self.recipients[0].members[0][0])
        for reader in readers:
            seq = last if self.chance.random() < 0.67 else self.chance.randint(1, last)
            self.tables[ReadMark].append(
                {"case_id": self.id, "account_id": reader, "seq": seq, "read_at": self.ends_at}
            )

    def _mandate(self) -> None:
        holder = f"{self.civility.label} {self.first_name} {self.last_name}"
        expires_at = self.sent_at + timedelta(days=182)
        theme = self.tables[Case][-1]["theme_code"]
        words = fill(
            self.country.text, usager=holder, structure=self.structure.name,
            organizations=tuple(place.organization for place in self.recipients), problem=theme,
            until="le 3 mars 2027",
        )  # fmt: skip
        mandate_id = id_at(self.chance, self.sent_at)
        self.tables[Mandate].append({
            "id": mandate_id, "created_at": self.sent_at, "case_id": self.id,
            "structure_id": self.structure.id, "author_id": self.author[0], "text_id": self.country.text.id,
            "way": MandateWay.SCREEN,
            "status": MandateStatus.ACTIVE if self.is_open else MandateStatus.ENDED,
            "holder": {"name": holder}, "theme_label": theme,
            "shown_text": {"plain": list(words.plain), "full": list(words.full)},
            "shown_sha256": words.sha256, "expires_at": expires_at, "presented_at": self.sent_at,
            "consented_at": self.sent_at, "accepted_at": self.sent_at, "accepted_by_id": self.author[0],
            "ended_at": None if self.is_open else self.ends_at, "end_reason": "",
        })  # fmt: skip
        self.tables[MandateScope] += [
            {"mandate_id": mandate_id, "organization_id": place.organization_id} for place in self.recipients
        ]
