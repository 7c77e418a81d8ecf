"""What a case says on paper: the same words for the page to print and for the PDF (domain, section 3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.french import NBSP, born, exact_time, long_date, short_name, size, tied
from app.mentions import pieces
from app.queries.case import CaseView, ReferralView
from app.queries.thread import EntryView
from models.enums import Audience, EntryKind, MandateStatus

NOTE = "Note entre Agents+ – ne pas remettre à la personne"
WITH_NOTES = "Contient des notes entre Agents+ – ne pas remettre à la personne"


@dataclass(frozen=True)
class Recipient:
    """An organisation that the case was sent to, with its own state."""

    group: str
    state: str
    assignee: str
    due: str


@dataclass(frozen=True)
class Line:
    """A line of the thread. An event is all in ``by``; ``label`` is what a note is marked with. ``parts`` are
    the text again, with whether each names somebody."""

    by: str
    text: str = ""
    files: tuple[str, ...] = ()
    is_event: bool = False
    label: str = ""
    parts: tuple[tuple[str, bool], ...] = ()


@dataclass(frozen=True)
class Sheet:
    """A case on paper. ``left_out`` says which lines are missing, if any are.

    ``may_have_notes``: its reader may ask for the notes between agents too; ``with_notes``: and has.
    ``warning`` stands on every page as soon as it holds one.
    """

    reference: str
    subject: str
    facts: tuple[tuple[str, str], ...]
    recipients: tuple[Recipient, ...]
    lines: tuple[Line, ...]
    left_out: str
    printed: str
    printed_at: datetime
    warning: str = ""
    may_have_notes: bool = False
    with_notes: bool = False

    @property
    def title(self) -> str:
        """How the document is called."""
        return f"Demande {self.reference}{NBSP}: {self.subject}"


def facts_of(view: CaseView) -> tuple[tuple[str, str], ...]:
    """Return what stands above the thread, a name and its words; what is empty is left out."""
    theme, blockage, procedure = view.qualification
    birth = f", {born(view.usager.rpartition(NBSP)[0])} le {long_date(view.born_on)}" if view.born_on else ""
    found = (
        ("État", view.status.label),
        ("Résultat", view.closing),
        ("Urgent", view.urgency),
        ("Personne", f"{view.usager_name}{birth}"),
        ("Commune", f"{view.commune} ({view.departement})"),
        ("Téléphone", view.phone),
        *((one.kind.label, one.value) for one in view.identifiers),
        ("Structure", view.structure),
        ("Ouverte par", f"{view.author.replace(' ', NBSP)}, le {exact_time(view.sent_at)}"),
        ("Thème", theme),
        ("Blocage", blockage),
        ("Démarche", procedure),
        ("Agents associés", ", ".join(view.invited)),
        ("Mandat", _mandate(view)),
    )
    return tuple((name, words) for name, words in found if words)


def _mandate(view: CaseView) -> str:
    if view.mandate is None:
        return "Aucun mandat"
    state = view.mandate.status.label
    if view.mandate.status is MandateStatus.ACTIVE:
        state += f" jusqu’au {long_date(view.mandate.expires_at)}"
    return f"{state}, pour {', '.join(view.mandate.organizations)}"


def recipient_of(one: ReferralView) -> Recipient:
    """Return an organisation in words: late and waiting say more than the state."""
    state = "en souffrance" if one.is_late else "précision attendue" if one.is_waiting else one.status.label
    if one.due_at is None:
        due = ""
    elif one.is_late:
        due = f"geste attendu depuis le {exact_time(one.due_at)}"
    else:
        due = f"avant le {exact_time(one.due_at)}"
    return Recipient(one.group, state[:1].upper() + state[1:], one.assignee.replace(" ", NBSP), due)


def line_of(entry: EntryView) -> Line | None:
    """Return a line of the thread; an event that was taken back with its message is none."""
    is_event = entry.kind is EntryKind.EVENT
    if entry.is_withdrawn and is_event:
        return None
    if entry.is_withdrawn or is_event:
        return Line(f"{entry.sentence} · {exact_time(entry.at)}", is_event=True)
    return Line(
        by=f"{short_name(entry.author)} ({entry.group}) · {exact_time(entry.at)}",
        text=tied(entry.text),
        files=tuple(f"{one.name} ({size(one.size)})" for one in entry.files),
        label=NOTE if entry.audience is Audience.OPERATORS else "",
        parts=tuple((one.text, bool(one.ids)) for one in pieces(tied(entry.text), entry.mentions)),
    )
