"""Sequences of steps of three people: no person approves a published text that contains an own unpublished one."""

import hashlib
from dataclasses import dataclass
from uuid import UUID

from flask import Flask
from hypothesis import HealthCheck, given, settings, strategies as st
from sqlalchemy import select

from app.catalogue.domain.versions import VersionKind
from app.catalogue.models import CourseVersion, VersionFile
from app.catalogue.service.preparation import ReadyCourse
from app.db.session import db, transaction
from app.kernel import clock
from app.kernel.errors import DomainError
from app.studio.queries import drafts, reviews as queries
from app.studio.service import drafts as draft_service, reviews
from app.studio.service.reviews import Submission
from tests.support import courses, review_pages, studio_site
from tests.support.examples import examples
from tests.support.review_pages import LESSON
from tests.support.studio_site import Author

PEOPLE = st.integers(0, 2)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("write"), PEOPLE, st.just(0)),
        st.tuples(st.just("restore"), PEOPLE, st.integers(0, 6)),
        st.tuples(st.just("review"), PEOPLE, PEOPLE),
    ),
    min_size=5,
    max_size=12,
)


@dataclass
class Story:
    """A draft and three people; each paragraph names who wrote it."""

    author: Author
    people: tuple[UUID, ...]
    written: int = 0

    def take(self, step: str, person: int, number: int) -> None:
        """Take a step; a refused one changes nothing."""
        try:
            getattr(self, step)(self.people[person], number)
        except DomainError:
            db.session.rollback()

    def write(self, by: UUID, _number: int) -> None:
        self.written += 1
        review_pages.add_text(self.author, f"{by} wrote {self.written}.", by=by)

    def restore(self, by: UUID, back: int) -> None:
        revision = self.author.workspace().revision
        with transaction():
            draft_service.restore(self.author.course_id, max(revision - back, 1), by=by, now=clock.now())

    def review(self, by: UUID, second: int) -> None:
        """Submit as one person, approve as another one, publish; an open review of earlier steps ends."""
        now, open_review = clock.now(), queries.open_review(self.author.course_id)
        if open_review is not None:
            with transaction():
                reviews.withdraw(open_review.id, now=now)
        revision = self.author.workspace().revision
        with transaction():
            submission = Submission(VersionKind.EDITORIAL, "Changes.")
            tree = review_pages.tree(self.author.course_id)
            review_id = reviews.submit(self.author.course_id, submission, tree=tree, by=by, now=now)
        review_pages.tick_required(review_id, self.people[second])
        with transaction():
            reviews.approve(review_id, by=self.people[second], now=now)
        files = drafts.files(self.author.workspace(), revision=revision)
        ready = ReadyCourse(courses.ready()[0].folder, hashlib.sha256(files[LESSON]).hexdigest(), files)
        with transaction():
            reviews.publish(review_id, ready, now)


@given(STEPS)
@settings(max_examples=examples(8), suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_person_approves_a_published_text_of_their_own(context: Flask, steps: list[tuple[str, int, int]]) -> None:
    author = studio_site.author()
    people = (author.id, studio_site.author().id, review_pages.other_trainer())
    story = Story(author, people)
    before = _published_text(author)
    for step in steps:
        story.take(*step)
        after = _published_text(author)
        if after != before:
            version = db.session.get_one(CourseVersion, author.workspace().version_id)
            assert version.first_id != version.second_id
            added = set(after.splitlines()) - set(before.splitlines())
            assert not any(line.startswith(str(version.second_id)) for line in added)
        before = after


def _published_text(author: Author) -> str:
    version_id = author.workspace().version_id
    query = select(VersionFile.content).where(VersionFile.version_id == version_id, VersionFile.path == LESSON)
    return db.session.scalars(query).one().decode()
