"""Every closed vocabulary: the value that is stored and the French words that are shown."""

from __future__ import annotations

from enum import StrEnum


class Vocabulary(StrEnum):
    """A closed list whose members carry their French label."""

    label: str

    def __new__(cls, value: str, label: str) -> Vocabulary:
        """Keep the label beside the value."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member

    def __str__(self) -> str:
        return str(self.value)


class Side(Vocabulary):
    """On which side of a case a member stands."""

    AIDANT = "aidant", "Aidant+"
    AGENT = "agent", "Agent+"


class GroupKind(Vocabulary):
    """What a group is: a house that helps, or an organisation's team that answers."""

    STRUCTURE = "structure", "Structure"
    OPERATOR = "operator", "Organisme"


class ScopeKind(Vocabulary):
    """Rights that do not come from a group."""

    COORDINATOR = "coordinator", "Animateur territorial"
    OBSERVER = "observer", "Observateur"
    ADMINISTRATOR = "administrator", "Administrateur"


class Appearance(Vocabulary):
    """How a person wants the screens."""

    AUTO = "auto", "Comme mon appareil"
    LIGHT = "light", "Claire"
    DARK = "dark", "Sombre"


class MailPace(Vocabulary):
    """How often a person is told by e-mail; urgent cases are told at once, whatever was chosen."""

    AT_ONCE = "at_once", "Tout de suite"
    TWICE = "twice", "Deux fois par jour, à 11 h et à 15 h"
    DAILY = "daily", "Une fois par jour, à 11 h"
    NONE = "none", "Jamais, sauf urgence"


class IdentifierKind(Vocabulary):
    """How an organisation knows the people it serves (domain, section 3)."""

    NONE = "none", "Aucun"
    ALLOCATAIRE = "allocataire", "Numéro d’allocataire"
    NIR = "nir", "Numéro de sécurité sociale (NIR)"
    FISCAL = "fiscal", "Numéro fiscal"
    FRANCE_TRAVAIL = "france_travail", "Identifiant France Travail"


class CaseStatus(Vocabulary):
    """Life of a case (domain, section 3)."""

    DRAFT = "draft", "Brouillon"
    SENT = "sent", "Transmise"
    IN_PROGRESS = "in_progress", "En cours"
    TO_REDIRECT = "to_redirect", "À réorienter"
    RESOLVED = "resolved", "Débloquée"
    CLOSED = "closed", "Clôturée"


class ReferralStatus(Vocabulary):
    """Life of a referral: each recipient has its own."""

    SENT = "sent", "transmise"
    IN_PROGRESS = "in_progress", "en cours"
    RESOLVED = "resolved", "débloquée"
    NOT_COMPETENT = "not_competent", "pas compétent"
    WITHDRAWN = "withdrawn", "retirée"


class Outcome(Vocabulary):
    """What came of a case, said by the aidant's side at closing."""

    SOLVED = "solved", "Débloquée"
    PARTLY = "partly", "Débloquée en partie"
    UNSOLVED = "unsolved", "Non débloquée"
    DROPPED = "dropped", "Sans suite"


class Usefulness(Vocabulary):
    """Whether the service was of use, said at closing."""

    VERY = "very", "Très utile"
    SOMEWHAT = "somewhat", "Plutôt utile"
    LITTLE = "little", "Peu utile"
    NOT = "not", "Pas utile"


class Civility(Vocabulary):
    """How the usager is named in lists."""

    MADAME = "mme", "Mme"
    MONSIEUR = "m", "M."
    COUPLE = "couple", "M. et Mme"
    NONE = "none", "Sans civilité"


class Party(Vocabulary):
    """Why a group or a person takes part in a case."""

    STRUCTURE = "structure", "Structure de l’aidant"
    RECIPIENT = "recipient", "Organisme destinataire"
    INVITED = "invited", "Agent+ associé"


class Audience(Vocabulary):
    """Who may read an entry of the thread."""

    EVERYBODY = "everybody", "Visible par l’Aidant+ et les organismes"
    OPERATORS = "operators", "Entre Agents+ seulement"


class EntryKind(Vocabulary):
    """What stands in the thread."""

    MESSAGE = "message", "Message"
    NOTE = "note", "Note entre Agents+"
    EVENT = "event", "Événement"


class EventKind(Vocabulary):
    """Events of a case, in the words of its thread: ``{who}`` is the author, ``{what}`` the object."""

    SENT = "sent", "{who} transmet la demande à {what}"
    TAKEN = "taken", "{who} prend en charge"
    PASSED = "passed", "{who} passe la demande à {what}"
    ASKED = "asked", "{who} demande une précision : le délai est suspendu"
    REFERRAL_RESOLVED = "referral_resolved", "{who} débloque la demande"
    NOT_COMPETENT = "not_competent", "{who} signale que son organisme n’est pas compétent"
    BETTER_RECIPIENT = (
        "better_recipient",
        "{who} signale que son organisme n’est pas compétent et propose {what}",
    )
    STANDARD_PROCEDURE = "standard_procedure", "{who} signale qu’une procédure standard existait"
    ASSOCIATED = "associated", "{who} associe {what}"
    INVITED = "invited", "{who} associe {what}"
    WITHDRAWN = "withdrawn", "{who} retire la demande à {what}"
    CLOSED = "closed", "{who} clôture la demande : {what}"
    REOPENED = "reopened", "{who} rouvre la demande : {what}"
    MANDATE_ACCEPTED = "mandate_accepted", "{who} accepte le mandat"
    MANDATE_REVOKED = "mandate_revoked", "{who} enregistre la révocation du mandat : le partage est suspendu"
    MANDATE_TAKEN_BACK = "mandate_taken_back", "La personne a annulé son accord : le partage est suspendu"
    MANDATE_EXPIRED = "mandate_expired", "Le mandat est arrivé à sa fin : le partage est suspendu"
    ANSWER_UNCLEAR = "answer_unclear", "La personne a écrit par SMS : sa structure lit sa réponse"
    LEFT_FREE = "left_free", "{who} rend la demande au groupe : elle attend quelqu’un"
    HANDED_OVER = "handed_over", "{who} confie à {what} la demande d’une personne qui quitte le groupe"
    CLOSING_SOON = "closing_soon", "Sans nouvelle de vous, la demande sera clôturée le {what}"
    CLOSED_BY_SERVICE = "closed_by_service", "La demande est clôturée automatiquement : {what}"


