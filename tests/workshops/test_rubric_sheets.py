"""Incomplete scores, comments and the view of one criterion."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from flask import Flask

from app.access.policy import Role, Scope
from app.catalogue.domain.items import Level
from app.competence.models import Evidence
from app.db.session import db, transaction
from app.kernel.errors import DomainError
from app.workshops.queries import bookings, participants, rubric_sheets as queries
from app.workshops.service import results, rubric_sheets
from app.workshops.service.rubric_sheets import SheetOf
from tests.support import factories, workshop_events, workshop_rubrics
from tests.support.workshop_pages import at, post
from tests.support.workshop_rubrics import CRITERIA, SECURELY

BEGUN = datetime(2027, 5, 4, 7, tzinfo=UTC)
COMPETENCY = "VIC-02"


def event(people: int = 1) -> tuple[UUID, list[UUID], UUID]:
    """Return an event with bookings and an assessor."""
    workshop_rubrics.load()
    workshop_id = workshop_events.announced(outcomes=((COMPETENCY, Level.PRACTITIONER),), capacity=max(2, people))
    workshop_events.booked(workshop_id, people)
    assessor = factories.person(country="BG", grants=((Role.ASSESSOR, Scope.EVENT, str(workshop_id)),))
    return workshop_id, [line.id for line in bookings.seated(workshop_id)], assessor


def save(workshop_id: UUID, key: SheetOf, scores: dict[str, int], comment: str | None = None) -> bool:
    with transaction():
        return rubric_sheets.save_sheet(workshop_id, key, scores=scores, comment=comment, now=BEGUN)


def test_incomplete_scores_are_saved_and_are_no_evidence(context: Flask) -> None:
    workshop_id, (booking,), assessor = event()
    key = SheetOf(booking, COMPETENCY, assessor)
    assert save(workshop_id, key, {"plan": 2})
    assert not save(workshop_id, key, {"plan": 2})
    sheet = queries.sheet(booking, COMPETENCY, assessor)
    assert sheet is not None
    assert sheet.scores == {"plan": 2}
    assert db.session.query(Evidence).count() == 0


def test_score_outside_the_rubric_is_refused(context: Flask) -> None:
    workshop_id, (booking,), assessor = event()
    with pytest.raises(DomainError):
        save(workshop_id, SheetOf(booking, COMPETENCY, assessor), {"other": 2})


def test_officer_reads_the_comment_only_after_the_scores_were_saved(context: Flask) -> None:
    workshop_id, (booking,), assessor = event()
    save(workshop_id, SheetOf(booking, COMPETENCY, assessor), {"plan": 2}, "Slower at the start.")
    assert queries.comments_for(booking) == []
    with transaction():
        results.score(workshop_id, booking, competency=COMPETENCY, scores=SECURELY, by=assessor, now=BEGUN)
    assert [comment.text for comment in queries.comments_for(booking)] == ["Slower at the start."]


def test_last_criterion_of_the_batch_scores_all_participants(context: Flask) -> None:
    workshop_id, seated, assessor = event(3)
    complete = []
    for criterion in CRITERIA:
        with transaction():
            complete = rubric_sheets.save_criterion(
                workshop_id, COMPETENCY, criterion, dict.fromkeys(seated, 3), by=assessor, now=BEGUN
            )
        assert (len(complete) == 3) == (criterion == CRITERIA[-1])
    assert {line.booking_id for line in participants.assessments(workshop_id)} == set(seated)


def test_next_person_is_offered_until_everyone_is_scored(app: Flask) -> None:
    with app.app_context():
        workshop_id, (first, second), assessor = event(2)
        db.session.remove()
    at(BEGUN)
    client = factories.sign_in(app, assessor)
    scores = {f"score-{criterion}": "3" for criterion in CRITERIA} | {"step": "next", "comment": "Clear and calm."}
    address = f"/teaching/workshops/{workshop_id}/assess/{{}}/{COMPETENCY}"
    onward = post(app, client, address.format(first), **scores).headers["Location"]
    last = post(app, client, address.format(second), **scores).headers["Location"]
    assert f"/assess/{second}/" in onward
    assert last.startswith(f"/teaching/workshops/{workshop_id}/assess?")


def test_saving_for_later_leads_back_with_the_scores_in_place(app: Flask) -> None:
    with app.app_context():
        workshop_id, (booking,), assessor = event()
        db.session.remove()
    at(BEGUN)
    client = factories.sign_in(app, assessor)
    address = f"/teaching/workshops/{workshop_id}/assess/{booking}/{COMPETENCY}"
    assert post(app, client, address, **{"score-plan": "2", "step": "later"}).status_code == 302
    page = client.get(address).text
    assert "These scores are not recorded yet." in page
    assert page.count("checked") == 1
