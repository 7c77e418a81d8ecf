"""Ready answers: texts that are written often, one's own or common to a group.

A group's are kept by all its members who stand on a side, since all of them write with them, and each change is
journaled; one's own by oneself. Another's is unknown (404). They hold variables (``app.answer_words``).
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlmodel import col

from app import typed
from app.answer_words import checked
from app.errors import ChangedMeanwhile, Conflict, Forbidden, Invalid, NotFound
from app.french import NBSP, number
from app.journal import record
from app.policy import may_keep_answers
from app.work import Work
from models.base import new_id
from models.desk import ReadyAnswer
from models.organization import Group

MAX_TITLE, MAX_TEXT, MOST = 80, 4_000, 100


@dataclass(frozen=True)
class Shelf:
    """Answers that belong together: a group's, or one's own (no ``group_id``)."""

    group_id: UUID | None
    name: str
    answers: tuple[AnswerView, ...]


@dataclass(frozen=True)
class AnswerView:
    """A ready answer as it was written."""

    id: UUID
    title: str
    text: str


def shelves(work: Work) -> tuple[Shelf, ...]:
    """Return the actor's own answers, then those of each group in which they stand on a side, by title.

    ``Forbidden`` for who stands on no side: they write in no thread.
    """
    mine, groups = _own(work), _groups(work)
    query = select(ReadyAnswer).where(
        or_(col(ReadyAnswer.account_id) == mine, col(ReadyAnswer.group_id).in_(groups))
    )
    found = list(work.session.scalars(query.order_by(func.lower(ReadyAnswer.title), col(ReadyAnswer.id))))
    places: list[tuple[UUID | None, str]] = [(None, "Les miennes"), *groups.items()]
    return tuple(
        Shelf(
            group_id, name,
            tuple(AnswerView(one.id, one.title, one.text) for one in found if one.group_id == group_id),
        )
        for group_id, name in places
    )  # fmt: skip


def add(work: Work, group_id: UUID | None, title: object, text: object) -> UUID:
    """Keep one more answer, the actor's own (no group) or a group's; return its id. 100 at most for each."""
    mine = _own(work)
    if group_id is not None:
        _require(work, group_id)
    kept = _read(title, text)
    holder = col(ReadyAnswer.account_id) == mine if group_id is None else col(ReadyAnswer.group_id) == group_id
    if (work.session.scalar(select(func.count()).where(holder)) or 0) >= MOST:
        raise Conflict(f"Il y a déjà {MOST} réponses prêtes ici. Retirez-en une avant d’en ajouter.")
    answer = ReadyAnswer(
        id=new_id(), created_at=work.now, group_id=group_id, account_id=None if group_id else mine,
        title=kept[0], text=kept[1],
    )  # fmt: skip
    work.session.add(answer)
    work.session.flush()
    _journal(work, "ready_answer.added", answer)
    return answer.id


def change(work: Work, answer_id: UUID, title: object, text: object, *, seen: tuple[str, str]) -> None:
    """Write an answer anew. ``seen``, the title and the text that were shown: another's change is kept."""
    answer = _answer(work, answer_id)
    if seen != (answer.title, answer.text):
        raise ChangedMeanwhile(
            "Cette réponse a été modifiée entre-temps, la vôtre n’est pas enregistrée. "
            "Copiez votre texte, fermez cette fenêtre, puis reprenez la nouvelle réponse."
        )
    answer.title, answer.text = _read(title, text)
    _journal(work, "ready_answer.changed", answer)


def remove(work: Work, answer_id: UUID) -> None:
    """Remove an answer; what was written with it stays where it was sent."""
    answer = _answer(work, answer_id)
    _journal(work, "ready_answer.removed", answer)
    work.session.delete(answer)


def _own(work: Work) -> UUID:
    if work.actor.account is None or not any(one.side for one in work.actor.memberships):
        raise Forbidden("Les réponses prêtes sont pour les Aidants+ et les Agents+.")
    return work.actor.account


def _groups(work: Work) -> dict[UUID, str]:
    """The groups whose answers the actor keeps, by name."""
    ours = {one.group_id for one in work.actor.memberships if may_keep_answers(work.actor, one.group_id)}
    query = select(col(Group.id), col(Group.name)).where(col(Group.id).in_(ours), col(Group.is_open))
    return {row[0]: row[1] for row in work.session.execute(query.order_by(col(Group.name)))}


def _require(work: Work, group_id: UUID) -> None:
    if group_id not in _groups(work):
        raise NotFound


def _answer(work: Work, answer_id: UUID) -> ReadyAnswer:
    mine = _own(work)
    answer = work.session.get(ReadyAnswer, answer_id, with_for_update=True)
    if answer is None or (answer.group_id is None and answer.account_id != mine):
        raise NotFound
    if answer.group_id is not None:
        _require(work, answer.group_id)
    return answer


def _read(title: object, text: object) -> tuple[str, str]:
    """Return what was typed, fit to be kept; every fault is said at once."""
    name, words = typed.line(title, "title"), typed.text(text, "text").replace("\r\n", "\n").strip()
    faults: dict[str, str] = {}
    if not 1 <= len(name) <= MAX_TITLE:
        faults["title"] = f"Donnez un titre de 1 à {MAX_TITLE} caractères."
    if not words:
        faults["text"] = "Écrivez le texte de la réponse."
    elif len(words) > MAX_TEXT:
        faults["text"] = (
            f"Ce texte est trop long{NBSP}: {number(len(words))} caractères, {number(MAX_TEXT)} au plus."
        )
    else:
        try:
            words = checked(words)
        except Invalid as error:
            faults |= error.fields
    if faults:
        raise Invalid(**faults)
    return name, words


def _journal(work: Work, action: str, answer: ReadyAnswer) -> None:
    if answer.group_id is not None:
        record(work, action, answer=answer.id, group=answer.group_id)