class NoticeKind(Vocabulary):
    """What people are told, in words that name nobody and no case."""

    NEW_CASE = "new_case", "Une demande est transmise à votre groupe"
    INVITED = "invited", "Vous êtes associé à une demande"
    ASSIGNED = "assigned", "Une demande vous est confiée"
    MESSAGE = "message", "Un nouveau message"
    NOTE = "note", "Une nouvelle note entre Agents+"
    MENTION = "mention", "On vous mentionne"
    ASSOCIATED = "associated", "Un organisme ou un Agent+ rejoint la demande"
    TAKEN = "taken", "Une demande est prise en charge"
    TAKEN_OVER = "taken_over", "Une demande que vous suiviez passe à un collègue"
    ASKED = "asked", "Une précision vous est demandée"
    RESOLVED = "resolved", "Un organisme débloque la demande"
    NOT_COMPETENT = "not_competent", "Un organisme n’est pas compétent"
    TO_REDIRECT = "to_redirect", "Une demande est à réorienter"
    WITHDRAWN = "withdrawn", "Une demande est retirée à votre groupe"
    CLOSED = "closed", "Une demande est clôturée"
    REOPENED = "reopened", "Une demande est rouverte"
    LEFT_FREE = "left_free", "Une demande de votre groupe attend quelqu’un"
    MANDATE = "mandate", "Le mandat d’une demande a changé"
    LATE = "late", "Une demande est en souffrance"
    LATE_TO_MANAGER = (
        "late_to_manager",
        "Une demande est en souffrance depuis deux jours ouvrés",
    )
    LATE_TO_COORDINATOR = (
        "late_coordinator",
        "Une demande est en souffrance depuis cinq jours ouvrés",
    )
    TO_CLOSE = "to_close", "Une demande débloquée est à clôturer"
    CLOSING_SOON = "closing_soon", "Une demande sera bientôt clôturée"
    CLOSED_BY_SERVICE = "closed_by_service", "Une demande est clôturée automatiquement"
    NOBODY_THERE = "nobody_there", "Un groupe n’a plus personne"


class MandateStatus(Vocabulary):
    """Life of a mandate (domain, section 5)."""

    DRAFT = "draft", "En préparation"
    PRESENTED = "presented", "Présenté à la personne"
    CONSENTED = "consented", "Accord donné"
    ACTIVE = "active", "En vigueur"
    ENDED = "ended", "Terminé"
    EXPIRED = "expired", "Expiré"
    REVOKED = "revoked", "Révoqué"
    RENOUNCED = "renounced", "Abandonné par la structure"
    SUPERSEDED = "superseded", "Remplacé"
    REFUSED = "refused", "Refusé par la personne"


class MandateWay(Vocabulary):
    """How an usager gives a mandate."""

    SCREEN = "screen", "Signature à l’écran"
    SMS_REPLY = "sms_reply", "Réponse à un SMS"
    SMS_CODE = "sms_code", "Code reçu par SMS"
    PAPER = "paper", "Papier signé"
    VERBAL = "verbal", "Accord oral avec témoin"
    EXISTING = "existing", "Mandat existant de la structure"


class ProofKind(Vocabulary):
    """What is kept as proof of a consent."""

    DRAWN = "drawn", "Signature dessinée"
    DECLARED = "declared", "Accord déclaré, nom écrit"
    SMS_REPLY = "sms_reply", "Réponse par SMS"
    SMS_CODE = "sms_code", "Code reçu par SMS, donné à l’accueil"
    PAPER = "paper", "Mandat signé sur papier, numérisé"
    WITNESS = "witness", "Accord oral devant témoin"
    EXISTING = "existing", "Mandat de la structure, joint"


class Capacity(Vocabulary):
    """In which capacity the person consents."""

    SELF = "self", "Pour moi-même"
    PARENT = "parent", "Comme parent d’un mineur"
    GUARDIAN = "guardian", "Comme représentant légal (tutelle, curatelle, habilitation)"


class AttachmentStatus(Vocabulary):
    """Where a file stands; an antivirus will add its own states."""

    PENDING = "pending", "en attente d’envoi"
    AVAILABLE = "available", "disponible"
    REFUSED = "refused", "refusé"


class SealLevel(Vocabulary):
    """What seals a mandate's document."""

    TRIAL = "trial", "Cachet d’essai"
    SEALED = "sealed", "Cachet électronique"
    STAMPED = "stamped", "Cachet électronique et horodatage"


class Channel(Vocabulary):
    """By which way something leaves."""

    SMS = "sms", "SMS"
    MAIL = "mail", "E-mail"


class OutgoingStatus(Vocabulary):
    """Where an outgoing message stands."""

    WAITING = "waiting", "En attente"
    SENT = "sent", "Parti"
    FAILED = "failed", "Non remis"


class SmsAnswer(Vocabulary):
    """What an incoming SMS says (domain, section 5)."""

    YES = "yes", "Oui"
    NO = "no", "Non"
    STOP = "stop", "Stop"
    UNCLEAR = "unclear", "Réponse à lire"
