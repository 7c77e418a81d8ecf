"""A database of N cases for the measurements: 50 groups, 2 000 accounts, one fixed seed, bulk inserts.

25 structures and 25 operator groups (five organisations in five départements). Each case has two
recipients; the first operator group receives exactly one case in fifty, the others share the rest.
"""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import insert, literal, select, text
from sqlmodel import SQLModel, col

from app import mandate_text, reference, work
from app.escalation import Level
from app.schema import migrate
from app.security.passwords import hash_password
from app.work import ByNobody, BySession, Database, acting
from models.account import Account, AuthSession, Membership
from models.case import Case, Lateness, Participation, ReadMark, Referral
from models.enums import GroupKind, Side
from models.mandate import Mandate, MandateScope
from models.organization import Blockage, Group, GroupArea, Organization, Procedure, Theme
from models.search import SearchLine
from models.thread import Entry
from tests.bench import bulk
from tests.bench.index import built_at_the_end
from tests.bench.life import Country, Place, case_rows, id_at
from tests.bench.words import FIRST_NAMES, LAST_NAMES

SEED = 20261123
ACCOUNTS = 2_000
PASSWORD = "le mot de passe des mesures"
_DEPARTEMENTS = ("02", "08", "59", "60", "80")
_OPERATORS = ("caf", "cpam", "carsat", "ddfip", "france_travail")
_STRUCTURES = 5  # in each département
_BATCH = 2_000
_ORDER: tuple[type[SQLModel], ...] = (
    Case, Entry, SearchLine, Participation, Referral, ReadMark, Mandate, MandateScope,
)  # fmt: skip


@dataclass(frozen=True)
class Filled:
    """Who acts in the measurements, and where."""

    agent: BySession
    agent_group: UUID
    aidant: BySession
    structure: UUID
    recipients: tuple[UUID, UUID]
    departement: str


def fill(database: Database, cases: int) -> Filled:
    """Create the tables, write everything, and let the engine learn its statistics."""
    chance = random.Random(SEED)
    now = datetime.now(UTC)
    migrate(database)
    work.use(database)
    with acting(ByNobody(), at=now) as filling:
        reference.load(filling)
        filling.session.flush()
        country = _country(filling, chance)
    with built_at_the_end(database):
        for first in range(0, cases, _BATCH):
            tables: dict[type, list[bulk.Row]] = defaultdict(list)
            for number in range(first, min(first + _BATCH, cases)):
                for model, rows in case_rows(country, chance, number, cases, now).items():
                    tables[model] += rows
            with database.transaction(write=True) as session:
                for model in _ORDER:
                    bulk.write(session, model, tables[model])
    _tell(database, now)
    _learn(database)
    return _who(country, now)


def _tell(database: Database, now: datetime) -> None:
    """Have every silence told already: a service that is measured would else catch up with years of them."""
    late = col(Referral.due_at) <= now
    told = select(col(Referral.id), col(Referral.due_at), literal(int(Level.COORDINATORS))).where(late)
    with database.transaction(write=True) as session:
        session.execute(insert(Lateness).from_select(["referral_id", "due_at", "level"], told))


def _country(filling: work.Work, chance: random.Random) -> Country:
    session, now = filling.session, filling.now
    organizations = {row.code: row for row in session.scalars(select(Organization))}
    password_hash = hash_password(PASSWORD)
    operators: dict[str, tuple[Place, ...]] = {}
    structures: dict[str, tuple[Place, ...]] = {}
    groups: list[bulk.Row] = []
    accounts: list[bulk.Row] = []
    each = ACCOUNTS // (len(_DEPARTEMENTS) * (len(_OPERATORS) + _STRUCTURES))

    def place(organization: Organization, departement: str, number: int) -> Place:
        name = f"{organization.short_name} – {departement}"
        name += f" – {number}" if organization.kind is GroupKind.STRUCTURE else ""
        group_id = id_at(chance, now - timedelta(days=400))
        groups.append({
            "id": group_id, "created_at": now, "name": name, "kind": organization.kind,
            "organization_id": organization.id, "commune": "", "guidance": "", "is_open": True,
        })  # fmt: skip
        members = []
        for _ in range(each):
            account_id = id_at(chance, now - timedelta(days=400))
            first, last = chance.choice(FIRST_NAMES), chance.choice(LAST_NAMES)
            accounts.append({
                "id": account_id, "created_at": now, "email": f"compte{len(accounts)}@mesures.example",
                "first_name": first, "last_name": last, "password_hash": password_hash, "is_active": True,
            })  # fmt: skip
            members.append((account_id, f"{first} {last}"))
        names = (organization.short_name, organization.full_name)
        return Place(group_id, name, departement, organization.id, names, tuple(members))

    for departement in _DEPARTEMENTS:
        operators[departement] = tuple(place(organizations[code], departement, 0) for code in _OPERATORS)
        structures[departement] = tuple(
            place(organizations["france_services"], departement, number + 1) for number in range(_STRUCTURES)
        )
    bulk.write(session, Group, groups)
    bulk.write(session, Account, accounts)
    for side, places in ((Side.AGENT, operators), (Side.AIDANT, structures)):
        for each_place in (one for found in places.values() for one in found):
            area = {"group_id": each_place.id, "departement": each_place.departement}
            bulk.write(session, GroupArea, [area])
            bulk.write(session, Membership, [
                {
                    "id": id_at(chance, now), "created_at": now, "account_id": account_id,
                    "group_id": each_place.id, "side": side, "is_manager": False,
                }
                for account_id, _ in each_place.members
            ])  # fmt: skip
    themes, blockages, procedures = (
        tuple(session.scalars(select(col(table.code)).order_by(col(table.position))))
        for table in (Theme, Blockage, Procedure)
    )
    return Country(operators, structures, themes, blockages, procedures, mandate_text.current(filling))


def _who(country: Country, now: datetime) -> Filled:
    """Sign an agent of the measured group in, and an aidant of the same département."""
    measured = country.measured
    structure = country.structures[measured.departement][0]
    sessions = [
        AuthSession(
            created_at=now, account_id=account_id, token_hash=token, last_seen_at=now,
            expires_at=now + timedelta(days=7),
        )
        for account_id, token in ((measured.members[0][0], b"agent"), (structure.members[0][0], b"aidant"))
    ]  # fmt: skip
    with acting(ByNobody(), at=now) as signing:
        signing.session.add_all(sessions)
    return Filled(
        agent=BySession(sessions[0].id),
        agent_group=measured.id,
        aidant=BySession(sessions[1].id),
        structure=structure.id,
        recipients=(measured.id, country.operators[measured.departement][1].id),
        departement=measured.departement,
    )


def _learn(database: Database) -> None:
    """Do what each engine does by itself in time: statistics, and the leftovers of so many writes."""
    if database.is_sqlite:
        with database.engine.connect() as connection:
            raw = connection.connection.cursor()
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            raw.execute("ANALYZE")
            raw.close()
        return
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM (ANALYZE)"))
        if connection.scalar(text("SELECT current_setting('is_superuser')")) == "on":
            connection.execute(text("CHECKPOINT"))
