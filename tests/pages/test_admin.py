"""The administration's screens without a browser: who enters, what a gesture does, and two at once."""

from __future__ import annotations

import pytest

from app import group_mailbox, guidance, qualification
from app.queries import deployment, drafts, routing
from app.queries import qualification as lists
from app.queries.qualification import ClosedList
from models.enums import IdentifierKind
from pages.components.dialog import Dialog
from pages.components.field import Field
from pages.components.fragment import Fragment
from pages.components.press import Press
from tests.app.scenes import CAF, act, leave, see
from tests.conftest import Cast
from tests.pages.test_screens import Tab, tab

__all__ = ["tab"]
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
THEMES, BLOCKAGES, PROCEDURES = ClosedList
PLACES = (
    "/administration", "/administration/qualification", "/administration/qualification?liste=demarches",
    "/administration/qualification/themes/logement", "/administration/qualification/demarches/apl",
    "/administration/groupes", "/administration/organismes",
)  # fmt: skip


def said(tab: Tab) -> str:
    return "\n".join(one.content for one in tab.all(Fragment))


def field(tab: Tab, label: str) -> Field:
    return next(one for one in tab.all(Field) if one.label.startswith(label))


def listed(tab: Tab) -> Fragment:
    return next(one for one in tab.all(Fragment) if "admin-rows" in one.content)


async def gesture(tab: Tab, name: str, id_: str, number: int = 1) -> str:
    return await tab.fire(listed(tab), "act", {"act": name, "id": id_, "number": number})


async def press(tab: Tab, words: str) -> str:
    """Press the last button of these words: the dialog's own."""
    return await tab.fire([one for one in tab.all(Press) if one.words == words][-1], "press")


@pytest.mark.parametrize("who", ["aline", "bruno", "marc", "colette", "olivier"])
async def test_nobody_else_enters_or_is_shown_the_way(tab: Tab, cast: Cast, who: str) -> None:
    await tab.sign_in(who)
    for place in PLACES:
        assert (await tab.user.http_client.get(place)).status_code == 403, place
    await tab.user.open("/demandes")
    assert 'href="/administration"' not in tab.shown


async def test_an_administrator_enters_everywhere(tab: Tab, cast: Cast) -> None:
    await tab.sign_in("denis")
    for place in PLACES:
        assert (await tab.user.http_client.get(place)).status_code == 200, place
    for unknown in ("blocages/panne", "themes/x", "x/logement"):
        lost = await tab.user.http_client.get(f"/administration/qualification/{unknown}")
        assert lost.status_code == 404, unknown
    await tab.user.open("/demandes")
    assert 'href="/administration"' in tab.shown


async def test_what_needs_somebody(tab: Tab, cast: Cast) -> None:
    for who in ("bruno", "marc"):
        leave(cast, who, CAF)
    with act(cast, "denis") as work:
        qualification.route(work, THEMES, "sante", [], seen=routing.rules(work, "sante", "").theme)
    await tab.sign_in("denis")
    await tab.user.open("/administration")
    for words in ("Groupes sans Agent+ actif", CAF, "themes/sante", "OFPRA"):
        assert words in said(tab)
    await tab.user.open("/administration/groupes?montrer=vides")
    assert (CAF in said(tab), "CPAM – Aisne" in said(tab)) == (True, False)


async def test_a_list_is_edited(tab: Tab, cast: Cast) -> None:
    await tab.sign_in("denis")
    await tab.user.open("/administration/qualification")
    await gesture(tab, "down", "papiers")
    await gesture(tab, "rename", "famille", 2)
    await tab.fire(field(tab, "Nom proposé"), "typed", "Familles")
    assert "Familles" in said(tab)  # the list as it would be, before it is
    await press(tab, "Renommer")
    await gesture(tab, "withdraw", "juridique", 3)
    assert "disparaît des nouvelles demandes" in tab.shown
    await press(tab, "Ne plus proposer")
    await press(tab, "Ajouter un choix")
    await tab.fire(field(tab, "Nom proposé"), "typed", "Mobilité")
    await press(tab, "Ajouter")
    with see(cast, "aline") as work:
        themes = drafts.choices(work, {}).themes
    assert themes[:2] == (("famille", "Familles"), ("papiers", "Papiers et titres"))
    assert themes[-1] == ("mobilite", "Mobilité")
    assert "juridique" not in dict(themes)
    assert not tab.all(Dialog)
    assert "N’est plus proposé" in listed(tab).content


async def test_a_name_given_meanwhile_loses_nothing(tab: Tab, cast: Cast) -> None:
    await tab.sign_in("denis")
    await tab.user.open("/administration/qualification")
    await gesture(tab, "rename", "logement")
    name = field(tab, "Nom proposé")
    await tab.fire(name, "typed", "Habitat")
    with act(cast, "denis") as work:
        qualification.rename(work, THEMES, "logement", "Se loger", seen="Logement")
    await press(tab, "Renommer")
    assert "Se loger" in name.error
    assert name.value == "Habitat"
    await press(tab, "Renommer")
    with see(cast, "denis") as work:
        assert lists.item(work, THEMES, "logement").label == "Habitat"


