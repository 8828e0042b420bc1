"""The page of an open desk task shows task and documents, and nothing that is for assessors."""

import pytest
from flask import Flask

from app.catalogue.domain.items import Level
from app.checks.domain.sittings import Way
from app.checks.service.sittings import CheckAim
from app.db.session import db
from tests.support import factories, sitting_scene, watched_course
from tests.support.sitting_pages import begin, confirm_all, enter
from tests.support.sitting_scene import Scene, scene

# criteria, model answers, unit names, form and family of the document, rubric and citation
OF_WATCHED_COURSE = (
    "described and not judged", "where it lay", "Criterion", "Points", "Neutral and complete", "false accounts",
    "It judges", "#book", 'id="book"', "reserve", "family", "rubric", "belmora-port-rules", watched_course.TASK,
)  # fmt: skip


@pytest.fixture
def made(app: Flask) -> Scene:
    """An open sitting with the desk task of the watched course."""
    made = scene(app)
    aim = CheckAim(competency=watched_course.COMPETENCY, level=Level.FOUNDATION, way=Way.DESK_TASK)
    with app.app_context():
        sitting_id = sitting_scene.plan(made.officers, (aim,), by=made.invigilator)
        sitting_scene.open_it(sitting_id, made.invigilator)
        code = sitting_scene.details(sitting_id).code
        db.session.remove()
    return Scene(sitting_id, code, made.invigilator, made.second, made.officers)


def test_page_of_a_desk_task_shows_nothing_for_assessors(app: Flask, made: Scene) -> None:
    officer = factories.sign_in(app, made.officers[0])
    enter(app, officer, made)
    confirm_all(app, factories.sign_in(app, made.invigilator), made)
    seat = officer.get(f"/sittings/{made.code}").text
    attempt = begin(app, officer, made)
    question = officer.get(f"/attempts/{attempt}/1").text
    assert "Book with sums beside first names" in question
    assert "whose owner has to be asked first" in question
    shown = [seat, question]
    for path in ("check", "state"):
        answer = officer.get(f"/attempts/{attempt}/{path}")
        assert answer.status_code == 200
        shown.append(answer.text)
    shown.append(officer.get(f"/attempts/{attempt}/result", follow_redirects=True).text)
    leaked = {secret for secret in OF_WATCHED_COURSE for text in shown if secret in text}
    assert leaked == set()
