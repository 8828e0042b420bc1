"""Count the invitations of officers who are not in yet, by country and role, for completion."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import and_, func, or_, select

from app.db.session import db
from app.invitations.domain.invitations import KEPT
from app.invitations.models import Invitation

AFTER_END = timedelta(days=90)  # so long an invitation that expired or came back still counts


@dataclass(frozen=True, slots=True)
class NotInYet:
    """How many people of a country are invited in a role of the framework; `bounced` of them by a returned mail."""

    country: str
    role: str
    invited: int
    bounced: int


def not_in_yet(day: date) -> list[NotInYet]:
    """Return the invitations at the end of a UTC day: open, or expired or bounced in the 90 days before."""
    moment = datetime.combine(day + timedelta(days=1), time(), UTC)
    # an invitation that was not accepted is closed some time after its end, which moves `ends_at` to that day
    closed, first_end = Invitation.withdrawn_at == Invitation.ends_at, moment - AFTER_END
    query = (
        select(
            Invitation.country, Invitation.posting_roles, func.count(),
            func.count(Invitation.bounced_at).filter(Invitation.bounced_at < moment),
        )
        .where(
            Invitation.posting_roles != "",
            Invitation.made_at < moment,
            or_(Invitation.accepted_at.is_(None), Invitation.accepted_at >= moment),
            or_(Invitation.withdrawn_at.is_(None), Invitation.withdrawn_at >= moment, closed),
            or_(
                and_(closed, Invitation.ends_at >= first_end + KEPT),
                and_(or_(Invitation.withdrawn_at.is_(None), ~closed), Invitation.ends_at >= first_end),
            ),
        )
        .group_by(Invitation.country, Invitation.posting_roles)
    )  # fmt: skip
    invited: Counter[tuple[str, str]] = Counter()
    bounced: Counter[tuple[str, str]] = Counter()
    for country, roles, number, returned in db.session.execute(query):
        cell = country, roles.split()[0]
        invited[cell] += number
        bounced[cell] += returned
    return [NotInYet(*cell, number, bounced[cell]) for cell, number in sorted(invited.items())]
