"""What is stored: one aggregate a file. Importing the package knows every table."""

from models import account, case, chain, journal, mandate, organization, thread

__all__ = ["account", "case", "chain", "journal", "mandate", "organization", "thread"]
