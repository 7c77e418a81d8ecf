"""Pages before the sign-in: plain HTML that works without JavaScript, cached or not, for everybody."""

from __future__ import annotations

import htpy as h

from app.config import settings
from app.demo.people import PASSWORD, PEOPLE, Person
from models.enums import ScopeKind, Side
from pages.shell import design

SERVICE = "Administration+"
_SHOWN = 9  # the cast of the demonstration; the others are there to give it life
_TITLES = {
    403: "Vous n’avez pas accès à cette page",
    404: "Page introuvable",
    413: "Envoi trop volumineux",
    500: "Cela n’a pas fonctionné",
    503: "La page met trop de temps",
}


def page(title: str, *content: h.Node, has_accounts: bool = False) -> str:
    """Return a whole page. ``title`` is its ``h1`` and, with the name of the service, that of the tab.
    ``has_accounts``: in the demonstration, say who may enter."""
    return str(
        h.html(lang="fr")[
            h.head[
                h.meta(charset="utf-8"),
                h.meta(name="viewport", content="width=device-width, initial-scale=1"),
                h.title[f"{title} – {SERVICE}"],
                h.link(rel="stylesheet", href=design.PUBLIC_CSS_PATH),
            ],
            h.body(".public")[
                h.a(".skip", href="#contenu")["Aller au contenu"],
                settings().is_demo and _demonstration(has_accounts=has_accounts),
                h.header[h.p[SERVICE]],
                h.main("#contenu", tabindex="-1")[h.div(".card")[h.h1[title], content]],
            ],
        ]
    )


def refusal_page(status: int, sentence: str) -> str:
    """Return the page of a refusal (403, 404, 413, 500, 503): what happened, and a way on."""
    return page(
        _TITLES.get(status, "Ce n’est pas possible"),
        h.p[sentence],
        h.p[h.a(href="/")["Revenir à l’accueil"]],
    )


def _demonstration(*, has_accounts: bool) -> h.Element:
    """Say that nothing here is real, and where one signs in with which accounts to try it."""
    return h.aside(".banner", aria_label="Démonstration")[
        h.p[h.strong["Démonstration"], " : les personnes et les demandes sont inventées."],
        has_accounts
        and h.details[
            h.summary["Comptes d’essai"],
            h.p["Mot de passe de tous les comptes : ", h.code[PASSWORD]],
            h.ul[
                (
                    h.li[h.code[person.email], f" : {person.first_name} {person.last_name}, {_role(person)}"]
                    for person in PEOPLE[:_SHOWN]
                )
            ],
        ],
    ]


def _role(person: Person) -> str:
    words = [side.label for side in Side if side.value == person.side]
    words += [kind.label for kind in ScopeKind if kind.value == person.scope]
    if person.is_manager:
        words.append("responsable")
    return ", ".join([*words, person.group] if person.group else words)
