"""Use cases of suggestions: suggest a course to an officer, set it aside, withdraw it, follow the progress."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from app.access.targets import Target
from app.catalogue.shapes import Outline
from app.db.session import db, record
from app.identity.queries import postings
from app.learning import domain
from app.learning.domain import EnrolmentState, Suggester, SuggestionState, SuggestionStep
from app.learning.events import CourseSuggested, SuggestionChanged
from app.learning.models import CourseSuggestion
from app.learning.queries import progress, suggestions
from app.messages.domain import NoticeKind
from app.messages.service import outbox as messages
from app.ports import ports


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSuggestion:
    """A suggestion of a course to an officer of a country; `due_on` None: no day."""

    person_id: UUID
    country: str
    suggested_by: UUID
    suggested_as: Suggester
    reason: str = ""
    due_on: date | None = None


def suggest(new: NewSuggestion, current: Outline, now: datetime) -> bool:
    """Suggest a course to an officer; return False if it is suggested already or the officer has completed it."""
    # without an enrolment to lock, lock the person, as enrolling does: a new enrolment waits, or is read below
    if progress.lock(new.person_id, current.course_id) is None:
        postings.lock(new.person_id)
    enrolment = progress.enrolment_summary(new.person_id, current.course_id)
    if enrolment is not None and enrolment.state is EnrolmentState.COMPLETED:
        return False
    suggestion = _add_unless_live(new, current.course_id, begun=enrolment is not None, now=now)
    if suggestion is None:
        return False
    record(
        CourseSuggested(
            at=now,
            person_id=new.person_id,
            suggestion_id=suggestion.id,
            course_id=current.course_id,
            country=new.country,
        )
    )
    messages.notify(
        new.person_id,
        NoticeKind.COURSE_SUGGESTED,
        occasion=_occasion(suggestion.id),
        facts={"course": current.code},
        path=ports().path_to(Target.COURSE, current.slug),
        now=now,
    )
    return True


def _add_unless_live(new: NewSuggestion, course_id: UUID, *, begun: bool, now: datetime) -> CourseSuggestion | None:
    """Add a suggestion; return None if an open or begun one exists: unique index of `CourseSuggestion`."""
    suggestion = CourseSuggestion(
        person_id=new.person_id,
        course_id=course_id,
        country=new.country,
        suggested_by=new.suggested_by,
        suggested_as=new.suggested_as,
        reason=new.reason,
        due_on=new.due_on,
        suggested_at=now,
        state=SuggestionState.BEGUN if begun else SuggestionState.OPEN,
        changed_at=now if begun else None,
    )
    try:
        with db.session.begin_nested():
            db.session.add(suggestion)
    except IntegrityError:
        return None
    return suggestion


def set_aside(suggestion_id: UUID, now: datetime) -> bool:
    """Set an open suggestion aside, for the officer; return False if it is no longer open."""
    return _change_state_if({SuggestionState.OPEN}, suggestion_id, SuggestionStep.SET_ASIDE, now)


def take_back(suggestion_id: UUID, now: datetime) -> bool:
    """Withdraw a suggestion and its notice; return False if it is done, set aside or withdrawn."""
    taken_back = _change_state_if(domain.LIVE, suggestion_id, SuggestionStep.TAKE_BACK, now)
    if taken_back:
        messages.delete_notices([_occasion(suggestion_id)])
    return taken_back


def take_back_untouched(suggestion_id: UUID, now: datetime) -> bool:
    """Withdraw a suggestion of a batch; return False if the officer has begun the course since, or answered."""
    suggestion = suggestions.lock(suggestion_id)
    is_untouched = suggestion.state in domain.LIVE and suggestion.changed_at in (None, suggestion.suggested_at)
    return is_untouched and take_back(suggestion_id, now)


def delete_suggestions(person_id: UUID) -> None:
    """Delete the suggestions to a person whose identity is deleted: their reasons are personal data."""
    gone = delete(CourseSuggestion).where(CourseSuggestion.person_id == person_id).returning(CourseSuggestion.id)
    messages.delete_notices([_occasion(suggestion_id) for suggestion_id in db.session.scalars(gone).all()])


def _occasion(suggestion_id: UUID) -> str:
    return f"course-suggested:{suggestion_id}"


def update_live_suggestion(person_id: UUID, course_id: UUID, step: SuggestionStep, now: datetime) -> None:
    """Change the state of a live suggestion after the officer began or completed the course."""
    suggestion = suggestions.lock_live(person_id, course_id)
    if suggestion is not None:
        _change_state(suggestion, step, now)


def _change_state_if(
    states: Collection[SuggestionState], suggestion_id: UUID, step: SuggestionStep, now: datetime
) -> bool:
    suggestion = suggestions.lock(suggestion_id)
    if suggestion.state not in states:
        return False
    _change_state(suggestion, step, now)
    return True


def _change_state(suggestion: CourseSuggestion, step: SuggestionStep, now: datetime) -> None:
    suggestion.state, suggestion.changed_at = domain.after_suggestion(suggestion.state, step), now
    record(
        SuggestionChanged(
            at=now,
            person_id=suggestion.person_id,
            suggestion_id=suggestion.id,
            course_id=suggestion.course_id,
            country=suggestion.country,
            state=suggestion.state,
        )
    )
