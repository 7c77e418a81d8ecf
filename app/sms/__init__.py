"""SMS in both directions behind one interface. What differs between providers stays in this folder.

``driver()`` gives the provider of the settings: OVHcloud, Brevo, or in the demonstration one that keeps all
here. It sends a text and tells what a provider's callback says was received; nothing here knows a mandate.
"""

from __future__ import annotations

from app.config import settings
from app.sms.brevo import Brevo
from app.sms.console import CONSOLE, Console
from app.sms.driver import Driver
from app.sms.ovh import OVH, Ovh


def is_available() -> bool:
    """Whether SMS can be sent and answered: where not, no way that needs one is offered."""
    return settings().is_demo or bool(settings().sms_provider)


def driver() -> Driver | None:
    """Return the provider's driver, or nothing where there is none. In the demonstration nothing leaves."""
    ours = settings()
    if ours.is_demo:
        return Console()
    if ours.sms_provider == OVH:
        return Ovh(
            url=ours.sms_url or "https://eu.api.ovh.com/1.0", account=ours.sms_account, sender=ours.sms_sender,
            key=ours.sms_key.get_secret_value(), secret=ours.sms_secret.get_secret_value(),
            consumer=ours.sms_consumer_key.get_secret_value(),
        )  # fmt: skip
    if ours.sms_provider:
        return Brevo(
            url=ours.sms_url or "https://api.brevo.com/v3", key=ours.sms_key.get_secret_value(),
            sender=ours.sms_sender, token=ours.sms_callback_token.get_secret_value(),
        )  # fmt: skip
    return None


__all__ = ["CONSOLE", "driver", "is_available"]
