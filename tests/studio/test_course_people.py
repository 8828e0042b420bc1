"""Authors of a course: the last one stays, also when two remove each other at the same time."""

import pytest
from flask import Flask

from app.kernel import clock
from app.kernel.errors import DomainError
from app.studio.queries import workspaces
from app.studio.service import courses
from tests.support import concurrency, studio_site


@pytest.mark.each_database
def test_two_authors_who_remove_each_other_leave_one(app: Flask) -> None:
    with app.app_context():
        first, second = studio_site.author(), studio_site.author()
        workspace = first.workspace()

    def remove(author: studio_site.Author) -> object:
        return courses.remove_author(workspace, author.id, clock.now())

    results = concurrency.both_at_once(app, lambda: remove(second), lambda: _refusal(lambda: remove(first)))
    assert results[1] == "A course needs at least one author. Add another one first."
    with app.app_context():
        assert workspaces.trainers_of(first.course_id, clock.today()) == {first.id}


def _refusal(step: concurrency.Step) -> str:
    """Return the message with which a step is refused, "" if it is not."""
    try:
        step()
    except DomainError as error:
        return str(error)
    return ""
