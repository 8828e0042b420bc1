"""Express interest, endorse, nominate and rank, decline and admit, under the lock of the event's row."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.exc import NoResultFound

from app.access.policy import Action, Actor, CountryScope, allows
from app.db.session import db, record
from app.identity.queries import postings
from app.kernel.errors import DomainError
from app.rights.queries import supervision
from app.workshops.domain.allocation import CountedAs
from app.workshops.domain.eligibility import LASTING, Obstacle
from app.workshops.domain.events import ACTIVE
from app.workshops.domain.nominations import (
    BEFORE_SELECTION,
    LIVE,
    LanguageLevel,
    NominationReason,
    NominationState,
    NominationStep,
    UseTime,
)
from app.workshops.domain.phases import Phase, phase
from app.workshops.events import NominationsRanked, NomineeAdmitted
from app.workshops.models import Nomination, Workshop
from app.workshops.queries import nominations as queries, workshops
from app.workshops.service import nomination_steps as steps
from app.workshops.service.store import locking, nominations as store
from app.workshops.shapes import NominationScope

MOST_CHARACTERS = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Interest:
    """The answers of an officer; `counted_as` serves the share of women among the seated."""

    use_time: UseTime
    language_level: LanguageLevel
    aim: str
    counted_as: CountedAs | None = None  # None: not asked


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedOfficer:
    """An officer whom a contact point nominates; the position in the list is the rank."""

    person_id: UUID
    reason: NominationReason
    text: str = ""
    counted_as: CountedAs = CountedAs.NOT_SAID


@dataclass(frozen=True, slots=True)
class InterestRefused:
    """Obstacles that the officer cannot remove before the event."""

    obstacles: tuple[Obstacle, ...]


def express_interest(
    workshop_id: UUID, person_id: UUID, interest: Interest, now: datetime
) -> Nomination | InterestRefused:
    """Record the interest of an officer and ask for endorsement; a repeated request updates the answers.

    Raises DomainError if nominations are not open, or not for the country of the officer.
    """
    workshop = _open_for_nominations(workshop_id, now)
    country = _invited_country(workshop, person_id, now)
    nomination = store.live_nomination(workshop_id, person_id)
    if nomination is None:
        answers: dict[UUID, LanguageLevel | None] = {person_id: interest.language_level}
        obstacles = queries.obstacles(workshop, answers, now.date())[person_id]
        if any(obstacle.kind in LASTING for obstacle in obstacles):
            return InterestRefused(tuple(obstacles))
        nomination = _begin(workshop, person_id, country, by=person_id, now=now)
        steps.ask_endorsement(workshop, nomination, now)
    nomination.use_time, nomination.language_level = interest.use_time, interest.language_level
    nomination.aim = shortened(interest.aim)
    if interest.counted_as is not None:
        nomination.counted_as = interest.counted_as
    return nomination


def endorse(nomination_id: UUID, actor: Actor, now: datetime) -> None:
    """Endorse an officer; a repeated request changes nothing.

    Raises NoResultFound for anyone but the supervisors, or the contact points if the officer has no supervisor.
    """
    workshop = _open_for_nominations(store.workshop_of(nomination_id), now)
    nomination = _endorsable(nomination_id, actor, now)
    if nomination.state is not NominationState.INTERESTED:
        return
    _endorse(workshop, nomination, by=actor.id, now=now)


def decline(nomination_id: UUID, actor: Actor, *, reason: str, now: datetime) -> None:
    """Decline an officer with a reason: the supervisor an interest, the contact point until the selection.

    A repeated request changes nothing.
    """
    workshop = _open_for_nominations(store.workshop_of(nomination_id), now)
    nomination = store.nomination(nomination_id)
    if nomination.state is NominationState.DECLINED and nomination.decided_by == actor.id:
        return
    if nomination.state is NominationState.INTERESTED:
        nomination = _endorsable(nomination_id, actor, now)
    elif not _nominates(actor, nomination, now):
        raise NoResultFound
    if nomination.state not in BEFORE_SELECTION:
        raise DomainError("This nomination can no longer be declined.")
    if not reason.strip():
        raise DomainError("Say why the officer is declined.")
    steps.take(nomination, NominationStep.DECLINE, by=actor.id, now=now, reason=shortened(reason))
    steps.tell_nominees(workshop, [nomination], now)


def _nominates(actor: Actor, nomination: Nomination, now: datetime) -> bool:
    """Return whether the actor is a contact point of another officer."""
    return nomination.person_id != actor.id and allows(actor, Action.NOMINATE, decision_scope(nomination, now))


def nominate(workshop_id: UUID, officers: Sequence[RankedOfficer], actor: Actor, now: datetime) -> list[Nomination]:
    """Nominate the officers of the actor's country in this order, and take back others who were nominated.

    An officer who is not endorsed yet is ranked, and nominated with the endorsement. Raises DomainError if nominations
    are closed, and NoResultFound for an officer of another country.
    """
    workshop = _open_for_nominations(workshop_id, now)
    if not allows(actor, Action.NOMINATE, CountryScope(actor.country)):
        raise NoResultFound
    if len({officer.person_id for officer in officers}) < len(officers):
        raise DomainError("Name each officer once.")
    ranked = _ranked(workshop, officers, actor, now)
    for rank, (nomination, officer) in enumerate(zip(ranked, officers, strict=True), 1):
        _rank(nomination, officer, rank, by=actor.id, now=now)
    db.session.flush()
    for nomination in ranked:
        _nominate_endorsed(workshop, nomination, by=actor.id, now=now)
    people = tuple(nomination.person_id for nomination in ranked)
    record(NominationsRanked(at=now, actor_id=actor.id, workshop_id=workshop_id, people=people))
    return ranked


def admit(nomination_id: UUID, actor: Actor, *, reason: str, now: datetime) -> None:
    """Admit a nominee who lacks a requirement, with a reason: a trainer of the event or a coordinator does."""
    workshop = locking.lock_workshop(store.workshop_of(nomination_id))
    nomination = store.nomination(nomination_id)
    if not allows(actor, Action.SHARE_SEATS, workshops.get(workshop.id)):
        raise NoResultFound
    if workshop.state not in ACTIVE or nomination.state not in LIVE or nomination.person_id == actor.id:
        raise DomainError("This nominee cannot be admitted.")
    if not reason.strip():
        raise DomainError("Say why the nominee is admitted.")
    nomination.admitted_by, nomination.admission_reason, nomination.changed_at = actor.id, shortened(reason), now
    record(NomineeAdmitted(at=now, actor_id=actor.id, workshop_id=workshop.id, person_id=nomination.person_id))


def _endorse(workshop: Workshop, nomination: Nomination, *, by: UUID, now: datetime) -> None:
    nomination.endorsed_by, nomination.endorsed_at = by, now
    steps.take(nomination, NominationStep.ENDORSE, by=by, now=now)
    if nomination.nominated_by is not None:  # the contact point ranked the officer before
        steps.take(nomination, NominationStep.NOMINATE, by=nomination.nominated_by, now=now)
    else:
        steps.ask_contact_points(workshop, nomination, now)
    steps.tell_nominees(workshop, [nomination], now)


def _ranked(workshop: Workshop, officers: Sequence[RankedOfficer], actor: Actor, now: datetime) -> list[Nomination]:
    """Return the nominations of these officers, new ones included, after taking back those of others."""
    existing = {row.person_id: row for row in store.nominations(workshop.id, BEFORE_SELECTION, country=actor.country)}
    _take_back(workshop, list(existing.values()), officers, by=actor.id, now=now)
    return [
        existing.get(officer.person_id) or _add_officer(workshop, officer.person_id, actor, now) for officer in officers
    ]


def _take_back(
    workshop: Workshop, existing: list[Nomination], officers: Sequence[RankedOfficer], *, by: UUID, now: datetime
) -> None:
    """Clear all ranks, and return nominees who are no longer in the list."""
    named = {officer.person_id for officer in officers}
    for nomination in existing:
        nomination.rank = None
        if nomination.person_id in named:
            continue
        nomination.nominated_by = nomination.nominated_at = nomination.nomination_reason = None
        nomination.nomination_text = ""
        if nomination.state is NominationState.NOMINATED:
            steps.take(nomination, NominationStep.RETURN, by=by, now=now)
            steps.tell_nominees(workshop, [nomination], now)
    db.session.flush()  # ranks are unique: the old ones leave the table before new ones enter


def _rank(nomination: Nomination, officer: RankedOfficer, rank: int, *, by: UUID, now: datetime) -> None:
    if nomination.nominated_at is None:  # a new order does not make the nomination later
        nomination.nominated_by, nomination.nominated_at = by, now
    nomination.rank = rank
    if officer.counted_as is not CountedAs.NOT_SAID or nomination.counted_as is None:  # the officer may have said it
        nomination.counted_as = officer.counted_as
    nomination.nomination_reason, nomination.nomination_text = officer.reason, shortened(officer.text)


def _nominate_endorsed(workshop: Workshop, nomination: Nomination, *, by: UUID, now: datetime) -> None:
    has_supervisor = bool(decision_scope(nomination, now).supervisors)
    if nomination.state is NominationState.INTERESTED and not has_supervisor:
        nomination.endorsed_by, nomination.endorsed_at = by, now
        steps.take(nomination, NominationStep.ENDORSE, by=by, now=now)
    if nomination.state is NominationState.ENDORSED:
        steps.take(nomination, NominationStep.NOMINATE, by=by, now=now)
        steps.tell_nominees(workshop, [nomination], now)


def _add_officer(workshop: Workshop, person_id: UUID, actor: Actor, now: datetime) -> Nomination:
    """Begin the nomination of an officer who did not ask for it."""
    if person_id == actor.id or _country(person_id, now) != actor.country:
        raise NoResultFound
    if store.live_nomination(workshop.id, person_id) is not None:
        raise DomainError("This officer has a decision already.")
    _invited_country(workshop, person_id, now)
    nomination = _begin(workshop, person_id, actor.country, by=actor.id, now=now)
    steps.ask_endorsement(workshop, nomination, now)
    return nomination


def _begin(workshop: Workshop, person_id: UUID, country: str, *, by: UUID, now: datetime) -> Nomination:
    nomination = new_nomination(workshop, person_id, country, now)
    steps.begin(nomination, by=by, now=now)
    return nomination


def new_nomination(workshop: Workshop, person_id: UUID, country: str, now: datetime) -> Nomination:
    """Return the row of a new nomination with the officer's role, one that the event names if there is one."""
    roles = postings.roles_on([person_id], now.date()).get(person_id, ())
    named = [role for role in roles if role in workshop.roles.split()]
    return Nomination(
        workshop_id=workshop.id,
        person_id=person_id,
        country=country,
        state=NominationState.INTERESTED,
        role=next(iter([*named, *roles]), ""),
        made_at=now,
        changed_at=now,
    )


