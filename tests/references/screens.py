"""The screens of which pictures are kept: one table, and how each is reached."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright

from app.demo.people import PASSWORD
from app.security.vault import Vault
from tests.app import scenes
from tests.app.scenes import CAF, CPAM
from tests.browser import DESKTOP, PHONE, ROOT, TABLET, Server, chromium_path, ready, serve
from tests.conftest import NOW
from tests.engines import missing
from tests.journeys.stage import behind, database_of

PICTURES = Path(__file__).parent / "pictures"
SIZES: dict[str, ViewportSize] = {"1440": DESKTOP, "1024": TABLET, "390": PHONE}
FONT = "Liberation Sans"
_FONT_FILE = "LiberationSans-Regular.ttf"
# The same letters everywhere, and nothing that a moment more would change.
_STILL = f"""
:root {{ --font: "{FONT}" !important; }}
code {{ font-family: "Liberation Mono" !important; }}
* {{ scrollbar-width: none !important; }}
"""


_HEIGHT = "(place => innerHeight + place.scrollHeight - place.clientHeight)(document.getElementById('contenu'))"


@dataclass(frozen=True)
class Screen:
    """A screen: the name of its pictures, who looks (nobody: before the sign-in), how to get there, and
    the size at which all of it is shown, not what a window shows."""

    name: str
    who: str
    go: Callable[[Page, Prepared], None]
    whole: str = ""


@dataclass(frozen=True)
class Prepared:
    """What the screens need in the demonstration beside its stories: addresses."""

    server: Server
    recapitulation: str
    to_sign: str


def _at(path: str) -> Callable[[Page, Prepared], None]:
    return lambda page, _: _open(page, path)


def _case(subject: str) -> Callable[[Page, Prepared], None]:
    def go(page: Page, _: Prepared) -> None:
        _open(page, "/demandes?vue=toutes")
        page.locator(".case-row", has_text=subject).click()
        expect(page.get_by_role("heading", name=subject)).to_be_visible()
        expect(page.locator(".case-row[aria-current]")).to_have_count(1)
        expect(page.locator("[data-here]", has_text="lit")).to_have_count(0)

    return go


def _to_sign(page: Page, made: Prepared) -> None:
    """The code that takes the screen back is another one each time: the picture has one of its own."""
    _open(page, made.to_sign)
    page.locator(".code strong").evaluate("one => { one.textContent = '4821'; }")


SCREENS: tuple[Screen, ...] = (
    Screen("connexion", "", _at("/connexion")),
    Screen("liste-aidant", "aline", _at("/demandes?vue=toutes")),
    Screen("demande-aidant", "aline", _case("Droits C2S refusés sans explication")),
    # Another case than hers: who reads a case is shown to the others.
    Screen("demande-agent", "basile", _case("Indemnités journalières non versées depuis sept semaines")),
    Screen("nouvelle-demande", "aline", _at("/demandes/nouvelle?nouveau=oui")),
    Screen("recapitulatif", "aline", lambda page, made: _open(page, made.recapitulation)),
    Screen("signature", "aline", _to_sign),
    Screen("compte", "adam", _at("/compte")),
    Screen("composants", "aline", _at("/demonstration/composants"), whole="1440"),
)


@contextmanager
def prepared(folder: Path) -> Iterator[Prepared]:
    """Run the demonstration at its one instant, with a draft to be read again and a mandate to be signed."""
    if not any(Path("/usr/share/fonts").rglob(_FONT_FILE)):
        missing(f"{FONT} (the package fonts-liberation)")
    with serve(folder, program=("-m", "tests.references.frozen")) as server:
        ours = database_of(server)
        with behind(ours.url, Vault(ours.secret)) as stage:
            ready_, other = (scenes.draft(stage.cast, (CAF, CPAM), at=NOW) for _ in range(2))
            scenes.mandate(stage.cast, ready_, at=NOW)
            mandate = scenes.present(stage.cast, other, at=NOW)
        recapitulation = f"/demandes/nouvelle?brouillon={ready_}&etape=6"
        yield Prepared(server, recapitulation, f"/mandats/{mandate}/signer")


@contextmanager
def painter() -> Iterator[Browser]:
    """Give a Chromium that draws letters alike on every machine."""
    like = (
        "--no-sandbox",
        "--disable-gpu",
        "--font-render-hinting=none",
        "--disable-lcd-text",
        "--hide-scrollbars",
    )
    path = chromium_path()
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=list(like))
        yield chromium
        chromium.close()


def pictures(
    browser: Browser, made: Prepared, screens: Iterable[Screen] = SCREENS
) -> Iterator[tuple[str, bytes]]:
    """Take every picture: its name and the PNG. One page a person, one load a screen."""
    pages: dict[str, Page] = {}
    for screen in screens:
        page = pages.get(screen.who) or pages.setdefault(screen.who, _page(browser, made, screen.who))
        page.set_viewport_size(DESKTOP)
        screen.go(page, made)
        for size, viewport in SIZES.items():
            page.set_viewport_size(viewport)
            _settle(page)
            if screen.whole == size:
                page.set_viewport_size({**viewport, "height": page.evaluate(_HEIGHT)})
                _settle(page)
            yield f"{screen.name}-{size}", page.screenshot(animations="disabled", caret="hide")
        if "/demandes/" in page.url:  # or the next person would be shown that this one still reads it
            page.get_by_role("link", name="Mon compte").click()
            expect(page.get_by_role("heading", name="Mon compte")).to_be_visible()
    for page in pages.values():
        page.context.close()


def _page(browser: Browser, made: Prepared, who: str) -> Page:
    context = browser.new_context(
        base_url=made.server.url, locale="fr-FR", timezone_id="Europe/Paris", reduced_motion="reduce",
        color_scheme="light", bypass_csp=True,
    )  # fmt: skip
    page = context.new_page()
    page.clock.set_fixed_time(NOW)
    if who:
        page.goto("/connexion")
        page.get_by_label("Adresse e-mail").fill(f"{who}@demo.example")
        page.get_by_label("Mot de passe").fill(PASSWORD)
        page.get_by_role("button", name="Se connecter").click()
        page.wait_for_url("**/demandes*")
    return page


def _open(page: Page, path: str) -> None:
    page.goto(path)
    page.add_style_tag(content=_STILL)
    if not path.startswith("/connexion"):
        ready(page)


def _settle(page: Page) -> None:
    """Wait until nothing is busy, and two frames were drawn alike: what came after the load is there."""
    expect(page.locator("[aria-busy=true]")).to_have_count(0)
    page.mouse.move(0, 0)
    page.evaluate("document.activeElement?.blur(); document.getElementById('dits')?.replaceChildren()")
    page.evaluate("document.fonts.ready")
    page.wait_for_function(
        """() => {
            const now = document.body.innerText + document.documentElement.scrollHeight;
            const same = now === window.aplusSeen;
            window.aplusSeen = now;
            return same;
        }""",
        polling=60,
    )


@contextmanager
def for_a_while() -> Iterator[Path]:
    """Give a folder that is thrown away."""
    with tempfile.TemporaryDirectory(prefix="aplus-references-") as folder:
        yield Path(folder)


def said(path: Path) -> str:
    """Return a path as people read it."""
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)
