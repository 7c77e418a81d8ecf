"""What is stored: one aggregate a file. Importing the package knows every table."""

from models import account, case, journal, mandate, organization, thread

__all__ = ["account", "case", "journal", "mandate", "organization", "thread"]
