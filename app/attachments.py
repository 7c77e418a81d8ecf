"""The files of a case: received, kept with the message they leave with, given back to who may have them.

Limits (domain, section 12): 15 MB each, ten a message, kinds decided by content and never by name.
"""

from __future__ import annotations


