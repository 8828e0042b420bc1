"""Read and lock requirements and exemptions; count what a requirement would do, and assignments that cannot be met."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from sqlalchemy import Select, func, or_, select

from app.access.policy import Actor
from app.db.session import db
from app.identity.queries import postings
from app.learning.domain.assignments import GRACE
from app.learning.domain.requirements import ExemptionState, NewRequirement, RequirementState
from app.learning.models import Enrolment
from app.learning.models.completion import Assignment, CompletionRecalculation, Exemption, Requirement
from app.learning.shapes import (
    ExceptionCount,
    ExemptionLine,
    RecalculationProgress,
    RequirementEffect,
    RequirementLine,
)

LIVE_EXEMPTIONS = (ExemptionState.PROPOSED, ExemptionState.AGREED)


def lines(*, country: str = "", drafts: bool = True) -> list[RequirementLine]:
    """Return the drafts and agreed requirements by course and first day; `country`: those that include it."""
    states = [RequirementState.AGREED, *([RequirementState.DRAFT] if drafts else [])]
    query = select(Requirement).where(Requirement.state.in_(states))
    rows = db.session.scalars(query.order_by(Requirement.course_id, Requirement.starts, Requirement.id))
    return [_line(row) for row in rows if not country or not row.countries or country in row.countries.split()]


def line(requirement_id: UUID) -> RequirementLine:
    """Return a requirement or raise NoResultFound."""
    return _line(db.session.get_one(Requirement, requirement_id))


def required_courses(day: date) -> frozenset[UUID]:
    """Return the courses that are required on a day."""
    valid = (Requirement.starts <= day, or_(Requirement.ends.is_(None), Requirement.ends >= day))
    query = select(Requirement.course_id).where(Requirement.state == RequirementState.AGREED, *valid)
    return frozenset(db.session.scalars(query))


def draft_like(course_id: UUID, new: NewRequirement, set_by: UUID, replaces_id: UUID | None) -> UUID | None:
    """Return the draft of a user that equals this input, or None."""
    same = {
        "course_id": course_id,
        "role": new.role,
        "countries": codes(new.countries),
        "due_on": new.due_on,
        "due_days": new.due_days,
        "renew_months": new.renew_months,
        "starts": new.starts,
        "ends": new.ends,
        "reason": new.reason,
        "set_by": set_by,
        "replaces_id": replaces_id,
        "state": RequirementState.DRAFT,
    }
    return db.session.scalar(select(Requirement.id).filter_by(**same).limit(1))


def codes(countries: Collection[str]) -> str:
    """Return countries as the table contains them, "" for all."""
    return " ".join(sorted(countries))


def waiting_drafts(actor: Actor, *, country: str = "") -> Select[int]:
    """Return the query that counts the drafts of others to which a user may agree; `country`: those of it alone."""
    query = select(func.count()).select_from(Requirement)
    query = query.where(Requirement.state == RequirementState.DRAFT, Requirement.set_by != actor.id)
    return query.where(Requirement.countries == country) if country else query


def lock(requirement_id: UUID) -> Requirement:
    """Lock a requirement until the transaction ends and return it, or raise NoResultFound."""
    return db.session.scalars(select(Requirement).where(Requirement.id == requirement_id).with_for_update()).one()


def is_replaced(requirement_id: UUID) -> bool:
    """Return whether another agreed row replaces a requirement."""
    replaced = (Requirement.replaces_id == requirement_id, Requirement.agreed_at.is_not(None))
    return db.session.scalar(select(Requirement.id).where(*replaced).limit(1)) is not None


def effect(course_id: UUID, new: NewRequirement, today: date) -> RequirementEffect:
    """Return what a requirement would do today: officers who have not completed the course, and their dates."""
    completed = set(
        db.session.scalars(
            select(Enrolment.person_id).where(Enrolment.course_id == course_id, Enrolment.completed_at.is_not(None))
        )
    )
    matching = [span for span in postings.serving_spans(today) if _reaches(new, span.roles, span.country)]
    officers = [span for span in matching if span.person_id not in completed]
    late = [] if new.due_on is None else [span for span in officers if max(span.since, new.starts) + GRACE > new.due_on]
    return RequirementEffect(len(officers), len({span.country for span in officers}), len(late))


def _reaches(new: NewRequirement, roles: Collection[str], country: str) -> bool:
    """Return whether a requirement assigns the course to officers with these roles in the agency; staff have none."""
    return bool(roles) and (not new.role or new.role in roles) and (not new.countries or country in new.countries)


def exemption(exemption_id: UUID) -> ExemptionLine:
    """Return an exemption or raise NoResultFound."""
    return _exemption(db.session.get_one(Exemption, exemption_id))


def exemptions(country: str, *, people: Collection[UUID] | None = None) -> list[ExemptionLine]:
    """Return the exemptions of a country that wait or are agreed, the newest first; `people` limits them."""
    query = select(Exemption).where(Exemption.country == country, Exemption.state.in_(LIVE_EXEMPTIONS))
    if people is not None:
        query = query.where(Exemption.person_id.in_(people))
    return [_exemption(row) for row in db.session.scalars(query.order_by(Exemption.set_at.desc(), Exemption.id))]


def exemption_batch(exemption_id: UUID) -> list[ExemptionLine]:
    """Return the exemptions that one user set at one moment with this one, or raise NoResultFound."""
    chosen = db.session.scalars(select(Exemption).where(Exemption.id == exemption_id)).one()
    same = (
        Exemption.course_id == chosen.course_id,
        Exemption.set_by == chosen.set_by,
        Exemption.set_at == chosen.set_at,
        Exemption.country == chosen.country,
    )
    return [_exemption(row) for row in db.session.scalars(select(Exemption).where(*same).order_by(Exemption.id))]


def waiting_exemptions(actor: Actor, *, people: Select[UUID] | None = None) -> Select[int]:
    """Return the query that counts the exemptions of the actor's country that wait for the actor as second person."""
    waiting = [Exemption.state == ExemptionState.PROPOSED, Exemption.country == actor.country]
    waiting += [Exemption.set_by != actor.id, Exemption.person_id != actor.id]
    query = select(func.count()).select_from(Exemption).where(*waiting)
    return query if people is None else query.where(Exemption.person_id.in_(people))


