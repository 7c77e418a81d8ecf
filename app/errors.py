"""Expected refusals. Each carries a French sentence that says what happened and what to do."""

from __future__ import annotations

from uuid import UUID


class Refusal(Exception):
    """A refusal that a screen shows in its own words; anything else only says that it failed."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class NotFound(Refusal):
    """Unknown, or not yours: the two answer alike (404)."""

    def __init__(self, sentence: str = "Cette page n’existe pas, ou vous n’y avez pas accès.") -> None:
        super().__init__(sentence)


class Forbidden(Refusal):
    """Known to the actor, but not for them to do (403)."""


class OutsideMandate(Forbidden):
    """Organisations that the mandate does not name. ``organizations`` are their ids, ``names`` their names: an
    amendment of the mandate would name them."""

    def __init__(self, sentence: str, organizations: tuple[UUID, ...], names: tuple[str, ...]) -> None:
        super().__init__(sentence)
        self.organizations = organizations
        self.names = names


class Conflict(Refusal):
    """The thing changed meanwhile: the page is stale, or somebody was faster (409)."""


class ChangedMeanwhile(Conflict):
    """What is being written anew is no more what the actor was shown: what they typed stays on their screen."""


class AlreadyUsed(Conflict):
    """The key of a message has served for another text (a second tab): say it again under a new key."""

    def __init__(self) -> None:
        super().__init__(
            "Un message commencé ici a déjà été envoyé depuis un autre onglet. "
            "Votre texte est gardé : renvoyez-le."
        )


class SignedOut(Refusal):
    """The session ended: sign in again (401)."""

    def __init__(self) -> None:
        super().__init__("Votre session est terminée. Reconnectez-vous pour continuer.")


class Invalid(Refusal):
    """What was typed cannot be kept: a sentence for each field (422).

    ``fields`` maps the name of a field to its sentence; the empty name is the whole form.
    """

    def __init__(self, **fields: str) -> None:
        super().__init__(" ".join(fields.values()))
        self.fields = fields
