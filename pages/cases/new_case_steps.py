"""Three steps of a new case: the problem, the organisations, the words. The person has a file of their own."""

from __future__ import annotations

import htpy as h
from nicegui import ui

from app import attachments
from app.case_form import Form
from app.french import NBSP, plural
from app.personal_data import in_text
from app.queries import drafts as found
from app.queries import routing
from app.queries.drafts import Choices
from app.queries.routing import Proposal
from pages.cases.new_case_identifiers import identifier_fields
from pages.cases.new_case_screen import Screen
from pages.components.files import Files
from pages.components.fragment import Fragment
from pages.components.words import Words


async def problem_step(draft: Screen) -> None:
    """Theme, blockage, procedure, urgency."""
    choices = await draft.page.read(found.choices, draft.form)
    old = await draft.page.read(found.no_longer_offered, draft.form)
    for name, label, options in (
        ("theme", "Thème", choices.themes),
        ("blockage", "Ce qui bloque", choices.blockages),
        ("procedure", "Démarche concernée", choices.procedures),
    ):
        field = draft.field(name, label, kind="select", empty="Choisir", options=options)
        field.say(
            "N’est plus proposé aux nouvelles demandes : gardez-le, ou choisissez." if name in old else ""
        )
    with ui.element("div").classes("urgency"):
        draft.field(
            "urgent", "La situation est-elle urgente ?", kind="radio", options=[("non", "Non"), ("oui", "Oui")],
            hint="Par exemple : plus aucun revenu, expulsion, soins interrompus.",
        ).classes("beside")  # fmt: skip
        with ui.element("div").classes("if-urgent"):  # shown by the style sheet as soon as «Oui» is pressed
            draft.field("urgency_reason", "Pourquoi est-ce urgent ?")


async def organizations_step(draft: Screen) -> None:
    """To whom the case goes, and whom the mandate may name besides."""
    proposals = await _proposals(draft)
    if guessed := routing.guess(draft.form, proposals):
        await draft.fill(**guessed)
    if not proposals:
        Words(
            "Aucun organisme n’est encore présent dans ce département. Vérifiez le département de la personne."
        ).classes("notice warn")
    choices = await draft.page.read(found.choices, draft.form)
    groups = draft.field(
        "groups", "Qui doit répondre ?", kind="checks", tiles=True,
        hint=_why(draft.form, proposals, choices),
        options=[(str(one.group_id), one.group, _about(one)) for one in proposals],
    )  # fmt: skip

    def others() -> list[tuple[str, str]]:
        """The organisations that are not recipients already."""
        named = {str(one.organization_id): one.organization for one in proposals}
        for one in proposals:
            if str(one.group_id) in groups.value:
                named.pop(str(one.organization_id), None)
        return list(named.items())

    async def offer() -> None:
        also.set_options(others())

    also = draft.field(
        "also", "Nommer aussi dans le mandat", kind="checks", optional=True, options=others(),
        hint="Ils ne reçoivent pas la demande, mais pourront être associés plus tard sans nouveau mandat.",
    ).classes("in-columns")  # fmt: skip
    groups.when_changed(offer)
    await identifier_fields(draft, proposals, groups, also)


async def _proposals(draft: Screen) -> tuple[Proposal, ...]:
    form = draft.form
    return await draft.page.read(routing.proposals, form["theme"], form["departement"], form["procedure"])


def _why(form: Form, proposals: tuple[Proposal, ...], choices: Choices) -> str:
    """Say why something is ticked that nobody ticked."""
    theme = f"le thème « {dict(choices.themes).get(form['theme'], '')} »"
    procedure = f"la démarche « {dict(choices.procedures).get(form['procedure'], '')} »"
    guessed = form["guess"].rpartition("/")[2]
    first = next((one for one in proposals if str(one.group_id) == guessed and guessed in form["groups"]), None)
    if first is not None:
        what = procedure if first.is_for_procedure else theme
        return (
            f"{first.group} est coché d’avance : c’est à cet organisme que {what} revient d’abord. "
            "Décochez-le s’il n’est pas concerné."
        )
    if any(one.is_for_procedure for one in proposals):
        return f"Les premiers sont proposés pour {procedure}."
    if any(one.is_for_theme for one in proposals):
        return f"Les premiers sont proposés pour {theme}."
    return ""


def _about(one: Proposal) -> str:
    words = [one.guidance.removesuffix("."), plural(one.agents, "agent actif", "agents actifs")]
    if one.usual_days is not None:
        words.append(f"débloque en {plural(max(1, round(one.usual_days)), 'jour')} en général")
    return " · ".join(word for word in words if word)


async def words_step(draft: Screen) -> None:
    """The subject, seen in lists, and the explanation, read by the organisations; the files."""
    await _guidance(draft)
    draft.field("subject", "Objet", hint="Sans nom ni numéro : l’objet est vu dans les listes.")
    description = draft.field(
        "description", "Explication", kind="area", rows=8,
        hint="Ce qui s’est passé, ce qui a déjà été tenté, ce que vous demandez.",
    )  # fmt: skip
    warning = Words(_warning(str(description.value))).classes("notice warn").props("role=status")
    warning.set_visibility(bool(warning.text))

    async def changed() -> None:
        warning.set_text(_warning(str(description.value)))
        warning.set_visibility(bool(warning.text))

    description.when_changed(changed)
    case_id = await draft.saved_id()
    files = await draft.page.read(attachments.pending, case_id)
    Files(case_id, label="Joindre des fichiers", initial=[(one.id, one.name) for one in files])


async def _guidance(draft: Screen) -> None:
    """Say again what the organisations chosen would like to read."""
    proposals = await _proposals(draft)
    wanted = [one for one in proposals if one.guidance and str(one.group_id) in draft.form["groups"]]
    if wanted:
        items = (h.li[h.strong[one.group], f"{NBSP}: {one.guidance}"] for one in wanted)
        Fragment(h.ul(".guidance")[items]).classes("notice")


def _warning(text: str) -> str:
    found = in_text(text)
    if not found:
        return ""
    return f"Ce texte contient {', '.join(found)}. Retirez-le si les organismes n’en ont pas besoin."
