import re
from collections.abc import Callable
from contextlib import nullcontext
from datetime import date, timedelta
from typing import TypeVar
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from app.catalogue.domain.versions import VersionKind, VersionState
from app.catalogue.queries import courses as catalogue, versions
from app.catalogue.shapes import Outline
from app.competence.models import Evidence
from app.db.session import db, transaction
from app.kernel import clock
from app.kernel.errors import DomainError
from app.learning import jobs
from app.learning.domain import EnrolmentState
from app.learning.models import Enrolment
from app.learning.queries import course_learners, progress, requirements
from app.learning.service import ended_completions, lesson_progress
from app.messages.domain import NoticeKind
from app.messages.models import Notice
from app.quizzes import queries as quizzes
from app.quizzes.domain.attempts import Purpose
from app.studio.domain.reviews import NOTICE
from app.studio.pages import learners
from app.studio.queries import reviews as queries
from app.studio.service import publishing, reviews
from app.studio.service.reviews import Submission
from tests.support import course_attempts, courses, factories, review_pages, studio_site
from tests.support.review_pages import COURSE, Draft
from tests.support.site_snapshots import kept

R = TypeVar("R")


@pytest.fixture
@kept
def draft(context: Flask) -> Draft:
    return review_pages.changed(context)


def _outline(draft: Draft) -> Outline:
    version_id = draft.author.workspace().version_id
    assert version_id is not None
    return catalogue.outline(version_id)


def _submit(draft: Draft, kind: VersionKind, ends_on: date | None) -> UUID:
    submission = Submission(kind, "The law changed.", ends_on)
    tree = review_pages.tree(draft.author.course_id)
    with transaction():
        return reviews.submit(draft.author.course_id, submission, tree=tree, by=draft.author.id, now=clock.now())


def _publish_breaking(draft: Draft) -> date:
    """Publish a breaking version; return the last day of the records of earlier ones."""
    ends_on = clock.today() + NOTICE
    _publish(draft, _approved(draft, VersionKind.BREAKING, ends_on))
    return ends_on


def _approved(draft: Draft, kind: VersionKind, ends_on: date | None = None) -> UUID:
    review_id = _submit(draft, kind, ends_on)
    review_pages.tick_required(review_id, draft.reviewer)
    with transaction():
        reviews.approve(review_id, by=draft.reviewer, now=clock.now())
    return review_id


def _publish(draft: Draft, review_id: UUID) -> None:
    ready = publishing.render_review(draft.author.workspace(), queries.review_line(review_id))
    with transaction():
        reviews.publish(review_id, ready, clock.now())
    db.session.rollback()


def _learner(draft: Draft, *, passes: bool) -> UUID:
    """Return a person who has begun the course, and perhaps passed its test."""
    person_id, outline = factories.person(), _outline(draft)
    with transaction():
        lesson_progress.begin(person_id, outline, clock.now())
    if passes:
        course_attempts.sit(person_id, outline, at=clock.now())
    db.session.rollback()
    return person_id


def _on(day: date, work: Callable[[], R]) -> R:
    """Work as on a day."""
    offset = clock.now() - clock.real_now()
    ahead = day - clock.today()
    clock.move(lambda: offset + ahead)
    try:
        return work()
    finally:
        clock.move(lambda: offset)
        db.session.rollback()


def _run_on(day: date) -> int:
    return _on(day, jobs.end_completions)


def _notices(person_id: UUID) -> list[NoticeKind]:
    return list(db.session.scalars(select(Notice.kind).where(Notice.person_id == person_id)))


def _completions_in_force(person_id: UUID) -> int:
    rows = db.session.scalars(select(Evidence).where(Evidence.person_id == person_id)).all()
    voided = {row.voids for row in rows}
    return sum(row.source.endswith(":completed") and row.id not in voided for row in rows)


@pytest.mark.parametrize(
    ("kind", "days"),
    [(VersionKind.BREAKING, None), (VersionKind.BREAKING, 27), (VersionKind.EDITORIAL, 28)],
)
def test_submission_with_a_day_that_does_not_fit_is_refused(draft: Draft, kind: VersionKind, days: int | None) -> None:
    with pytest.raises(DomainError):
        _submit(draft, kind, clock.today() + timedelta(days=days) if days else None)


