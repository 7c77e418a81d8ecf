"""The usager's own page of a mandate, behind a link of their own: plain HTML, no script, nobody signed in.

Opening it changes nothing, so that what looks at links before people do (messengers, mail filters) does no
harm: taking the agreement back is a second page, and a press there. The address is the key to it: it goes to no
search engine, no cache and no other page. The first page sends no Referer at all; the second one, whose form a
browser must say the origin of, names the site alone.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import htpy as h
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from app import usager_control
from app.errors import Conflict, NotFound
from app.french import NBSP, clock, long_date
from app.security.pace import Pace
from app.usager_control import UsagerView
from app.work import ByNobody, ByUsager
from models.enums import MandateStatus
from pages.components.mandate_words import FOR_NOTHING_ELSE, paragraphs
from pages.public.skeleton import page
from pages.shell.action import act, read

router = APIRouter(include_in_schema=False)

_WINDOW = 60.0  # seconds
_lost = Pace(limit=30, window=_WINDOW)  # links that lead nowhere, from one address
_PRIVATE = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex, nofollow"}
# Under «no-referrer» a browser sends «Origin: null» with a form, which our door refuses (Fetch, section 3.2).
_SILENT = _PRIVATE | {"Referrer-Policy": "no-referrer"}
_SITE_ONLY = _PRIVATE | {"Referrer-Policy": "strict-origin"}

_TAKE_BACK = "J’annule mon accord"
# The language, how it is read, what the page is for, and what its question asks.
_ELSEWHERE: tuple[tuple[str, str, str, str, str], ...] = (
    ("en", "ltr", "English", "This page shows your agreement. To cancel it, press the button above.",
     "Do you want to cancel your agreement? First button: yes. Second button: no."),
    ("es", "ltr", "Español", "Esta página muestra su acuerdo. Para anularlo, pulse el botón de arriba.",
     "¿Quiere anular su acuerdo? Primer botón: sí. Segundo botón: no."),
    ("pt", "ltr", "Português", "Esta página mostra o seu acordo. Para o anular, carregue no botão acima.",
     "Quer anular o seu acordo? Primeiro botão: sim. Segundo botão: não."),
    ("ar", "rtl", "العربية", "تعرض هذه الصفحة موافقتك. لإلغائها، اضغط على الزر أعلاه.",
     "هل تريد إلغاء موافقتك؟ الزر الأول: نعم. الزر الثاني: لا."),
    ("uk", "ltr", "Українська", "Ця сторінка показує вашу згоду. Щоб скасувати її, натисніть кнопку вище.",
     "Скасувати вашу згоду? Перша кнопка: так. Друга кнопка: ні."),
    ("tr", "ltr", "Türkçe", "Bu sayfa onayınızı gösterir. İptal etmek için yukarıdaki düğmeye basın.",
     "Onayınızı iptal etmek istiyor musunuz? Birinci düğme: evet. İkinci düğme: hayır."),
)  # fmt: skip


@router.get("/mandat/{token}")
async def own_mandate(request: Request, token: str) -> Response:
    """Show the mandate that the link leads to; nothing is changed."""
    return await _shown(request, token, _mandate_page, _SILENT)


@router.get("/mandat/{token}/reprendre")
async def ask(request: Request, token: str) -> Response:
    """Ask whether the agreement is taken back; nothing is changed."""
    return await _shown(request, token, _question, _SITE_ONLY)


@router.post("/mandat/{token}/reprendre")
async def take_back(request: Request, token: str) -> Response:
    """Take the agreement back, once however often it is asked, then show where it stands."""
    try:
        mandate_id = await read(ByNobody(), usager_control.find, token)
        await act(ByUsager(mandate_id), usager_control.take_back, mandate_id)
    except NotFound as refusal:
        return _nothing(request, refusal)
    except Conflict:  # it ended in another way at the same instant: the page says how
        pass
    return RedirectResponse(f"/mandat/{token}", 303, _SILENT)


async def _shown(
    request: Request, token: str, draw: Callable[[UsagerView, str], str], headers: dict[str, str]
) -> Response:
    try:
        mandate_id = await read(ByNobody(), usager_control.find, token)
        mandate = await read(ByUsager(mandate_id), usager_control.own_mandate, mandate_id)
    except NotFound as refusal:
        return _nothing(request, refusal)
    return HTMLResponse(draw(mandate, f"/mandat/{token}"), headers=headers)


def _nothing(request: Request, refusal: NotFound) -> Response:
    """Answer a link that leads nowhere. Whoever tries many waits; one that leads somewhere is never made to:
    a whole town may share an address, and a person who takes their agreement back does not wait for others."""
    origin, now = request.client.host if request.client else "", time.monotonic()
    if _lost.is_exceeded(origin, now):
        return _wait()
    _lost.count(origin, now)
    words = (
        h.p[refusal.sentence],
        h.p["Ouvrez le lien entier du message reçu, ou adressez-vous à la structure qui vous a aidé."],
    )
    return HTMLResponse(_whole("Ce lien ne sert plus", *words), 404, _SILENT)


def _wait() -> Response:
    words = h.p["Trop de liens inconnus ont été ouverts. Attendez une minute, puis ouvrez à nouveau le vôtre."]
    headers = _SILENT | {"Retry-After": str(int(_WINDOW))}
    return HTMLResponse(_whole("Un instant", words), 429, headers)


def _whole(title: str, *content: h.Node) -> str:
    return page(title, h.div(".usager")[content])


def _mandate_page(mandate: UsagerView, address: str) -> str:
    title, words = _where_it_stands(mandate)
    return _whole(
        title,
        (h.p(role="status")[sentence] for sentence in words),
        h.p["Un accord plus récent a remplacé celui de votre message. C’est lui que vous voyez."]
        if mandate.is_another
        else None,
        mandate.may_take_back and _gesture(address),
        _facts(mandate),
        h.details[h.summary["Le texte de l’accord"], paragraphs(mandate.plain_text)],
        h.details[h.summary["Le texte complet"], paragraphs(mandate.full_text)],
        h.p[f"Une question{NBSP}? Parlez-en à {_structure(mandate)}."],
        h.p(".small")[FOR_NOTHING_ELSE],
        mandate.may_take_back and _in_other_languages(),
    )


def _where_it_stands(mandate: UsagerView) -> tuple[str, tuple[str, ...]]:
    """Return the title and the sentences of a mandate's state."""
    ended = mandate.ended_at or mandate.expires_at
    day = long_date(ended)
    if mandate.status is MandateStatus.ENDED and mandate.may_take_back:
        return "Votre accord est terminé", (
            f"Il a pris fin le {day}, avec votre demande. Rien n’est plus transmis.",
            f"Si {mandate.structure} rouvre la demande, il servira de nouveau.",
            "Si vous ne le voulez pas, vous pouvez l’annuler dès maintenant.",
        )
    if mandate.may_take_back:
        return "Votre accord", ("Vous avez donné votre accord. Il est en cours.",)
    if mandate.status is MandateStatus.PRESENTED:
        return "Votre accord est demandé", (
            f"{mandate.structure} vous demande votre accord. Rien n’est transmis sans lui.",
            "Répondez au message reçu, ou parlez-en à votre conseiller.",
        )
    if mandate.status is MandateStatus.REFUSED:
        return "Vous avez refusé", ("Votre refus est enregistré. Rien n’est transmis.",)
    if mandate.status is MandateStatus.REVOKED:
        return "Votre accord est annulé", (
            f"Votre accord a pris fin le {day} à {clock(ended)}.",
            f"{mandate.structure} ne peut plus écrire à votre place.",
            *(_TOLD if mandate.was_sent else ("Votre conseiller est prévenu. Rien n’a été transmis.",)),
            f"Pour donner un nouvel accord, parlez-en à {mandate.structure}.",
        )
    if mandate.status is MandateStatus.RENOUNCED:
        return "Votre accord est terminé", (f"{mandate.structure} a mis fin à cet accord le {day}.",)
    return "Votre accord est terminé", (f"Il a pris fin le {day}. Rien n’est plus transmis.",)


