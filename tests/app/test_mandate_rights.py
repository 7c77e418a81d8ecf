"""Who handles a mandate, who sees its document, what a revocation freezes, and how one is amended."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest

from app import attachments, mandates, messages, referrals
from app.errors import Conflict, Forbidden, NotFound
from app.mandate_steps import Giver
from app.queries import mandates as views
from app.queries.mandates import MandateView, covered_organizations
from app.work import ByNobody, Work, acting
from models.base import new_id
from models.enums import Audience, Capacity, EventKind, MandateStatus
from models.thread import Attachment
from tests.app.scenes import (
    CAF,
    CPAM,
    SIGNATURE,
    accept,
    act,
    close,
    consent,
    draft,
    entry_rows,
    invite,
    mandate,
    mandate_row,
    present,
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
# What an agent's open page may still try once the usager has taken the mandate back.
SHARED: dict[str, Callable[[Cast, UUID, Work], object]] = {
    "message": lambda c, i, w: messages.post(w, i, "Bonjour", key=new_id()),
    "note": lambda c, i, w: messages.post(w, i, "Bonjour", key=new_id(), audience=Audience.OPERATORS),
    "take": lambda c, i, w: referrals.take(w, i, c.groups[CAF], seen=None),
    "resolve": lambda c, i, w: referrals.resolve(w, i, c.groups[CAF], "Réglé", key=new_id()),
    "ask": lambda c, i, w: referrals.ask(w, i, c.groups[CAF], "Lequel ?", key=new_id()),
    "not competent": lambda c, i, w: referrals.not_competent(w, i, c.groups[CAF], key=new_id()),
    "pass": lambda c, i, w: referrals.pass_to(w, i, c.groups[CAF], c.marc),
    "flag": lambda c, i, w: referrals.flag_procedure(w, i, c.groups[CAF]),
    "associate": lambda c, i, w: referrals.associate(w, i, c.groups[CPAM]),
    "invite": lambda c, i, w: referrals.invite(w, i, c.basile),
}
ACTS: dict[str, Callable[[Work, UUID, str], object]] = {
    "sign": lambda w, m, shown: mandates.sign(w, m, shown_sha256=shown, giver=Giver(), drawing=SIGNATURE),
    "declare": lambda w, m, shown: mandates.declare(
        w, m, shown_sha256=shown, capacity=Capacity.SELF, name="Samira Kaddour"
    ),
    "accept": lambda w, m, _: mandates.accept(w, m),
    "refuse": lambda w, m, _: mandates.refuse(w, m),
    "renounce": lambda w, m, _: mandates.renounce(w, m),
    "revoke": lambda w, m, _: mandates.revoke(w, m, "Demandé au guichet"),
}


def document(cast: Cast, who: str, mandate_id: UUID) -> MandateView:
    with see(cast, who) as work:
        return views.document(work, mandate_id)


class TestWhoHandlesIt:
    @pytest.mark.parametrize("who", ["adam", "chloe", "bruno", "denis"])
    def test_a_draft_s_is_its_author_s_alone(self, cast: Cast, who: str) -> None:
        mandate_id = present(cast, draft(cast))
        shown = mandate_row(mandate_id).shown_sha256
        for gesture in ACTS.values():
            with pytest.raises(NotFound), act(cast, who) as work:
                gesture(work, mandate_id, shown)
        assert mandate_row(mandate_id).status is MandateStatus.PRESENTED

    @pytest.mark.parametrize(
        ("who", "refusal"),
        [("bruno", Forbidden), ("marc", Forbidden), ("chloe", NotFound), ("colette", NotFound)],
    )
    def test_a_case_s_is_the_structure_s(self, cast: Cast, who: str, refusal: type[Exception]) -> None:
        case_id = sent_case(cast)
        mandate_id = present(cast, case_id, "adam", more=("msa",))
        shown = mandate_row(mandate_id).shown_sha256
        for gesture in ACTS.values():
            with pytest.raises(refusal), act(cast, who) as work:
                gesture(work, mandate_id, shown)
        with pytest.raises(refusal):
            present(cast, case_id, who)
        assert mandate_row(mandate_id).status is MandateStatus.PRESENTED

    def test_one_that_does_not_exist(self, cast: Cast) -> None:
        for gesture in ACTS.values():
            with pytest.raises(NotFound), act(cast, "aline") as work:
                gesture(work, new_id(), "x")

    @pytest.mark.parametrize("gesture", ACTS)
    def test_the_journal_says_who(self, cast: Cast, gesture: str) -> None:
        case_id = draft(cast)
        mandate_id = present(cast, case_id)
        if gesture in ("accept", "revoke"):
            consent(cast, mandate_id)
        before = row_counts()["JournalEntry"]
        with act(cast, "aline") as work:
            ACTS[gesture](work, mandate_id, mandate_row(mandate_id).shown_sha256)
        assert row_counts()["JournalEntry"] == before + 1

    def test_one_in_force_is_not_given_up_but_revoked(self, cast: Cast) -> None:
        mandate_id = mandate(cast, draft(cast))
        with pytest.raises(Conflict, match="enregistrez sa révocation"), act(cast, "aline") as work:
            mandates.renounce(work, mandate_id)

    def test_given_up_before_it_is_accepted(self, cast: Cast) -> None:
        mandate_id = present(cast, draft(cast))
        with act(cast, "aline") as work:
            mandates.renounce(work, mandate_id)
        row = mandate_row(mandate_id)
        assert (row.status, row.ended_at) == (MandateStatus.RENOUNCED, NOW)


class TestWhoSeesIt:
    def test_everybody_who_takes_part_while_it_is_in_force(self, cast: Cast) -> None:
        case_id = draft(cast, (CAF,), ("cpam",))
        mandate_id = mandate(cast, case_id)
        send(cast, case_id)
        invite(cast, "bruno", case_id, "basile")
        for who, manages in (
            ("aline", True),
            ("adam", True),
            ("bruno", False),
            ("marc", False),
            ("basile", False),
        ):
            shown = document(cast, who, mandate_id)
            assert (shown.status, shown.may_manage) == (MandateStatus.ACTIVE, manages)
        assert shown.accepted_by == "Aline Lefèvre"

    def test_nobody_else(self, cast: Cast) -> None:
        case_id = draft(cast)
        mandate_id = mandate(cast, case_id)
        send(cast, case_id)
        for who in ("chloe", "mathilde", "colette", "olivier", "denis"):
            for unknown in (mandate_id, new_id()):
                with pytest.raises(NotFound):
                    document(cast, who, unknown)

    def test_a_draft_s_by_its_author_only(self, cast: Cast) -> None:
        mandate_id = present(cast, draft(cast))
        assert document(cast, "aline", mandate_id)
        for who in ("adam", "bruno"):
            with pytest.raises(NotFound):
                document(cast, who, mandate_id)

    def test_agents_see_the_one_in_force_and_no_other(self, cast: Cast) -> None:
        case_id = draft(cast)
        old = mandate(cast, case_id)
        send(cast, case_id)
        waiting = present(cast, case_id, more=("msa",))
        assert document(cast, "bruno", old)
        with pytest.raises(NotFound):
            document(cast, "bruno", waiting)
        consent(cast, waiting)
        accept(cast, waiting)
        assert document(cast, "bruno", waiting)
        with pytest.raises(NotFound):
            document(cast, "bruno", old)
        assert document(cast, "adam", old).status is MandateStatus.SUPERSEDED

    def test_closing_takes_it_from_agents(self, cast: Cast) -> None:
        case_id = draft(cast)
        mandate_id = mandate(cast, case_id)
        send(cast, case_id)
        close(cast, case_id)
        assert document(cast, "adam", mandate_id).status is MandateStatus.ENDED
        with pytest.raises(NotFound):
            document(cast, "bruno", mandate_id)


class TestRevocationFreezes:
    def test_every_gesture_of_an_agent(self, cast: Cast) -> None:
        case_id = draft(cast, (CAF,), ("cpam",))
        mandate_id = mandate(cast, case_id)
        send(cast, case_id)
        revoke(cast, mandate_id)
        before = row_counts()
        for gesture in SHARED.values():
            with pytest.raises(Forbidden, match="le partage est suspendu"), act(cast, "bruno") as work:
                gesture(cast, case_id, work)
        assert row_counts() == before

    def test_downloads_of_agents_and_not_of_aidants(self, cast: Cast) -> None:
        case_id = draft(cast)
        mandate_id = mandate(cast, case_id)
        file = _file(cast, case_id)
        send(cast, case_id)
        for who in ("bruno", "adam"):
            with act(cast, who) as work:
                assert attachments.open_for_download(work, file).id == file
        revoke(cast, mandate_id)
        with pytest.raises(Forbidden, match="le partage est suspendu"), act(cast, "bruno") as work:
            attachments.open_for_download(work, file)
        with act(cast, "adam") as work:
            assert attachments.open_for_download(work, file).id == file

    def test_the_aidants_share_nothing_more_but_end_what_is_there(self, cast: Cast) -> None:
        case_id = draft(cast, (CAF,), ("cpam",))
        revoke(cast, mandate(cast, case_id))
        mandate_id = mandate(cast, case_id)
        send(cast, case_id)
        revoke(cast, mandate_id)
        with pytest.raises(Forbidden), act(cast, "aline") as work:
            referrals.associate(work, case_id, cast.groups[CPAM])
        with pytest.raises(Forbidden, match="suspendu"):
            say(cast, "adam", case_id)
        with act(cast, "aline") as work:
            referrals.withdraw(work, case_id, cast.groups[CAF])
        close(cast, case_id)


class TestAmendment:
    """Naming one organisation more asks for a new mandate; the one in force holds until it is accepted."""

    def covered(self, cast: Cast, case_id: UUID) -> set[str]:
        with see(cast, "aline") as work:
            ids = covered_organizations(work, case_id)
        return {code for code, id_ in cast.organizations.items() if id_ in ids}

    def test_the_old_one_holds_until_the_new_one_is_accepted(self, cast: Cast) -> None:
        case_id = sent_case(cast)
        new = present(cast, case_id, more=("msa",))
        assert self.covered(cast, case_id) == {"caf"}
        consent(cast, new)
        assert self.covered(cast, case_id) == {"caf"}
        accept(cast, new, at=NOW + DAY)
        assert self.covered(cast, case_id) == {"caf", "msa"}
        assert [entry.event for entry in entry_rows(case_id)].count(EventKind.MANDATE_ACCEPTED) == 1

    def test_what_was_refused_is_not_asked_again_silently(self, cast: Cast) -> None:
        case_id = sent_case(cast)
        refused = present(cast, case_id, more=("msa",))
        with act(cast, "aline") as work:
            mandates.refuse(work, refused)
        assert document(cast, "aline", present(cast, case_id)).organizations == ("CAF",)

    def test_after_a_revocation_it_names_what_held(self, cast: Cast) -> None:
        case_id = draft(cast, (CAF,), ("cpam",))
        mandate_id = mandate(cast, case_id)
        send(cast, case_id)
        revoke(cast, mandate_id)
        refused = present(cast, case_id, more=("msa",))
        with act(cast, "aline") as work:
            mandates.refuse(work, refused)
        assert document(cast, "aline", present(cast, case_id)).organizations == ("CAF", "CPAM")

    def test_accepting_twice_is_accepting_once(self, cast: Cast) -> None:
        case_id = sent_case(cast)
        new = mandate(cast, case_id, more=("msa",))
        before = row_counts()
        accept(cast, new, at=NOW + DAY)
        assert row_counts() == before
        assert mandate_row(new).accepted_at == NOW

    def test_without_consent_there_is_nothing_to_accept(self, cast: Cast) -> None:
        mandate_id = present(cast, draft(cast))
        with pytest.raises(Conflict, match="Présenté"):
            accept(cast, mandate_id)
        assert mandate_row(mandate_id).accepted_at is None


def _file(cast: Cast, case_id: UUID) -> UUID:
    """A file that waits to leave with the author's draft."""
    row = Attachment(
        id=new_id(), created_at=NOW, case_id=case_id, uploader_id=cast.aline, name="avis.pdf",
        media_type="application/pdf", size=1_200, sha256=b"x" * 32, key_id="0" * 16,
    )  # fmt: skip
    with acting(ByNobody(), at=NOW) as work:
        work.session.add(row)
    return row.id
