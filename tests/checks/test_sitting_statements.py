from flask import Flask

from app.checks.service import closing
from app.db.session import transaction
from app.kernel import clock
from tests.support import factories, sitting_scene
from tests.support.sitting_scene import scene
from tests.support.sql_statements import asked, counted

MOST_FOR_AN_OFFICER = 40  # statements of the close of a sitting


def closing_statements(app: Flask, officers: int) -> int:
    """Return how many statements the close of a sitting takes in which so many officers are at work."""
    made = scene(app, officers=officers)
    with app.app_context():
        for person_id in made.officers:
            sitting_scene.at_work(made, person_id)
        with counted(app) as told, transaction():
            closing.close(made.sitting_id, by=made.invigilator, note="No incidents.", now=clock.now())
    return len(told)


def test_close_takes_few_statements_for_an_officer(app: Flask) -> None:
    few = closing_statements(app, 1)
    made = closing_statements(app, 4)
    assert (made - few) / 3 <= MOST_FOR_AN_OFFICER


def test_page_of_the_invigilator_has_constant_statements(app: Flask) -> None:
    made = scene(app, officers=6)
    watcher = factories.sign_in(app, made.invigilator)
    with app.app_context():
        for person_id in made.officers[:2]:
            sitting_scene.at_work(made, person_id)
    few = asked(app, watcher, f"/sittings/{made.sitting_id}")
    with app.app_context():
        for person_id in made.officers[2:]:
            sitting_scene.at_work(made, person_id)
    assert asked(app, watcher, f"/sittings/{made.sitting_id}") == few
