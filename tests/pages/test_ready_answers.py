"""The screen of ready answers, and what a composer offers of them, whatever a browser may send."""

from __future__ import annotations

from typing import Any

import pytest

from app import ready_answers
from app.errors import NotFound
from models.base import new_id
from pages.components.at_hand import AtHand
from pages.components.dialog import Dialog
from pages.components.field import Field
from pages.components.fragment import Fragment
from tests.app import scenes
from tests.app.scenes import CAF, GUISE, act, see
from tests.conftest import Cast
from tests.pages.test_screens import Tab, made, tab

__all__ = ["tab"]

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


def kept(cast: Cast, who: str) -> dict[str, str]:
    """What somebody keeps, by title."""
    with see(cast, who) as work:
        return {one.title: one.text for shelf in ready_answers.shelves(work) for one in shelf.answers}


async def test_an_answer_is_added_with_its_preview_changed_and_removed(tab: Tab, cast: Cast) -> None:
    await tab.sign_in("bruno")
    await tab.user.open("/reponses")

    async def gesture(dialog_button: str) -> None:
        await tab.fire(tab.press(dialog_button), "press")

    def field(label: str) -> Field:
        return next(one for one in tab.all(Field) if one.label == label)

    await tab.fire(tab.press("Ajouter une réponse prête"), "press")
    await tab.fire(field("Titre"), "typed", "Bientôt payé")
    await tab.fire(field("Texte"), "typed", "Bonjour {aidant}, {nom}.")
    assert "Bonjour Louise Martin, {nom}." in tab.all(Fragment)[-1].content
    await gesture("Ajouter la réponse prête")
    assert field("Texte").error.startswith("«\u00a0{nom}\u00a0» n’est pas une variable.")
    await tab.fire(field("Texte"), "typed", "Bonjour {Aidant}.")
    await gesture("Ajouter la réponse prête")
    assert not tab.all(Dialog)
    assert kept(cast, "bruno")["Bientôt payé"] == "Bonjour {aidant}."
    assert "Bientôt payé" not in kept(cast, "marc")

    with see(cast, "bruno") as work:
        (answer_id,) = [one.id for one in ready_answers.shelves(work)[0].answers if one.title == "Bientôt payé"]
    (listed,) = tab.all(Fragment)
    await tab.fire(listed, "act", {"act": "change", "id": str(answer_id)})
    with act(cast, "bruno") as work:  # from another tab, meanwhile
        seen = ("Bientôt payé", "Bonjour {aidant}.")
        ready_answers.change(work, answer_id, "Bientôt payé", "Bonsoir.", seen=seen)
    await tab.fire(field("Texte"), "typed", "Bonjour.")
    await gesture("Modifier la réponse prête")
    assert "modifiée entre-temps" in tab.shown
    assert (field("Texte").value, kept(cast, "bruno")["Bientôt payé"]) == ("Bonjour.", "Bonsoir.")
    await gesture("Annuler")
    await tab.fire(listed, "act", {"act": "change", "id": str(answer_id)})
    await tab.fire(field("Texte"), "typed", "Bonjour.")
    await gesture("Modifier la réponse prête")
    assert kept(cast, "bruno")["Bientôt payé"] == "Bonjour."
    await tab.fire(listed, "act", {"act": "remove", "id": str(answer_id)})
    await gesture("Retirer la réponse prête")
    assert "Bientôt payé" not in kept(cast, "bruno")


async def test_another_s_answer_or_group_is_not_found_whatever_is_sent(tab: Tab, cast: Cast) -> None:
    with act(cast, "aline") as work:
        hers = ready_answers.add(work, cast.groups[GUISE], "À Guise", "Texte")
    await tab.sign_in("bruno")
    await tab.user.open("/reponses")
    (listed,) = tab.all(Fragment)
    for forged in (str(hers), str(new_id()), "x", "", 7):
        for name in ("change", "remove", "delete", ""):
            said = await tab.fire(listed, "act", {"act": name, "id": forged})
            assert said == NotFound().sentence
    assert not tab.all(Dialog)
    await tab.fire(tab.press("Ajouter une réponse prête"), "press")
    whom, title, text = tab.all(Field)
    await tab.fire(title, "typed", "Titre")
    await tab.fire(text, "typed", "Texte")
    for group in (str(cast.groups[GUISE]), "x", str(new_id())):
        await tab.fire(whom, "typed", group)
        assert await tab.fire(tab.press("Ajouter la réponse prête"), "press") == NotFound().sentence
        await tab.fire(tab.press("Ajouter une réponse prête"), "press")
        whom, title, text = tab.all(Field)
    assert kept(cast, "aline")["À Guise"] == "Texte"


