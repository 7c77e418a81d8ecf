"""A code sent and typed: what is kept, when it is over, how many tries and sends, and two at once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select, text
from sqlmodel import col

from app import drafts
from app.errors import Conflict, Invalid
from app.mandate_ways.sms_code import LIFE, CodeAnswer, send_code
from app.queries import mandate_ways
from app.queries import mandates as views
from app.work import ByNobody, Database, reading
from models.chain import MandateEvent
from models.enums import Capacity, MandateStatus, MandateWay, OutgoingStatus, ProofKind
from models.mandate import MandateCode
from models.outbox import Outgoing
from tests.app.mandate_ways.giving import E164, PHONE, code_of, give, send, sms, type_code, wrong_code
from tests.app.scenes import act, consent, draft, mandate_row, present, see
from tests.app.test_at_once import at_once, failures
from tests.conftest import NOW, Cast

MINUTE, HOUR, TICK = timedelta(minutes=1), timedelta(hours=1), timedelta(microseconds=1)
OTHERS = ("06 12 34 56 79", "06 12 34 56 80", "06 12 34 56 81")


@pytest.fixture
def shown(database: Database, cast: Cast) -> UUID:
    """Give a mandate that waits for its consent."""
    return present(cast, draft(cast))


def tries_of(mandate_id: UUID) -> list[int]:
    query = select(col(MandateCode.tries)).where(col(MandateCode.mandate_id) == mandate_id)
    with reading(ByNobody()) as work:
        return list(work.session.scalars(query.order_by(col(MandateCode.id))))


class TestConsent:
    def test_what_is_kept(self, cast: Cast, shown: UUID) -> None:
        send(cast, shown)
        give(cast, shown, wrong_code(shown))
        assert mandate_row(shown).contact is None  # nobody has shown yet that the number is theirs
        assert give(cast, shown, code_of(shown), NOW + MINUTE) == CodeAnswer(True)
        row = mandate_row(shown)
        assert (row.status, row.way, row.consented_at) == (
            MandateStatus.CONSENTED, MandateWay.SMS_CODE, NOW + MINUTE,
        )  # fmt: skip
        assert row.contact == {"phone": E164}
        assert row.phone_key is not None
        with see(cast, "aline") as work:
            proof = views.document(work, shown).proof
        assert proof is not None
        assert (proof.kind, proof.capacity) == (ProofKind.SMS_CODE, Capacity.SELF)
        assert dict(proof.facts)["Numéro"] == "+33 6 •• •• •• 78"  # agents read it too

    @pytest.mark.parametrize("typed", [" 12 34 56 ", "123\u00a0456"])
    def test_spaces_do_not_count(self, cast: Cast, shown: UUID, typed: str) -> None:
        send(cast, shown)
        code = iter(code_of(shown))
        assert give(cast, shown, "".join(next(code) if one.isdigit() else one for one in typed)).is_right

    def test_the_code_is_read_nowhere_once_used(self, cast: Cast, shown: UUID) -> None:
        send(cast, shown)
        code = code_of(shown)
        give(cast, shown, code)
        (message,) = sms(shown)
        assert str(message.content["text"]).startswith("****** est votre code")
        assert message.status is OutgoingStatus.FAILED  # one that waits still does not leave
        with reading(ByNobody()) as work:
            raw = work.session.execute(text("SELECT code, phone_key FROM mandate_code")).one()
        assert not any(code.encode() in bytes(one) or b"3361234" in bytes(one) for one in raw)

    @pytest.mark.parametrize(
        "typed", ["", "12345", "1234567", "12345a", "１２３４５６", "٣٣٣٣٣٣", None, 123456, {"x": 1}]
    )
    def test_what_is_no_code_costs_no_try(self, cast: Cast, shown: UUID, typed: str) -> None:
        send(cast, shown)
        with pytest.raises(Invalid) as refused:
            give(cast, shown, typed)
        assert "code" in refused.value.fields
        assert tries_of(shown) == [0]

    def test_before_any_was_sent(self, cast: Cast, shown: UUID) -> None:
        with pytest.raises(Invalid, match="Envoyez d’abord un code"):
            give(cast, shown, "123456")

    def test_on_another_text(self, cast: Cast, shown: UUID) -> None:
        send(cast, shown)
        with pytest.raises(Conflict, match="Le texte a changé"):
            give(cast, shown, wrong_code(shown), shown="0" * 64)
        assert tries_of(shown) == [0]

    def test_of_another_mandate(self, cast: Cast, shown: UUID) -> None:
        other = present(cast, draft(cast))
        send(cast, shown)
        send(cast, other, OTHERS[0])
        assert not give(cast, other, code_of(shown)).is_right

    def test_ten_minutes(self, cast: Cast, shown: UUID) -> None:
        send(cast, shown)
        with pytest.raises(Invalid, match="ne sert plus"):
            give(cast, shown, code_of(shown), NOW + LIFE)
        assert give(cast, shown, code_of(shown), NOW + LIFE - TICK).is_right

    def test_the_last_one_only(self, cast: Cast, shown: UUID) -> None:
        send(cast, shown)
        first = code_of(shown)
        send(cast, shown)
        assert first != code_of(shown)
        assert not give(cast, shown, first).is_right
        assert give(cast, shown, code_of(shown)).is_right

    def test_it_can_be_signed_on_the_screen_instead(self, cast: Cast, shown: UUID) -> None:
        send(cast, shown)
        assert mandate_row(shown).way is MandateWay.SMS_CODE
        consent(cast, shown)
        assert mandate_row(shown).way is MandateWay.SCREEN
        with pytest.raises(Conflict, match="Accord donné"):
            give(cast, shown, code_of(shown))


class TestTries:
    def test_five_are_counted_though_refused(self, cast: Cast, shown: UUID) -> None:
        send(cast, shown)
        said = [give(cast, shown, wrong_code(shown)).sentence for _ in range(5)]
        assert [one.split(". ", 1)[-1] for one in said[:4]] == [
            "Il reste 4\u00a0essais.", "Il reste 3\u00a0essais.", "Il reste 2\u00a0essais.",
            "Il reste 1\u00a0essai.",
        ]  # fmt: skip
        assert "dernier essai" in said[4]
        with pytest.raises(Invalid, match="Les cinq essais"):
            give(cast, shown, code_of(shown))
        assert mandate_row(shown).status is MandateStatus.PRESENTED
        with see(cast, "aline") as work:
            code = mandate_ways.by_sms(work, shown).code
        assert code is not None
        assert code.tries_left == 0

    def test_another_code_has_its_own(self, cast: Cast, shown: UUID) -> None:
        send(cast, shown)
        for _ in range(5):
            give(cast, shown, wrong_code(shown))
        send(cast, shown)
        assert give(cast, shown, code_of(shown)).is_right


class TestSends:
    def test_three_an_hour_for_a_number_whatever_the_mandate_and_the_aidant(
        self, cast: Cast, shown: UUID
    ) -> None:
        send(cast, shown)
        send(cast, shown, "+33 6 12 34 56 78")
        send(cast, present(cast, draft(cast, by="adam"), "adam"), who="adam")
        with pytest.raises(Invalid, match="ce numéro") as refused:
            send(cast, present(cast, draft(cast, by="chloe"), "chloe"), who="chloe", at=NOW + HOUR - TICK)
        assert "phone" in refused.value.fields
        send(cast, shown, at=NOW + HOUR)

    def test_three_an_hour_by_an_aidant_whatever_the_number(self, cast: Cast, shown: UUID) -> None:
        for number in OTHERS:
            send(cast, present(cast, draft(cast)), number)
        with pytest.raises(Invalid, match="Vous avez déjà demandé trois SMS"):
            send(cast, shown)
        send(cast, shown, at=NOW + HOUR)

    def test_a_draft_thrown_away_still_counts(self, cast: Cast, shown: UUID) -> None:
        for _ in range(3):
            case_id = draft(cast)
            send(cast, present(cast, case_id))
            with act(cast, "aline") as work:
                drafts.discard(work, case_id)
        with pytest.raises(Invalid, match="ce numéro"):
            send(cast, shown)
        with reading(ByNobody()) as work:
            assert work.session.scalar(select(func.count()).select_from(Outgoing)) == 0

    def test_what_is_refused_leaves_nothing(self, cast: Cast, shown: UUID) -> None:
        for number in ("", "01 23 45 67 89", "+44 7911 123456", "0612", "x" * 300, None, 12):
            with pytest.raises(Invalid) as refused:
                send(cast, shown, number)  # type: ignore[arg-type]
            assert "phone" in refused.value.fields
        assert sms(shown) == []
        assert mandate_row(shown).way is MandateWay.SCREEN

    def test_each_is_in_the_chain_and_in_no_clear_text(self, cast: Cast, shown: UUID) -> None:
        send(cast, shown)
        with reading(ByNobody()) as work:
            kinds = select(col(MandateEvent.kind)).where(col(MandateEvent.mandate_id) == shown)
            assert list(work.session.scalars(kinds.order_by(col(MandateEvent.seq)))) == ["present", "code_sent"]
            (raw,) = work.session.execute(text("SELECT address, content FROM outgoing")).all()
        assert not any(b"336" in bytes(one) or b"code" in bytes(one) for one in raw)

    def test_where_no_sms_leaves(self, cast: Cast, shown: UUID, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("app.mandate_ways.sending.sms_is_available", lambda: False)
        with pytest.raises(Conflict, match="L’envoi de SMS"):
            send(cast, shown)


class TestAtOnce:
    def test_no_sixth_try(self, committed: Database, cast: Cast) -> None:
        now = datetime.now(UTC)
        shown = present(cast, draft(cast), at=now)
        send(cast, shown, at=now)
        for _ in range(4):
            give(cast, shown, wrong_code(shown), now)
        wrong = wrong_code(shown)
        results = at_once(
            committed, *[(cast.aline, lambda work: type_code(work, shown, wrong)) for _ in range(2)]
        )
        assert len(failures(results)) == 1
        assert tries_of(shown) == [5]

    def test_no_fourth_send(self, committed: Database, cast: Cast) -> None:
        ours, theirs = present(cast, draft(cast)), present(cast, draft(cast, by="chloe"), "chloe")
        for _ in range(2):
            send(cast, ours, at=datetime.now(UTC))
        results = at_once(
            committed, (cast.aline, lambda work: send_code(work, ours, PHONE)),
            (cast.chloe, lambda work: send_code(work, theirs, PHONE)),
        )  # fmt: skip
        assert len(failures(results)) == 1
        assert isinstance(failures(results)[0], Invalid)
