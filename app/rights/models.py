"""Tables of administrator requests, supervision and role proposals; role assignments are in `identity`."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.access.policy import Role
from app.db.base import Keyed, text_enum
from app.rights.domain.proposals import ProposalOutcome
from app.rights.domain.roles import RequestAnswer

_UNANSWERED = text("answered_at IS NULL")
_STILL = text("until IS NULL")


class AdministratorRequest(Keyed):
    """A request of one administrator for another one, which a second administrator answers."""

    __tablename__ = "administrator_request"
    __table_args__ = (
        Index(
            "uq_administrator_request_open", "person_id", unique=True,
            sqlite_where=_UNANSWERED, postgresql_where=_UNANSWERED,
        ),
        CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", "answered_at_a_time"),
        CheckConstraint("(answered_by IS NULL) = (answered_at IS NULL)", "answered_by_somebody"),
        CheckConstraint("asked_by <> person_id", "nobody_asks_for_themself"),
        CheckConstraint("answer <> 'confirmed' OR (answered_by <> asked_by AND answered_by <> person_id)", "by_two"),
    )  # fmt: skip

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    asked_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    since: Mapped[date]
    until: Mapped[date | None]  # NULL: until further notice
    asked_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    answer: Mapped[RequestAnswer | None] = mapped_column(text_enum(RequestAnswer, "answer"))  # NULL: none yet
    answered_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime | None]


class Supervision(Keyed):
    """The assignment of a supervisor to an officer, with first and last day (inclusive).

    It is valid while both serve in one country and the supervisor has the role: read it by `queries.supervision`.
    """

    __tablename__ = "supervision"
    __table_args__ = (
        Index(
            "uq_supervision_open", "officer_id", "supervisor_id", unique=True,
            sqlite_where=_STILL, postgresql_where=_STILL,
        ),
        CheckConstraint("supervisor_id <> officer_id", "nobody_supervises_themself"),
        CheckConstraint("until IS NULL OR until >= since", "until_is_not_before_since"),
    )  # fmt: skip

    supervisor_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    officer_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    since: Mapped[date]
    until: Mapped[date | None]  # NULL: until further notice


_OPEN_PROPOSAL = text("ended_at IS NULL")


class RoleProposal(Keyed):
    """A role proposed for a person or for an invitation, until it is assigned, stopped, withdrawn or lapsed."""

    __tablename__ = "role_proposal"
    __table_args__ = (
        Index(
            "uq_role_proposal_open_person",
            "person_id",
            "role",
            unique=True,
            sqlite_where=_OPEN_PROPOSAL,
            postgresql_where=_OPEN_PROPOSAL,
        ),
        Index(
            "uq_role_proposal_open_invitation",
            "invitation_id",
            unique=True,
            sqlite_where=_OPEN_PROPOSAL,
            postgresql_where=_OPEN_PROPOSAL,
        ),
        Index("ix_role_proposal_open", "ended_at", "due_at"),
        CheckConstraint("person_id IS NOT NULL OR invitation_id IS NOT NULL", "for_a_person"),
        CheckConstraint("(role = 'contact_point') = (country <> '')", "contact_point_has_a_country"),
        CheckConstraint("(agreed_by IS NULL) = (agreed_at IS NULL)", "agreed_at_a_time"),
        CheckConstraint("(outcome IS NULL) = (ended_at IS NULL)", "ended_with_an_outcome"),
        CheckConstraint("proposed_by <> person_id", "not_for_the_proposer"),
        CheckConstraint("agreed_by <> proposed_by AND agreed_by <> person_id", "agreed_by_another_person"),
    )

    role: Mapped[Role]
    country: Mapped[str] = mapped_column(String(2), default="")  # of a contact point; "" for a coordinator
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))  # NULL: the invitation is not accepted
    invitation_id: Mapped[UUID | None] = mapped_column(ForeignKey("invitation.id"))
    since: Mapped[date]
    until: Mapped[date | None]  # NULL: until further notice
    proposed_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    proposed_at: Mapped[datetime]
    agreed_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    agreed_as: Mapped[str | None] = mapped_column(String(32))  # a role
    agreed_at: Mapped[datetime | None]
    due_at: Mapped[datetime]  # when it is carried out or, without an agreement, lapses
    approved_at: Mapped[datetime | None]  # nothing but the account is missing
    ended_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[datetime | None]
    outcome: Mapped[ProposalOutcome | None]
