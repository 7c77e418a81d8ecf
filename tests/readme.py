"""README's tables, made from the code: ``uv run python -m tests.readme`` writes them again in place.

Each stands between ``<!-- generated: name -->`` and ``<!-- end -->``. What the code says is taken from its
tables; only addresses outside the screens have their words here, and a new one without words is an error.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from uuid import UUID

from fastapi import FastAPI
from fastapi.routing import APIRoute
from pydantic import SecretStr

from app import lifecycle
from app.config import Settings
from app.deadlines import FIRST_GESTURE_DAYS, NEXT_GESTURE_DAYS
from app.demo.people import PASSWORD, PEOPLE, Person
from app.demo.stories import STORIES
from app.lifecycle import CaseGesture, Clock, Gesture, Move
from app.policy import (
    NOBODY,
    Action,
    Actor,
    CaseFacts,
    Member,
    may,
    may_declare_absence,
    may_manage_accounts,
    may_manage_members,
    may_remove_member,
)
from app.security.files import FileStore
from models.enums import CaseStatus, MandateStatus, ReferralStatus, ScopeKind, Side
from pages import files
from pages.mandates import page_files
from pages.public import sign_in, sms_callbacks, usager, verify
from pages.routes import ROUTES
from pages.shell.session import _is_public

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
_BLOCK = re.compile(r"(<!-- generated: ([\w-]+) -->\n).*?(<!-- end -->)", re.DOTALL)
_NOTHING = "–"


def filled(text: str) -> str:
    """Return the text with each block as the code has it now; an unknown name is a ``KeyError``."""
    return _BLOCK.sub(lambda found: f"{found[1]}{BLOCKS[found[2]]()}\n{found[3]}", text)


def names(text: str) -> list[str]:
    """Return the names of the blocks that stand in a text."""
    return [found[2] for found in _BLOCK.finditer(text)]


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a table in Markdown."""
    columns = list(head)
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def accounts() -> str:
    """Return who may enter the demonstration, and how large it is."""
    drafts = sum(story.draft for story in STORIES)
    rows = ((f"`{one.email}`", f"{one.first_name} {one.last_name}", _role(one)) for one in PEOPLE[:9])
    known = f"{len(STORIES) - drafts} cases and {drafts} drafts; password of all: `{PASSWORD}`"
    return f"{known}\n\n{table(('Account', 'Name', 'Who'), rows)}"


def _role(person: Person) -> str:
    words = [side.label for side in Side if side.value == person.side]
    words += [kind.label for kind in ScopeKind if kind.value == person.scope]
    return ", ".join([*words, *(["responsable"] if person.is_manager else []), *filter(None, [person.group])])


def settings() -> str:
    """Return every setting with its default, in the words of ``.env.example``."""
    rows = []
    for paragraph in (ROOT / ".env.example").read_text().split("\n\n")[1:]:
        lines = paragraph.strip().splitlines()
        fields = [found[1] for line in lines if (found := re.match(r"# APLUS_([A-Z_]+)=", line))]
        words = (line.removeprefix("# ") for line in lines if not re.match(r"# APLUS_[A-Z_]+=", line))
        said = " ".join(f"`{line.strip()}`" if line.startswith("  ") else line for line in words)
        rows.append(
            (
                ", ".join(f"`APLUS_{name}`" for name in fields),
                ", ".join(_default(name.lower()) for name in fields),
                said,
            )
        )
    return table(("Setting", "Default", "What it is"), rows)


def _default(name: str) -> str:
    value = Settings.model_fields[name].default
    plain = value.get_secret_value() if isinstance(value, SecretStr) else value
    return "empty" if plain in (None, "") else f"`{plain}`"


STRUCTURE, RECIPIENT, OTHER_RECIPIENT, ELSEWHERE = (UUID(int=n) for n in range(1, 5))
OPEN = (CaseStatus.SENT, CaseStatus.IN_PROGRESS, CaseStatus.TO_REDIRECT, CaseStatus.RESOLVED)
# Open under a mandate in force, open without one, closed (which ends the mandate; a new one may be signed).
SITUATIONS = (
    [(status, True) for status in OPEN],
    [(status, False) for status in OPEN],
    [(CaseStatus.CLOSED, True), (CaseStatus.CLOSED, False)],
)
WORDS = {
    (True, True, True): "yes",
    (True, True, False): "until closing",
    (True, False, False): "while shared",
    (False, False, False): _NOTHING,
}
DRAFT = "Author of the draft"


def _actor(number: int, *places: Member, scope: ScopeKind | None = None) -> Actor:
    return Actor(UUID(int=number), "", frozenset(places), frozenset({scope} if scope else ()))


