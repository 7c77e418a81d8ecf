"""The second step of a new case: who the person is and where they live, with what is already known of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import htpy as h
from nicegui import ui

from app.as_typed import birth_words, read_date, read_name, read_phone
from app.communes import departement_of, matching
from app.deadlines import PARIS
from app.departements import DEPARTEMENTS
from app.queries import routing, usagers
from app.queries.usagers import KnownUsager
from models.enums import Civility
from pages.cases.new_case_screen import Screen
from pages.components.field import Field
from pages.components.fragment import Act, Fragment
from pages.components.suggest import Proposed, Suggest

_ELSEWHERE = "Autre que celui de votre structure : les organismes proposés seront ceux de ce département."
_TAKEN_OVER = ("born_on", "phone")  # while one of them is empty, taking over spares something


async def usager_step(draft: Screen) -> None:
    """Who the person is, and where they live."""
    names = [_name(draft, "first_name", "Prénom"), _name(draft, "last_name", "Nom")]
    known = Known(draft)
    for name in names:
        name.when_changed(known.look)
    draft.field(
        "civility", "Civilité", kind="radio", options=[(c.value, c.label) for c in Civility]
    ).classes("beside")  # fmt: skip
    _birth(draft)
    await _place(draft)
    _phone(draft)
    await known.look()


class Known:
    """The offer to take over what an earlier case of the structure says of this person."""

    def __init__(self, draft: Screen) -> None:
        self._draft = draft
        self._offer = Fragment("", on_act=self._take)

    async def look(self) -> None:
        """Offer the persons of the name typed, while something can be spared."""
        form = self._draft.form
        found: tuple[KnownUsager, ...] = ()
        if not all(form[name] for name in _TAKEN_OVER):
            found = await self._draft.page.read(usagers.known, self._draft.structure_id, form)
        if not self._offer.is_deleted:
            self._offer.replace(h.div(role="status")[h.div(".notice")[map(_offer, found)] if found else None])

    async def _take(self, act: Act) -> None:
        known = await self._draft.page.read(usagers.known, self._draft.structure_id, self._draft.form)
        for one in known:
            if act.data.get("id") == str(one.case_id):
                await self._draft.fill(**one.form)
                self._offer.replace(h.div(role="status")[h.p(".meta")["Informations reprises : vérifiez-les."]])


def _offer(one: KnownUsager) -> h.Node:
    return h.div(".known")[
        h.span[
            h.strong[f"Reprendre les informations de {one.usager} ?"],
            h.small[f"D’après une demande de votre structure : {one.about}."],
        ],
        h.button(".button.quiet", type="button", data_act="take", data_id=str(one.case_id))["Reprendre"],
    ]


def _name(draft: Screen, name: str, label: str) -> Field:
    """A name, said back where it will be written otherwise than it is typed."""
    field: Field = draft.field(name, label)

    def say() -> None:
        written = read_name(str(field.value))
        field.say(written if written != " ".join(str(field.value).split()) else "")

    async def changed() -> None:
        say()

    say()
    field.when_changed(changed)
    return field


def _birth(draft: Screen) -> None:
    field = draft.field("born_on", "Date de naissance", hint="Par exemple 3/7/87 ou 3 juillet 1987")
    field.say(_birth_words(str(field.value)))

    async def changed() -> None:
        field.say(_birth_words(str(field.value)))

    field.when_changed(changed)


def _birth_words(typed: str) -> str:
    today = datetime.now(UTC).astimezone(PARIS).date()
    day = read_date(typed, today)
    return birth_words(day, today) if day else ""


async def _place(draft: Screen) -> None:
    """The commune, completed as it is typed, and the département it tells, which stays to be chosen."""
    own = await draft.page.read(usagers.communes, draft.structure_id)
    with ui.element("div").classes("with-suggest"):
        commune = draft.field("commune", "Commune")

        def find(typed: str) -> Iterator[Proposed]:
            for one in matching(typed, near=draft.form["departement"], own=own):
                where = f"{DEPARTEMENTS.get(one.departement, '')} ({one.departement})"
                yield Proposed(one.name, where, one.departement)

        told = ""  # the commune whose département was told: told once, for it may have been changed since

        async def picked(code: str) -> None:
            nonlocal told
            if code in DEPARTEMENTS:
                told = str(commune.value)
                await guessed(code)

        Suggest("Propositions", find, picked)
    departements = [(code, f"{code} – {name}") for code, name in DEPARTEMENTS.items()]
    departement = draft.field(
        "departement", "Département", kind="select", empty="Choisir", options=departements
    )  # fmt: skip

    async def say(how: str) -> None:
        """Say how it was found, and that it is not the structure's, where it is not."""
        code = draft.form["departement"]
        far = await draft.page.read(routing.is_elsewhere, draft.structure_id, code)
        departement.say(" ".join(filter(None, (how, _ELSEWHERE if far else ""))))

    async def guessed(code: str) -> None:
        if code != draft.form["departement"]:
            await draft.fill(departement=code)
        await say("D’après la commune. Vous pouvez le changer.")

    async def typed() -> None:
        nonlocal told
        if told == commune.value:
            return
        told = str(commune.value)
        if code := departement_of(told, near=draft.form["departement"], own=own):
            await guessed(code)

    async def chosen() -> None:
        await say("")

    commune.when_changed(typed)
    departement.when_changed(chosen)
    await say("")


def _phone(draft: Screen) -> None:
    field: Field = draft.field(
        "phone", "Téléphone", optional=True, inputmode="tel",
        hint="Vu de votre structure seulement, jamais des organismes.",
    )  # fmt: skip
    field.say(_phone_words(str(field.value)))

    async def changed() -> None:
        field.say(_phone_words(str(field.value)))

    field.when_changed(changed)


def _phone_words(typed: str) -> str:
    tidy = read_phone(typed)
    return tidy if tidy and tidy != typed.strip() else ""
