"""Copy the facts and sessions of an event into a new draft with other days."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

from app.i18n import stored_translations
from app.workshops.domain.drafts import NewSession, NewWorkshop
from app.workshops.domain.phases import NominationRules
from app.workshops.queries import workshops
from app.workshops.service import lifecycle
from app.workshops.shapes import WorkshopFacts


def copy_workshop(workshop_id: UUID, *, code: str, first_day: date, by: UUID, now: datetime) -> UUID:
    """Create a draft like an event, all days moved so that it begins on `first_day`; return its id.

    Raises DomainError if the draft has problems, such as a course that is no longer published.
    """
    workshop = workshops.get(workshop_id)
    draft = _draft(workshop, code, first_day - workshop.first_day)
    return lifecycle.create_workshop(draft, by=by, now=now)


def _draft(workshop: WorkshopFacts, code: str, moved: timedelta) -> NewWorkshop:
    texts = stored_translations.all_of(workshop.id)
    return NewWorkshop(
        code=code,
        kind=workshop.kind,
        sensitivity=workshop.sensitivity,
        host_country=workshop.host_country,
        form=workshop.form,
        time_zone=workshop.time_zone,
        booking_until=workshop.booking_until + moved,
        capacity=workshop.capacity,
        languages=workshop.languages,
        sessions=_sessions(workshop, moved),
        outcomes=workshop.outcomes,
        title=texts.get("title", {}),
        summary=texts.get("summary", {}),
        practise=texts.get("practise", {}),
        town=workshop.town,
        venue=workshop.venue,
        prerequisites=workshop.prerequisites,
        roles=workshop.roles,
        activity=workshop.activity,
        attendance_share=workshop.attendance_share,
        competencies=workshop.competencies,
        nomination=_moved_rules(workshop.nomination, moved) if workshop.nomination else None,
    )


def _sessions(workshop: WorkshopFacts, moved: timedelta) -> tuple[NewSession, ...]:
    titles = stored_translations.all_of_many([session.id for session in workshop.sessions])
    return tuple(
        NewSession(
            kind=session.kind,
            day=session.day + moved,
            starts=session.starts,
            ends=session.ends,
            title=titles.get(session.id, {}).get("title", {}),
            room=session.room,
            language=session.language,
        )
        for session in workshop.sessions
    )


def _moved_rules(rules: NominationRules, moved: timedelta) -> NominationRules:
    return replace(
        rules,
        opens=rules.opens + moved,
        deadline=rules.deadline + moved,
        reallocation=_moved(rules.reallocation, moved),
        decide_by=_moved(rules.decide_by, moved),
        withdraw_by=_moved(rules.withdraw_by, moved),
    )


def _moved(day: date | None, moved: timedelta) -> date | None:
    return None if day is None else day + moved
