"""What is stored: one aggregate a file. Importing the package knows every table."""

from models import (
    account,
    case,
    chain,
    desk,
    jobs,
    journal,
    mandate,
    notice,
    organization,
    outbox,
    search,
    thread,
)

__all__ = [
    "account", "case", "chain", "desk", "jobs", "journal", "mandate", "notice", "organization", "outbox",
    "search", "thread",
]  # fmt: skip
