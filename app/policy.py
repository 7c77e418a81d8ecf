"""Who may do what: one table, read by services, screens and README alike. Pure: no SQL, no clock, no settings.

A predicate is a sentence about an actor and a case. ``RIGHTS`` says which predicates suffice for an
action; an action without a row is a failing test, not an open door. Masking is absence from this table.
Source: domain, sections 2 and 6.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID

from models.enums import CaseStatus, ScopeKind, Side

NOBODY = UUID(int=0)  # the service itself, and whoever has no account


@dataclass(frozen=True)
class Member:
    """A place in a group."""

    group_id: UUID
    side: Side | None
    is_manager: bool = False


@dataclass(frozen=True)
class Actor:
    """Who acts, with the rights held at this instant.

    ``usager_of`` is the case of a usager who showed that its mandate is theirs (their own link or phone).
    """

    account_id: UUID
    name: str = ""
    memberships: frozenset[Member] = frozenset()
    scopes: frozenset[ScopeKind] = frozenset()
    usager_of: UUID | None = None

    @property
    def account(self) -> UUID | None:
        """The account that acts, if it is one: not the service itself, nor a usager."""
        return None if self.account_id == NOBODY else self.account_id

    def groups(self, side: Side) -> frozenset[UUID]:
        """The groups in which the actor stands on this side."""
        return frozenset(m.group_id for m in self.memberships if m.side is side)

    @property
    def holders(self) -> frozenset[UUID]:
        """Everything that may hold a participation for this actor: groups with a side, and the account."""
        return frozenset({self.account_id, *(m.group_id for m in self.memberships if m.side is not None)})


@dataclass(frozen=True)
class CaseFacts:
    """What the rights of a case depend on.

    ``recipients`` are the groups with a referral not withdrawn; ``invited`` the accounts associated by name;
    ``referral_group`` the group whose referral an action is about, when it is about one.
    ``case_id`` is the case itself, once it is one. ``knowers`` are the groups whose organisation knows people
    by the number that an action is about, when it is about one (domain, section 3, «Fields by organisation»).
    """

    author_id: UUID
    structure_id: UUID
    status: CaseStatus
    recipients: frozenset[UUID] = frozenset()
    invited: frozenset[UUID] = frozenset()
    has_valid_mandate: bool = True
    referral_group: UUID | None = None
    case_id: UUID | None = None
    knowers: frozenset[UUID] = frozenset()

    def about(self, group_id: UUID) -> CaseFacts:
        """The same case, for an action about this group's referral."""
        return replace(self, referral_group=group_id)

    def known_to(self, group_ids: frozenset[UUID]) -> CaseFacts:
        """The same case, for an action about the number by which these groups know people."""
        return replace(self, knowers=group_ids)


class Action(StrEnum):
    """Everything that is asked before it is done."""

    READ = "Lire la demande"
    READ_NOTES = "Lire les notes entre Agents+"
    CREATE = "Créer une demande, un mandat"
    WRITE = "Écrire dans le fil"
    WRITE_NOTES = "Écrire une note entre Agents+"
    HANDLE = "Prendre en charge, débloquer, se dire pas compétent"
    ASSOCIATE = "Associer un autre organisme ou un Agent+"
    WITHDRAW = "Retirer la demande à un organisme"
    CLOSE = "Clôturer"
    REOPEN = "Rouvrir"
    DOWNLOAD = "Télécharger les fichiers"
    SEE_MANDATE = "Voir le mandat"
    MANAGE_MANDATE = "Présenter, accepter, abandonner le mandat"
    ANSWER_MANDATE = "Donner, refuser ou annuler l’accord"
    SEE_IDENTIFIER = "Voir un numéro de la personne (allocataire, NIR…)"
    IDENTIFY = "Ajouter ou corriger ces numéros"


Predicate = Callable[[Actor, CaseFacts], bool]


