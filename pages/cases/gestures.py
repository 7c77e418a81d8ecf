"""The questions asked before a gesture: to whom, why, with which outcome. Each is a small dialog."""

from __future__ import annotations

from uuid import UUID, uuid4

from app import cases, referrals
from app.errors import Invalid
from app.queries import people, reference
from app.queries.association import candidates
from models.enums import Outcome, Usefulness
from pages.components.dialog import Dialog
from pages.components.field import Field
from pages.components.words import Words
from pages.shell.page import Page


async def pass_on(page: Page, case_id: UUID, group_id: UUID) -> None:
    """Choose the colleague who takes over."""
    colleagues = await page.read(people.agents_of, frozenset({group_id}))
    others = [(str(one.id), one.name) for one in colleagues if one.id != page.account_id]
    with Dialog("Passer à un collègue") as dialog:
        who = dialog.field("colleague", Field("Collègue", kind="radio", options=others, tiles=True))

        async def done() -> None:
            await page.act(referrals.pass_to, case_id, group_id, _chosen(who, "colleague"))

        dialog.buttons("Passer à un collègue", done)


async def not_competent(page: Page, case_id: UUID, group_id: UUID) -> None:
    """Say so, and who could help when one knows."""
    organizations = await page.read(reference.organization_choices)
    key = uuid4()
    with Dialog("Mon organisme n’est pas compétent") as dialog:
        better = dialog.field(
            "better",
            Field(
                "Organisme mieux placé",
                kind="select",
                optional=True,
                options=organizations,
                empty="Je ne sais pas",
            ),
        )
        text = dialog.field("text", Field("Explication pour l’aidant", kind="area", optional=True))

        async def done() -> None:
            chosen = _chosen(better, "better") if better.value else None
            await page.act(
                referrals.not_competent, case_id, group_id, text=str(text.value), better=chosen, key=key
            )

        dialog.buttons("Mon organisme n’est pas compétent", done)


async def associate(page: Page, case_id: UUID) -> None:
    """Choose a group, or an Agent+ by name, among the organisations that the mandate names."""
    found = await page.read(candidates, case_id)
    options = [(f"group:{one.id}", one.name, "Tout le groupe") for one in found.groups]
    options += [(f"agent:{one.id}", one.name, one.group) for one in found.agents]
    with Dialog("Associer un organisme ou un Agent+") as dialog:
        if not options:
            Words(
                "Le mandat ne nomme aucun autre organisme. L’aidant peut faire signer un nouveau mandat qui en "
                "nomme d’autres."
            ).classes("notice")
            dialog.only_close()
            return
        who = dialog.field(
            "who",
            Field(
                "Qui associer", kind="radio", options=options, tiles=True,
                hint="Seuls les organismes nommés dans le mandat sont proposés.",
            ),
        )  # fmt: skip

        async def done() -> None:
            kind, _, id_ = str(who.value).partition(":")
            service = referrals.associate if kind == "group" else referrals.invite
            await page.act(service, case_id, _id(id_, "who"))

        dialog.buttons("Associer à la demande", done)


async def withdraw(page: Page, case_id: UUID, group_id: UUID) -> None:
    """Confirm: the organisation stops seeing the case at once."""
    with Dialog("Retirer la demande à cet organisme") as dialog:
        Words("Cet organisme ne verra plus la demande. Les autres ne changent pas.").classes("notice")

        async def done() -> None:
            await page.act(referrals.withdraw, case_id, group_id)

        dialog.buttons("Retirer la demande", done)


async def close(page: Page, case_id: UUID) -> None:
    """Say what came of the case, and whether the service helped."""
    with Dialog("Clôturer la demande") as dialog:
        outcome = dialog.field(
            "outcome",
            Field("Où en est la demande ?", kind="radio", options=[(o.value, o.label) for o in Outcome]),
        )
        usefulness = dialog.field(
            "usefulness",
            Field(
                "Administration+ a-t-il été utile ?",
                kind="radio",
                options=[(u.value, u.label) for u in Usefulness],
            ),
        )

        async def done() -> None:
            chosen = next((o for o in Outcome if o.value == outcome.value), None)
            useful = next((u for u in Usefulness if u.value == usefulness.value), None)
            await page.act(cases.close, case_id, chosen, useful)

        dialog.buttons("Clôturer la demande", done)


async def reopen(page: Page, case_id: UUID) -> None:
    """Say why the case is opened again."""
    with Dialog("Rouvrir la demande") as dialog:
        reason = dialog.field("reason", Field("Pourquoi la rouvrir ?", kind="area"))

        async def done() -> None:
            await page.act(cases.reopen, case_id, str(reason.value))

        dialog.buttons("Rouvrir la demande", done)


def _chosen(field: Field, name: str) -> UUID:
    return _id(str(field.value), name)


def _id(text: str, name: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Invalid(**{name: "Faites un choix dans la liste."}) from error
