"""Live without disturbance: who else is there, what moves and when, who has read what."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from models.base import new_id
from tests.browser import SignIn
from tests.journeys.screens import box, frames, press, row, thread, write
from tests.journeys.stage import Stage, stage

__all__ = ["stage"]

pytestmark = pytest.mark.browser


def here(page: Page) -> Locator:
    """Return the line that says who else is in the open case."""
    return page.locator(".presence")


def words(text: str) -> re.Pattern[str]:
    """Return what finds just these words, whatever their spaces."""
    return re.compile("^" + re.escape(text).replace("\\ ", "\\s") + "$")


def places(page: Page) -> list[object]:
    """Return where the thread and the composer stand."""
    return [page.locator(part).bounding_box() for part in (".thread", ".composer")]


def test_who_reads_and_who_writes_is_seen_in_the_thread_and_in_the_list(sign_in: SignIn, stage: Stage) -> None:
    subject = f"Plusieurs à la fois {new_id()}"
    case_id = stage.case(subject=subject)
    aline = sign_in("aline@demo.example", "/compte")
    heard = frames(aline)
    aline.goto(f"/demandes/{case_id}")
    adam = sign_in("adam@demo.example")
    in_list = row(adam, subject).locator(".here")
    bruno = sign_in("bruno@demo.example", f"/demandes/{case_id}")
    expect(here(aline)).to_have_text(words("Bruno C. lit"))
    expect(in_list).to_have_text(words("2 personnes lisent"))
    before = places(aline)
    marc = sign_in("marc@demo.example", f"/demandes/{case_id}", fresh=True)
    expect(here(aline)).to_have_text(words("Bruno C. et Marc D. lisent"))
    expect(here(bruno)).to_have_text(words("Aline L. et Marc D. lisent"))

    box(bruno).fill("Bonjour")
    expect(here(aline)).to_have_text(words("Bruno C. écrit… · Marc D. lit"))
    expect(in_list).to_have_text(words("Bruno C. écrit…"))
    assert places(aline) == before
    box(bruno).fill("")
    expect(here(aline)).to_have_text(words("Bruno C. et Marc D. lisent"))
    told = len(heard)
    bruno.get_by_label("Entre Agents+ seulement").check()
    box(bruno).fill("Entre nous")
    expect(here(marc)).to_have_text(words("Bruno C. écrit… · Aline L. lit"))
    box(aline).fill("Une question")
    expect(here(bruno)).to_have_text(words("Aline L. écrit… · Marc D. lit"))
    expect(here(aline)).to_have_text(words("Bruno C. et Marc D. lisent"))
    expect(in_list).to_have_text(words("Aline L. écrit…"))
    assert not any("crit" in frame and "Bruno" in frame for frame in heard[told:]), (
        "a note is nobody's business"
    )

    other_tab = marc.context.new_page()
    other_tab.goto("/compte")
    press(other_tab, "Se déconnecter")
    expect(marc.get_by_text("Votre session s’est terminée.")).to_be_visible()
    expect(other_tab.get_by_text("Votre session s’est terminée.")).to_have_count(0)
    expect(here(aline)).to_have_text(words("Bruno C. lit"))
    bruno.close()
    expect(here(aline)).to_have_text("")
    box(aline).fill("")
    expect(in_list).to_have_text(words("Aline L. lit"))


def test_rows_move_only_while_nobody_looks_at_them(sign_in: SignIn, stage: Stage) -> None:
    mark = new_id()
    lower, upper = (stage.case(subject=f"{place} {mark}") for place in ("Dessous", "Dessus"))
    adam = sign_in("adam@demo.example")
    bruno = sign_in("bruno@demo.example", f"/demandes/{lower}")
    rows = adam.locator(".case-row .subject")
    expect(rows.nth(0)).to_contain_text("Dessus")
    row(adam, f"Dessous {mark}").hover()
    write(bruno, "Voici.", "Répondre")
    pill = adam.get_by_role("button", name=words("1 demande a bougé"))
    expect(pill).to_be_visible()
    expect(row(adam, f"Dessous {mark}")).to_have_class(re.compile("unread"))
    expect(rows.nth(0)).to_contain_text("Dessus")
    adam.mouse.move(10, 10)
    expect(rows.nth(0)).to_contain_text("Dessous")
    expect(pill).to_have_count(0)

    row(adam, f"Dessus {mark}").focus()
    bruno.goto(f"/demandes/{upper}")
    write(bruno, "Voilà.", "Répondre")
    expect(pill).to_be_visible()
    expect(rows.nth(0)).to_contain_text("Dessous")
    expect(row(adam, f"Dessus {mark}")).to_be_focused()
    pill.focus()
    pill.press("Enter")
    expect(rows.nth(0)).to_contain_text("Dessus")
    expect(row(adam, f"Dessus {mark}")).to_be_focused()
    expect(pill).to_have_count(0)


def test_new_messages_are_led_to_and_read_marks_follow(sign_in: SignIn, stage: Stage) -> None:
    case_id = stage.case(subject="Qui a lu")
    stage.say("aline", case_id, *(f"Message {n}.\n\nAvec plusieurs lignes.\n\nEt une fin." for n in range(9)))
    bruno = sign_in("bruno@demo.example", f"/demandes/{case_id}")
    write(bruno, "Je regarde.", "Répondre")
    own = thread(bruno).locator(".message", has_text="Je regarde.")
    expect(own.locator(".seen-by")).to_have_text("Envoyé, pas encore lu")
    place = bruno.get_by_role("region", name="Fil")
    place.evaluate("place => { place.scrollTop = 40 }")
    aline = sign_in("aline@demo.example", f"/demandes/{case_id}")
    expect(own.locator(".seen-by")).to_have_text(words("Lu par Aline L."))
    for n in range(2):
        write(aline, "\n\n".join([f"Nouvelle {n}."] + ["Une ligne de plus."] * 8), "Envoyer")
        expect(box(aline)).to_have_value("")
    pill = bruno.get_by_role("button", name=words("2 nouveaux messages"))
    expect(pill).to_be_visible()
    assert place.evaluate("place => place.scrollTop") == 40
    pill.click()
    first = thread(bruno).locator(".message", has_text="Nouvelle 0.")
    expect(pill).to_have_count(0)
    top = place.bounding_box(), first.bounding_box()
    assert top[0] is not None
    assert top[1] is not None
    assert abs(top[1]["y"] - top[0]["y"]) < 40
    write(bruno, "Merci.", "Répondre")
    expect(own.locator(".seen-by")).to_have_count(0)
    expect(thread(bruno).locator(".seen-by")).to_have_text(words("Lu par Aline L."))