COLUMNS = {
    "Aidant+ of the structure": _actor(10, Member(STRUCTURE, Side.AIDANT)),
    DRAFT: _actor(11, Member(STRUCTURE, Side.AIDANT)),
    "Agent+ of a recipient": _actor(12, Member(RECIPIENT, Side.AGENT)),
    "Agent+ invited": _actor(13, Member(ELSEWHERE, Side.AGENT)),
    "Responsable": _actor(14, Member(STRUCTURE, None, True), Member(RECIPIENT, None, True)),
    "Coordinator": _actor(15, scope=ScopeKind.COORDINATOR),
    "Observer": _actor(16, scope=ScopeKind.OBSERVER),
    "Administrator": _actor(17, scope=ScopeKind.ADMINISTRATOR),
    "Usager": Actor(NOBODY, usager_of=UUID(int=20)),
}
CASE = CaseFacts(
    author_id=UUID(int=11),
    structure_id=STRUCTURE,
    status=CaseStatus.SENT,
    recipients=frozenset({RECIPIENT, OTHER_RECIPIENT}),
    invited=frozenset({UUID(int=13)}),
    referral_group=RECIPIENT,
    case_id=UUID(int=20),
)


def rights() -> str:
    """Return who may do what: each action in each situation, then what is not about a case."""
    rows = [
        [f"{action.value} (`{action.name}`)", *(_cell(who, actor, action) for who, actor in COLUMNS.items())]
        for action in Action
    ]
    accounts = ("yes" if may_manage_accounts(actor) else _NOTHING for actor in COLUMNS.values())
    rows.append(["Désactiver un compte (`may_manage_accounts`)", *accounts])
    rows.append(["Retirer un membre d’un groupe (`may_manage_members`)", *map(_members, COLUMNS.values())])
    for words, right in (
        ("Quitter un groupe par soi-même (`may_remove_member`)", may_remove_member),
        ("Déclarer sa propre absence (`may_declare_absence`)", may_declare_absence),
    ):
        rows.append([words, *(_own(right, actor) for actor in COLUMNS.values())])
    return table(("", *COLUMNS), rows)


def _cell(who: str, actor: Actor, action: Action) -> str:
    if who == DRAFT:
        (allowed,) = {
            may(actor, action, replace(CASE, status=CaseStatus.DRAFT, has_valid_mandate=mandate))
            for mandate in (True, False)
        }
        return "yes" if allowed else _NOTHING
    own, other = (_over_time(actor, action, CASE.about(group)) for group in (RECIPIENT, OTHER_RECIPIENT))
    return own if own == other else f"{own}, own referral only"


def _over_time(actor: Actor, action: Action, case: CaseFacts) -> str:
    allowed = []
    for situation in SITUATIONS:
        (alike,) = {
            may(actor, action, replace(case, status=status, has_valid_mandate=mandate))
            for status, mandate in situation
        }
        allowed.append(alike)
    return WORDS[allowed[0], allowed[1], allowed[2]]


def _own(right: Callable[[Actor, UUID, UUID], bool], actor: Actor) -> str:
    """Whether the actor may do it for themselves, in some group of theirs."""
    groups = [member.group_id for member in actor.memberships]
    return "yes" if any(right(actor, actor.account_id, group) for group in groups) else _NOTHING


def _members(actor: Actor) -> str:
    if may_manage_members(actor, ELSEWHERE):
        return "yes"
    return "own group" if may_manage_members(actor, RECIPIENT) else _NOTHING


def referral() -> str:
    """Return the life of a referral: where each gesture leads from each state."""
    rows = [
        [
            f"{gesture.value} (`{gesture.name}`)",
            *(_moved(status, lifecycle.move(status, gesture)) for status in ReferralStatus),
            _event(gesture),
        ]
        for gesture in Gesture
    ]
    clock = (
        f"The clock: {FIRST_GESTURE_DAYS} working days from the sending to a first gesture, then "
        f"{NEXT_GESTURE_DAYS} from each gesture to the next."
    )
    return f"{table(('', *(one.label for one in ReferralStatus), 'In the thread'), rows)}\n\n{clock}"


_CLOCKS = {
    Clock.KEEP: "",
    Clock.RESTART: "clock restarts",
    Clock.GO_ON: "clock restarts, unless the aidant is awaited",
    Clock.STOP: "clock stops",
}


def _moved(status: ReferralStatus, step: Move | None) -> str:
    if step is None:
        return _NOTHING
    to = f"→ {step.to.label}" if step.to is not status else "stays"
    return ", ".join(filter(None, (to, _CLOCKS[step.clock], "waits for the aidant" if step.waits else "")))


def _event(gesture: Gesture) -> str:
    events = {
        step.event for (_, made), step in lifecycle.REFERRAL_MOVES.items() if made is gesture and step.event
    }
    return "; ".join(sorted(event.label.format(who="…", what="…") for event in events)) or _NOTHING


def recipients() -> str:
    """Return the state of an open case from those of two recipients."""
    rows = [
        [f"**{one.label}**", *(lifecycle.next_status((one, other)).label for other in ReferralStatus)]
        for one in ReferralStatus
    ]
    return table(("", *(one.label for one in ReferralStatus)), rows)