def live_exemptions(person_id: UUID, course_id: UUID) -> list[Exemption]:
    """Lock the exemptions of a person from a course that wait or are agreed, and return them."""
    query = select(Exemption).where(Exemption.person_id == person_id, Exemption.course_id == course_id)
    return list(db.session.scalars(query.where(Exemption.state.in_(LIVE_EXEMPTIONS)).with_for_update()))


def lock_exemption(exemption_id: UUID) -> Exemption:
    """Lock an exemption until the transaction ends and return it, or raise NoResultFound."""
    return db.session.scalars(select(Exemption).where(Exemption.id == exemption_id).with_for_update()).one()


def exceptions(day: date, *, country: str = "") -> list[ExceptionCount]:
    """Return how many assignments cannot be met on a day, by problem, course and country.

    Officers under threat are left out, unless `country` is the reader's own one.
    """
    shown = [Assignment.problem.is_not(None), Assignment.since <= day]
    shown.append(or_(Assignment.until.is_(None), Assignment.until >= day))
    shown.append(Assignment.country == country if country else Assignment.counted.is_(True))
    columns = (Assignment.problem, Assignment.course_id, Assignment.country)
    query = select(*columns, func.count()).where(*shown).group_by(*columns).order_by(*columns)
    return [
        ExceptionCount(problem, course_id, of, officers)
        for problem, course_id, of, officers in db.session.execute(query)
        if problem is not None
    ]


def recalculations() -> list[RecalculationProgress]:
    """Return the courses that a job recalculates now, with the number of people done."""
    rows = db.session.scalars(select(CompletionRecalculation).order_by(CompletionRecalculation.asked_at))
    return [RecalculationProgress(row.course_id, row.done, row.total) for row in rows]


def _line(row: Requirement) -> RequirementLine:
    return RequirementLine(
        id=row.id,
        course_id=row.course_id,
        role=row.role,
        countries=tuple(row.countries.split()),
        due_on=row.due_on,
        due_days=row.due_days,
        renew_months=row.renew_months,
        assigned_from=row.assigned_from,
        starts=row.starts,
        ends=row.ends,
        reason=row.reason,
        set_by=row.set_by,
        agreed_by=row.agreed_by,
        state=row.state,
        replaces_id=row.replaces_id,
    )


def _exemption(row: Exemption) -> ExemptionLine:
    return ExemptionLine(
        id=row.id,
        person_id=row.person_id,
        course_id=row.course_id,
        country=row.country,
        kind=row.kind,
        reason=row.reason,
        note=row.note,
        since=row.since,
        until=row.until,
        set_by=row.set_by,
        set_on=row.set_at.date(),
        agreed_by=row.agreed_by,
        state=row.state,
    )
