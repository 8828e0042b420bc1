"""Tables: evidence, states, validity, periods, capacity rollups, reassessment, needs by name, claims."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.catalogue.domain.items import Level
from app.competence.domain.claims import ClaimState
from app.competence.domain.evidence import EvidenceKind
from app.db.base import Base, Keyed, Numbered


class Evidence(Numbered):
    """A piece of evidence; rows are only added. A row with `voids` voids an earlier row and has the reason."""

    __tablename__ = "evidence"
    __table_args__ = (
        UniqueConstraint("person_id", "competency", "level", "source"),
        CheckConstraint("share IS NULL OR share BETWEEN 0 AND 1", "share_is_a_share"),
        CheckConstraint("mark IS NULL OR mark BETWEEN 0 AND 1", "mark_is_a_share"),
        CheckConstraint("trust BETWEEN 0 AND 1", "trust_is_a_share"),
        CheckConstraint("(share IS NULL) = (items = 0) AND (share IS NULL) = (mark IS NULL)", "asked_is_marked"),
        CheckConstraint("(kind = 'void') = (voids IS NOT NULL)", "void_names_a_row"),
        CheckConstraint("kind <> 'void' OR reason <> ''", "void_says_why"),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    competency: Mapped[str] = mapped_column(String(20))
    level: Mapped[Level]
    day: Mapped[date]
    done_at: Mapped[datetime]  # the time of the deed: what orders the evidence of a day
    kind: Mapped[EvidenceKind]
    share: Mapped[float | None]  # NULL: nothing was asked
    mark: Mapped[float | None]  # NULL: nothing was asked
    items: Mapped[int] = mapped_column(SmallInteger, default=0)  # items, decisions or rubric lines
    trust: Mapped[float] = mapped_column(default=0.0)
    watched: Mapped[bool] = mapped_column(default=False)
    guess: Mapped[float] = mapped_column(default=0.25)
    source: Mapped[str] = mapped_column(String(120))  # what it came from ("attempt:<uuid>"): the same thing counts once
    assessor_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))  # NULL: no assessor scored it
    assessor_country: Mapped[str] = mapped_column(String(2), default="")
    recorded_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))  # NULL: the academy itself
    recorded_at: Mapped[datetime]
    voids: Mapped[int | None] = mapped_column(ForeignKey("evidence.id"), unique=True)  # NULL: voids nothing
    reason: Mapped[str] = mapped_column(Text, default="")


class State(Base):
    """The skill estimated from all evidence at one level (`SkillState`): a cache, exact on the day `last_on`."""

    __tablename__ = "competence_state"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    competency: Mapped[str] = mapped_column(String(20), primary_key=True)
    level: Mapped[Level] = mapped_column(primary_key=True)
    mu: Mapped[float]
    var: Mapped[float]
    du: Mapped[float]
    uvar: Mapped[float]
    peak: Mapped[float]
    trained: Mapped[bool] = mapped_column(default=False)  # the gain of a module is added once
    last_on: Mapped[date]
    watched_on: Mapped[date | None]  # NULL: never watched
    verified_from: Mapped[date | None]  # NULL: never verified
    verified_until: Mapped[date | None]  # NULL: never verified; the last day that counts
    edition: Mapped[int] = mapped_column(SmallInteger)  # of the rules that made this row


class CompetencyValidity(Base):
    """The newest validity of a competency at a level or above it: its last day, and the posting it counts in."""

    __tablename__ = "competence_held"
    __table_args__ = (
        Index(None, "country", "competency", "until"),
        Index(None, "agency_id", "until"),
        Index(None, "competency", "level", "until"),
        Index(None, "person_id", "competency", "level", "until"),  # covers the groups of a what-if
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    competency: Mapped[str] = mapped_column(String(20), primary_key=True)
    level: Mapped[Level] = mapped_column(primary_key=True)
    since: Mapped[date]
    until: Mapped[date]
    country: Mapped[str] = mapped_column(String(2))
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agency.id"))
    role: Mapped[str] = mapped_column(String(40))  # the first role of the posting: each officer counts once


class Period(Numbered):
    """A period in which a competency is valid at a level or above it; the history for any past day."""

    __tablename__ = "competence_period"
    __table_args__ = (
        UniqueConstraint("person_id", "competency", "level", "since"),
        CheckConstraint("until >= since", "until_is_not_before_since"),
        Index(None, "competency", "level", "since"),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    competency: Mapped[str] = mapped_column(String(20))
    level: Mapped[Level]
    since: Mapped[date]
    until: Mapped[date]
    country: Mapped[str] = mapped_column(String(2))
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agency.id"))
    role: Mapped[str] = mapped_column(String(40))


class AgencyMonth(Base):
    """The number of officers of an agency whose validity ends in this month (year x 12 + month - 1)."""

    __tablename__ = "cap_month"

    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agency.id"), primary_key=True)
    competency: Mapped[str] = mapped_column(String(20), primary_key=True)
    level: Mapped[Level] = mapped_column(primary_key=True)
    month: Mapped[int] = mapped_column(primary_key=True)
    n: Mapped[int]


class CountryMonth(Base):
    """The same number by country and role; rows with the role EVERY are the sum over all roles."""

    __tablename__ = "cap_month_c"
    __table_args__ = (
        Index(None, "role", "competency", "level", "month", "n"),
    )  # all countries at once, from the index alone

    country: Mapped[str] = mapped_column(String(2), primary_key=True)
    role: Mapped[str] = mapped_column(String(40), primary_key=True)
    competency: Mapped[str] = mapped_column(String(20), primary_key=True)
    level: Mapped[Level] = mapped_column(primary_key=True)
    month: Mapped[int] = mapped_column(primary_key=True)
    n: Mapped[int]


class CapacityDay(Base):
    """The rollup of a day: officers who need a competency at exactly this level, have it, are likely able.

    `expected` is the sum of p over the needs, `var` that of p (1 - p). `audited`, `low`, `high` are the sums as the
    surprise checks correct them, NULL where there were none in a year. `watched`: how many of the needs are of
    officers who were ever watched; `checks`: surprise checks of these officers in a year.
    """

    __tablename__ = "cap_day"

    day: Mapped[date] = mapped_column(primary_key=True)
    country: Mapped[str] = mapped_column(String(2), primary_key=True)
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agency.id"), primary_key=True)
    competency: Mapped[str] = mapped_column(String(20), primary_key=True)
    level: Mapped[Level] = mapped_column(primary_key=True)
    need: Mapped[int]
    headcount: Mapped[int]
    expected: Mapped[float]
    var: Mapped[float]
    audited: Mapped[float | None]
    low: Mapped[float | None]
    high: Mapped[float | None]
    watched: Mapped[int]
    checks: Mapped[int]


class Turn(Base):
    """The only row: the rules behind all results, and the progress of a reassessment by newer rules."""

    __tablename__ = "competence_turn"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    done: Mapped[str] = mapped_column(String(64))  # fingerprint of rules
    wanted: Mapped[str] = mapped_column(String(64))
    after: Mapped[UUID | None]  # NULL: from the first person on


class NamedNeed(Base):
    """A competency that is required of an officer by name, beside those of the role."""

    __tablename__ = "named_need"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    competency: Mapped[str] = mapped_column(String(20), primary_key=True)
    level: Mapped[Level]
    named_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    named_at: Mapped[datetime]


class Claim(Keyed):
    """A claim of earlier skill by an officer, and the decision of a second person."""

    __tablename__ = "skill_claim"
    __table_args__ = (
        UniqueConstraint("person_id", "competency", "level"),
        CheckConstraint("(state = 'waiting') = (decided_at IS NULL)", "decided_says_when"),
        CheckConstraint("decided_by IS NULL OR decided_by <> person_id", "a_second_person_decides"),
        Index(None, "state"),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    competency: Mapped[str] = mapped_column(String(20))
    level: Mapped[Level]
    state: Mapped[ClaimState]
    claimed_at: Mapped[datetime]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))  # NULL: not decided yet
    decided_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(String(300), default="")