def is_author_of_the_draft(actor: Actor, case: CaseFacts) -> bool:
    """A draft is its author's alone, while they belong to the structure."""
    return (
        case.status is CaseStatus.DRAFT
        and case.author_id == actor.account_id
        and case.structure_id in actor.groups(Side.AIDANT)
    )


def is_aidant_of_the_structure(actor: Actor, case: CaseFacts) -> bool:
    """Every aidant of the structure has the case in common, once it is sent."""
    return case.status is not CaseStatus.DRAFT and case.structure_id in actor.groups(Side.AIDANT)


def is_agent_of_a_recipient(actor: Actor, case: CaseFacts) -> bool:
    """An agent of a group that the case was sent to."""
    return case.status is not CaseStatus.DRAFT and bool(case.recipients & actor.groups(Side.AGENT))


def is_invited_agent(actor: Actor, case: CaseFacts) -> bool:
    """An agent associated by name, while still an agent somewhere."""
    return (
        case.status is not CaseStatus.DRAFT
        and actor.account_id in case.invited
        and bool(actor.groups(Side.AGENT))
    )


def is_agent_of_this_referral(actor: Actor, case: CaseFacts) -> bool:
    """Each gesture is made on one's own referral."""
    return is_agent_of_a_recipient(actor, case) and case.referral_group in (
        case.recipients & actor.groups(Side.AGENT)
    )


def is_agent_of_a_recipient_who_knows(actor: Actor, case: CaseFacts) -> bool:
    """An agent of a recipient whose organisation knows people by the number asked about."""
    return case.status is not CaseStatus.DRAFT and bool(
        case.recipients & case.knowers & actor.groups(Side.AGENT)
    )


def is_invited_agent_who_knows(actor: Actor, case: CaseFacts) -> bool:
    """An agent associated by name who stands in such an organisation, wherever it is."""
    return is_invited_agent(actor, case) and bool(case.knowers & actor.groups(Side.AGENT))


def is_usager_of_the_case(actor: Actor, case: CaseFacts) -> bool:
    """The person whose mandate it is: they have no account, and this right only."""
    return actor.usager_of is not None and actor.usager_of == case.case_id


def while_open(predicate: Predicate) -> Predicate:
    """The same, until the case is closed."""

    def until_closing(actor: Actor, case: CaseFacts) -> bool:
        return case.status is not CaseStatus.CLOSED and predicate(actor, case)

    return until_closing


def while_shared(predicate: Predicate) -> Predicate:
    """The same, while the case is open and the mandate holds: a revoked mandate freezes sharing."""

    def under_the_mandate(actor: Actor, case: CaseFacts) -> bool:
        return case.has_valid_mandate and while_open(predicate)(actor, case)

    return under_the_mandate


def unless_aidant(predicate: Predicate) -> Predicate:
    """The same, but not for who also stands on the aidant's side of this case (see ``side_in``)."""

    def on_one_side_only(actor: Actor, case: CaseFacts) -> bool:
        return predicate(actor, case) and not is_aidant_of_the_structure(actor, case)

    return on_one_side_only


def is_aidant_somewhere(actor: Actor, case: CaseFacts) -> bool:
    """An aidant of the structure that the new case would belong to."""
    return case.structure_id in actor.groups(Side.AIDANT)


