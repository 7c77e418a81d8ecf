"""The questions asked before a gesture: to whom, why, with which outcome. Each is a small dialog."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from uuid import UUID, uuid4

from nicegui import ui

from app import cases, mandates, messages, referrals
from app.errors import Invalid, OutsideMandate
from app.lifecycle import Gesture
from app.policy import Action
from app.queries import people, redirecting, reference
from app.queries.association import candidates
from app.queries.case import CaseView, ReferralView
from app.queries.people import PersonView
from app.queries.standing_in import Away, away
from app.work import Work
from models.enums import Outcome, Usefulness
from pages.components.absences import away_words
from pages.components.dialog import Dialog
from pages.components.field import Field
from pages.components.press import Press
from pages.components.redirecting import leads_to
from pages.components.words import Words
from pages.shell.page import Page

# What an agent may do that is no plain answer, each with what comes of it.
OTHERS = {
    Gesture.ASK: "Votre message part. Le délai est suspendu jusqu’à la réponse de l’aidant.",
    Gesture.PASS: "Cette personne suivra la demande à votre place.",
    Gesture.NOT_COMPETENT: "L’aidant le lit dans le fil et peut associer un autre organisme.",
    Gesture.FLAG_PROCEDURE: "L’aidant le lit dans le fil. Rien d’autre ne change.",
}


async def others(
    page: Page, case_id: UUID, own: ReferralView, with_message: Callable[[Gesture], Awaitable[None]]
) -> None:
    """Choose among ``OTHERS``; ``with_message`` does the one that sends what is written."""
    here, group_id = ui.context.slot, own.group_id

    async def chosen(gesture: Gesture) -> None:
        dialog.close()
        with here:
            match gesture:
                case Gesture.PASS:
                    await pass_on(page, case_id, group_id, own.assignee_id)
                case Gesture.NOT_COMPETENT:
                    await not_competent(page, case_id, group_id)
                case Gesture.FLAG_PROCEDURE:
                    await page.act(referrals.flag_procedure, case_id, group_id)
                case _:
                    await with_message(gesture)

    with Dialog("Autres gestes") as dialog:
        with ui.element("ul").classes("gesture-list"):
            for gesture, what in OTHERS.items():
                if gesture in own.gestures:
                    with ui.element("li"):
                        Press(gesture.value, partial(chosen, gesture))
                        Words(what).classes("meta")
        dialog.only_close()


async def pass_on(page: Page, case_id: UUID, group_id: UUID, seen: UUID | None) -> None:
    """Choose the colleague who takes over; ``seen`` is who had it on the screen."""
    colleagues, absent = await page.read(_colleagues, group_id)
    others = [
        (str(one.id), one.name, away_words(absent[one.id]) if one.id in absent else "")
        for one in colleagues
        if one.id != page.account_id
    ]
    with Dialog("Passer à un collègue") as dialog:
        if not others:
            Words("Personne d’autre n’est Agent+ de votre groupe.").classes("notice")
            dialog.only_close()
            return
        who = dialog.field("colleague", Field("Collègue", kind="radio", options=others, tiles=True))

        async def done() -> None:
            await page.act(referrals.pass_to, case_id, group_id, _chosen(who, "colleague"), seen=seen)

        dialog.buttons("Passer à un collègue", done)


def _colleagues(work: Work, group_id: UUID) -> tuple[tuple[PersonView, ...], dict[UUID, Away]]:
    found = people.colleagues(work, group_id)
    return found, {place[0]: one for place, one in away(work, [(f.id, group_id) for f in found]).items()}


async def not_competent(page: Page, case_id: UUID, group_id: UUID) -> None:
    """Say so, and who could help when one knows."""
    organizations = await page.read(reference.organization_choices, group_id)
    key = uuid4()

    async def named() -> None:
        chosen = _chosen(better, "better") if better.value else None
        found = await page.read(redirecting.better_for, case_id, chosen) if chosen else None
        better.say(leads_to(found))

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
        better.when_changed(named)
        text = dialog.field("text", Field("Explication pour l’aidant", kind="area", optional=True))

        async def done() -> None:
            chosen = _chosen(better, "better") if better.value else None
            await page.act(
                referrals.not_competent, case_id, group_id, text=str(text.value), better=chosen, key=key
            )

        dialog.buttons("Mon organisme n’est pas compétent", done)


async def forward(page: Page, view: CaseView, group_id: UUID) -> None:
    """Send the case where another organisation proposes; outside the mandate, offer to ask the usager first."""
    try:
        await page.act(referrals.associate, view.id, group_id)
    except OutsideMandate as refusal:
        name_outside(page, view.id, refusal, may_ask=Action.MANAGE_MANDATE in view.may)


async def associate(page: Page, case_id: UUID) -> None:
    """Choose a group, or an Agent+ by name. What the mandate does not name is shown as such: the server refuses
    it, and the refusal offers to ask the usager."""
    found = await page.read(candidates, case_id)
    options = [(f"group:{one.id}", one.name, "Tout le groupe") for one in found.groups]
    options += [(f"agent:{one.id}", one.name, one.group) for one in found.agents]
    options += [(f"group:{one.id}", one.name, "Hors du mandat") for one in found.outside]
    with Dialog("Associer un organisme ou un Agent+") as dialog:
        if not options:
            Words("Tous les organismes de ce département participent déjà à la demande.").classes("notice")
            dialog.only_close()
            return
        who = dialog.field(
            "who",
            Field(
                "Qui associer", kind="radio", options=options, tiles=True,
                hint="Hors du mandat, il faut d’abord demander l’accord de la personne.",
            ),
        )  # fmt: skip

        async def done() -> None:
            kind, _, id_ = str(who.value).partition(":")
            service = referrals.associate if kind == "group" else referrals.invite
            try:
                await page.act(service, case_id, _id(id_, "who"))
            except OutsideMandate as refusal:
                name_outside(page, case_id, refusal, may_ask=found.may_ask)

        dialog.buttons("Associer à la demande", done)


def name_outside(page: Page, case_id: UUID, refusal: OutsideMandate, *, may_ask: bool) -> None:
    """Offer, in one press, what lifts a refusal: the aidant asks the usager to have these organisations named,
    the agent asks the aidant to. The mandate in force holds until the person has answered."""
    names, key = ", ".join(refusal.names), uuid4()

    async def ask_the_person() -> None:
        new = await page.act(mandates.present, case_id, more=frozenset(refusal.organizations))
        page.open(f"/mandats/{new}")

    async def ask_the_aidant() -> None:
        text = f"Pour avancer, {names} devrait être associé. Pouvez-vous demander l’accord de la personne ?"
        await page.act(messages.post, case_id, text, key=key)
        page.say("Votre demande est dans le fil.")

    with Dialog("Demander l’accord de la personne") as dialog:
        Words(refusal.sentence).classes("notice")
        if may_ask:
            Words("Le mandat en vigueur tient jusqu’à sa réponse.")
            dialog.buttons(f"Demander l’accord de la personne pour {names}", ask_the_person)
        else:
            Words("L’aidant de la demande peut le faire. Votre demande lui est écrite dans le fil.")
            dialog.buttons(f"Demander à l’aidant de faire nommer {names}", ask_the_aidant)


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
        outcome, usefulness = (dialog.field(name, field) for name, field in closing_fields())

        async def done() -> None:
            chosen = next((o for o in Outcome if o.value == outcome.value), None)
            useful = next((u for u in Usefulness if u.value == usefulness.value), None)
            await page.act(cases.close, case_id, chosen, useful)

        dialog.buttons("Clôturer la demande", done)


def closing_fields() -> Iterator[tuple[str, Field]]:
    """Draw what is asked when a case is closed: its outcome, and whether the service helped."""
    outcomes, answers = [(o.value, o.label) for o in Outcome], [(u.value, u.label) for u in Usefulness]
    yield "outcome", Field("Où en est la demande ?", kind="radio", options=outcomes)
    yield "usefulness", Field("Administration+ a-t-il été utile ?", kind="radio", options=answers)


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
