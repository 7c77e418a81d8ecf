"""A case is sent under a mandate that names each recipient, closed, and reopened within six months."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlmodel import SQLModel, col

from app import cases, drafts, events, messages, referrals
from app.errors import Conflict, Forbidden, Invalid, NotFound
from app.lifecycle import REOPENING_DAYS
from app.work import ByNobody, Work, acting, reading
from models.account import Account
from models.base import new_id
from models.case import Case, Participation, ReadMark, Referral
from models.enums import (
    CaseStatus,
    EntryKind,
    EventKind,
    MandateStatus,
    Outcome,
    Party,
    ReferralStatus,
    Side,
    Usefulness,
)
from models.journal import JournalEntry
from models.organization import Group
from models.thread import Entry
from tests.app.scenes import (
    CAF,
    CPAM,
    DESCRIPTION,
    GUISE,
    LAON,
    accept,
    act,
    ask,
    case_row,
    close,
    consent,
    draft,
    entry_rows,
    join,
    mandate,
    mandate_row,
    not_competent,
    present,
    referral_rows,
    reopen,
    resolve,
    revoke,
    say,
    send,
    sent_case,
    take,
    withdraw,
)
from tests.conftest import NOW, Cast

pytestmark = pytest.mark.usefixtures("database")
DAY = timedelta(days=1)


def sizes() -> dict[str, int]:
    """How many rows each table of a case holds: nothing written is the same dict."""
    tables: tuple[type[SQLModel], ...] = (Case, Referral, Participation, Entry, ReadMark, JournalEntry)
    with reading(ByNobody()) as work:
        return {t.__name__: work.session.scalar(select(func.count()).select_from(t)) or 0 for t in tables}


class TestSending:
    def test_what_is_stored(self, cast: Cast) -> None:
        case_id = sent_case(cast, (CAF, CPAM), urgent="oui", urgency_reason="Expulsion  le 30")
        case = case_row(case_id)
        assert (case.status, case.sent_at, case.last_seq) == (CaseStatus.SENT, NOW, 2)
        assert (case.theme_code, case.blockage_code, case.procedure_code) == ("logement", "absence", "apl")
        assert (case.is_urgent, case.urgency_reason) == (True, "Expulsion le 30")
        assert (case.usager_first_name, case.usager_last_name) == ("Samira", "Kaddour")
        assert case.usager_contact == {"phone": "06 12 34 56 78"}
        message, event = entry_rows(case_id)
        assert (message.kind, message.text, message.author_group) == (EntryKind.MESSAGE, DESCRIPTION, GUISE)
        assert (event.event, event.details) == (EventKind.SENT, {"what": f"{CAF}, {CPAM}"})
        rows = referral_rows(case_id)
        assert {(r.status, r.assignee_id, r.is_waiting, r.sent_at) for r in rows.values()} == {
            (ReferralStatus.SENT, None, False, NOW)
        }

    def test_who_takes_part(self, cast: Cast) -> None:
        case_id = sent_case(cast, (CAF, CPAM))
        with reading(ByNobody()) as work:
            query = select(Participation).where(col(Participation.case_id) == case_id)
            places = {p.holder_id: p for p in work.session.scalars(query)}
        assert {holder: (p.party, p.side) for holder, p in places.items()} == {
            cast.groups[GUISE]: (Party.STRUCTURE, Side.AIDANT),
            cast.groups[CAF]: (Party.RECIPIENT, Side.AGENT),
            cast.groups[CPAM]: (Party.RECIPIENT, Side.AGENT),
        }
        assert {(p.is_open, p.activity_at, p.last_seq) for p in places.values()} == {(True, NOW, 2)}

    def test_all_who_take_part_are_told(self, cast: Cast) -> None:
        case_id = draft(cast, (CAF, CPAM))
        mandate(cast, case_id)
        heard: list[events.Signal] = []
        stop = events.listen(heard.append)
        send(cast, case_id)
        stop()
        holders = frozenset(cast.groups[name] for name in (GUISE, CAF, CPAM))
        assert heard == [events.CaseChanged(case_id, holders)]

    def test_twice_is_once(self, cast: Cast) -> None:
        case_id = sent_case(cast)
        before = sizes()
        assert send(cast, case_id, at=NOW + DAY) == case_id
        assert sizes() == before
        assert case_row(case_id).sent_at == NOW

    @pytest.mark.parametrize(
        ("typed", "field"),
        [
            ({"subject": "APL de Mme Kaddour"}, "subject"),
            ({"subject": "APL 1 85 05 78 006 084 91"}, "subject"),
            ({"subject": "APL, rappeler 06 12 34 56 78"}, "subject"),
            ({"subject": "APL, écrire à s@exemple.fr"}, "subject"),
            ({"subject": "RIB FR76 3000 6000 0112 3456 7890 189"}, "subject"),
            ({"description": "Court."}, "description"),
            ({"born_on": "demain"}, "born_on"),
        ],
    )
    def test_a_form_with_a_fault(self, cast: Cast, typed: dict[str, Any], field: str) -> None:
        case_id = draft(cast)
        mandate(cast, case_id)
        with act(cast, "aline") as work:
            drafts.save(work, case_id, typed, 5)
        before = sizes()
        with pytest.raises(Invalid) as refused:
            send(cast, case_id)
        assert refused.value.fields[field].endswith(".")
        assert sizes() == before
        assert case_row(case_id).status is CaseStatus.DRAFT


class TestSendingNeedsAMandate:
    def refused(self, cast: Cast, case_id: UUID, words: str, at: Any = NOW) -> None:
        before = sizes()
        with pytest.raises(Forbidden, match=words):
            send(cast, case_id, at=at)
        assert sizes() == before
        assert case_row(case_id).status is CaseStatus.DRAFT

    def test_none(self, cast: Cast) -> None:
        self.refused(cast, draft(cast), "Sans mandat en vigueur")

    def test_presented(self, cast: Cast) -> None:
        case_id = draft(cast)
        present(cast, case_id)
        self.refused(cast, case_id, "Sans mandat en vigueur")

    def test_consented_but_not_accepted(self, cast: Cast) -> None:
        case_id = draft(cast)
        mandate_id = present(cast, case_id)
        consent(cast, mandate_id)
        self.refused(cast, case_id, "Sans mandat en vigueur")
        accept(cast, mandate_id)
        assert send(cast, case_id) == case_id

    def test_revoked(self, cast: Cast) -> None:
        case_id = draft(cast)
        revoke(cast, mandate(cast, case_id))
        self.refused(cast, case_id, "Sans mandat en vigueur")

    def test_expired_at_the_exact_instant(self, cast: Cast) -> None:
        case_id = draft(cast)
        end = mandate_row(mandate(cast, case_id)).expires_at
        self.refused(cast, case_id, "Sans mandat en vigueur", at=end)
        assert send(cast, case_id, at=end - timedelta(microseconds=1)) == case_id

    def test_of_another_case(self, cast: Cast) -> None:
        mandate(cast, draft(cast))
        self.refused(cast, draft(cast), "Sans mandat en vigueur")

    def test_that_does_not_name_a_recipient(self, cast: Cast) -> None:
        case_id = draft(cast, (CAF,))
        mandate(cast, case_id)
        with act(cast, "aline") as work:
            both = [str(cast.groups[CAF]), str(cast.groups[CPAM])]
            drafts.save(work, case_id, {"groups": both}, 3)
        self.refused(cast, case_id, "Le mandat signé ne nomme pas CPAM")

    def test_that_names_more_than_the_recipients(self, cast: Cast) -> None:
        assert sent_case(cast, (CAF,), ("cpam", "msa"))

    @pytest.mark.parametrize(
        "typed", [{"last_name": "Durand"}, {"first_name": "Sonia"}, {"theme": "retraite"}], ids=str
    )
    def test_of_somebody_else_or_for_something_else(self, cast: Cast, typed: dict[str, str]) -> None:
        case_id = draft(cast)
        mandate(cast, case_id)
        with act(cast, "aline") as work:
            drafts.save(work, case_id, typed, 2)
        self.refused(cast, case_id, "Le mandat a été signé par Mme Samira Kaddour pour « Logement »")

    def test_with_the_same_name_typed_otherwise(self, cast: Cast) -> None:
        case_id = draft(cast)
        mandate(cast, case_id)
        with act(cast, "aline") as work:
            drafts.save(work, case_id, {"last_name": " KADDOUR", "commune": "Laon"}, 2)
        assert send(cast, case_id)


class TestSendingChecksTheRecipientsAgain:
    """They were right when the mandate was signed; the server looks again."""

    def refused(self, cast: Cast, case_id: UUID) -> None:
        with pytest.raises(Invalid) as refused:
            send(cast, case_id)
        assert "groups" in refused.value.fields
        assert case_row(case_id).status is CaseStatus.DRAFT

    def ready(self, cast: Cast) -> UUID:
        case_id = draft(cast)
        mandate(cast, case_id)
        return case_id

    def test_another_departement(self, cast: Cast) -> None:
        case_id = self.ready(cast)
        with act(cast, "aline") as work:
            drafts.save(work, case_id, {"departement": "59"}, 2)
        self.refused(cast, case_id)

    def test_a_closed_group(self, cast: Cast) -> None:
        case_id = self.ready(cast)
        with acting(ByNobody()) as work:
            work.session.get_one(Group, cast.groups[CAF]).is_open = False
        self.refused(cast, case_id)

    def test_no_active_agent(self, cast: Cast) -> None:
        case_id = self.ready(cast)
        with acting(ByNobody()) as work:
            work.session.get_one(Account, cast.bruno).is_active = False
            work.session.flush()
            work.session.get_one(Account, cast.marc).is_active = False
        self.refused(cast, case_id)

    @pytest.mark.parametrize("groups", [[LAON], [GUISE], ["00000000-0000-0000-0000-000000000000"], ["x"], []])
    def test_a_forged_id(self, cast: Cast, groups: list[str]) -> None:
        case_id = self.ready(cast)
        with act(cast, "aline") as work:
            drafts.save(work, case_id, {"groups": [str(cast.groups.get(g, g)) for g in groups]}, 3)
        self.refused(cast, case_id)


class TestClosing:
    def test_by_any_aidant_of_the_structure(self, cast: Cast) -> None:
        case_id = sent_case(cast, (CAF, CPAM))
        ask(cast, "bruno", case_id)
        with act(cast, "adam", NOW + DAY) as work:
            cases.close(work, case_id, Outcome.PARTLY, Usefulness.SOMEWHAT)
        case = case_row(case_id)
        assert (case.status, case.closed_at) == (CaseStatus.CLOSED, NOW + DAY)
        assert (case.outcome, case.usefulness) == (Outcome.PARTLY, Usefulness.SOMEWHAT)
        assert {(r.due_at, r.is_waiting) for r in referral_rows(case_id).values()} == {(None, False)}
        last = entry_rows(case_id)[-1]
        assert (last.event, last.details) == (EventKind.CLOSED, {"what": "débloquée en partie"})

    @pytest.mark.parametrize("who", ["bruno", "marc"])
    def test_never_by_an_agent(self, cast: Cast, who: str) -> None:
        with pytest.raises(Forbidden):
            close(cast, sent_case(cast), who)

    @pytest.mark.parametrize("who", ["chloe", "basile", "colette", "denis"])
    def test_never_by_others(self, cast: Cast, who: str) -> None:
        with pytest.raises(NotFound):
            close(cast, sent_case(cast), who)

    def test_outcome_and_usefulness_are_asked(self, cast: Cast) -> None:
        case_id = sent_case(cast)
        with pytest.raises(Invalid) as refused, act(cast, "aline") as work:
            cases.close(work, case_id, None, None)
        assert set(refused.value.fields) == {"outcome", "usefulness"}
        with pytest.raises(Invalid) as refused, act(cast, "aline") as work:
            cases.close(work, case_id, Outcome.SOLVED, None)
        assert set(refused.value.fields) == {"usefulness"}
        assert case_row(case_id).status is CaseStatus.SENT

    def test_it_ends_the_mandate(self, cast: Cast) -> None:
        case_id = draft(cast)
        mandate_id = mandate(cast, case_id)
        send(cast, case_id)
        close(cast, case_id, at=NOW + DAY)
        row = mandate_row(mandate_id)
        assert (row.status, row.ended_at) == (MandateStatus.ENDED, NOW + DAY)

    def test_with_an_expired_mandate_and_an_older_one_to_sign(self, cast: Cast) -> None:
        case_id = sent_case(cast)
        waiting = present(cast, case_id, more=("msa",))
        close(cast, case_id, at=NOW + 400 * DAY)
        assert case_row(case_id).status is CaseStatus.CLOSED
        assert mandate_row(waiting).status is MandateStatus.PRESENTED  # expired by itself


STALE: dict[str, tuple[str, Callable[[Cast, UUID, Work], object]]] = {
    "close": ("aline", lambda c, id_, w: cases.close(w, id_, Outcome.SOLVED, Usefulness.VERY)),
    "message of an aidant": ("adam", lambda c, id_, w: messages.post(w, id_, "Bonjour", key=new_id())),
    "message of an agent": ("bruno", lambda c, id_, w: messages.post(w, id_, "Bonjour", key=new_id())),
    "take": ("bruno", lambda c, id_, w: referrals.take(w, id_, c.groups[CAF], seen=None)),
    "resolve": ("bruno", lambda c, id_, w: referrals.resolve(w, id_, c.groups[CAF], "Réglé", key=new_id())),
    "ask": ("bruno", lambda c, id_, w: referrals.ask(w, id_, c.groups[CAF], "Lequel ?", key=new_id())),
    "not competent": ("bruno", lambda c, id_, w: referrals.not_competent(w, id_, c.groups[CAF], key=new_id())),
    "pass": ("bruno", lambda c, id_, w: referrals.pass_to(w, id_, c.groups[CAF], c.marc)),
    "flag": ("bruno", lambda c, id_, w: referrals.flag_procedure(w, id_, c.groups[CAF])),
    "associate": ("aline", lambda c, id_, w: referrals.associate(w, id_, c.groups[CPAM])),
    "invite": ("bruno", lambda c, id_, w: referrals.invite(w, id_, c.basile)),
    "withdraw": ("aline", lambda c, id_, w: referrals.withdraw(w, id_, c.groups[CAF])),
}


@pytest.mark.parametrize("gesture", STALE)
def test_a_stale_page_on_a_closed_case(cast: Cast, gesture: str) -> None:
    case_id = sent_case(cast, also=("cpam",))
    close(cast, case_id)
    before, who = sizes(), STALE[gesture][0]
    with pytest.raises(Conflict, match="a été clôturée entre-temps"), act(cast, who) as work:
        STALE[gesture][1](cast, case_id, work)
    assert sizes() == before


class TestReopening:
    def closed(self, cast: Cast, to: tuple[str, ...] = (CAF, CPAM)) -> UUID:
        case_id = sent_case(cast, to)
        for who, group in (("bruno", CAF), ("basile", CPAM)):
            if group in to:
                resolve(cast, who, case_id, group)
        close(cast, case_id)
        return case_id

    def test_it_goes_on_where_it_was(self, cast: Cast) -> None:
        case_id = self.closed(cast)
        reopen(cast, case_id, "adam", NOW + DAY)
        case = case_row(case_id)
        assert (case.status, case.closed_at, case.resolved_at) == (CaseStatus.IN_PROGRESS, None, None)
        assert (case.outcome, case.usefulness) == (None, None)
        for row in referral_rows(case_id).values():
            assert (row.status, row.resolved_at) == (ReferralStatus.IN_PROGRESS, None)
            assert row.due_at is not None
        assert say(cast, "bruno", case_id)
        last = entry_rows(case_id)[-2]
        assert (last.event, last.details["what"]) == (
            EventKind.REOPENED, "Le versement s’est arrêté de nouveau.",
        )  # fmt: skip

    def test_each_referral_keeps_its_own_state(self, cast: Cast) -> None:
        case_id = sent_case(cast, (CAF, CPAM, "MSA Picardie – Aisne"))
        not_competent(cast, "bruno", case_id)
        withdraw(cast, case_id, "MSA Picardie – Aisne")
        close(cast, case_id)
        reopen(cast, case_id, at=NOW + DAY)
        rows = referral_rows(case_id)
        assert [rows[name].status for name in (CAF, CPAM, "MSA Picardie – Aisne")] == [
            ReferralStatus.NOT_COMPETENT, ReferralStatus.SENT, ReferralStatus.WITHDRAWN,
        ]  # fmt: skip
        assert [rows[name].due_at is None for name in (CAF, CPAM, "MSA Picardie – Aisne")] == [
            True,
            False,
            True,
        ]
        assert case_row(case_id).status is CaseStatus.IN_PROGRESS

    def test_nobody_competent_is_still_nobody_competent(self, cast: Cast) -> None:
        case_id = sent_case(cast)
        not_competent(cast, "bruno", case_id)
        close(cast, case_id)
        reopen(cast, case_id)
        assert case_row(case_id).status is CaseStatus.TO_REDIRECT

    @pytest.mark.parametrize(
        "reason", ["", "  ", "bref", "x" * 301, "\x00\x00\x00\x00\x00\x00", None, {"x": "long"}]
    )
    def test_a_reason_is_asked(self, cast: Cast, reason: Any) -> None:
        case_id = self.closed(cast)
        with pytest.raises(Invalid) as refused, act(cast, "aline") as work:
            cases.reopen(work, case_id, reason)
        assert "reason" in refused.value.fields
        assert case_row(case_id).status is CaseStatus.CLOSED

    def test_for_six_months(self, cast: Cast) -> None:
        case_id = self.closed(cast)
        end = NOW + REOPENING_DAYS * DAY
        with pytest.raises(Forbidden, match="depuis plus de six mois"):
            reopen(cast, case_id, at=end + timedelta(seconds=1))

    def test_at_the_last_instant_with_a_longer_mandate(self, cast: Cast) -> None:
        case_id = draft(cast)
        mandate_id = mandate(cast, case_id, months=12)
        send(cast, case_id)
        close(cast, case_id)
        reopen(cast, case_id, at=NOW + REOPENING_DAYS * DAY)
        row = mandate_row(mandate_id)
        assert (row.status, row.ended_at) == (MandateStatus.ACTIVE, None)

    def test_a_case_that_is_open(self, cast: Cast) -> None:
        with pytest.raises(Conflict, match="Transmise"):
            reopen(cast, sent_case(cast))

    @pytest.mark.parametrize("who", ["bruno", "marc"])
    def test_never_by_an_agent(self, cast: Cast, who: str) -> None:
        with pytest.raises(Forbidden):
            reopen(cast, self.closed(cast), who)

    def test_the_mandate_beyond_its_term(self, cast: Cast) -> None:
        case_id = draft(cast)
        mandate_id = mandate(cast, case_id, months=1)
        send(cast, case_id)
        close(cast, case_id)
        with pytest.raises(Conflict, match="Faites signer un nouveau mandat"):
            reopen(cast, case_id, at=mandate_row(mandate_id).expires_at)
        assert case_row(case_id).status is CaseStatus.CLOSED
        mandate(cast, case_id, at=NOW + 60 * DAY)
        reopen(cast, case_id, at=NOW + 60 * DAY)
        assert case_row(case_id).status is CaseStatus.SENT

    def test_the_mandate_that_held_holds_again_whatever_was_presented_since(self, cast: Cast) -> None:
        case_id = draft(cast)
        mandate_id = mandate(cast, case_id)
        send(cast, case_id)
        amendment = present(cast, case_id, more=("msa",))
        close(cast, case_id)
        assert mandate_row(amendment).status is MandateStatus.RENOUNCED
        reopen(cast, case_id)
        assert mandate_row(mandate_id).status is MandateStatus.ACTIVE
        take(cast, "bruno", case_id)

    def test_a_revoked_mandate_stays_revoked(self, cast: Cast) -> None:
        case_id = draft(cast)
        mandate_id = mandate(cast, case_id)
        send(cast, case_id)
        revoke(cast, mandate_id)
        close(cast, case_id)
        with pytest.raises(Conflict, match="Faites signer"):
            reopen(cast, case_id)
        assert mandate_row(mandate_id).status is MandateStatus.REVOKED


def test_an_aidant_of_two_structures_sends_for_the_one_of_the_draft(cast: Cast) -> None:
    join(cast, "aline", LAON, Side.AIDANT)
    case_id = sent_case(cast)
    assert case_row(case_id).structure_id == cast.groups[GUISE]
    assert entry_rows(case_id)[0].author_group == GUISE
    assert entry_rows(case_id)[1].author_group == GUISE
