"""What is stored: one aggregate a file. Importing the package knows every table."""

from models import account, case, chain, jobs, journal, mandate, organization, outbox, thread

__all__ = ["account", "case", "chain", "jobs", "journal", "mandate", "organization", "outbox", "thread"]