@pytest.mark.parametrize(("days", "is_published"), [(13, False), (14, True)])
def test_breaking_version_is_published_14_days_before_its_day(draft: Draft, days: int, *, is_published: bool) -> None:
    ends_on = clock.today() + NOTICE
    review_id = _approved(draft, VersionKind.BREAKING, ends_on)
    expected = nullcontext() if is_published else pytest.raises(DomainError, match="too near")
    with expected:
        _on(ends_on - timedelta(days=days), lambda: _publish(draft, review_id))
    assert len(versions.published(draft.author.course_id)) == 1 + is_published


def test_completion_counts_until_its_last_day_and_not_after(draft: Draft) -> None:
    finished, reading = _learner(draft, passes=True), _learner(draft, passes=False)
    assert _completions_in_force(finished)
    ends_on = _publish_breaking(draft)
    assert NoticeKind.COMPLETION_ENDS in _notices(finished)
    assert NoticeKind.VERSION_OFFERED in _notices(reading)
    assert _run_on(ends_on) == 0
    assert progress.completed_by(draft.author.course_id) == [finished]
    assert _run_on(ends_on + timedelta(days=1)) == 1
    assert progress.completed_by(draft.author.course_id) == []
    assert _completions_in_force(finished) == 0
    assert NoticeKind.COMPLETION_ENDED in _notices(finished)
    moved = progress.enrolment_summary(reading, draft.author.course_id)
    assert moved is not None
    assert moved.version_id == draft.author.workspace().version_id
    assert _run_on(ends_on + timedelta(days=2)) == 0


def test_reader_of_an_earlier_version_sees_its_last_day(draft: Draft) -> None:
    reading = _learner(draft, passes=False)
    course = f"/courses/{courses.SLUG}"
    assert "Earlier completions count until" not in draft.client(reading).get(course).text
    ends_on = _publish_breaking(draft)
    page = draft.client(reading).get(course).text
    assert re.search(rf"Earlier completions count until [^.]*{ends_on.day} {ends_on:%B} {ends_on.year}", page)
    assert "After that day, readers continue with the new version." in page


def test_course_can_be_completed_again_after_its_completion_ended(draft: Draft) -> None:
    person_id, course_id = _learner(draft, passes=True), draft.author.course_id
    after = _publish_breaking(draft) + timedelta(days=1)
    _run_on(after)
    assert progress.enrolment_summary(person_id, course_id) is None
    outline = _outline(draft)

    def complete_again() -> None:
        assert course_id not in quizzes.statuses_of_tests(person_id)
        assert quizzes.past_attempts(person_id, course_id, Purpose.TEST) == []
        course_attempts.sit(person_id, outline, at=clock.now())

    _on(after, complete_again)
    states = db.session.scalars(select(Enrolment.state).where(Enrolment.person_id == person_id)).all()
    assert sorted(states) == [EnrolmentState.COMPLETED, EnrolmentState.ENDED]
    assert progress.completed_by(course_id) == [person_id]
    sources = db.session.scalars(select(Evidence.source).where(Evidence.person_id == person_id)).all()
    assert f"course:{course_id}:completed:1" in sources
    assert [line.has_ended for line in progress.enrolments([person_id])[person_id]] == [True, False]


def test_ended_completion_remains_in_the_record(draft: Draft) -> None:
    person_id = _learner(draft, passes=True)
    after = _publish_breaking(draft) + timedelta(days=1)
    assert "A new version ended this completion." not in draft.client(person_id).get("/record").text
    (version,) = versions.breaking_versions(until=after)
    with transaction():
        assert ended_completions.end(person_id, version, clock.now())
    assert draft.client(person_id).get("/record").text.count("A new version ended this completion.") == 1


@pytest.mark.parametrize(
    ("count", "text"), [(0, "No learner"), (4, "Fewer than 5"), (5, "5 people"), (12, "12 people")]
)
def test_small_counts_of_completions_are_not_exact(
    monkeypatch: pytest.MonkeyPatch, draft: Draft, count: int, text: str
) -> None:
    monkeypatch.setattr(course_learners, "completions", lambda _course_id: count)
    with draft.app.test_request_context():
        assert learners.completions(draft.author.course_id).startswith(text)


def _propose(draft: Draft) -> UUID:
    with transaction():
        return reviews.propose_retirement(draft.author.course_id, "Replaced.", by=draft.author.id, now=clock.now())


def _retire(draft: Draft) -> None:
    review_id = _propose(draft)
    with transaction():
        reviews.approve(review_id, by=draft.reviewer, now=clock.now())
        reviews.retire(review_id, clock.now())


