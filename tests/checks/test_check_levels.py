"""Questions are asked only at levels that the framework lets a watched check verify."""

from contextlib import AbstractContextManager
from unittest.mock import patch

import pytest
from flask import Flask

from app.catalogue.domain.items import Level
from app.checks.domain.sittings import Way
from app.checks.queries import offers, sittings as queries
from app.checks.service.sittings import CheckAim
from app.db.session import db
from app.kernel.errors import DomainError
from tests.support import factories, sitting_scene, watched_course
from tests.support.sitting_scene import scene

AIM = CheckAim(competency=watched_course.COMPETENCY, level=Level.FOUNDATION)


def assessors_only() -> AbstractContextManager[object]:
    """Let only an assessor verify the level, as at practitioner; the pool has 60 questions."""
    by_level = {Level.FOUNDATION: frozenset({"assessor"})}
    return patch.object(offers, "verified_by", lambda _framework: by_level)


def test_desk_task_is_taken_where_an_assessor_verifies(app: Flask) -> None:
    made = scene(app, opened=False)
    with app.app_context(), assessors_only():
        sitting_id = sitting_scene.plan((), (AIM,), by=made.invigilator)
        assert [task.way for task in queries.get(sitting_id).tasks] == [Way.DESK_TASK]
        asked = CheckAim(competency=AIM.competency, level=AIM.level, way=Way.QUESTIONS)
        db.session.rollback()
        with pytest.raises(DomainError, match="needs a desk task at this level"):
            sitting_scene.plan((), (asked,), by=made.invigilator)


def test_form_says_why_there_are_no_questions(app: Flask) -> None:
    made = scene(app, opened=False)
    client = factories.sign_in(app, made.second)
    page = client.get("/sittings/new").text
    assert "12 questions" in page
    assert "an assessor verifies" in page
    with patch.object(offers, "verified_by", lambda _framework: {}):
        page = client.get("/sittings/new").text
    assert "12 questions" not in page
    assert "(an assessor verifies this level)" in page
