"""The départements, for screens (which import no models but the vocabularies), and how one says «in» each."""

from __future__ import annotations

from models.departements import DEPARTEMENTS

__all__ = ["DEPARTEMENTS", "within"]

_AT = ("75", "974", "976")
_IN = ("2A", "2B", "35", "37", "54", "71", "73", "74", "76", "77", "93", "971", "972", "973")
_PLURAL = ("04", "05", "06", "08", "13", "22", "40", "64", "65", "66", "78", "79", "88", "92")
_FEMININE = (
    "16", "17", "19", "21", "23", "24", "26", "31", "33", "42", "43", "44", "48", "50", "51", "52", "53", "55",
    "57", "58", "70", "72", "80", "85", "86", "87",
)  # fmt: skip


def within(code: str) -> str:
    """Return «dans l’Aisne», «à Paris», «en Savoie»; nothing for what is no département."""
    name = DEPARTEMENTS.get(code, "")
    if not name:
        return ""
    if code in _AT:
        return f"à {name}"
    if code in _IN:
        return f"en {name}"
    if code in _PLURAL:
        return f"dans les {name}"
    if code in _FEMININE:
        return f"dans la {name}"
    return f"dans l’{name}" if name[0] in "AEHIOY" and name[:4] != "Haut" else f"dans le {name}"
