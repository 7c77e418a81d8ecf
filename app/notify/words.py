"""The e-mail that tells what waits: how much of what, and where. Never a name, a subject or a message.

Source: domain, section 7. The addresses ask for a sign-in.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from uuid import UUID

from app.french import NBSP
from app.usager_words import Mail
from models.enums import NoticeKind

_MANY: dict[NoticeKind, str] = {
    NoticeKind.MESSAGE: "{n} nouveaux messages",
    NoticeKind.NOTE: "{n} nouvelles notes entre Agents+",
    NoticeKind.MENTION: "On vous mentionne {n} fois",
}


@dataclass(frozen=True)
class Waiting:
    """What happened in one case, how often; without ``case_id``, what is said without leading to a case."""

    case_id: UUID | None
    kinds: dict[NoticeKind, int]
    is_urgent: bool


def digest(waiting: Iterable[Waiting], address: str) -> Mail:
    """Return what one person is told; ``address`` is where the service is opened."""
    found = list(waiting)
    return _mail(
        found, address, "Voici ce qui vous attend dans Administration+.", "Toutes vos notifications",
        ("Choisir quand ces e-mails partent", preferences(address)),
    )  # fmt: skip


def group_digest(waiting: Iterable[Waiting], address: str) -> Mail:
    """Return what the mailbox of a group is told."""
    found = list(waiting)
    return _mail(
        found, address, "Voici ce qui attend votre groupe dans Administration+.", "",
        ("Changer l’adresse du groupe, pour son responsable", preferences(address)),
    )  # fmt: skip


def preferences(address: str) -> str:
    """Return where these e-mails are chosen: what ``List-Unsubscribe`` leads to."""
    return f"{address}/compte?voir=notifications"


def line(kind: NoticeKind, count: int) -> str:
    """Return «3 nouveaux messages», «Une demande est prise en charge»."""
    if count == 1:
        return kind.label
    return _MANY[kind].format(n=count) if kind in _MANY else f"{kind.label} ({count}{NBSP}fois)"


def _subject(waiting: list[Waiting]) -> str:
    count = sum(one.case_id is not None for one in waiting)
    cases = "une demande" if count == 1 else f"{count}{NBSP}demandes"
    where = f"dans {cases}" if count else "dans Administration+"
    return (
        f"Urgent{NBSP}: du nouveau {where}" if any(one.is_urgent for one in waiting) else f"Du nouveau {where}"
    )


def _mail(waiting: list[Waiting], address: str, begins: str, all_of_it: str, ends: tuple[str, str]) -> Mail:
    subject = _subject(waiting)
    links = [(all_of_it, f"{address}/notifications")] if all_of_it else []
    links.append(ends)
    text, html = ["Bonjour,", begins], [_p("Bonjour,"), _p(begins)]
    for one in waiting:
        said = [line(kind, count) for kind, count in one.kinds.items()]
        place = f"{address}/demandes/{one.case_id}" if one.case_id else ""
        title = ("Demande urgente" if one.is_urgent else "Demande") if place else ""
        text.append(
            "\n".join([*([f"{title}{NBSP}: {place}"] if place else []), *(f"– {each}" for each in said)])
        )
        html.append(f"<p>{_a(title, place)}</p>" if place else "")
        html.append(f"<ul>{''.join(f'<li>{escape(each)}</li>' for each in said)}</ul>")
    for words, link in links:
        text.append(f"{words}{NBSP}:\n{link}")
        html.append(f"<p>{_a(words, link)}</p>")
    page = (
        f'<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>{escape(subject)}</title></head>'
        f"<body>{''.join(html)}<p>Administration+</p></body></html>"
    )
    return Mail(subject, "\n\n".join([*text, "Administration+"]) + "\n", page)


def _p(words: str) -> str:
    return f"<p>{escape(words)}</p>"


def _a(words: str, link: str) -> str:
    return f'<a href="{escape(link)}">{escape(words)}</a>'
