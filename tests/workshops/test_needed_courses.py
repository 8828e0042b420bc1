"""Courses that an event needs are assigned to officers with a seat."""

from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask

from app.db.session import transaction
from app.kernel import clock
from app.learning.domain.completion import AssignmentSource
from app.learning.queries import completion
from app.workshops.queries import workshops
from app.workshops.service import bookings, needed_courses
from tests.support import courses, factories, plans, workshop_events


@pytest.fixture
def course_id(context: Flask) -> UUID:
    return courses.publish().course_id


def test_seat_assigns_needed_courses_until_it_is_withdrawn(course_id: UUID) -> None:
    workshop_id, officer = workshop_events.announced(), factories.person()
    workshop_events.seat(workshop_id, officer)
    assert completion.course_states(officer, clock.today()) == {}
    workshop_events.ask_for(workshop_id, courses.CODE)
    with transaction():
        needed_courses.reassign(workshop_id, clock.now())
    state = completion.course_states(officer, clock.today())[course_id]
    due_on = workshops.get(workshop_id).first_day - timedelta(days=1)
    assert (state.source, state.due_on) == (AssignmentSource.EVENT, due_on)
    with transaction():
        bookings.withdraw(workshop_id, officer, clock.now())
    assert completion.course_states(officer, clock.today()) == {}


def test_seat_of_an_officer_who_completed_the_course_counts_as_completed(context: Flask) -> None:
    outline = courses.publish().outline
    workshop_id, officer = workshop_events.announced(), factories.person()
    workshop_events.ask_for(workshop_id, courses.CODE)
    plans.complete(officer, outline, clock.now())
    workshop_events.seat(workshop_id, officer)
    state = completion.course_states(officer, clock.today())[outline.course_id]
    assert (state.source, state.state) == (AssignmentSource.EVENT, "completed_on_time")
