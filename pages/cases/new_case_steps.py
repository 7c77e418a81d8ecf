"""The first four steps of a new case: the problem, the person, the organisations, the words."""

from __future__ import annotations

from typing import Any, Protocol
from uuid import UUID

from app import attachments
from app.case_form import Form
from app.departements import DEPARTEMENTS
from app.french import plural
from app.personal_data import in_text
from app.queries import drafts as found
from app.queries import routing
from app.queries.routing import Proposal
from models.enums import Civility
from pages.components.field import Field
from pages.components.files import Files
from pages.components.words import Words
from pages.shell.page import Page


class Screen(Protocol):
    """The draft that a step belongs to."""

    page: Page
    form: Form
    fields: dict[str, Field]

    def field(self, name: str, label: str, **options: Any) -> Field:
        """Draw a field of the form, saved as it is typed."""

    async def saved_id(self) -> UUID:
        """Return the id of the draft, saved at least once."""


async def problem_step(draft: Screen) -> dict[str, Field]:
    """Theme, blockage, procedure, urgency."""
    choices = await draft.page.read(found.choices)
    draft.field("theme", "Thème", kind="select", empty="Choisir", options=choices.themes)
    draft.field("blockage", "Ce qui bloque", kind="select", empty="Choisir", options=choices.blockages)
    draft.field("procedure", "Démarche concernée", kind="select", empty="Choisir", options=choices.procedures)
    draft.field(
        "urgent", "La situation est-elle urgente ?", kind="radio", options=[("non", "Non"), ("oui", "Oui")],
        hint="Par exemple : plus aucun revenu, expulsion, soins interrompus.",
    )  # fmt: skip
    draft.field("urgency_reason", "Pourquoi est-ce urgent ?", optional=True, hint="À remplir si c’est urgent.")
    return draft.fields


async def usager_step(draft: Screen) -> dict[str, Field]:
    """Who the person is, and where they live."""
    draft.field(
        "civility", "Civilité", kind="select", empty="Choisir", options=[(c.value, c.label) for c in Civility]
    )
    draft.field("first_name", "Prénom")
    draft.field("last_name", "Nom")
    draft.field("born_on", "Date de naissance", hint="Par exemple 03/07/1987", inputmode="numeric")
    draft.field("commune", "Commune")
    departements = [(code, f"{code} – {name}") for code, name in DEPARTEMENTS.items()]
    draft.field("departement", "Département", kind="select", empty="Choisir", options=departements)
    draft.field("phone", "Téléphone", optional=True, inputmode="tel", hint="Vu de votre structure seulement.")
    return draft.fields


async def organizations_step(draft: Screen) -> dict[str, Field]:
    """To whom the case goes, and whom the mandate may name besides."""
    proposals = await draft.page.read(routing.proposals, draft.form["theme"], draft.form["departement"])
    if not proposals:
        Words(
            "Aucun organisme n’est encore présent dans ce département. Vérifiez le département de la personne."
        ).classes("notice warn")
    groups = draft.field(
        "groups", "Qui doit répondre ?", kind="checks", tiles=True,
        hint="Les premiers sont proposés pour ce thème.",
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
    )  # fmt: skip
    groups.when_changed(offer)
    return draft.fields


def _about(one: Proposal) -> str:
    words = [one.guidance, plural(one.agents, "agent actif", "agents actifs")]
    if one.usual_days is not None:
        words.append(f"débloque en {plural(max(1, round(one.usual_days)), 'jour')} en général")
    return " · ".join(word for word in words if word)


async def words_step(draft: Screen) -> dict[str, Field]:
    """The subject, seen in lists, and the explanation, read by the organisations; the files."""
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
    return draft.fields


def _warning(text: str) -> str:
    found = in_text(text)
    if not found:
        return ""
    return f"Ce texte contient {', '.join(found)}. Retirez-le si les organismes n’en ont pas besoin."
