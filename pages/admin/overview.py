"""Where the administration begins: what needs somebody, and the way to mend it. For administrators."""

from __future__ import annotations

import htpy as h
from nicegui import ui

from app.french import plural
from app.queries.deployment import Attention, attention
from pages.admin.places import heading
from pages.components.fragment import Fragment
from pages.shell.page import Follow, Page


async def overview(page: Page) -> Follow | None:
    """Draw what needs somebody."""
    found = await page.read(attention)
    with ui.element("div").classes("admin"):
        heading(page, "Administration")
        Fragment(_attention(found))
    return None


def _attention(found: Attention) -> h.Renderable:
    if not (found.emptied or found.structures or found.unruled or found.uncovered):
        return h.p[
            "Rien n’attend personne : chaque groupe a un membre actif, chaque thème mène à un organisme."
        ]
    return h.fragment[
        _emptied(found) if found.emptied else None,
        _structures(found) if found.structures else None,
        _unruled(found) if found.unruled else None,
        _uncovered(found) if found.uncovered else None,
    ]


def _emptied(found: Attention) -> h.Node:
    return h.fragment[
        h.h2["Groupes sans Agent+ actif"],
        h.p(".meta")["Aucune demande ne leur est proposée."],
        h.ul(".admin-rows")[
            (
                h.li[h.div(".what")[h.strong[name], h.small(".meta")[", ".join(where) or "Aucun département"]]]
                for name, where in found.emptied[:5]
            )
        ],
        h.p[
            h.a(".alone", href="/administration/groupes?montrer=vides")[
                f"Voir {plural(found.emptied_total, 'groupe')}"
            ]
        ],
    ]


def _structures(found: Attention) -> h.Node:
    return h.fragment[
        h.h2["Structures sans Aidant+ actif"],
        h.p(".meta")["Personne n’y lit les réponses des organismes."],
        h.ul(".admin-rows")[(h.li[h.div(".what")[h.strong[name]]] for name in found.structures)],
    ]


def _unruled(found: Attention) -> h.Node:
    return h.fragment[
        h.h2["Thèmes qui ne mènent à aucun organisme"],
        h.p(".meta")["L’aidant choisit alors parmi tous les groupes du département."],
        h.ul(".admin-rows")[
            (
                h.li[
                    h.div(".what")[h.strong[label]],
                    h.a(".button", href=f"/administration/qualification/themes/{code}")[
                        "Choisir les organismes", h.span(".unseen")[f" de {label}"]
                    ],
                ]
                for code, label in found.unruled
            )
        ],
    ]


def _uncovered(found: Attention) -> h.Node:
    return h.fragment[
        h.h2["Organismes proposés que personne ne représente"],
        h.p(".meta")["Les règles les nomment, mais aucun de leurs groupes ne peut recevoir de demande."],
        h.p[", ".join(found.uncovered)],
        h.p[h.a(".alone", href="/administration/qualification")["Voir les règles"]],
    ]
