"""One labelled control: text, long text, list, choices. The label stands above, the error under it in words."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from nicegui.events import GenericEventArguments

from pages.shell.late import Pressed

Options = Iterable[tuple[str, str] | tuple[str, str, str]]
Heard = Callable[[], Awaitable[None]]
Restored = Callable[[str], None]


class Field(Pressed, component="field.js"):
    """A native control. ``value`` is what the server last heard: texts, or a list of texts for ``checks``.

    A browser may send anything: a value of another type is not heard, and services validate the rest.

    ``secret``: what is typed is not shown, and no browser fills it in, keeps it or has its spelling looked at.

    ``keep`` is a name, the same wherever this thing is written: what is typed is then kept in the tab until
    ``on_change`` has ended well (it saves the value; a refusal is raised), and is there again, and sent, when
    the page is. ``token`` is kept with it, for who wants to know what a text was typed under (``on_restored``).
    """

    def __init__(
        self,
        label: str,
        *,
        kind: str = "text",
        value: str | list[str] = "",
        options: Options = (),
        hint: str = "",
        optional: bool = False,
        empty: str | None = None,
        rows: int = 3,
        inputmode: str = "text",
        placeholder: str = "",
        quiet: bool = False,
        tiles: bool = False,
        secret: bool = False,
        autocomplete: str = "off",
        keep: str = "",
        token: str = "",
        on_change: Heard | None = None,
        on_enter: Heard | None = None,
        on_restored: Restored | None = None,
    ) -> None:
        super().__init__()
        self.label = label
        self.value: Any = value
        self._props.update(
            kind=kind, label=label, hint=hint, error="", initial=value, options=_options(options),
            optional=optional, rows=rows, inputmode=inputmode, empty=empty, quiet=quiet,
            placeholder=placeholder, tiles=tiles, secret=secret, autocomplete=autocomplete,
            keep=keep, token=token,
        )  # fmt: skip
        self._on_change = on_change
        self._on_enter = on_enter
        if on_restored is not None:
            self.on("restored", lambda event: on_restored(event.args) if isinstance(event.args, str) else None)
        self.on("typed", self._heard)
        if on_enter is not None:
            self.on("enter", self._entered)

    @property
    def error(self) -> str:
        """The sentence under the label, empty when all is well."""
        return str(self._props["error"])

    @error.setter
    def error(self, sentence: str) -> None:
        if sentence != self._props["error"]:
            self._props["error"] = sentence
            self.update()

    def say(self, words: str) -> None:
        """Say under the control how what is typed was understood; nothing when empty."""
        if words != self._props.get("said", ""):
            self._props["said"] = words
            self.update()

    def rename(self, label: str, hint: str) -> None:
        """Call the control otherwise."""
        self.label = label
        if (label, hint) != (self._props["label"], self._props["hint"]):
            self._props.update(label=label, hint=hint)
            self.update()

    def set_options(self, options: Options) -> None:
        """Offer other choices."""
        self._props["options"] = _options(options)
        self.update()

    def set_value(self, value: str | list[str]) -> None:
        """Put another value in the control."""
        self.value = value
        self._props["initial"] = value
        self.run_method("set", value)

    def keep_as(self, name: str, token: str = "") -> None:
        """Keep what is typed under another name, or with another token, from now on."""
        if (name, token) != (self._props["keep"], self._props["token"]):
            self._props.update(keep=name, token=token)
            self.update()

    def leave(self, sent: str) -> None:
        """Take away what has been sent; what was typed after it stays."""
        self.value = self.value[len(sent) :].lstrip() if self.value.startswith(sent) else self.value
        self.run_method("leave", sent)

    def put_before(self, text: str) -> None:
        """Put a text that comes back before what was typed meanwhile, the cursor between the two."""
        self.value = f"{text}\n\n{self.value}" if self.value.strip() else text
        self.run_method("before", text)

    def when_changed(self, heard: Heard) -> None:
        """Call this too when another value was heard."""
        before = self._on_change

        async def both() -> None:
            if before is not None:
                await before()
            await heard()

        self._on_change = both

    def focus(self) -> None:
        """Put the cursor in the control."""
        self.run_method("focus")

    async def _entered(self, event: GenericEventArguments) -> None:
        """Do what Enter does, once: the browser sends no other until it is told that this one is done."""
        try:
            if self._on_enter is not None and self.presses.is_new(event.args):
                await self._on_enter()
        finally:
            if not self.is_deleted:
                self.run_method("settle")

    async def _heard(self, event: GenericEventArguments) -> None:
        value = event.args
        if isinstance(self.value, list):
            if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
                return
        elif not isinstance(value, str):
            return
        self.value = value
        if self._on_change is not None:
            await self._on_change()
        if self._props["keep"] and not self.is_deleted:
            self.run_method("kept", value)


def _options(options: Options) -> tuple[dict[str, str], ...]:
    # A tuple: NiceGUI would wrap each choice of a list in an observable of 500 bytes.
    return tuple({"value": o[0], "label": o[1], "hint": o[2] if len(o) > 2 else ""} for o in options)