async def test_an_order_is_tried_before_it_is_kept(tab: Tab, cast: Cast) -> None:
    caf, msa = cast.organizations["caf"], cast.organizations["msa"]
    await tab.sign_in("denis")
    await tab.user.open("/administration/qualification/demarches/apl")
    blockage = "le blocage «\u00a0Absence de paiement\u00a0»"
    assert f"Pour la démarche «\u00a0APL\u00a0» et {blockage}, dans l’Aisne\u00a0:" in said(tab)
    assert f"{CAF}, 2\u00a0agents actifs" in said(tab)
    assert "Après votre changement" not in said(tab)
    await gesture(tab, "down", str(caf))
    assert "Après votre changement" in said(tab)
    await tab.fire(field(tab, "Ajouter"), "typed", str(cast.organizations["cpam"]))
    with act(cast, "denis") as work:
        assert routing.rules(work, "", "apl").procedure == (caf, msa)  # nothing is kept yet
        qualification.route(work, PROCEDURES, "apl", [msa], seen=[caf, msa])
    await press(tab, "Enregistrer les organismes")
    assert "Un autre administrateur a enregistré entre-temps\u00a0: MSA" in said(tab)
    assert [listed(tab).content.index(name) for name in (">MSA<", ">CAF<", ">CPAM<")] == sorted(
        listed(tab).content.index(name) for name in (">MSA<", ">CAF<", ">CPAM<")
    )
    await press(tab, "Enregistrer les organismes")
    with see(cast, "aline") as work:
        found = routing.proposals(work, "logement", "02", "apl")
    assert [one.organization for one in found[:3]] == ["MSA", "CAF", "CPAM"]


async def test_a_forged_gesture_is_nobodys(tab: Tab, cast: Cast) -> None:
    await tab.sign_in("denis")
    await tab.user.open("/administration/qualification/demarches/apl")
    for number, id_ in enumerate(("", "x", str(cast.organizations["cpam"])), 1):
        await gesture(tab, "remove", id_, number)
    await tab.fire(field(tab, "Ajouter"), "typed", str(cast.organizations["france_services"]))
    await tab.fire(field(tab, "Département"), "typed", "02'; --")
    assert "Aucun groupe d’abord" in said(tab)
    await press(tab, "Enregistrer les organismes")
    with see(cast, "denis") as work:
        assert len(routing.rules(work, "", "apl").procedure) == 2


async def test_a_note_is_written_as_the_aidant_will_read_it(tab: Tab, cast: Cast) -> None:
    await tab.sign_in("denis")
    await tab.user.open("/administration/groupes")
    await tab.fire(field(tab, "Nom du groupe"), "typed", "caf")
    assert (CAF in said(tab), "CPAM – Aisne" in said(tab)) == (True, False)
    caf = str(cast.groups[CAF])
    await gesture(tab, "note", caf)
    note = field(tab, "Consigne")
    await tab.fire(note, "typed", "Joignez la notification de droits.")
    assert "Joignez la notification de droits · 2\u00a0agents actifs" in said(tab)
    with act(cast, "denis") as work:
        seen = deployment.group(work, cast.groups[CAF]).guidance
        guidance.note(work, cast.groups[CAF], "Écrit ailleurs.", seen=seen)
    await press(tab, "Modifier la consigne")
    assert "Écrit ailleurs." in note.error
    await press(tab, "Modifier la consigne")
    with see(cast, "aline") as work:
        assert routing.proposals(work, "logement", "02", "apl")[0].guidance.startswith("Joignez")


async def test_the_nir_is_turned_on_with_its_basis_and_off_with_a_warning(tab: Tab, cast: Cast) -> None:
    cpam = cast.organizations["cpam"]
    await tab.sign_in("denis")
    await tab.user.open("/administration/organismes")
    await gesture(tab, "nir", str(cpam))
    assert "2019-341" in str(field(tab, "Base légale").value)
    await press(tab, "Demander le NIR")
    assert "NIR demandé" in said(tab)
    assert "enregistré par Denis Moreau" in said(tab)
    await gesture(tab, "no_nir", str(cpam), 2)
    assert "rien n’est effacé" in said(tab)
    await press(tab, "Ne plus demander le NIR")
    await gesture(tab, "number", str(cpam), 3)
    await tab.fire(field(tab, "CPAM connaît"), "typed", "fiscal")
    assert "«\u00a0Numéro fiscal\u00a0»" in said(tab)
    await press(tab, "Choisir ce numéro")
    with see(cast, "denis") as work:
        row = next(one for one in deployment.organizations(work) if one.id == cpam)
    assert (row.identifier, row.nir_basis) == (IdentifierKind.FISCAL, "")


async def test_the_mailbox_of_a_group_is_changed(tab: Tab, cast: Cast) -> None:
    await tab.sign_in("denis")
    await tab.user.open("/administration/groupes")
    await gesture(tab, "mailbox", str(cast.groups[CAF]))
    address = field(tab, "Adresse e-mail du groupe")
    await tab.fire(address, "typed", "pas une adresse")
    await press(tab, "Changer l’adresse du groupe")
    assert "comme nom@exemple.fr" in address.error
    await tab.fire(address, "typed", "caf@exemple.fr")
    await press(tab, "Changer l’adresse du groupe")
    with see(cast, "denis") as work:
        assert group_mailbox.of(work, cast.groups[CAF]).address == "caf@exemple.fr"