def case() -> str:
    """Return the life of a case."""
    rows = [[f"{status.label} (`{status}`)", *_case_moves(status)] for status in CaseStatus]
    reopening = f"A closed case may be reopened for {lifecycle.REOPENING_DAYS} days."
    heads = (f"{gesture.value} (`{gesture.name}`)" for gesture in CaseGesture)
    return f"{table(('', *heads), rows)}\n\n{reopening}"


def _case_moves(status: CaseStatus) -> Iterable[str]:
    for gesture in CaseGesture:
        if (status, gesture) not in lifecycle.CASE_MOVES:
            yield _NOTHING
        else:
            to = lifecycle.CASE_MOVES[status, gesture]
            yield f"→ {to.label}" if to else "→ from its referrals"


def mandate() -> str:
    """Return the life of a mandate: what may happen in each state."""
    moves = {
        status: [
            f"{gesture.value} → {to.label}"
            for (start, gesture), to in lifecycle.MANDATE_MOVES.items()
            if start is status
        ]
        for status in MandateStatus
    }
    rows = ((f"{status.label} (`{status}`)", "; ".join(found) or _NOTHING) for status, found in moves.items())
    return table(("State", "What may happen"), rows)


def screens() -> str:
    """Return the screens behind the sign-in, and who enters."""
    rows = (
        (f"`{route.path}`", route.who, f"`{route.screen.__module__.replace('.', '/')}.py`") for route in ROUTES
    )
    return table(("Address", "Who enters", "Screen"), rows)


ADDRESSES = {
    "GET /": "to the dashboard, or to the sign-in",
    "GET /connexion": "the sign-in form",
    "POST /connexion": "signs in",
    "POST /deconnexion": "signs out",
    "GET /api/sms/{provider}": "an SMS came back, told by its provider: fetched from it before it is believed",
    "POST /api/sms/{provider}": "the same, from a provider that proves itself by a token",
    "GET /mandat/{token}": "the usager’s own page of a mandate, for who has its link",
    "GET /mandat/{token}/reprendre": "asks the usager whether the agreement is taken back",
    "POST /mandat/{token}/reprendre": "takes it back",
    "GET /sante": "the state of the service for a monitor: 200 or 503, as JSON",
    "GET /session": "whether one’s session lives, for a page that lost its line: 204, or 401",
    "GET /statique/{version}/{name}.css": "the style sheets, named by their hash",
    "GET /statique/{version}/parts.js": "the scripts of every dashboard in one file, named by its hash",
    "GET /mandats/{mandate_id}/mandat.pdf": "the document of an accepted mandate, for who may see it",
    "GET /mandats/{mandate_id}/preuve.json": "its evidence, for the aidants of its structure",
    "GET /mandats/{mandate_id}/signature.svg": "a drawn signature, for who may see the mandate",
    "GET /verifier": "a field for the code of a mandate",
    "GET /verifier/{code}": "whether a mandate is in force; people at a counter see whose, by initials",
    "POST /verifier/{code}": "compares a PDF with the document of a mandate, for people signed in",
    "POST /mandats/{mandate_id}/pages": "takes a signed page, or one of an existing mandate, from its aidants",
    "GET /mandats/{mandate_id}/pages/{page_id}": "such a page, for who may see the mandate",
    "GET /mandats/{mandate_id}/pages/{page_id}/entiere": "the picture it is cut from, until it was read again",
    "GET /mandats/{mandate_id}/a-signer.pdf": "the sheet to print and sign, for the aidants of its structure",
    "POST /demandes/{case_id}/fichiers": "takes one file, from who may write in the case, or a draft’s author",
    "GET /pieces/{attachment_id}": "gives a file, to who may download it",
    "DELETE /pieces/{attachment_id}": "takes back a file of one’s own that is not sent",
}


def addresses() -> str:
    """Return the addresses that are not screens, and who passes the door."""
    outside = FastAPI(openapi_url=None)
    files.mount(outside, FileStore(Path("nowhere"), b""))
    page_files.mount(outside)
    found = [
        f"{method} {route.path}"
        for route in (
            *sign_in.router.routes,
            *verify.router.routes,
            *sms_callbacks.router.routes,
            *usager.router.routes,
            *outside.routes,
        )
        if isinstance(route, APIRoute)
        for method in sorted(route.methods or ())
    ]
    code = (ROOT / "pages/routes.py").read_text()
    found += [f"{method.upper()} {path}" for method, path in re.findall(r'@app\.(get|post)\("([^"]+)"', code)]
    assert set(ADDRESSES) == set(found), set(ADDRESSES) ^ set(found)
    rows = (
        (f"`{one}`", ADDRESSES[one], "everybody" if _is_public(one.partition(" ")[2]) else "signed in")
        for one in ADDRESSES
    )
    return table(("Address", "What it does", "Who passes"), rows)


BLOCKS: dict[str, Callable[[], str]] = {
    "accounts": accounts, "settings": settings, "rights": rights, "referral": referral,
    "recipients": recipients, "case": case, "mandate": mandate, "screens": screens, "addresses": addresses,
}  # fmt: skip


if __name__ == "__main__":
    README.write_text(filled(README.read_text()))
