"""The case as the agent will read it, before it is sent."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import htpy as h

from app import attachments
from app.case_form import Form, full_name, read_date
from app.french import born, long_date, size
from app.queries import drafts as found
from app.queries import routing
from app.work import Work
from models.enums import Civility, MandateStatus
from pages.components.fragment import Fragment
from pages.components.states import mandate_chip
from pages.components.words import Words
from pages.shell.page import Page


async def recap(page: Page, case_id: UUID) -> None:
    """Draw everything that leaves, and to whom."""
    lines, lacking = await page.read(_lines, case_id)
    Words("Voici la demande telle que les organismes la liront.")
    if lacking:
        Words(lacking).classes("notice wrong")
    Fragment(h.div(".recap")[h.dl[(h.fragment[h.dt[name], h.dd[words]] for name, words in lines if words)]])


def _lines(work: Work, case_id: UUID) -> tuple[list[tuple[str, h.Node]], str]:
    draft = found.draft(work, case_id)
    form, choices = draft.form, found.choices(work)
    proposals = routing.proposals(work, form["theme"], form["departement"])
    files = attachments.pending(work, case_id)
    labels = [
        dict(known).get(form[name], "")
        for name, known in (
            ("theme", choices.themes), ("blockage", choices.blockages), ("procedure", choices.procedures),
        )
    ]  # fmt: skip
    mandate = draft.mandate
    lines: list[tuple[str, h.Node]] = [
        ("Objet", form["subject"].strip()),
        ("Usager", _usager(form, work.now.date())),
        ("Commune", f"{form['commune']} ({form['departement']})"),
        ("Demande", " · ".join(filter(None, labels))),
        ("Urgence", form["urgency_reason"] if form["urgent"] == "oui" else ""),
        ("Destinataires", ", ".join(p.group for p in proposals if str(p.group_id) in form["groups"])),
        ("Explication", form["description"].strip()),
        ("Fichiers", ", ".join(f"{one.name} ({size(one.size)})" for one in files)),
        ("Mandat", mandate_chip(mandate.status) if mandate else ""),
        ("De la part de", f"{work.actor.name}, {draft.structure}"),
    ]
    if mandate is None or mandate.status is not MandateStatus.ACTIVE:
        return lines, "Il manque un mandat en vigueur : revenez à l’étape 5 avant de transmettre."
    return lines, mandate.missing


def _usager(form: Form, today: date) -> str:
    """The person as the agent will see them; the date as it was understood."""
    born_on = read_date(form["born_on"], today)
    civility = next((one for one in Civility if one.value == form["civility"]), Civility.NONE)
    name = full_name(civility, form["first_name"].strip(), form["last_name"].strip())
    return f"{name}, {born(civility.label)} le {long_date(born_on)}" if born_on else name
