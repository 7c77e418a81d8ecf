"""Mobile phones of France, metropolitan and overseas: read as people type them, kept and shown in E.164."""

from __future__ import annotations

from typing import Protocol

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberType

from app.errors import Invalid

# France and the overseas départements and collectivities, by the codes of ISO 3166 that phonenumbers knows.
REGIONS = ("FR", "GP", "MQ", "GF", "RE", "YT", "PM", "BL", "MF", "WF", "PF", "NC")
_MOBILE = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)


class Fingerprints(Protocol):
    """What makes keyed fingerprints (``app.security.vault.Vault``)."""

    def fingerprint(self, *parts: str) -> bytes:
        """Return a keyed fingerprint."""
        ...


def read_mobile(text: str) -> str:
    """Return a mobile number in E.164 («+33612345678»), or refuse it (``Invalid``, field ``phone``).

    Ten digits typed as at home are tried in each region, the metropolitan first: 0690… is Guadeloupe.
    """
    for region in REGIONS:
        try:
            number = phonenumbers.parse(text, region)
        except NumberParseException:
            continue
        home = phonenumbers.region_code_for_number(number)
        if home in REGIONS and phonenumbers.number_type(number) in _MOBILE:
            return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
    raise Invalid(phone="Écrivez un numéro de téléphone portable français, par exemple 06 12 34 56 78.")


def shown(e164: str) -> str:
    """Return a number as people read it: E.164 in groups («+33 6 12 34 56 78», no-break spaces)."""
    try:
        number = phonenumbers.parse(e164)
    except NumberParseException:
        return e164
    grouped = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    return str(grouped).replace(" ", "\u00a0")


def phone_key(vault: Fingerprints, e164: str) -> bytes:
    """Return the fingerprint that a number is found by, without keeping the number in clear."""
    return vault.fingerprint("phone", e164)
