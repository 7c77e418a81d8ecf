"""The form of a new case: plain text, field by field, as typed; ``read`` turns it into checked values.

Every refusal is a sentence for its field. The same check serves each step, the mandate and the sending.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from app import identifiers, typed
from app.as_typed import is_birth, read_date, read_name, read_phone
from app.deadlines import PARIS
from app.errors import Invalid
from app.french import number
from app.personal_data import in_subject
from app.queries import routing
from app.queries.identifiers import asked
from app.work import Work
from models.departements import DEPARTEMENTS
from models.enums import Civility, IdentifierKind
from models.organization import Blockage, Group, Procedure, Theme

STEPS = 5
# Every field of the form, with the longest text it may hold as typed (checked again, shorter, when sent).
# ``guess`` is what the service chose by itself (``queries.routing.guess``): a choice undone is not made again.
TEXTS: dict[str, int] = {
    "theme": 24, "blockage": 24, "procedure": 24, "urgent": 3, "urgency_reason": 1_000,
    "civility": 24, "first_name": 200, "last_name": 200, "born_on": 40, "commune": 200, "departement": 3,
    "phone": 40, "subject": 500, "description": 20_000, "guess": 120,
    **{kind.value: identifiers.LONGEST for kind in identifiers.KINDS},
}  # fmt: skip
LISTS = ("groups", "also")
FIELDS: dict[int, tuple[str, ...]] = {
    1: ("theme", "blockage", "procedure", "urgent", "urgency_reason"),
    2: ("first_name", "last_name", "civility", "born_on", "commune", "departement", "phone"),
    3: ("groups", "also", *(kind.value for kind in identifiers.KINDS)),
    4: ("subject", "description"),
}
Form = dict[str, Any]


@dataclass(frozen=True)
class Ready:
    """A draft whose every field is right."""

    theme: str
    blockage: str
    procedure: str
    is_urgent: bool
    urgency_reason: str
    civility: Civility
    first_name: str
    last_name: str
    born_on: date
    commune: str
    departement: str
    phone: str
    groups: tuple[Group, ...]
    also: frozenset[UUID]
    identifiers: dict[IdentifierKind, str]
    subject: str
    description: str


def clean(form: Form) -> Form:
    """Return the fields of the form and nothing else, as texts and lists of ids within their lengths."""
    kept: Form = {}
    for name, longest in TEXTS.items():
        kept[name] = typed.text(form.get(name, ""), name)[:longest]
    for name in LISTS:
        value = form.get(name, [])
        if not isinstance(value, list):
            raise Invalid(**{name: "Cette réponse n’a pas pu être lue. Choisissez à nouveau."})
        ids = (_as_id(typed.text(item, name)) for item in value)
        kept[name] = list(dict.fromkeys(str(id_) for id_ in ids if id_))[:20]
    return kept


def read(work: Work, form: Form, *, steps: int = STEPS) -> Ready:
    """Return the checked values of a form, or refuse it with a sentence for each wrong field.

    A theme, a blockage or a procedure that is no longer offered is kept by the draft that has it: whoever has
    already given a mandate for it is not asked again.

    ``steps`` limits the check to the fields of the first steps (1 problem, 2 usager, 3 organisations,
    4 words); the values beyond are then whatever they are.
    """
    form = clean(form)
    wrong: dict[str, str] = {}
    born_on = None
    groups: tuple[Group, ...] = ()
    numbers: dict[IdentifierKind, str] = {}
    _check_problem(work, form, wrong)
    if steps >= 2:
        born_on = _check_usager(work, form, wrong)
    if steps >= 3:
        groups = _check_groups(work, form, wrong)
        numbers = _check_identifiers(work, form, groups, wrong)
    if steps >= 4:
        _check_words(form, wrong)
    if wrong:
        raise Invalid(**wrong)
    return Ready(
        theme=form["theme"],
        blockage=form["blockage"],
        procedure=form["procedure"],
        is_urgent=form["urgent"] == "oui",
        urgency_reason=_line(form["urgency_reason"]) if form["urgent"] == "oui" else "",
        civility=_civility(form["civility"]) or Civility.NONE,
        first_name=read_name(form["first_name"]),
        last_name=read_name(form["last_name"]),
        born_on=born_on or date.min,
        commune=_line(form["commune"]),
        departement=form["departement"],
        phone=read_phone(form["phone"]) or "",
        groups=groups,
        also=frozenset(UUID(item) for item in form["also"]),
        identifiers=numbers,
        subject=_line(form["subject"]),
        description=form["description"].strip(),
    )


def full_name(civility: Civility, first_name: str, last_name: str) -> str:
    """Return «Mme Samira Kaddour»."""
    title = "" if civility is Civility.NONE else civility.label + " "
    return f"{title}{first_name} {last_name}".strip()


def _check_problem(work: Work, form: Form, wrong: dict[str, str]) -> None:
    for name, table, sentence in (
        ("theme", Theme, "Choisissez le thème du problème."),
        ("blockage", Blockage, "Choisissez ce qui bloque."),
        ("procedure", Procedure, "Choisissez la démarche concernée."),
    ):
        if not form[name] or work.session.get(table, form[name]) is None:
            wrong[name] = sentence
    if form["urgent"] not in ("oui", "non"):
        wrong["urgent"] = "Dites si la situation est urgente."
    elif form["urgent"] == "oui" and len(_line(form["urgency_reason"])) < 5:
        wrong["urgency_reason"] = "Dites en quelques mots pourquoi c’est urgent."
    elif form["urgent"] == "oui" and len(_line(form["urgency_reason"])) > 300:
        wrong["urgency_reason"] = "Ce motif est trop long : 300 caractères au plus."


def _check_usager(work: Work, form: Form, wrong: dict[str, str]) -> date | None:
    if _civility(form["civility"]) is None:
        wrong["civility"] = "Choisissez une civilité, ou « Sans civilité »."
    for name, sentence in (
        ("first_name", "Écrivez le prénom de la personne."),
        ("last_name", "Écrivez le nom de la personne."),
        ("commune", "Écrivez la commune où vit la personne."),
    ):
        if not _line(form[name]):
            wrong[name] = sentence
        elif len(_line(form[name])) > 80:
            wrong[name] = "C’est trop long : 80 caractères au plus."
    today = work.now.astimezone(PARIS).date()
    born_on = read_date(form["born_on"], today)
    if born_on is None:
        wrong["born_on"] = "Écrivez la date de naissance comme 03/07/1987."
    elif not is_birth(born_on, today):
        wrong["born_on"] = "Une date de naissance est passée, de 120 ans au plus. Vérifiez l’année."
    if form["departement"] not in DEPARTEMENTS:
        wrong["departement"] = "Choisissez le département de la personne."
    if _line(form["phone"]) and read_phone(form["phone"]) is None:
        wrong["phone"] = "Écrivez le numéro comme 06 12 34 56 78, ou laissez vide."
    return born_on


def _check_groups(work: Work, form: Form, wrong: dict[str, str]) -> tuple[Group, ...]:
    if not form["groups"]:
        wrong["groups"] = "Choisissez au moins un organisme."
    groups = []
    for id_ in form["groups"]:
        group = routing.recipient(work, UUID(id_), form["departement"])
        if group is None:
            wrong["groups"] = (
                "Un organisme choisi ne couvre pas ce département ou n’a plus d’agent. Vérifiez vos choix."
            )
        else:
            groups.append(group)
    also = {UUID(item) for item in form["also"]}
    if also and not also <= routing.organizations(work, form["departement"]):
        wrong["also"] = "Un organisme nommé dans le mandat n’est pas proposé dans ce département."
    return tuple(groups)


def _check_identifiers(
    work: Work, form: Form, groups: tuple[Group, ...], wrong: dict[str, str]
) -> dict[IdentifierKind, str]:
    """Read the numbers that the chosen organisations ask for; whatever else was typed is neither checked nor
    kept."""
    typed_ones: dict[IdentifierKind, str] = {
        kind: form[kind.value] for kind in identifiers.KINDS if _line(form[kind.value])
    }
    if not typed_ones:
        return {}
    chosen = {group.organization_id for group in groups} | {UUID(item) for item in form["also"]}
    numbers = {}
    for kind in asked(work, chosen):
        try:
            numbers[kind] = identifiers.read(kind, typed_ones.get(kind, ""))
        except identifiers.NotOne as error:
            wrong[kind.value] = str(error)
    return {kind: value for kind, value in numbers.items() if value}


def _check_words(form: Form, wrong: dict[str, str]) -> None:
    subject, description = _line(form["subject"]), form["description"].strip()
    if len(subject) < 5:
        wrong["subject"] = "Résumez le problème en quelques mots."
    elif len(subject) > 120:
        wrong["subject"] = f"L’objet est trop long : {number(len(subject))} caractères, 120 au plus."
    elif found := in_subject(subject, (form["first_name"], form["last_name"])):
        wrong["subject"] = (
            f"L’objet contient {', '.join(found)}. "
            "Il est vu dans les listes : retirez ce qui désigne la personne."
        )
    if len(description) < 20:
        wrong["description"] = (
            "Expliquez la situation : ce qui s’est passé, ce qui a été tenté, ce que vous demandez."
        )
    elif len(description) > 5_000:
        wrong["description"] = f"Le texte est trop long : {number(len(description))} caractères, 5 000 au plus."


def _civility(value: str) -> Civility | None:
    return next((member for member in Civility if member.value == value), None)


def _line(text: str) -> str:
    return " ".join(text.split())


def _as_id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
