"""A draft as the organisations will read it: the very views of a case's page, made before it is sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app import attachments, identifiers
from app.as_typed import read_date, read_name, read_phone
from app.case_form import Form
from app.deadlines import PARIS
from app.queries import drafts, routing
from app.queries.case import CaseView, MandateLine, ReferralView
from app.queries.drafts import DraftMandate, DraftView
from app.queries.identifiers import IdentifierLine, asked
from app.queries.lists import initials
from app.queries.thread import EntryView, FileLine
from app.work import Work
from models.enums import Audience, CaseStatus, Civility, EntryKind, MandateStatus, ReferralStatus, Side
from models.organization import Blockage, Group, Procedure, Theme


@dataclass(frozen=True)
class Preview:
    """``view`` and ``message`` are what an Agent+ will see; ``hidden_phone`` what they will not; ``lacking``
    says why it cannot leave yet, and ``faults`` what is wrong in each step."""

    view: CaseView
    message: EntryView
    hidden_phone: str
    lacking: str
    faults: dict[int, dict[str, str]]


def preview(work: Work, case_id: UUID) -> Preview:
    """Return a draft as it will be read; for its author only, else not found."""
    draft = drafts.draft(work, case_id)
    faults = drafts.faults(work, draft.form)
    return Preview(
        view=_view(work, draft),
        message=_message(work, draft),
        hidden_phone=read_phone(draft.form["phone"]) or "",
        lacking="" if faults else _lacking(draft.mandate),
        faults=faults,
    )


def _lacking(mandate: DraftMandate | None) -> str:
    if mandate is None or mandate.status is not MandateStatus.ACTIVE:
        return "Il manque un mandat en vigueur : revenez à l’étape 5 avant de transmettre la demande."
    return mandate.missing


def _view(work: Work, draft: DraftView) -> CaseView:
    form, mandate = draft.form, draft.mandate
    civility = next((one for one in Civility if one.value == form["civility"]), Civility.NONE)
    return CaseView(
        id=draft.case_id,
        status=CaseStatus.SENT,
        subject=_line(form, "subject"),
        usager=initials(civility, read_name(form["last_name"])),
        usager_name=f"{read_name(form['first_name'])} {read_name(form['last_name'])}".strip(),
        born_on=read_date(form["born_on"], work.now.astimezone(PARIS).date()),
        phone="",
        commune=_line(form, "commune"),
        departement=form["departement"],
        is_elsewhere=routing.is_elsewhere(work, draft.structure_id, form["departement"]),
        identifiers=_identifiers(work, form),
        qualification=_qualification(work, form),
        urgency=_line(form, "urgency_reason") if form["urgent"] == "oui" else "",
        structure=draft.structure,
        author=_short(work.actor.name),
        sent_at=work.now,
        closing="",
        side=Side.AGENT,
        own_group=None,
        referrals=tuple(
            ReferralView(
                one.group_id, one.group, one.organization, ReferralStatus.SENT, None, "", None, False, False,
                frozenset(),
            )
            for one in routing.proposals(work, form["theme"], form["departement"], form["procedure"])
            if str(one.group_id) in form["groups"]
        ),
        mandate=MandateLine(mandate.id, mandate.status, mandate.expires_at, mandate.organizations, False)
        if mandate
        else None,
        invited=(),
        last_seq=0,
        read_seq=0,
        may=frozenset(),
    )  # fmt: skip


def _message(work: Work, draft: DraftView) -> EntryView:
    files = attachments.pending(work, draft.case_id)
    return EntryView(
        id=draft.case_id,
        seq=1,
        kind=EntryKind.MESSAGE,
        audience=Audience.EVERYBODY,
        event=None,
        author_id=work.actor.account_id,
        author=work.actor.name,
        group=draft.structure,
        text=draft.form["description"].strip(),
        what="",
        at=work.now,
        files=tuple(FileLine(one.id, one.name, one.size, one.status.label) for one in files),
    )


def _qualification(work: Work, form: Form) -> tuple[str, ...]:
    lists: dict[str, type[Theme | Blockage | Procedure]] = {
        "theme": Theme, "blockage": Blockage, "procedure": Procedure,
    }  # fmt: skip
    labels = []
    for name, table in lists.items():
        row: Any = work.session.get(table, form[name])
        labels.append(row.label if row is not None else "")
    return tuple(labels)


def _identifiers(work: Work, form: Form) -> tuple[IdentifierLine, ...]:
    """What will be kept of the numbers typed, for whom."""
    groups = (work.session.get(Group, UUID(id_)) for id_ in form["groups"])
    chosen = {group.organization_id for group in groups if group} | set(map(UUID, form["also"]))
    lines = (
        IdentifierLine(kind, identifiers.as_read(kind, form[kind.value]), names)
        for kind, names in asked(work, chosen).items()
    )
    return tuple(line for line in lines if line.value)


def _line(form: Form, name: str) -> str:
    return " ".join(str(form[name]).split())


def _short(name: str) -> str:
    first, _, last = name.partition(" ")
    return f"{first} {last[:1]}." if last else first