def _open_for_nominations(workshop_id: UUID, now: datetime) -> Workshop:
    workshop = locking.lock_workshop(workshop_id)
    if phase(store.times_of(workshop), now) is not Phase.NOMINATIONS_OPEN:
        raise DomainError("Nominations for this event are not open.")
    return workshop


def _invited_country(workshop: Workshop, person_id: UUID, now: datetime) -> str:
    country, invited = _country(person_id, now), workshop.invited_countries.split()
    if not country or (invited and country not in invited):
        raise DomainError("Your country is not invited to this event.")
    return country


def _country(person_id: UUID, now: datetime) -> str:
    return postings.countries([person_id], now.date()).get(person_id, "")


def decision_scope(nomination: Nomination, now: datetime) -> NominationScope:
    """Return whose nomination it is, for the policy."""
    supervisors = supervision.supervisors_of(nomination.person_id, now.date()) - {nomination.person_id}
    return NominationScope(nomination.person_id, nomination.country, frozenset(supervisors))


def _endorsable(nomination_id: UUID, actor: Actor, now: datetime) -> Nomination:
    """Return a nomination that the actor may endorse: the contact point only without a supervisor."""
    nomination = store.nomination(nomination_id)
    scope = decision_scope(nomination, now)
    is_supervisor = actor.id in scope.supervisors
    if actor.id == nomination.person_id or (scope.supervisors and not is_supervisor):
        raise NoResultFound
    if not allows(actor, Action.ENDORSE_NOMINATION, scope):
        raise NoResultFound
    return nomination


def shortened(text: str) -> str:
    """Return a text as it is stored."""
    return text.strip()[:MOST_CHARACTERS]