@pytest.mark.parametrize("who", ["colette", "olivier", "denis"])
async def test_who_writes_in_no_case_has_no_such_screen(tab: Tab, who: str) -> None:
    await tab.sign_in(who)
    assert (await tab.user.http_client.get("/reponses")).status_code == 403
    await tab.user.open("/compte")
    assert "/reponses" not in tab.shown


def given(tab: Tab) -> list[Any]:
    """What the composer was given to offer."""
    (offers,) = tab.all(AtHand)
    told: list[Any] = []
    offers.run_method = lambda *args: told.append(args)  # type: ignore[method-assign,assignment]
    return told


async def test_a_composer_is_given_all_of_it_once_already_filled(tab: Tab, cast: Cast) -> None:
    case_id = made(cast, CAF)
    with act(cast, "bruno") as work:
        ready_answers.add(work, None, "Bonjour", "Bonjour {aidant}, pour {usager}.")
    await tab.sign_in("bruno")
    await tab.user.open(f"/demandes/{case_id}")
    assert "Bonjour Aline Lefèvre" not in tab.shown  # nothing of it before it is asked for
    told = given(tab)
    await tab.fire(tab.all(AtHand)[0], "ask")
    ((method, offers),) = told
    assert method == "give"
    mine = next(one for one in offers["answers"] if one["label"] == "Bonjour")
    assert mine["text"] == "Bonjour Aline Lefèvre, pour Mme\u00a0K.."
    assert offers["answers"][-1] == {"label": "Gérer les réponses prêtes", "href": "/reponses"}


async def test_a_note_that_names_who_does_not_read_it_is_asked_about(tab: Tab, cast: Cast) -> None:
    case_id = made(cast)
    await tab.sign_in("bruno")
    await tab.user.open(f"/demandes/{case_id}")
    told = given(tab)
    await tab.fire(tab.all(AtHand)[0], "ask")
    ((_, offers),) = told
    people = {one["label"]: one.get("audience") for one in offers["people"]}
    assert people["Adam Benali"] == people["Aline Lefèvre"] == "operators"  # who writes for them is not offered
    assert people["Marc Dubois"] is None
    assert "Bruno Carlier" not in people
    text, reads = (next(one for one in tab.all(Field) if one.label == label) for label in
                   ("Votre message", "Qui lira ce message"))  # fmt: skip
    await tab.fire(reads, "typed", "operators")
    await tab.fire(text, "typed", "@Adam Benali et @Marc Dubois ?")
    await tab.fire(tab.press("Ajouter la note"), "press")
    assert "Adam Benali ne lit pas les notes entre Agents+ et n’en saura rien." in tab.shown
    assert "Marc Dubois ne lit pas" not in tab.shown
    assert len(scenes.entry_rows(case_id)) == 2
    await tab.fire(tab.press("Envoyer quand même"), "press")
    note = scenes.entry_rows(case_id)[-1]
    assert note.details["mentions"] == [str(cast.marc)]


async def test_a_text_with_a_hole_is_sent_only_by_who_is_sure(tab: Tab, cast: Cast) -> None:
    case_id = made(cast)

    def said() -> list[str]:
        return [row.text for row in scenes.entry_rows(case_id) if row.text]

    await tab.sign_in("bruno")
    await tab.user.open(f"/demandes/{case_id}")
    text = next(one for one in tab.all(Field) if one.label == "Votre message")
    await tab.fire(text, "typed", "Avant le [échéance\u00a0?].")
    for words in ("Répondre", "Répondre et débloquer"):
        await tab.fire(tab.press(words), "press")
        assert "Il reste à compléter" in tab.shown
        await tab.fire(tab.press("Annuler"), "press")
        assert len(said()) == 1
        assert text.value == "Avant le [échéance\u00a0?]."
    await tab.fire(tab.press("Répondre"), "press")
    await tab.fire(tab.press("Envoyer quand même"), "press")
    assert said()[1:] == ["Avant le [échéance\u00a0?]."]
    assert text.value == ""
    await tab.fire(text, "typed", "Demain [peut-être ?].")
    await tab.fire(tab.press("Répondre"), "press")
    assert len(said()) == 3
