"""The second door: NiceGUI runs any event on a page's elements; this runs those a person could have made.

An event must come through a socket of that page, opened with the session of that page, while it lives, on
an element that is shown and can be used. Uses private names of NiceGUI 3.18: pinned, and tested by forging.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Coroutine
from typing import Any
from uuid import UUID
from weakref import WeakKeyDictionary

import socketio  # type: ignore[import-untyped]
from nicegui import Client, background_tasks, core
from nicegui.element import Element
from nicegui.elements.dialog import Dialog

from app import events
from app.events import Missed, SessionEnded, SessionHanded, Signal
from app.security import sessions
from pages.shell.action import in_thread
from pages.shell.held import is_there, place_of
from pages.shell.late import TOO_LATE, is_late
from pages.shell.living import living, session_of
from pages.shell.session import MAX_FRAME, sign_in_again

__all__ = ["clients_of", "install", "session_of"]

log = logging.getLogger(__name__)

_OFF = ("disable", "disabled", "readonly")  # ``element.disable()`` sets the first
_EVERY = 60.0  # seconds between two looks at the open pages of ended sessions
_turns: WeakKeyDictionary[Client, asyncio.Lock] = WeakKeyDictionary()


def install() -> None:
    """Stand before NiceGUI's own handlers; a second time changes nothing."""
    handlers = core.sio.handlers["/"]
    if getattr(handlers["event"], "guards", False):
        return
    core.sio.eio.max_http_buffer_size = MAX_FRAME
    connect, handshake = handlers["connect"], handlers["handshake"]

    async def on_connect(sid: str, environ: dict[str, Any], _: Any = None) -> None:
        try:
            await connect(sid, environ, _)
        except (KeyError, ValueError) as error:  # a query no browser makes
            raise socketio.exceptions.ConnectionRefusedError("Implicit handshake failed") from error

    async def on_handshake(sid: str, message: Any = None, *_: Any) -> bool:
        names = ("client_id", "tab_id", "document_id")
        is_one = isinstance(message, dict) and all(isinstance(message.get(name), str) for name in names)
        return is_one and bool(await handshake(sid, message))

    async def on_event(sid: str, message: Any = None, *_: Any) -> None:
        if client := _owner(sid, message):
            await _in_turn(client, sid, message)

    def on_javascript_response(sid: str, message: Any = None, *_: Any) -> None:
        if (client := _owner(sid, message)) and isinstance(message.get("request_id"), str):
            client.handle_javascript_response(message)

    def on_ack(sid: str, message: Any = None, *_: Any) -> None:
        if (client := _owner(sid, message)) and isinstance(message.get("next_message_id"), int):
            client.outbox.prune_history(message["next_message_id"])

    def on_log(*_: Any) -> None:
        """A browser writes nothing in the server's log."""

    on_event.guards = True  # type: ignore[attr-defined]
    for name, handler in {
        "connect": on_connect, "handshake": on_handshake, "event": on_event,
        "javascript_response": on_javascript_response, "ack": on_ack, "log": on_log,
    }.items():  # fmt: skip
        core.sio.on(name, handler)
    core.app.on_startup(_look_now_and_then)
    events.listen(_on_signal)


def clients_of(session_id: UUID) -> list[Client]:
    """Return the open pages of a session."""
    return [client for client in list(Client.instances.values()) if session_of(client) == session_id]


async def dismiss(session_id: UUID, client_path: Callable[[Client], str]) -> None:
    """Tell every page of a session that ended to leave, then forget its sockets and the pages themselves."""
    for client in clients_of(session_id):
        await _send_away(client, client_path(client))


async def lead_back(session_id: UUID, mandate_id: UUID) -> None:
    """Send the pages of a screen that was handed over to the mandate, but for those that are there."""
    for client in clients_of(session_id):
        if not is_there(client, mandate_id):
            await _send_away(client, place_of(mandate_id))


async def _send_away(client: Client, path: str) -> None:
    message = {"path": path, "new_tab": False}
    await core.sio.emit("open", message, room=client.id)  # the outbox stops with the client
    for sid in list(client._socket_to_document_id):
        pipe = core.sio.manager.eio_sid_from_sid(sid, "/")
        await core.sio.disconnect(sid)
        if pipe is not None:  # gone by itself meanwhile; without a name it would be everybody
            await core.sio.eio.disconnect(pipe)
    for document_id in list(client._delete_tasks):  # they would delete it a second time
        client._cancel_delete_task(document_id)
    if client.id in Client.instances:
        client.delete()


