"""A case is sent once, under a mandate in force that names each recipient; the server checks all again."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlmodel import col

from app import drafts, events
from app.errors import Forbidden, Invalid
from app.work import ByNobody, acting, reading
from models.account import Account
from models.case import Participation
from models.enums import CaseStatus, EntryKind, EventKind, Party, ReferralStatus, Side
from models.organization import Group
from tests.app.scenes import (
    CAF,
    CPAM,
    DESCRIPTION,
    GUISE,
    LAON,
    accept,
    act,
    case_row,
    consent,
    draft,
    entry_rows,
    form,
    join,
    mandate,
    mandate_row,
    present,
    referral_rows,
    revoke,
    row_counts,
    send,
    sent_case,
)
from tests.conftest import NOW, Cast

pytestmark = pytest.mark.usefixtures("database")
DAY = timedelta(days=1)


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
        assert heard[0] == events.CaseChanged(case_id, holders)
        told = [one for one in heard[1:] if isinstance(one, events.NoticesChanged)]
        assert len(told) == len(heard[1:]) == 2, "the bells of the two groups, and nothing else"

    def test_twice_is_once(self, cast: Cast) -> None:
        case_id = sent_case(cast)
        before = row_counts()
        assert send(cast, case_id, at=NOW + DAY) == case_id
        assert row_counts() == before
        assert case_row(case_id).sent_at == NOW

    def test_a_form_with_a_fault(self, cast: Cast) -> None:
        case_id = draft(cast)
        mandate(cast, case_id)
        faults: tuple[tuple[dict[str, Any], str], ...] = (
            ({"subject": "APL de Mme Kaddour"}, "subject"),
            ({"subject": "APL 1 85 05 78 006 084 91"}, "subject"),
            ({"subject": "APL, rappeler 06 12 34 56 78"}, "subject"),
            ({"subject": "APL, écrire à s@exemple.fr"}, "subject"),
            ({"subject": "RIB FR76 3000 6000 0112 3456 7890 189"}, "subject"),
            ({"description": "Court."}, "description"),
            ({"born_on": "demain"}, "born_on"),
        )
        before = row_counts()
        for typed, field in faults:
            with act(cast, "aline") as work:
                drafts.save(work, case_id, {**form(cast), **typed}, 5)
            with pytest.raises(Invalid) as refused:
                send(cast, case_id)
            assert set(refused.value.fields) == {field}
            assert refused.value.fields[field].endswith(".")
        assert row_counts() == before
        assert case_row(case_id).status is CaseStatus.DRAFT


class TestSendingNeedsAMandate:
    def refused(self, cast: Cast, case_id: UUID, words: str, at: datetime = NOW) -> None:
        before = row_counts()
        with pytest.raises(Forbidden, match=words):
            send(cast, case_id, at=at)
        assert row_counts() == before
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
        self.refused(cast, case_id, "Le mandat a été signé par Mme Samira Kaddour pour « Logement »")

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

    def test_a_forged_id(self, cast: Cast) -> None:
        case_id = self.ready(cast)
        for groups in ([LAON], [GUISE], [str(UUID(int=0))], ["x"], []):
            with act(cast, "aline") as work:
                drafts.save(work, case_id, {"groups": [str(cast.groups.get(g, g)) for g in groups]}, 3)
            self.refused(cast, case_id)


def test_an_aidant_of_two_structures_sends_for_the_one_of_the_draft(cast: Cast) -> None:
    join(cast, "aline", LAON, Side.AIDANT)
    case_id = sent_case(cast)
    assert case_row(case_id).structure_id == cast.groups[GUISE]
    assert entry_rows(case_id)[0].author_group == GUISE
    assert entry_rows(case_id)[1].author_group == GUISE
