"""Copies of courses: who may copy, and that the authors of the source stay authors of the copied text."""

from dataclasses import replace
from uuid import UUID

import pytest
from flask import Flask

from app.access.policy import Role, Scope
from app.catalogue.domain.versions import VersionKind
from app.db.session import transaction
from app.kernel import clock
from app.kernel.errors import DomainError
from app.studio.domain.course_edits import NewCourse
from app.studio.queries import drafts, reviews as queries, workspaces
from app.studio.service import courses, reviews
from app.studio.service.reviews import Submission
from tests.support import factories, review_pages, sites, studio_site

NEW = studio_site.COPY


def _copy(source: workspaces.Workspace, by: UUID, course: NewCourse = NEW) -> UUID:
    with transaction():
        return courses.copy_course(source, course, by=by, now=clock.now())


def _submitted(course_id: UUID, by: UUID) -> UUID:
    with transaction():
        submission = Submission(VersionKind.EDITORIAL, "A copy.")
        return reviews.submit(course_id, submission, tree=review_pages.tree(course_id), by=by, now=clock.now())


def test_author_of_the_source_does_not_approve_its_copy(context: Flask) -> None:
    author, copier, second = studio_site.author(), studio_site.author(), review_pages.other_trainer()
    review_pages.add_text(author, "Text of the first author.")
    review_id = _submitted(_copy(author.workspace(), copier.id), copier.id)
    with pytest.raises(DomainError, match="You wrote a part"), transaction():
        reviews.approve(review_id, by=author.id, now=clock.now())
    review_pages.tick_required(review_id, second)
    with transaction():
        reviews.approve(review_id, by=second, now=clock.now())


def test_authors_are_carried_across_a_copy_of_a_copy(context: Flask) -> None:
    author, first, second = (studio_site.author() for _ in range(3))
    review_pages.add_text(author, "Text of the first author.")
    copy_id = _copy(author.workspace(), first.id)
    studio_site.make_author(second.id, copy_id)
    copy = workspaces.workspace(studio_site.actor(second.id), NEW.slug)
    last_id = _copy(copy, second.id, replace(NEW, code="M92", slug="a-second-copy"))
    assert queries.authors(last_id, 2) == {author.id, first.id, second.id}
    assert drafts.authors_of_files(last_id) == {author.id, first.id, second.id}


def test_course_is_copied_only_by_its_authors(app: Flask) -> None:
    with app.app_context():
        author = studio_site.author()
        reviewer = factories.person(grants=((Role.TRAINER, Scope.COURSE, "another"),))
        with transaction():
            courses.add_reviewer(author.workspace(), reviewer, clock.now())
        slug = author.workspace().slug
    fields = {
        "source": slug, "title": "A copy", "paragraph": "About a copy.", "outcomes": "write down what you saw",
        "code": "M93", "hours": "1", "language": "en", "sensitivity": "unrestricted",
    }  # fmt: skip
    for person_id, status in ((reviewer, 422), (author.id, 302)):
        client = factories.sign_in(app, person_id)
        assert sites.post(app, client, "/teaching/courses/new", fields).status_code == status
