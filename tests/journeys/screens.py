"""The screens as people know them: by their words. What they see, what they press, what they write."""

from __future__ import annotations

import re
import time
from typing import Any

from playwright.sync_api import Locator, Page, ViewportSize, WebSocketRoute, expect

NARROW = ViewportSize(width=320, height=640)


def press(place: Page | Locator, words: str) -> None:
    """Press a button, known by its whole words."""
    place.get_by_role("button", name=words, exact=True).click()


def arrived(page: Page) -> None:
    """Wait until the screen that was asked for stands alone: until then the old one is in the page too."""
    expect(page.locator("[aria-busy=true]")).to_have_count(0)
    expect(page.locator(".content .screen")).to_have_count(1)


def follow(link: Locator) -> None:
    """Follow a link to another screen, and wait until that one stands alone."""
    link.click()
    arrived(link.page)


def row(page: Page, subject: str) -> Locator:
    """Return the row of a case in the list."""
    return page.locator(".case-row", has_text=subject)


def thread(page: Page) -> Locator:
    """Return the messages and events of the open case."""
    return page.get_by_role("log", name="Messages")


def box(page: Page) -> Locator:
    """Return where a message is written."""
    return page.get_by_label("Votre message")


def write(page: Page, text: str, gesture: str) -> None:
    """Write a message, and press what sends it."""
    box(page).fill(text)
    press(page, gesture)


def other_gesture(page: Page, words: str) -> None:
    """Do what is no plain answer: it is chosen among the «Autres gestes»."""
    press(page, "Autres gestes")
    press(page.get_by_role("dialog", name="Autres gestes"), words)


def beside(page: Page) -> Locator:
    """Return what stands beside the thread, opened where it is a sheet."""
    sheet = page.get_by_role("dialog", name="Informations")
    column = page.get_by_role("complementary", name="Informations")
    if column.is_visible():
        return column
    if not sheet.is_visible():
        page.locator("[data-sheet]:visible").last.click()
    expect(sheet).to_be_visible()
    return sheet


def put_away(page: Page) -> None:
    """Close the sheet, where what stands beside the thread is one."""
    sheet = page.get_by_role("dialog", name="Informations")
    if sheet.is_visible():
        sheet.get_by_role("button", name="Fermer", exact=True).click()
        expect(sheet).to_have_count(0)


def organization(page: Page, group: str) -> Locator:
    """Return the lines of one organisation beside the thread (read without opening the sheet)."""
    return page.locator(".organism").filter(has=page.locator(".name", has_text=group))


def said(page: Page, sentence: str) -> Locator:
    """Return a sentence said in the corner of the screen."""
    return page.locator("#dits").get_by_text(sentence)


def field_error(page: Page | Locator, label: str) -> Locator:
    """Return the sentence under a field, known by the beginning of its label."""
    beginning = re.compile(r"^\s*" + re.escape(label))
    return page.locator(".field.wrong").filter(has_text=beginning).locator(".error")


def count(page: Page, view: str) -> int:
    """Return the count beside a view."""
    return int(page.get_by_role("link", name=view).locator(".count").inner_text().split()[0])


def resize(page: Page, size: ViewportSize) -> None:
    """Change the room there is, full screen too: Playwright would resize the window, which the headless shell
    refuses of one that fills the screen."""
    cdp = page.context.new_cdp_session(page)
    cdp.send("Emulation.setDeviceMetricsOverride", {**size, "deviceScaleFactor": 1, "mobile": False})
    page.wait_for_function("width => innerWidth === width", arg=size["width"])


def touch(page: Page, *strokes: list[tuple[float, float]]) -> None:
    """Draw with a finger: real touches, from which the browser makes pointer events."""
    cdp = page.context.new_cdp_session(page)
    for points in strokes:
        for number, (x, y) in enumerate(points):
            kind = "touchMove" if number else "touchStart"
            cdp.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
        cdp.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    cdp.detach()


def wave(canvas: Locator, left: float) -> list[tuple[float, float]]:
    """Return a stroke across a part of the box to sign in."""
    area = canvas.bounding_box()
    assert area is not None
    middle = area["y"] + area["height"] / 2
    return [(area["x"] + left + 12 * n, middle + (25 if n % 2 else -25)) for n in range(10)]


class Line:
    """The line between a page and the server. Held: the page is stale, and does not know. Dead: what the page
    says gets lost, and it does not know. Cut: it knows, until the line is mended."""

    def __init__(self, page: Page) -> None:
        self._held: list[tuple[WebSocketRoute, Any]] = []
        self._open_ones: list[WebSocketRoute] = []
        self._holds = self._is_dead = self._is_cut = False
        self._page = page
        page.route_web_socket("**/_nicegui_ws/**", self._open)
        page.route("**/_nicegui_ws/**", lambda route: route.abort() if self._is_cut else route.continue_())

    def hold(self) -> None:
        """Keep what the server says."""
        self._holds = True

    def release(self, words: str) -> None:
        """Let the page hear all of it, as soon as these words are part of it."""
        self.wait_for(words)
        self._holds = False
        held, self._held = self._held, []
        for socket, message in held:
            socket.send(message)

    def wait_for(self, words: str) -> None:
        """Wait until these words are part of what is held."""
        deadline = time.monotonic() + 30
        while not any(words in str(message) for _, message in self._held):
            assert time.monotonic() < deadline, self._held
            self._page.wait_for_timeout(20)

    def die(self) -> None:
        """Lose what is said on either side."""
        self._is_dead = True

    def revive(self) -> None:
        """Carry again what is said from now on."""
        self._is_dead = False

    def cut(self) -> None:
        """Close the line, and let none be opened; the page tries again often."""
        self._page.evaluate("window.socket.io.reconnectionDelay(100).reconnectionDelayMax(200)")
        self._is_cut, self._is_dead, self._holds = True, False, False
        self._held.clear()
        for socket in self._open_ones:
            socket.close()
        self._open_ones.clear()
        self._page.wait_for_function("!window.socket.connected")

    def mend(self) -> None:
        """Let the page connect again."""
        self._is_cut = False
        self._page.wait_for_function("window.socket.connected")

    def _open(self, socket: WebSocketRoute) -> None:
        if self._is_cut:
            socket.close()
            return
        server = socket.connect_to_server()
        self._open_ones.append(socket)

        def hear(message: Any) -> None:
            if self._holds:
                self._held.append((socket, message))
            elif not self._is_dead:
                socket.send(message)

        def say(message: Any) -> None:
            if not self._is_dead:
                server.send(message)

        server.on_message(hear)
        socket.on_message(say)


def frames(page: Page) -> list[str]:
    """Note everything the page receives over its sockets from now on."""
    received: list[str] = []

    def note(payload: str | bytes) -> None:
        received.append(payload if isinstance(payload, str) else payload.decode(errors="replace"))

    page.on("websocket", lambda socket: socket.on("framereceived", note))
    return received
