"""What a journey asks of somebody: questions answered, presses, keys. Counted, not estimated."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import Locator, Page

from tests.journeys.screens import touch, wave


@dataclass
class Counted:
    """A page used by somebody whose gestures are counted. A list takes two presses; a question is a field that
    somebody answered by themselves, or the signature."""

    page: Page
    questions: int = 0
    clicks: int = 0
    typed: int = 0

    def click(self, place: Locator) -> None:
        """Press something; a box or a circle answers a question."""
        self.questions += place.evaluate("one => ['radio', 'checkbox'].includes(one.type)")
        place.click()
        self.clicks += 1

    def choose(self, field: Locator, choice: str) -> None:
        """Open a list and choose from it."""
        field.select_option(label=choice)
        self.clicks += 2
        self.questions += 1

    def type(self, text: str) -> None:
        """Answer the question under the cursor."""
        self.page.keyboard.type(text)
        self.typed += len(text)
        self.questions += 1

    def key(self, name: str) -> None:
        """Press a key that is no text."""
        self.page.keyboard.press(name)
        self.typed += 1

    def sign(self, canvas: Locator) -> None:
        """Draw with a finger."""
        touch(self.page, wave(canvas, 60))
        self.clicks += 1
        self.questions += 1

    @property
    def words(self) -> str:
        """Say what was counted."""
        return f"{self.questions} questions, {self.clicks} presses, {self.typed} keys"
