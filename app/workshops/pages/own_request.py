"""The user's request for a seat in an event with nominations: what it depends on, and what may be done now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.access.policy import Action, Actor, Role, allows
from app.identity.queries import roles
from app.rights.queries import supervision
from app.workshops.domain import times
from app.workshops.domain.eligibility import Obstacle
from app.workshops.domain.events import ACTIVE
from app.workshops.domain.nominations import (
    BEFORE_SELECTION,
    LIVE,
    OPEN_SEATS,
    NextActor,
    NominationFacts,
    NominationState,
    next_step,
)
from app.workshops.domain.phases import NominationRules, Phase, phase
from app.workshops.pages import obstacles as obstacle_pages
from app.workshops.queries import eligibility, nominations, own_nominations
from app.workshops.queries.nominations import ChangeLine
from app.workshops.shapes import OwnNomination, WorkshopFacts

State = NominationState


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnNominationRequest:
    """An event with nominations and the user's nomination for it, None without one."""

    workshop: WorkshopFacts
    rules: NominationRules
    nomination: OwnNomination | None
    changes: Sequence[ChangeLine]
    obstacles: Sequence[Obstacle]
    has_supervisor: bool
    contact_points: frozenset[UUID]
    own_roles: Sequence[str]
    is_invited: bool
    may_ask: bool
    now: datetime

    @property
    def phase(self) -> Phase:
        """Return the phase of the event."""
        return phase(self.workshop.times, self.now)

    @property
    def is_live(self) -> bool:
        """Return whether the user has a nomination that has not ended."""
        return self.nomination is not None and self.nomination.state in LIVE

    @property
    def is_refused(self) -> bool:
        """Return whether the user lacks what cannot be removed before the event."""
        return obstacle_pages.is_lasting(self.obstacles)

    @property
    def can_answer(self) -> bool:
        """Return whether the user can send or change the answers to the three questions."""
        if self.phase is not Phase.NOMINATIONS_OPEN or not self.is_invited or not self.may_ask:
            return False
        if self.nomination is not None and self.is_live:
            return self.nomination.state in BEFORE_SELECTION
        return not self.is_refused

    @property
    def can_withdraw(self) -> bool:
        """Return whether the user can withdraw."""
        return self.is_live and self.workshop.state in ACTIVE and self.now < self.workshop.starts_at

    @property
    def has_seat(self) -> bool:
        """Return whether a seat is reserved for, offered to or confirmed by the user."""
        return self.nomination is not None and self.nomination.state in OPEN_SEATS

    @property
    def is_offered(self) -> bool:
        """Return whether a seat is offered to the user."""
        offered = self.nomination is not None and self.nomination.state is State.OFFERED
        until = self.nomination.offered_until if self.nomination else None
        return offered and self.can_withdraw and until is not None and self.now < until

    @property
    def needs_reason(self) -> bool:
        """Return whether a withdrawal needs a reason."""
        day, zone = self.rules.withdraw_by, self.workshop.time_zone
        has_seat = self.nomination is not None and self.nomination.state is State.CONFIRMED
        return has_seat and day is not None and self.now >= times.end_of(day, zone)

    @property
    def next(self) -> NextActor | None:
        """Return who acts next on the nomination, and until when."""
        if self.nomination is None:
            return None
        facts = NominationFacts(self.nomination.state, self.nomination.offered_until, self.has_supervisor)
        return next_step(facts, own_nominations.deadlines(self.workshop), self.now)


def own_request(actor: Actor, workshop: WorkshopFacts, rules: NominationRules, now: datetime) -> OwnNominationRequest:
    """Return the user's request for a seat in an event."""
    nomination, today = own_nominations.newest(actor.id, workshop.id), now.date()
    level = nomination.language_level if nomination else None
    is_admitted = nomination is not None and nomination.is_admitted
    return OwnNominationRequest(
        workshop=workshop,
        rules=rules,
        nomination=nomination,
        changes=nominations.changes(nomination.id) if nomination else [],
        obstacles=[] if is_admitted else own_nominations.obstacles(workshop, actor.id, level, today),
        has_supervisor=bool(supervision.supervisors_of(actor.id, today) - {actor.id}),
        contact_points=frozenset(roles.offices(Role.CONTACT_POINT, today).get(actor.country, [])),
        own_roles=eligibility.own_roles(actor.id, today),
        is_invited=bool(actor.country) and (not rules.countries or actor.country in rules.countries),
        may_ask=allows(actor, Action.EXPRESS_INTEREST, workshop),
        now=now,
    )
