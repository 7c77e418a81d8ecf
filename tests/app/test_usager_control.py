"""The usager in control: what their link shows, and what taking the agreement back does at once."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from app import attachments, events, mandate_steps, messages, referrals, usager_control
from app.errors import Conflict, Forbidden, NotFound
from app.queries import case as views
from app.receipts import link_of
from app.security.links import usager_link
from app.usager_control import UsagerView
from app.work import ByNobody, ByUsager, acting, reading
from models.base import new_id
from models.enums import EventKind, MandateStatus
from models.mandate import Mandate
from tests.app.scenes import (
    CAF,
    GUISE,
    accept,
    act,
    close,
    consent,
    draft,
    entry_rows,
    mandate,
    mandate_row,
    present,
    reopen,
    revoke,
    row_counts,
    say,
    see,
    send,
    sent_case,
)
from tests.conftest import NOW, Cast

pytestmark = pytest.mark.usefixtures("database")
DAY = timedelta(days=1)


def mandate_of(case_id: UUID) -> UUID:
    """The mandate in force of a case."""
    with reading(ByNobody(), at=NOW) as work:
        return mandate_steps.in_force(work, case_id)[0].id


def shown(mandate_id: UUID, at: object = NOW) -> UsagerView:
    with reading(ByUsager(mandate_id), at=at) as work:  # type: ignore[arg-type]
        return usager_control.own_mandate(work, mandate_id)


def take_back(mandate_id: UUID, at: object = NOW) -> None:
    with acting(ByUsager(mandate_id), at=at) as work:  # type: ignore[arg-type]
        usager_control.take_back(work, mandate_id)


class TestLink:
    def test_it_leads_to_the_mandate(self, cast: Cast) -> None:
        mandate_id = mandate_of(sent_case(cast))
        with reading(ByNobody(), at=NOW) as work:
            address = link_of(work, work.session.get_one(Mandate, mandate_id))
            assert usager_control.find(work, address.rpartition("/")[2]) == mandate_id
        assert address.startswith("http://127.0.0.1:8080/mandat/")

    def test_forged_unknown_and_past_its_term_answer_alike(self, cast: Cast) -> None:
        row = mandate_row(mandate_of(sent_case(cast)))
        said = set()
        with reading(ByNobody(), at=NOW) as work:
            good = usager_link(work.vault, row.id, row.expires_at)
            unknown = usager_link(work.vault, new_id(), row.expires_at)
        for token, at in ((good[:-1] + "!", NOW), (unknown, NOW), (good, row.expires_at)):
            with pytest.raises(NotFound) as refused, reading(ByNobody(), at=at) as work:
                usager_control.find(work, token)
            said.add(refused.value.sentence)
        assert len(said) == 1

    def test_whose_mandate_it_is_not(self, cast: Cast) -> None:
        """A link gives a right on its own case and on nothing else of it than the agreement."""
        mine, other = mandate_of(sent_case(cast)), mandate_of(sent_case(cast, last_name="Autre"))
        for query in (usager_control.own_mandate, usager_control.take_back):
            with pytest.raises(NotFound), acting(ByUsager(mine), at=NOW) as work:
                query(work, other)
        with pytest.raises(NotFound), acting(ByUsager(mine), at=NOW) as work:
            views.case(work, mandate_row(mine).case_id)
        with pytest.raises(NotFound), acting(ByUsager(mine), at=NOW) as work:
            messages.post(work, mandate_row(mine).case_id, "Bonjour.", key=new_id())


class TestShown:
    def test_in_plain_words(self, cast: Cast) -> None:
        view = shown(mandate_of(sent_case(cast, also=("msa",))))
        assert (view.status, view.structure, view.theme) == (MandateStatus.ACTIVE, GUISE, "Logement")
        assert view.organizations == ("Caisse d’allocations familiales", "Mutualité sociale agricole")
        assert view.may_take_back
        assert "Mme Samira Kaddour" in " ".join(view.plain_text)

    def test_reading_changes_nothing(self, cast: Cast) -> None:
        mandate_id = mandate_of(sent_case(cast))
        before = row_counts()
        for _ in range(3):
            shown(mandate_id)
        assert row_counts() == before

    def test_for_thirty_days_once_it_is_over(self, cast: Cast) -> None:
        mandate_id = mandate_of(sent_case(cast))
        take_back(mandate_id)
        assert shown(mandate_id, NOW + 30 * DAY).status is MandateStatus.REVOKED
        with pytest.raises(NotFound):
            shown(mandate_id, NOW + 30 * DAY + timedelta(seconds=1))

    def test_what_ended_with_its_case_as_long_as_it_could_resume(self, cast: Cast) -> None:
        case_id = sent_case(cast)
        mandate_id = mandate_of(case_id)
        close(cast, case_id)
        view = shown(mandate_id, mandate_row(mandate_id).expires_at - timedelta(seconds=1))
        assert (view.status, view.may_take_back) == (MandateStatus.ENDED, True)
        with pytest.raises(NotFound):
            shown(mandate_id, mandate_row(mandate_id).expires_at)

    def test_an_older_link_shows_and_takes_back_what_replaced_it(self, cast: Cast) -> None:
        case_id = sent_case(cast)
        first = mandate_of(case_id)
        second = mandate(cast, case_id, more=("msa",))
        view = shown(first)
        assert view.is_another
        assert "Mutualité sociale agricole" in view.organizations
        take_back(first)
        assert mandate_row(second).status is MandateStatus.REVOKED


class TestTakeBack:
    def test_all_is_frozen_and_told_at_once(self, cast: Cast) -> None:
        case_id = sent_case(cast)
        mandate_id = mandate_of(case_id)
        say(cast, "bruno", case_id)
        heard: list[events.Signal] = []
        stop = events.listen(heard.append)
        take_back(mandate_id)
        stop()
        told = [one for one in heard if isinstance(one, events.CaseChanged) and one.case_id == case_id]
        assert {cast.groups[GUISE], cast.groups[CAF]} <= frozenset().union(*(one.holders for one in told))
        row = mandate_row(mandate_id)
        assert (row.status, row.ended_at, row.end_reason) == (MandateStatus.REVOKED, NOW, usager_control.REASON)
        last = entry_rows(case_id)[-1]
        assert (last.event, last.author_id) == (EventKind.MANDATE_TAKEN_BACK, None)
        assert last.event is not None
        assert last.event.label.startswith("La personne a annulé son accord")
        assert "{" not in last.event.label  # «La p.» would stand for «La personne»

        for who in ("bruno", "aline"):
            with pytest.raises(Forbidden, match="partage est suspendu"):
                say(cast, who, case_id)
        with pytest.raises(Forbidden), act(cast, "bruno") as work:
            referrals.resolve(work, case_id, cast.groups[CAF], "C’est réglé.", key=new_id())
        with pytest.raises(Forbidden), act(cast, "bruno") as work:
            attachments.may_add(work, case_id)
        with see(cast, "bruno") as work:
            view = views.case(work, case_id)
            assert view.mandate is not None
            assert not view.mandate.may_see

        mandate(cast, case_id)
        say(cast, "bruno", case_id)

    def test_twice_is_once(self, cast: Cast) -> None:
        mandate_id = mandate_of(sent_case(cast))
        take_back(mandate_id)
        before = row_counts()
        take_back(mandate_id, NOW + DAY)
        assert row_counts() == before
        assert mandate_row(mandate_id).ended_at == NOW

    @pytest.mark.parametrize("end", ["revoked", "expired", "closed and expired"])
    def test_what_has_ended_stays_so(self, cast: Cast, end: str) -> None:
        case_id = sent_case(cast)
        mandate_id, at = mandate_of(case_id), NOW
        if end == "closed and expired":
            close(cast, case_id)
        if end == "revoked":
            revoke(cast, mandate_id)
        else:
            at = mandate_row(mandate_id).expires_at
        before, status = row_counts(), mandate_row(mandate_id).status
        take_back(mandate_id, at)
        assert row_counts() == before
        assert mandate_row(mandate_id).status is status

    def test_what_ended_with_its_case_resumes_no_more(self, cast: Cast) -> None:
        case_id = sent_case(cast)
        mandate_id = mandate_of(case_id)
        close(cast, case_id)
        assert shown(mandate_id, NOW + DAY).may_take_back
        heard: list[events.Signal] = []
        stop = events.listen(heard.append)
        take_back(mandate_id, NOW + DAY)
        stop()
        told = [one for one in heard if isinstance(one, events.CaseChanged) and one.case_id == case_id]
        assert {cast.groups[GUISE], cast.groups[CAF]} <= frozenset().union(*(one.holders for one in told))
        row = mandate_row(mandate_id)
        assert (row.status, row.ended_at, row.end_reason) == (
            MandateStatus.REVOKED, NOW + DAY, usager_control.REASON,
        )  # fmt: skip
        assert entry_rows(case_id)[-1].event is EventKind.MANDATE_TAKEN_BACK
        assert not shown(mandate_id, NOW + DAY).may_take_back
        with pytest.raises(Conflict, match="Faites signer un nouveau mandat"):
            reopen(cast, case_id, at=NOW + 2 * DAY)
        mandate(cast, case_id, at=NOW + 2 * DAY)
        reopen(cast, case_id, at=NOW + 2 * DAY)
        assert mandate_row(mandate_id).status is MandateStatus.REVOKED

    def test_a_link_from_before_the_case_was_closed_takes_back_what_holds_since(self, cast: Cast) -> None:
        case_id = sent_case(cast)
        first = mandate_of(case_id)
        close(cast, case_id)
        second = mandate(cast, case_id, at=NOW + DAY)
        reopen(cast, case_id, at=NOW + DAY)
        view = shown(first, NOW + DAY)
        assert (view.is_another, view.status) == (True, MandateStatus.ACTIVE)
        take_back(first, NOW + DAY)
        assert [mandate_row(one).status for one in (first, second)] == [MandateStatus.REVOKED] * 2
        taken = [one for one in entry_rows(case_id) if one.event is EventKind.MANDATE_TAKEN_BACK]
        assert len(taken) == 1

    def test_before_the_case_is_sent(self, cast: Cast) -> None:
        case_id = draft(cast)
        mandate_id = mandate(cast, case_id)
        take_back(mandate_id)
        with pytest.raises(Forbidden):
            send(cast, case_id)

    def test_before_the_structure_has_accepted(self, cast: Cast) -> None:
        mandate_id = present(cast, draft(cast))
        take_back(mandate_id)
        assert mandate_row(mandate_id).status is MandateStatus.PRESENTED  # nothing was given yet
        consent(cast, mandate_id)
        take_back(mandate_id)
        with pytest.raises(Exception, match="Révoqué"):
            accept(cast, mandate_id)
