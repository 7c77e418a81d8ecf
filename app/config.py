"""Settings, from the environment (prefix ``APLUS_``) and nowhere else. ``.env.example`` lists each."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

VERSION = "0.1.0"

# The demonstration's key is public on purpose: it protects invented people only.
_DEMO_SECRET = "demonstration-seulement-" + "0" * 24
MISSING_SECRET = (
    "APLUS_SECRET_KEY is missing or shorter than 32 characters: it encrypts files and identifiers. "
    "Make one with: python -c 'import secrets; print(secrets.token_urlsafe(48))' "
    "(or set APLUS_DEMO=true for a demonstration)."
)


class MissingSecret(SystemExit):
    """The service does not start without its secret."""


class Settings(BaseSettings):
    """Typed, frozen settings. Durations are in minutes unless their name says otherwise, sizes in bytes."""

    model_config = SettingsConfigDict(env_prefix="APLUS_", env_file=".env", frozen=True, extra="ignore")

    host: str = "127.0.0.1"
    port: int = 8080
    data_dir: Path = Path("data")
    database_url: str = ""
    demo: bool | None = None
    secret_key: SecretStr = SecretStr("")
    public_url: str = ""
    threads: int = Field(default=8, ge=1, le=64)
    session_idle_minutes: int = 12 * 60
    session_max_minutes: int = 7 * 24 * 60
    reconnect_seconds: float = Field(default=45, ge=1, le=600)
    max_file_bytes: int = 15 * 1024 * 1024
    seal_certificate: str = ""
    seal_password: SecretStr = SecretStr("")
    seal_tsa_url: str = ""
    sms_provider: Literal["", "ovh", "brevo"] = ""
    sms_url: str = ""
    sms_account: str = ""
    sms_key: SecretStr = SecretStr("")
    sms_secret: SecretStr = SecretStr("")
    sms_consumer_key: SecretStr = SecretStr("")
    sms_sender: str = ""
    sms_callback_token: SecretStr = SecretStr("")
    smtp_host: str = ""
    smtp_port: int = Field(default=587, ge=1, le=65535)
    smtp_user: str = ""
    smtp_password: SecretStr = SecretStr("")
    smtp_security: Literal["none", "starttls", "tls"] = "starttls"
    mail_from: str = ""
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    @property
    def is_demo(self) -> bool:
        """Whether this is the demonstration: said so, or nothing at all was configured."""
        if self.demo is not None:
            return self.demo
        return not self.database_url and not self.secret_key.get_secret_value()

    @property
    def secret(self) -> bytes:
        """The secret all keys derive from. Outside the demonstration a missing one stops the start."""
        given = self.secret_key.get_secret_value()
        if not given and self.is_demo:
            return _DEMO_SECRET.encode()
        if len(given) < 32:
            raise MissingSecret(MISSING_SECRET)
        return given.encode()

    @property
    def url(self) -> str:
        """The database's address for SQLAlchemy: PostgreSQL when given, else SQLite in ``data_dir``."""
        given = self.database_url
        if given.startswith(("postgres://", "postgresql://")):
            return "postgresql+psycopg://" + given.split("://", 1)[1]
        return given or f"sqlite:///{(self.data_dir / 'administration-plus.sqlite3').absolute()}"

    @property
    def address(self) -> str:
        """Where people open the service."""
        return self.public_url or f"http://{self.host}:{self.port}"

    @property
    def is_secure(self) -> bool:
        """Whether cookies are ``Secure``: always, but for plain http on loopback."""
        loopback = ("http://127.", "http://localhost", "http://[::1]")
        return not self.address.startswith(loopback)


@lru_cache
def settings() -> Settings:
    """Return the settings of this process, read once."""
    return Settings()
