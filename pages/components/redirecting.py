"""What to do when an organisation is not the right one: where the case could go, each in one press."""

from __future__ import annotations

import htpy as h

from app.french import NBSP
from app.policy import Action
from app.queries.case import CaseView
from app.queries.people import PersonView
from app.queries.redirecting import Better
from models.enums import CaseStatus, Side


def offered(case: CaseView) -> tuple[PersonView, ...]:
    """Return the groups that organisations propose instead of theirs, each once, in the order of the case."""
    named = [one.better for one in case.referrals if one.better is not None and not one.better.is_recipient]
    return tuple({group.id: group for better in named for group in better.groups}.values())


def to_redirect(case: CaseView) -> h.Node:
    """Return, for the aidants, what comes next when the case is nobody's or somebody proposes another
    organisation."""
    is_nobody_s, groups = case.status is CaseStatus.TO_REDIRECT, offered(case)
    if case.side is not Side.AIDANT or not (is_nobody_s or groups) or case.status is CaseStatus.CLOSED:
        return None
    may = Action.ASSOCIATE in case.may
    return h.div(".notice.redirect", role="region", aria_label="À qui transmettre", data_key="reorienter")[
        h.p[_words(case, groups)],
        h.div(".acts")[
            (
                h.button(".button.primary", type="button", data_act="forward", data_group=str(group.id))[
                    f"Transmettre à {group.name}"
                ]
                for group in groups
            ),
            h.button(".button", type="button", data_act="associate")["Associer un autre organisme"]
            if is_nobody_s
            else None,
        ]
        if may
        else None,
    ]


def _words(case: CaseView, groups: tuple[PersonView, ...]) -> str:
    if Action.ASSOCIATE not in case.may:
        return (
            f"{_what(case)} Le partage est suspendu{NBSP}: il reprendra avec un nouvel accord de la personne."
        )
    if case.status is CaseStatus.TO_REDIRECT:
        if not groups:
            return f"{_what(case)} Associez un autre organisme, ou clôturez la demande."
        return (
            f"{_what(case)} Transmettez la demande à l’organisme proposé, associez-en un autre, ou clôturez-la."
        )
    return _what(case)


def _what(case: CaseView) -> str:
    if case.status is CaseStatus.TO_REDIRECT:
        return "Aucun organisme destinataire n’est compétent."
    return "Un organisme n’est pas compétent et propose à qui transmettre la demande."


def better_words(better: Better) -> str:
    """Return who an organisation proposes, and what hinders it."""
    if better.is_recipient:
        return f"Propose {better.name}, déjà destinataire"
    if not better.groups:
        return f"Propose {better.organization}, sans Agent+ actif dans ce département"
    return f"Propose {better.name}"


def leads_to(better: Better | None) -> str:
    """Return, to who names an organisation, what the aidant will be able to do with it."""
    if better is None:
        return ""
    if better.is_recipient:
        return f"{better.organization} est déjà destinataire de cette demande."
    if not better.groups:
        return f"{better.organization} n’a pas d’Agent+ actif dans ce département. L’aidant le saura."
    names = " ou ".join(group.name for group in better.groups)
    return f"L’aidant pourra transmettre la demande en un geste à{NBSP}: {names}."
