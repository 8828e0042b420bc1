"""Count the verified officers whom their own chain alone watched last in a competency, by country."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select

from app.db.session import db
from app.plan.domain.definitions import StoredDefinition
from app.plan.domain.rules import OWN_CHAIN
from app.plan.models import Contribution
from app.plan.queries import figures


@dataclass(frozen=True, slots=True)
class OwnChainCount:
    """Officers whom the own chain alone watched, those verified, and those in the denominator of a share."""

    own_chain: int = 0
    verified: int = 0
    needed: int = 0


def by_country(defined: StoredDefinition, day: date, *, without: Collection[UUID] = ()) -> dict[str, OwnChainCount]:
    """Return the officers of the own chain, of the verified ones, by country; officers in `without` are left out."""
    own_chain = func.count().filter(Contribution.thing == OWN_CHAIN)
    verified = func.count().filter(Contribution.numerator > 0)
    query = select(Contribution.country, own_chain, verified, func.sum(Contribution.denominator)).where(
        *figures.counting(defined, day)
    )
    if without:
        query = query.where(Contribution.person_id.not_in(without))
    rows = db.session.execute(query.group_by(Contribution.country))
    return {row[0]: OwnChainCount(row[1], row[2], round(row[3])) for row in rows}