_TOLD = (
    "Votre conseiller et les organismes sont prévenus.",
    "Les organismes ne voient plus vos documents ici. Ce qui leur a été dit avant reste connu d’eux.",
)


def _gesture(address: str) -> h.Element:
    return h.p[h.a(".button.primary", href=f"{address}/reprendre")[_TAKE_BACK]]


def _facts(mandate: UsagerView) -> h.Element:
    return h.dl[
        h.dt["À qui"], h.dd[_structure(mandate)],
        h.dt["Pour quel problème"], h.dd[mandate.theme],
        h.dt["Avec quels organismes"], h.dd[h.ul[(h.li[name] for name in mandate.organizations)]],
        mandate.given_at is not None and (h.dt["Donné le"], h.dd[long_date(mandate.given_at)]),
        mandate.may_take_back and (h.dt["Jusqu’au"], h.dd[long_date(mandate.expires_at), ", au plus tard"]),
    ]  # fmt: skip


def _structure(mandate: UsagerView) -> str:
    is_said = not mandate.place or mandate.place in mandate.structure
    return mandate.structure if is_said else f"{mandate.structure}, {mandate.place}"


def _in_other_languages(*, is_question: bool = False) -> h.Element:
    return h.ul(".languages")[
        (
            h.li(lang=language, dir=direction)[h.strong[name], h.br, asked if is_question else shown]
            for language, direction, name, shown, asked in _ELSEWHERE
        )
    ]


def _question(mandate: UsagerView, address: str) -> str:
    if not mandate.may_take_back:
        return _mandate_page(mandate, address)
    return _whole(
        "Annuler votre accord",
        h.p[f"Si vous l’annulez, {mandate.structure} ne peut plus écrire à votre place pour ce problème."],
        h.p[
            "Votre demande est close. Si elle est rouverte, cet accord ne servira plus."
            if mandate.status is MandateStatus.ENDED
            else "Les organismes ne verront plus vos documents ici. Les échanges s’arrêtent tout de suite."
        ],
        h.p["Vous n’avez pas à dire pourquoi. Vous pourrez donner un nouvel accord plus tard."],
        h.form(method="post", action=f"{address}/reprendre")[
            h.button(".button.primary", type="submit")[_TAKE_BACK]
        ],
        h.p[h.a(".button", href=address)["Je garde mon accord"]],
        _in_other_languages(is_question=True),
    )