RIGHTS: dict[Action, tuple[Predicate, ...]] = {
    Action.READ: (
        is_author_of_the_draft, is_aidant_of_the_structure, is_agent_of_a_recipient, is_invited_agent),
    Action.READ_NOTES: (unless_aidant(is_agent_of_a_recipient), unless_aidant(is_invited_agent)),
    Action.CREATE: (is_aidant_somewhere,),
    Action.WRITE: (
        while_shared(is_aidant_of_the_structure), while_shared(is_agent_of_a_recipient),
        while_shared(is_invited_agent)),
    Action.WRITE_NOTES: (
        unless_aidant(while_shared(is_agent_of_a_recipient)), unless_aidant(while_shared(is_invited_agent))),
    Action.HANDLE: (while_shared(is_agent_of_this_referral),),
    Action.ASSOCIATE: (while_shared(is_aidant_of_the_structure), while_shared(is_agent_of_a_recipient)),
    Action.WITHDRAW: (while_open(is_aidant_of_the_structure),),
    Action.CLOSE: (while_open(is_aidant_of_the_structure),),
    Action.REOPEN: (is_aidant_of_the_structure,),
    Action.DOWNLOAD: (
        is_author_of_the_draft, while_open(is_aidant_of_the_structure), while_shared(is_agent_of_a_recipient),
        while_shared(is_invited_agent)),
    Action.SEE_MANDATE: (
        is_author_of_the_draft, is_aidant_of_the_structure, while_shared(is_agent_of_a_recipient),
        while_shared(is_invited_agent)),
    Action.MANAGE_MANDATE: (is_author_of_the_draft, is_aidant_of_the_structure),
    Action.ANSWER_MANDATE: (is_author_of_the_draft, is_aidant_of_the_structure, is_usager_of_the_case),
    Action.SEE_IDENTIFIER: (
        is_author_of_the_draft, is_aidant_of_the_structure, while_shared(is_agent_of_a_recipient_who_knows),
        while_shared(is_invited_agent_who_knows)),
    Action.IDENTIFY: (while_shared(is_aidant_of_the_structure),),
}  # fmt: skip


def may(actor: Actor, action: Action, case: CaseFacts) -> bool:
    """Whether this actor may do this to this case: one sufficient predicate is enough."""
    return any(predicate(actor, case) for predicate in RIGHTS[action])


def side_in(actor: Actor, case: CaseFacts) -> Side | None:
    """On which side the actor reads this case; nobody's side when it is not theirs.

    Somebody on both sides reads as an aidant, so that a note between agents never crosses over.
    """
    if is_author_of_the_draft(actor, case) or is_aidant_of_the_structure(actor, case):
        return Side.AIDANT
    if is_agent_of_a_recipient(actor, case) or is_invited_agent(actor, case):
        return Side.AGENT
    return None


def sees_whose_mandate(actor: Actor) -> bool:
    """Who verifies a mandate by its code sees whose it is when they stand at a counter or in an organisation;
    others learn its state only (section 6: cases are masked to them)."""
    return any(member.side is not None for member in actor.memberships)


def may_manage_accounts(actor: Actor) -> bool:
    """Accounts belong to the platform team (the row «Manage members of a group», outside one's own group)."""
    return ScopeKind.ADMINISTRATOR in actor.scopes


def may_administer(actor: Actor) -> bool:
    """Lists, rules, notes, jobs and what leaves belong to the platform team (the row «Imports, reference data,
    settings, journal»)."""
    return ScopeKind.ADMINISTRATOR in actor.scopes


def may_manage_members(actor: Actor, group_id: UUID) -> bool:
    """Members of a group are managed by its responsable, and by administrators."""
    return may_manage_accounts(actor) or any(
        member.is_manager and member.group_id == group_id for member in actor.memberships
    )


def may_declare_absence(actor: Actor, account_id: UUID, group_id: UUID) -> bool:
    """An agent's absence in a group is declared by themselves, by its responsable, and by administrators."""
    is_own = actor.account_id == account_id and group_id in actor.groups(Side.AGENT)
    return is_own or may_manage_members(actor, group_id)


def may_keep_answers(actor: Actor, group_id: UUID) -> bool:
    """A group's ready answers are kept by all who write in its name: its members on a side."""
    return any(member.group_id == group_id and member.side is not None for member in actor.memberships)


def may_remove_member(actor: Actor, account_id: UUID, group_id: UUID) -> bool:
    """A member is taken out of a group by its responsable and by administrators, and may leave it alone."""
    is_own = actor.account_id == account_id and any(m.group_id == group_id for m in actor.memberships)
    return is_own or may_manage_members(actor, group_id)
