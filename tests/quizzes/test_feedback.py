"""A test that explains each answer once it is saved, and the page after a test."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.db.session import db
from app.kernel import clock
from app.quizzes import queries
from app.quizzes.models import AnswerSave
from tests.support import courses
from tests.support.attempt_client import Sitting

WHY = "Right: the note comes first."


@pytest.fixture
def sitting(app: Flask) -> Sitting:
    return Sitting(app, feedback="after_answer")


def test_answer_is_explained_and_locked_when_saved(sitting: Sitting) -> None:
    n = sitting.place("T10-Q01")
    assert WHY not in sitting.client.get(f"{sitting.path}/{n}").text
    answer = sitting.post(f"{n}", choice=sitting.shown(n, 1)[0], step="next")
    assert answer.location == f"{sitting.path}/{n}"
    page = sitting.client.get(answer.location).text
    assert WHY in page
    assert "Feedback of the second." in page
    assert page.count("This answer is locked.") == 1
    assert page.count(" data-locks ") == 3
    assert sitting.held()[n].locked


def test_locked_answer_stays_when_saved_again(sitting: Sitting) -> None:
    n = sitting.place("T10-Q01")
    sitting.post(f"{n}", choice=sitting.shown(n, 1)[0], step="next")
    first = sitting.held()[n]
    sitting.post(f"{n}", choice=sitting.shown(n, 0)[0], step="next")
    later = {"question": n, "sequence": first.sequence + 65536, "body": {"place": sitting.shown(n, 0)[0]}}
    answer = sitting.send(later)
    assert answer.json["kept"] == [[n, later["sequence"]]]
    assert sitting.held()[n] == first


def test_save_of_a_script_locks_nothing(sitting: Sitting) -> None:
    n = sitting.place("T10-Q01")
    sitting.send({"question": n, "sequence": 65536, "body": {"place": sitting.shown(n, 1)[0]}})
    assert not sitting.held()[n].locked
    sitting.post(f"{n}", choice=sitting.shown(n, 1)[0], step="next")
    held = sitting.held()[n]
    assert (held.locked, held.body) == (True, {"place": 1})


@pytest.mark.each_database
def test_question_without_answer_is_not_locked(sitting: Sitting) -> None:
    answer = sitting.post("1", step="next")
    assert answer.location == f"{sitting.path}/2"
    assert not sitting.held()[1].locked


def test_answer_that_came_late_is_not_locked(app: Flask) -> None:
    sitting = Sitting(app, feedback="after_answer", minutes=1)
    n = sitting.place("T10-Q01")
    before = clock.now() - clock.real_now()
    clock.move(lambda: before + timedelta(minutes=5))
    sitting.post(f"{n}", choice="0", step="next")
    with app.app_context():
        assert not db.session.scalar(select(AnswerSave.locked).where(AnswerSave.locked))
        assert not queries.lock(sitting.attempt).is_open


def test_other_tests_explain_nothing_before_their_end(app: Flask) -> None:
    sitting = Sitting(app)
    n = sitting.place("T10-Q01")
    sitting.post(f"{n}", choice=sitting.shown(n, 0)[0], step="next")
    page = sitting.client.get(f"{sitting.path}/{n}").text
    assert WHY not in page
    assert "data-locks" not in page
    assert not sitting.held()[n].locked


def test_start_page_says_when_answers_are_explained(app: Flask) -> None:
    sitting = Sitting(app, feedback="after_answer")
    page = sitting.client.get(f"/courses/{courses.SLUG}/test").text
    assert "After each answer, which is then locked" in page


def test_page_contains_texts_for_a_lost_connection(app: Flask) -> None:
    sitting = Sitting(app)
    page = sitting.client.get(f"{sitting.path}/1").text
    assert "Your answers are saved on this device. They are sent when the connection is back." in page
    assert "This is a shared computer: your answers are on this page only." in page
    look_back = sitting.client.get(f"{sitting.path}/check").text
    assert "They are sent when the connection is back. Then submit your answers." in look_back


def _end(sitting: Sitting, *, right: bool) -> str:
    for number, item in enumerate(sitting.items(), 1):
        answers = courses.RIGHT if right else courses.WRONG
        body = answers[item]
        places = [body["place"]] if "place" in body else body["places"]
        shown = sitting.shown(number, *places)
        sent = {"place": shown[0]} if "place" in body else {"places": shown}
        sitting.send({"question": number, "sequence": 65536 * number, "body": sent})
    sitting.post("hand-in")
    return sitting.client.get(f"{sitting.path}/result").text


def test_passed_test_shows_its_effect_and_the_next_steps(app: Flask) -> None:
    page = _end(Sitting(app), right=True)
    for text in ("What you showed", "What it counts for", "Next steps", "It completes the course Night at the harbour"):
        assert text in page
    for address in ("/path/PRT-01", f"/courses/{courses.SLUG}/cases/scenario", "/courses", "/workshops", "/record"):
        assert f'href="{address}"' in page
    assert "Not reached yet" not in page


def test_failed_test_names_weak_competencies_and_the_next_attempt(app: Flask) -> None:
    page = _end(Sitting(app), right=False)
    assert "Not reached yet: Read a berth list and Keep a watch." in re.sub("<[^>]+>", "", page)
    assert "Next attempt: from" in page
    assert f'href="/courses/{courses.SLUG}/lessons/the-list"' in page
    assert "Next steps" not in page


def test_result_table_is_a_list_on_a_phone(app: Flask) -> None:
    page = _end(Sitting(app), right=False)
    table = page[page.index("<table") : page.index("</table>")]
    assert 'class="listed"' in table
    assert table.count("data-head=") == table.count("<td")
