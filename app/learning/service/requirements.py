"""Use cases of requirements: draft, change the date, agree as the second person, drop, end."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from app.access.policy import ALL_COUNTRIES, Action, Actor, CountryScope, allows
from app.catalogue.queries import publications
from app.db.locks import lock_key
from app.db.session import db, record
from app.kernel.errors import DomainError
from app.learning.domain import requirements as rules
from app.learning.domain.requirements import NewRequirement, RequirementState, RequirementStep
from app.learning.events import RequirementAgreed, RequirementDrafted, RequirementDropped, RequirementEnded
from app.learning.models.completion import Requirement
from app.learning.queries import requirements

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDate:
    """The changed date of a requirement and the first day on which it is valid."""

    due_on: date | None
    due_days: int | None
    starts: date
    reason: str = ""


def draft(course_id: UUID, new: NewRequirement, *, by: Actor, now: datetime) -> UUID:
    """Save a draft of a requirement and return its id; it has no effect until a second person agrees.

    The same draft saved again returns the same id.
    Raises DomainError for an invalid date or renewal, and for a contact point who names other countries.
    """
    _check_reach(new.countries, by)
    return _add(course_id, new, by=by, now=now)


def change_date(requirement_id: UUID, new: NewDate, *, by: Actor, now: datetime) -> UUID:
    """Save a draft that replaces an agreed requirement from a day on, and return its id; past days do not change.

    Raises DomainError if the requirement is not valid, and as `draft` does.
    """
    row = requirements.lock(requirement_id)
    _check_valid(row, now.date())
    changed = NewRequirement(
        role=row.role,
        countries=tuple(row.countries.split()),
        due_on=new.due_on,
        due_days=new.due_days,
        renew_months=row.renew_months,
        starts=new.starts,
        ends=row.ends,
        reason=new.reason or row.reason,
    )
    _check_reach(changed.countries, by)
    return _add(row.course_id, changed, by=by, now=now, replaced=row)


def agree(requirement_id: UUID, *, by: Actor, now: datetime) -> None:
    """Agree to a draft as the second person; it is valid from its first day, at the earliest from today.

    Raises DomainError for the author, for a user without the right role, and for a draft that is agreed or dropped.
    """
    row = requirements.lock(requirement_id)
    agreed = rules.after_step(row.state, RequirementStep.AGREE)
    _check_second(row, by)
    row.starts = max(row.starts, now.date())
    if row.replaces_id is None:
        row.assigned_from = row.starts
    else:
        _end_replaced(row.replaces_id, row.starts - DAY, now)
    row.state, row.agreed_by, row.agreed_at = agreed, by.id, now
    record(RequirementAgreed(at=now, requirement_id=row.id, course_id=row.course_id, country=_country(row)))


def drop(requirement_id: UUID, *, now: datetime) -> None:
    """Drop a draft. Raises DomainError if it is agreed or dropped."""
    row = requirements.lock(requirement_id)
    row.state = rules.after_step(row.state, RequirementStep.DROP)
    record(RequirementDropped(at=now, requirement_id=row.id, course_id=row.course_id, country=_country(row)))


def end(requirement_id: UUID, last_day: date, *, now: datetime) -> None:
    """Set the last day of an agreed requirement, yesterday at the earliest; past days do not change.

    Raises DomainError for an earlier day and for a requirement that is not valid.
    """
    row = requirements.lock(requirement_id)
    _check_valid(row, now.date())
    if last_day < now.date() - DAY:
        raise DomainError("Choose today or a later day: past days do not change.")
    _end(row, last_day, now)


def _add(
    course_id: UUID, new: NewRequirement, *, by: Actor, now: datetime, replaced: Requirement | None = None
) -> UUID:
    versions = publications.publications([course_id]).get(course_id, [])
    rules.check_requirement(new, has_test=bool(versions) and versions[-1].has_test, today=now.date())
    lock_key(course_id.hex)
    existing = requirements.draft_like(course_id, new, by.id, None if replaced is None else replaced.id)
    if existing is not None:
        return existing
    row = _draft(course_id, new, by=by, now=now, replaced=replaced)
    db.session.add(row)
    db.session.flush()
    record(RequirementDrafted(at=now, requirement_id=row.id, course_id=course_id, country=_country(row)))
    return row.id


def _draft(
    course_id: UUID, new: NewRequirement, *, by: Actor, now: datetime, replaced: Requirement | None
) -> Requirement:
    return Requirement(
        course_id=course_id,
        role=new.role,
        countries=requirements.codes(new.countries),
        due_on=new.due_on,
        due_days=new.due_days,
        renew_months=new.renew_months,
        assigned_from=new.starts if replaced is None else replaced.assigned_from,
        starts=new.starts,
        ends=new.ends,
        reason=new.reason,
        set_by=by.id,
        set_at=now,
        state=RequirementState.DRAFT,
        replaces_id=None if replaced is None else replaced.id,
    )


def _check_reach(countries: tuple[str, ...], by: Actor) -> None:
    """Raise DomainError if a user who is no coordinator names other countries than the own one."""
    if not allows(by, Action.REQUIRE_COURSE, ALL_COUNTRIES) and countries != (by.country,):
        raise DomainError("Choose your own country.")


def _check_second(row: Requirement, by: Actor) -> None:
    country = _country(row)
    if row.set_by == by.id:
        raise DomainError("Another user must agree.")
    if not allows(by, Action.AGREE_REQUIREMENT, CountryScope(country)):
        raise DomainError("A coordinator must agree, or a supervisor of the country.")


def _check_valid(row: Requirement, today: date) -> None:
    if row.state is not RequirementState.AGREED or (row.ends is not None and row.ends < today):
        raise DomainError("This requirement is not valid.")


def _end_replaced(requirement_id: UUID, last_day: date, now: datetime) -> None:
    replaced = requirements.lock(requirement_id)
    _check_valid(replaced, now.date())
    if requirements.is_replaced(requirement_id):
        raise DomainError("This requirement was changed by another user. Reload it and try again.")
    _end(replaced, last_day, now)


def _end(row: Requirement, last_day: date, now: datetime) -> None:
    row.ends = last_day if row.ends is None else min(row.ends, last_day)
    record(RequirementEnded(at=now, requirement_id=row.id, course_id=row.course_id, country=_country(row)))


def _country(row: Requirement) -> str:
    countries = row.countries.split()
    return countries[0] if len(countries) == 1 else ""