def test_completion_of_a_retired_course_stays(draft: Draft) -> None:
    finished = _learner(draft, passes=True)
    _retire(draft)
    assert progress.completed_by(draft.author.course_id) == [finished]
    assert progress.completed(finished) == {courses.CODE}
    assert _completions_in_force(finished)


def test_required_course_cannot_be_retired(monkeypatch: pytest.MonkeyPatch, draft: Draft) -> None:
    course_id, text = draft.author.course_id, "Officers are required to complete this course."
    with draft.app.test_request_context():
        assert text not in learners.effect(course_id, VersionKind.RETIREMENT, is_first=False)
        monkeypatch.setattr(requirements, "required_courses", lambda _day: frozenset({course_id}))
        assert text in learners.effect(course_id, VersionKind.RETIREMENT, is_first=False)
        with pytest.raises(DomainError, match="required"):
            _retire(draft)
    assert [line.state for line in versions.published(course_id)] == [VersionState.CURRENT]


def test_new_version_of_a_retired_course_is_said_to_offer_it_again(draft: Draft) -> None:
    course_id, text = draft.author.course_id, "A new version offers it to learners again."
    with draft.app.test_request_context():
        assert text not in learners.before_submission(course_id)
        _retire(draft)
        assert text in learners.before_submission(course_id)
        assert text in learners.effect(course_id, VersionKind.EDITORIAL, is_first=False)
    _publish(draft, _approved(draft, VersionKind.EDITORIAL))
    assert [line.state for line in versions.published(course_id)] == [VersionState.CURRENT, VersionState.PAST]


def test_retired_course_may_be_finished_and_not_begun(draft: Draft) -> None:
    reading, new = _learner(draft, passes=False), factories.person()
    outline, reader = _outline(draft), studio_site.actor(reading)
    _retire(draft)
    assert [line.state for line in versions.published(draft.author.course_id)] == [VersionState.RETIRED]
    assert catalogue.all_visible(reader) == []
    assert [status.outline.code for status in progress.visible_courses(reader)] == [courses.CODE]
    assert progress.visible_courses(studio_site.actor(new)) == []
    with pytest.raises(DomainError, match="retired"):
        lesson_progress.begin(new, outline, clock.now())
    db.session.rollback()
    course_attempts.sit(reading, outline, at=clock.now())
    assert progress.completed_by(draft.author.course_id) == [reading]


def test_retirement_needs_a_second_person(draft: Draft) -> None:
    review_id = _propose(draft)
    with pytest.raises(DomainError):
        reviews.approve(review_id, by=draft.author.id, now=clock.now())
    db.session.rollback()
    with pytest.raises(DomainError):
        reviews.retire(review_id, clock.now())


def test_retirement_does_not_publish_the_text_of_its_revision(draft: Draft) -> None:
    review_id = _propose(draft)
    with transaction():
        reviews.approve(review_id, by=draft.reviewer, now=clock.now())
        reviews.retire(review_id, clock.now())
    revision = draft.author.workspace().revision
    assert queries.authors(draft.author.course_id, revision) == {draft.author.id}


def test_retirement_is_asked_and_decided_on_the_pages(app: Flask) -> None:
    with app.app_context():
        draft = review_pages.changed(app)
        new = factories.person()
        db.session.remove()
    assert draft.post(draft.author.id, f"{COURSE}/retirement", reason=" ").status_code == 422
    asked = draft.post(draft.author.id, f"{COURSE}/retirement", reason="Replaced by another course.")
    review = asked.headers["Location"]
    page = draft.client(draft.reviewer).get(review).text
    assert "They may finish it" in page
    assert draft.post(draft.reviewer, f"{review}/approval").status_code == 302
    assert "Retire course" in draft.client(draft.reviewer).get(review).text
    assert draft.post(draft.reviewer, f"{review}/publication").status_code == 302
    decided = draft.client(draft.author.id).get(review).text
    assert re.search(r'id="state".{0,400}Retired', decided, re.DOTALL)
    listed = draft.client(draft.author.id).get(f"{COURSE}/review").text
    assert "Retired" in listed
    assert f"{COURSE}/retirement" not in listed
    assert courses.SLUG not in draft.client(new).get("/courses").text
    page = draft.client(new).get(f"/courses/{courses.SLUG}").text
    assert "This course is retired" in page
    assert f"/courses/{courses.SLUG}/enrolment" not in page
