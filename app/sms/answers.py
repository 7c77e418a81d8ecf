"""What an SMS says: yes, no, stop, or something for a person to read (domain, section 5).

A consent must not be guessed: every word has to be known. Whatever is not understood, asks, or says both is
«unclear». A stop needs less: the word itself is enough wherever it stands, since to stop is always safe.
"""

from __future__ import annotations

import re
import unicodedata

from models.enums import SmsAnswer


def _any(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Signs that answer by themselves, in words.
_SIGNS = {"👍": " ok ", "👌": " ok ", "✅": " ok ", "✔": " ok ", "👎": " non ", "❌": " non ", "🛑": " stop "}
# Turns of phrase, read before the words, without accents; each becomes one word.
_TURNS = (
    (r"(?:annule|retire|reprend|revoque)[rsz]?e? (?:mon|l|cet|le|ce) (?:accord|mandat|consentement)", "arret"),
    (r"pas de (?:probleme|souci)s?", "oui"),
    (r"d ?accord|d ?ac+|dacor|daccor|c est (?:bon|ok|oui)|c bon|c ok|ca marche|ca me va", "oui"),
    (r"bien sur|tout a fait|avec plaisir|je veux bien|je suis pour", "oui"),
    (r"je (?:vous )?donne mon accord|vous avez mon accord", "oui"),
    (r"c est non|c non|pas question", "non"),
    (r"je (?:ne |n )?(?:le )?(?:veux|souhaite|desire) (?:pas|plus)|veux pas|hors de question", "non"),
    (r"j arrete|je (?:veux )?(?:arrete|annule)r?|je veux arret", "arret"),
    (r"s il (?:vous|te) plait|bonne journee|bonne soiree|a bientot|de rien|merci a vous", "merci"),
)  # fmt: skip
_YES = _any(
    "oui ouii ouai ouais oue wi ui yes yep yeah ok okay oki okey k accepte accepter valide confirme "
    "autorise entendu volontiers parfait dac 1"
)
_NO = _any("non no nn nan nop nope refuse refus refuser jamais 2")
_STOP = "stop"
_STOPS = _any(
    "stop stopp stoppez stopper arret arrets arrete arretez arreter annuler annule annulez annulation fin "
    "resilier resiliation"
)
_EMPTY = _any(
    "merci mercii mrc beaucoup bcp svp stp bonjour bjr bonsoir bsr salut slt madame mme monsieur mr m je j "
    "suis vous cordialement cdlt bien tres alors donc tout maintenant finalement et a la le l ce mon mandat"
)
_SILENT = _any("ne n")
_NOT = "pas"
_VERBS = _any("accepte valide confirme autorise")


def read(text: str) -> SmsAnswer:
    """Return what a text says."""
    words = _words(text)
    said = _denied([word for word in words if word not in _EMPTY and word not in _SILENT])
    kinds = {_kind(word) for word in said}
    if _STOP in said and _NOT not in said:
        return SmsAnswer.STOP
    if None in kinds or not kinds:
        return SmsAnswer.UNCLEAR
    if SmsAnswer.STOP in kinds:
        return SmsAnswer.STOP
    if "?" in unicodedata.normalize("NFKC", text) or len(kinds) > 1:
        return SmsAnswer.UNCLEAR
    answer = kinds.pop() or SmsAnswer.UNCLEAR
    if answer is SmsAnswer.YES and not _SILENT.isdisjoint(words) and _NOT not in words:
        return SmsAnswer.UNCLEAR  # «je n’accepte», without its «pas»
    return answer


def says_nothing(text: str) -> bool:
    """Whether a text is only polite («merci, bonne journée»), or has no word at all: it waits for nobody."""
    is_asked = "?" in unicodedata.normalize("NFKC", text)
    return not is_asked and all(word in _EMPTY for word in _words(text))


def _denied(said: list[str]) -> list[str]:
    """Return the words with «pas d’accord» and «n’accepte pas» as one «non»; another «pas» stays."""
    words: list[str] = []
    for word in said:
        before = words[-1] if words else ""
        if (before == _NOT and word in _YES) or (before in _VERBS and word == _NOT):
            words[-1] = "non"
        else:
            words.append(word)
    return words


def _words(text: str) -> list[str]:
    for sign, word in _SIGNS.items():
        text = text.replace(sign, word)
    plain = "".join(
        one for one in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(one)
    )
    plain = " ".join(re.findall(r"[a-z0-9]+", plain))
    plain = re.sub(r"([a-z])\1{2,}", r"\1", plain)  # «ouiii», «nooon»
    for turn, word in _TURNS:
        plain = re.sub(rf"\b(?:{turn})\b", word, plain)
    return plain.split()


def _kind(word: str) -> SmsAnswer | None:
    if word in _STOPS:
        return SmsAnswer.STOP
    if word in _YES:
        return SmsAnswer.YES
    return SmsAnswer.NO if word in _NO else None
