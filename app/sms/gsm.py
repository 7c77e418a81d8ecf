"""The alphabet of SMS (GSM 7-bit, 3GPP TS 23.038): what fits, and in how many parts.

One letter outside of it («ê») turns a whole text into another coding: 70 characters a part instead of 160.
"""

from __future__ import annotations

import unicodedata

_ALPHABET = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_ESCAPED = frozenset("\f^{}\\[~]|€")  # two places each
_PART, _PART_OF_SEVERAL = 160, 153
_INSTEAD = {
    "’": "'", "‘": "'", "ʼ": "'", "«": '"', "»": '"', "“": '"', "”": '"', "„": '"', "–": "-", "—": "-",
    "‑": "-", "…": "...", "œ": "oe", "Œ": "OE", "•": "-", "\u00a0": " ", "\u202f": " ", "\u2009": " ",
    "\t": " ", "\u00ad": "", "\u200b": "",
}  # fmt: skip
# A no-break space belongs to French quotes, not to the straight ones that stand for them.
_INSIDE_QUOTES = (("«\u00a0", '"'), ("\u00a0»", '"'), ("«\u202f", '"'), ("\u202f»", '"'))


def is_gsm(text: str) -> bool:
    """Whether every character is of the alphabet."""
    return all(sign in _ALPHABET or sign in _ESCAPED for sign in text)


def parts(text: str) -> int:
    """Return how many SMS a text of the alphabet makes; an escaped sign is never cut in two."""
    places = [2 if sign in _ESCAPED else 1 for sign in text]
    if sum(places) <= _PART:
        return 1
    count, left = 1, _PART_OF_SEVERAL
    for place in places:
        if place > left:
            count, left = count + 1, _PART_OF_SEVERAL
        left -= place
    return count


def to_gsm(text: str) -> str:
    """Return the text in the alphabet: é è à ù stay, ç ê î ô become plain letters, ’ becomes '; what has no
    likeness becomes «?»."""
    for typographic, plain in _INSIDE_QUOTES:
        text = text.replace(typographic, plain)
    return "".join(_nearest(sign) for sign in unicodedata.normalize("NFC", text))


def _nearest(sign: str) -> str:
    if sign in _ALPHABET or sign in _ESCAPED:
        return sign
    if sign in _INSTEAD:
        return _INSTEAD[sign]
    plain = "".join(one for one in unicodedata.normalize("NFKD", sign) if not unicodedata.combining(one))
    return plain if plain and is_gsm(plain) else "?"
