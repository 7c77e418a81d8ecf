"""The case as the agent will read it, before it is sent: the parts of a case's page, each with its way back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from uuid import UUID

import htpy as h

from app.errors import Invalid
from app.queries.preview import Preview, preview
from pages.cases.new_case_notices import faults_notice
from pages.components.facts import facts, head
from pages.components.fragment import Act, Fragment
from pages.components.timeline import line
from pages.components.words import Words
from pages.shell.page import Page

_STEPS = {"usager": 2, "demande": 1, "organismes": 3, "mandat": 5}


async def recap(page: Page, case_id: UUID, on_act: Callable[[Act], Awaitable[None]]) -> None:
    """Draw everything that leaves, and to whom; what does not leave is said too."""
    seen = await page.read(preview, case_id)
    if seen.faults:
        faults_notice(Invalid(**{k: v for step in seen.faults.values() for k, v in step.items()}), 0, on_act)
    if seen.lacking:
        Words(seen.lacking).classes("notice wrong")
    Words("Voici la demande telle que les organismes la liront.")
    Fragment(_as_read(seen, datetime.now(UTC)), on_act=on_act).classes("recap")


def _as_read(seen: Preview, now: datetime) -> h.Renderable:
    view = seen.view
    return h.div(".as-read")[
        h.div(".as-read-case")[
            h.header(".case-head")[
                h.div(".top")[h.h3(".subject")[view.subject or "Objet à écrire"], change(4, "l’objet")],
                head(view, now),
            ],
            h.ol[line(seen.message, view.structure, now)],
            h.p(".as-read-change")[change(4, "l’explication et les fichiers")],
        ],
        h.div(".as-read-facts")[
            facts(view, (), now, beside=lambda part: change(_STEPS[part], part) if part in _STEPS else None)
        ],
        h.p(".as-read-kept")[_kept(seen)],
    ]


def change(step: int, what: str) -> h.Element:
    """Return the way back to a step, which names what is changed to who does not see where it stands."""
    return h.button(".link", type="button", data_act="step", data_id=str(step))[
        "Modifier", h.span(".unseen")[f" {what}"]
    ]


def _kept(seen: Preview) -> str:
    if not seen.hidden_phone:
        return "Tout ce qui part est montré ici."
    return f"Le téléphone ({seen.hidden_phone}) ne part pas : il reste dans votre structure."
