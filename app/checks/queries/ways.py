"""Read which ways to a verification are open to an officer: desk tasks in marking, seats, sittings, and no sitting."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from app.catalogue.domain.items import Level
from app.catalogue.domain.references.competencies import Competencies
from app.catalogue.queries import courses as catalogue
from app.checks.domain.ways import OpenWay, OpenWayKind, SittingOffer, WayKind, open_ways
from app.checks.queries import offers, open_sittings
from app.checks.queries.offers import Wanted
from app.checks.queries.open_sittings import UnmarkedProduct
from app.competence.domain.needs import at_least
from app.competence.queries import competencies as competence
from app.identity.queries import postings
from app.identity.queries.postings import PostingSpan


@dataclass(frozen=True, slots=True)
class WaysOfOfficer:
    """The open ways in sittings by competency and level, and what only an assessor in a workshop can verify."""

    in_sittings: Mapping[tuple[str, Level], list[OpenWay]] = field(default_factory=dict)
    only_in_workshops: frozenset[tuple[str, Level]] = frozenset()


def ways(person_id: UUID, today: date, wanted: Wanted | None = None) -> Mapping[tuple[str, Level], list[OpenWay]]:
    """Return the ways in sittings that are open to an officer for competencies at a level, the nearest first.

    Without `wanted`, those that the officer needs. An officer without a posting today has no way but own seats.
    """
    return all_ways(person_id, today, wanted).in_sittings


def all_ways(person_id: UUID, today: date, wanted: Wanted | None = None) -> WaysOfOfficer:
    """Return the open ways of an officer as `ways` does, and the competencies that only a workshop verifies."""
    framework = catalogue.competencies() or Competencies()
    posting = posting_today(person_id, today)
    if wanted is None:
        wanted = _needs(framework, person_id, posting)
    country, agency_id = (posting.country, posting.agency_id) if posting else ("", None)
    sittings: dict[str, list[SittingOffer]] = defaultdict(list)
    for offer in open_sittings.for_officer(person_id, country, agency_id, today):
        sittings[offer.competency].append(offer)
    products = open_sittings.unmarked_products(person_id)
    possible = offers.possible(framework, wanted) if posting else {}
    by_level = offers.verified_by(framework)
    in_sittings = {
        (name, level): [
            *_in_marking(products, name, level),
            *open_ways(possible.get((name, level), []), sittings[name], needed=level, verified_by=by_level),
        ]
        for name, level in wanted
    }
    return WaysOfOfficer(in_sittings, offers.only_in_workshops(possible))


def posting_today(person_id: UUID, today: date) -> PostingSpan | None:
    """Return the posting of an officer today, or None."""
    spans = postings.postings([person_id]).get(person_id, [])
    return next((span for span in spans if span.since <= today and (span.until is None or span.until >= today)), None)


def _needs(framework: Competencies, person_id: UUID, posting: PostingSpan | None) -> list[tuple[str, Level]]:
    needs = competence.needs_of_all(framework, {person_id: posting.roles if posting else ()})
    return [(need.competency, need.level) for need in needs[person_id]]


def _in_marking(products: list[UnmarkedProduct], competency: str, needed: Level) -> list[OpenWay]:
    return [
        OpenWay(
            kind=OpenWayKind.MARKING,
            how=WayKind.DESK_TASK,
            level=product.level,
            at=product.submitted_at,
            marked_by=product.marked_by,
        )
        for product in products
        if product.competency == competency and product.level in at_least(needed)
    ]
