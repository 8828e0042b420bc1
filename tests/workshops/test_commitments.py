"""Commitments and reports of study visits."""

from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from app.db.session import db, transaction
from app.kernel import clock
from app.kernel.errors import DomainError
from app.messages.domain import NoticeKind
from app.messages.models import Notice
from app.workshops.domain.commitments import CommitmentState
from app.workshops.domain.events import WorkshopKind
from app.workshops.models import Commitment
from app.workshops.queries import visit_reports as report_queries
from app.workshops.service import commitments, visit_reports
from tests.support import after_events, factories
from tests.support.workshop_events import doing

VISIT = {"kind": WorkshopKind.STUDY_VISIT, "outcomes": ()}


def _visit(*people: UUID) -> UUID:
    return after_events.took_place(people, **VISIT)


def _undertake(workshop_id: UUID, person_id: UUID, text: str, days: int = 30) -> Commitment:
    due = clock.today() + timedelta(days=days)
    with transaction():
        return commitments.make_commitment(workshop_id, person_id, text=text, due=due, now=clock.now())


def _end(workshop_id: UUID, person_id: UUID, state: CommitmentState, note: str = "It is in use.") -> None:
    with transaction():
        commitments.end_commitment(workshop_id, person_id, 1, state=state, note=note, now=clock.now())


def test_participant_has_two_commitments_at_most(context: Flask) -> None:
    person_id = factories.person()
    workshop_id = _visit(person_id)
    numbers = [_undertake(workshop_id, person_id, text).number for text in ("Card", "Card", "Form")]
    assert numbers == [1, 1, 2]
    with pytest.raises(DomainError, match="two commitments"):
        _undertake(workshop_id, person_id, "A third one")


def test_person_without_a_seat_makes_no_commitment(context: Flask) -> None:
    with pytest.raises(DomainError, match="Only participants"):
        _undertake(_visit(factories.person()), factories.person(), "Card")


def test_workshop_has_no_commitments(context: Flask) -> None:
    person_id = factories.person()
    with pytest.raises(DomainError, match="study visit"):
        _undertake(after_events.took_place([person_id]), person_id, "Card")


@pytest.mark.parametrize("days", [-1, 400])
def test_day_of_a_commitment_is_within_a_year(context: Flask, days: int) -> None:
    person_id = factories.person()
    with pytest.raises(DomainError, match="a year after"):
        _undertake(_visit(person_id), person_id, "Card", days)


def test_ended_commitment_is_final_and_has_a_note(context: Flask) -> None:
    person_id = factories.person()
    workshop_id = _visit(person_id)
    _undertake(workshop_id, person_id, "Card")
    with pytest.raises(DomainError, match="Write the result"):
        _end(workshop_id, person_id, CommitmentState.DONE, note=" ")
    _end(workshop_id, person_id, CommitmentState.DONE)
    with pytest.raises(DomainError, match="has ended"):
        _end(workshop_id, person_id, CommitmentState.DROPPED)


def test_supervisor_confirms_an_ended_commitment_once(context: Flask) -> None:
    person_id, supervisor = factories.person(), after_events.supervisor()
    workshop_id = _visit(person_id)
    commitment_id = _undertake(workshop_id, person_id, "Card").id
    with pytest.raises(DomainError, match="under way"):
        doing(commitments.confirm, commitment_id, by=supervisor, now=clock.now())
    _end(workshop_id, person_id, CommitmentState.DROPPED)
    confirmed = [doing(commitments.confirm, commitment_id, by=supervisor, now=clock.now())[0] for _ in range(2)]
    assert confirmed == [True, False]


def test_reminder_comes_once_before_the_day(context: Flask) -> None:
    person_id = factories.person()
    workshop_id = _visit(person_id)
    _undertake(workshop_id, person_id, "Card", days=14)
    _undertake(workshop_id, person_id, "Form", days=15)
    for _ in range(2):
        doing(commitments.remind, clock.now())
    kinds = db.session.scalars(select(Notice.kind).where(Notice.person_id == person_id)).all()
    assert list(kinds).count(NoticeKind.COMMITMENT_DUE) == 1


def test_removed_identity_leaves_the_state_without_texts(context: Flask) -> None:
    person_id = factories.person()
    workshop_id = _visit(person_id)
    _undertake(workshop_id, person_id, "Card")
    _end(workshop_id, person_id, CommitmentState.DONE)
    doing(commitments.delete_texts, person_id)
    row = db.session.scalars(select(Commitment)).one()
    assert (row.text, row.note, row.state) == (commitments.DELETED, commitments.DELETED, CommitmentState.DONE)


def _save(workshop_id: UUID, by: UUID, summary: str) -> bool:
    saved: bool = doing(
        visit_reports.save_report, workshop_id, report="What we saw", summary=summary, by=by, now=clock.now()
    )[0]
    return saved


def _approve(workshop_id: UUID, by: UUID, summary: str) -> None:
    doing(visit_reports.approve_summary, workshop_id, summary=summary, by=by, now=clock.now())


def test_summary_is_shown_when_another_person_approved_it(context: Flask) -> None:
    writer, other = factories.person(), factories.person()
    workshop_id = _visit(writer)
    assert [_save(workshop_id, writer, "In short") for _ in range(2)] == [True, False]
    with pytest.raises(DomainError, match="Another person"):
        _approve(workshop_id, writer, "In short")
    with pytest.raises(DomainError, match="has changed"):
        _approve(workshop_id, other, "What I read before")
    assert report_queries.approved_summary(workshop_id) == ""
    _approve(workshop_id, other, "In short")
    assert report_queries.approved_summary(workshop_id) == "In short"


def test_changed_summary_must_be_approved_again(context: Flask) -> None:
    writer, other = factories.person(), factories.person()
    workshop_id = _visit(writer)
    _save(workshop_id, writer, "In short")
    _approve(workshop_id, other, "In short")
    _save(workshop_id, other, "In other words")
    assert report_queries.approved_summary(workshop_id) == ""
    with pytest.raises(DomainError, match="Another person"):
        _approve(workshop_id, other, "In other words")