async def dismiss_ended() -> None:
    """Dismiss the pages whose session is over: nobody may have touched them, or the signal was missed."""
    open_ones = frozenset(filter(None, map(session_of, list(Client.instances.values()))))
    for session_id in open_ones - await in_thread(sessions.still_living, open_ones):
        await dismiss(session_id, _and_back)


async def _look_now_and_then() -> None:
    while True:
        await asyncio.sleep(_EVERY)
        try:
            await dismiss_ended()
        except Exception:
            log.exception("the open pages of ended sessions could not be looked for")


def _on_signal(signal: Signal) -> None:
    """Called in the thread that commits."""
    loop = core.loop
    if loop is None or not loop.is_running():
        return
    match signal:
        case SessionEnded(session_id):
            loop.call_soon_threadsafe(_start, dismiss, session_id, _and_back)
        case SessionHanded(session_id, mandate_id) if mandate_id is not None:
            loop.call_soon_threadsafe(_start, lead_back, session_id, mandate_id)
        case Missed():
            loop.call_soon_threadsafe(_start, dismiss_ended)


def _start(function: Callable[..., Coroutine[Any, Any, None]], *arguments: Any) -> None:
    background_tasks.create(function(*arguments))


def _session(sid: str) -> UUID | None:
    environ = core.sio.get_environ(sid)
    found: UUID | None = environ["asgi.scope"]["state"].get("session_id") if environ else None
    return found


def _owner(sid: str, message: Any) -> Client | None:
    """Return the page that a message names if the socket is one of its own."""
    client_id = message.get("client_id") if isinstance(message, dict) else None
    client = Client.instances.get(client_id) if isinstance(client_id, str) else None
    if client is None or sid not in client._socket_to_document_id:
        return None
    session_id = session_of(client)
    return client if session_id is not None and session_id == _session(sid) else None


async def _in_turn(client: Client, sid: str, message: dict[str, Any]) -> None:
    """Run an event if the session lives; the events of a page keep their order while the database is asked."""
    async with _turns.setdefault(client, asyncio.Lock()):
        session_id = session_of(client)
        if session_id is None:
            return
        try:
            info = await living.by_id(session_id)
        except Exception:
            log.exception("an event was dropped: nobody knows whether its session lives")
            return
        if info is None:
            await dismiss(session_id, _and_back)
        elif info.handed is not None and not is_there(client, info.handed):
            await lead_back(session_id, info.handed)
        elif _owner(sid, message) is client:  # still, after waiting
            _dispatch(client, message)


def _and_back(client: Client) -> str:
    """Time is up: sign in again and come back here."""
    return sign_in_again(client.sub_pages_router.current_path)


def _dispatch(client: Client, message: dict[str, Any]) -> None:
    id_, arguments = message.get("id"), message.get("args", [])
    well_formed = isinstance(arguments, list) and all(isinstance(each, str | None) for each in arguments)
    if not isinstance(id_, int) or not well_formed or not client.has_socket_connection:
        return
    element = client.elements.get(id_)
    listener = element._event_listeners.get(str(message.get("listener_id"))) if element is not None else None
    try:
        if element is not None and listener is not None and _is_usable(element, listener.type):
            client.handle_event(message)
        elif len(arguments) == 1 and is_late(client, id_, json.loads(arguments[0] or "null")):
            client.run_javascript(f"aplusSay({json.dumps(TOO_LATE)}, 'refused')")
            if element is not None:
                element.run_method("settle")
    except (ValueError, RecursionError):
        log.warning("an event that is not JSON was dropped")


def _is_usable(element: Element, event_type: str) -> bool:
    """Whether a person could have caused this event: nothing around the element hides or disables it."""
    if isinstance(element, Dialog) and not element.value and event_type == "update:modelValue":
        return False  # the service opens dialogs, never the browser
    if _is_off(element):
        return False
    return all(
        each.visible and not _is_off(each) and not (isinstance(each, Dialog) and not each.value)
        for each in element.ancestors()
    )


def _is_off(element: Element) -> bool:
    return any(element.props.get(name) not in (None, False, "false") for name in _OFF)
