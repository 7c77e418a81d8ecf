"""E-mail over SMTP: one message handed to the server of the settings. Nothing here knows whom it is about."""

from __future__ import annotations

import smtplib
import ssl
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime

from app.config import Settings

_SECONDS = 15


class Undeliverable(Exception):
    """Never to be sent: the server knows no such address. Its only argument is a closed word."""


class NotSent(Exception):
    """Not sent this time: to be tried again. Its only argument is a closed word."""


def send(
    settings: Settings, to: str, subject: str, text: str, html: str, *, reference: str, at: datetime,
    unsubscribe: str = "",
) -> None:  # fmt: skip
    """Hand one message to the server, or raise ``Undeliverable`` or ``NotSent``.

    ``reference`` makes its Message-ID, so that the same message tried twice can be told from two. With ``html``
    it holds both forms. ``unsubscribe`` is the address that mail programs offer to get such no more (RFC 2369).
    """
    message = _message(settings, to, subject, text, html, reference, at)
    if unsubscribe:
        message["List-Unsubscribe"] = f"<{unsubscribe}>"
    try:
        with _line(settings) as server:
            if settings.smtp_user:
                server.login(settings.smtp_user, settings.smtp_password.get_secret_value())
            server.send_message(message, settings.mail_from, [to])
    except smtplib.SMTPRecipientsRefused as refusal:
        code = next(iter(refusal.recipients.values()))[0]
        raise (Undeliverable("bad_address") if 500 <= code < 600 else NotSent("rejected")) from None
    except smtplib.SMTPAuthenticationError:
        raise NotSent("access") from None
    except smtplib.SMTPResponseException:
        raise NotSent("rejected") from None
    except (smtplib.SMTPException, OSError, UnicodeError):
        raise NotSent("unreachable") from None


def _message(
    settings: Settings, to: str, subject: str, text: str, html: str, reference: str, at: datetime
) -> EmailMessage:
    message = EmailMessage()
    try:
        message["From"], message["To"], message["Subject"] = settings.mail_from, to, subject
    except ValueError:  # a line break in a header
        raise Undeliverable("bad_address") from None
    domain = settings.mail_from.rpartition("@")[2].rstrip(">") or "localhost"
    message["Date"], message["Message-ID"] = format_datetime(at), f"<{reference}@{domain}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no «out of office» in return
    message.set_content(text)
    if html:
        message.add_alternative(html, subtype="html")
    return message


def _line(settings: Settings) -> smtplib.SMTP:
    if settings.smtp_security == "tls":
        return smtplib.SMTP_SSL(
            settings.smtp_host, settings.smtp_port, timeout=_SECONDS, context=ssl.create_default_context()
        )
    server = smtplib.SMTP(settings.smtp_host, settings.smtp_port, timeout=_SECONDS)
    if settings.smtp_security == "starttls":
        try:
            server.starttls(context=ssl.create_default_context())
        except BaseException:
            server.close()
            raise
    return server
