import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import event, func, select

from app.db.session import db, transaction
from app.kernel import clock
from app.quizzes import queries, shapes, views
from app.quizzes.domain import saves
from app.quizzes.domain.attempts import AttemptState
from app.quizzes.domain.saves import sequence
from app.quizzes.models import AnswerSave
from app.quizzes.service import attempts, store
from tests.support import courses, factories
from tests.support.attempt_client import Sitting


@contextmanager
def statements(app: Flask) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(("BEGIN", "COMMIT", "ROLLBACK")):
            seen.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


def test_the_page_shows_every_question_once_and_the_first_open(app: Flask) -> None:
    sitting = Sitting(app)
    page = sitting.client.get(f"{sitting.path}/1").text
    assert page.count("data-question=") == 4
    assert page.count(' hidden><form class="flow-l"') == 3
    assert "Question 1 of 4" in page
    assert "quiz.js" in page


def test_numbers_of_a_test_that_fill_at_once_have_a_short_legend(app: Flask) -> None:
    sitting = Sitting(app)
    page = sitting.client.get(f"{sitting.path}/1").text
    assert "Filled circle: answered. Small square: marked." in page
    assert "when you open another one" not in page


def test_the_open_page_is_the_same_for_two_banks_that_differ_in_the_key(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attempts, "randbits", lambda _bits: 12345)
    pages = []
    for right, why in ((0, "Right: the note comes first."), (1, "No. This is a much longer feedback than the other.")):
        sitting = Sitting(app, right=right, why=why)
        pages.append([bare(sitting.client.get(f"{sitting.path}/{n}").text) for n in (1, 2, 3, 4, "check")])
        with app.app_context():
            from tests.support.databases import empty

            db.session.remove()
            empty(app)
    assert pages[0] == pages[1]


def test_values_on_an_open_page_reveal_no_source_order(app: Flask) -> None:
    sitting = Sitting(app)
    page = sitting.client.get(f"{sitting.path}/1").text
    sections = page.split("<section data-question=")[1:]
    assert len(sections) == 4
    for section in sections:
        values = re.findall(r'data-entry="(\d+)"|name="choices?" value="(\d+)"', section)
        assert [int(entry or choice) for entry, choice in values] == list(range(len(values)))
        assert len(values) >= 2


def bare(page: str) -> str:
    page = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "ID", page)
    page = re.sub(r'name="csrf_token" value="[^"]*"|name="csrf" content="[^"]*"', "TOKEN", page)
    return re.sub(r"Officer \d+", "OFFICER", page)


def test_without_script_a_test_is_answered_checked_and_handed_in(app: Flask) -> None:
    sitting = Sitting(app)
    for n, item in enumerate(sitting.items(), 1):
        body = courses.RIGHT[item]
        shown = sitting.shown(n, *body.get("places", [body.get("place")]))
        fields: dict[str, object] = {"choice": shown[0]} if "place" in body else {"choices": shown}
        if item == "T10-Q04":
            fields = {f"place-{entry}": place for place, entry in enumerate(shown, 1)}
        answer = sitting.post(str(n), step="next", certainty="3", **fields)
        assert answer.status_code == 302
        assert answer.location == (f"{sitting.path}/{n + 1}" if n < 4 else f"{sitting.path}/check")
    assert sitting.client.get(f"{sitting.path}/check").text.count("Answered") == 4
    assert sitting.post("hand-in").location == f"{sitting.path}/result"
    page = sitting.client.get(f"{sitting.path}/result").text
    assert "<h1>Passed</h1>" in page
    assert "Right: 4 of 4" in page.replace("\u2068", "").replace("\u2069", "")
    assert "4 of 4 as expected" in page
    assert "Read a berth list" in page
    for word in ("competent", "verified", "Competent", "Verified"):
        assert word not in page


def test_duplicate_positions_are_reported_and_form_input_is_preserved(app: Flask) -> None:
    sitting = Sitting(app)
    n = sitting.place("T10-Q04")
    answer = sitting.post(str(n), certainty="2", marked="y", **{"place-0": "1", "place-1": "1"})
    assert answer.status_code == 422
    assert "Give each line a place of its own." in answer.text
    assert answer.text.count('<option value="1" selected>') == 2
    assert 'name="certainty" value="2" checked' in answer.text
    assert 'name="marked" value="y" checked' in answer.text
    assert sitting.held() == {}


def test_result_names_lessons_to_read_again_and_the_next_attempt(app: Flask) -> None:
    sitting = Sitting(app)
    n = sitting.place("T10-Q01")
    sitting.post(str(n), choice=sitting.shown(n, 1)[0], certainty="3")
    sitting.post("hand-in")
    page = sitting.client.get(f"{sitting.path}/result").text
    assert "<h1>Not yet</h1>" in page
    assert '/lessons/the-list"' in page
    assert "Next attempt: from" in page
    assert "2027-03-02T09:00" in page
    assert "Feedback of the second." in page
    assert "Right: the note comes first." in page


def test_result_shows_a_missed_person_among_decisions(app: Flask) -> None:
    sitting = Sitting(app)
    n = sitting.place("T10-Q01")
    sitting.post(str(n), choice=sitting.shown(n, 2)[0], certainty="3")
    sitting.post("hand-in")
    text = " ".join(re.sub("<[^>]*>", " ", sitting.client.get(f"{sitting.path}/result").text).split())
    assert "Your decisions A person in need missed 1 of 1" in text
    assert "False alarm" not in text


def test_save_is_acknowledged_after_it_is_stored(app: Flask) -> None:
    sitting = Sitting(app)
    n = sitting.place("T10-Q01")
    [shown] = sitting.shown(n, 1)
    answer = sitting.send({"question": n, "sequence": 65537, "body": {"place": shown}, "certainty": 2, "marked": True})
    assert answer.json == {"kept": [[n, 65537]], "late": [], "ended": False, "seconds_left": None}
    assert sitting.held() == {n: shapes.CurrentAnswer(65537, {"place": 1}, 2, marked=True)}
    page = sitting.client.get(f"{sitting.path}/{n}").text
    assert f'value="{shown}" checked' in page
    state = sitting.client.get(f"{sitting.path}/state").json
    assert (state["sequences"], state["ended"]) == ({str(n): 65537}, False)


@pytest.mark.parametrize(
    "save",
    [
        {"question": 1, "sequence": 1, "body": {"place": 9}},
        {"question": 5, "sequence": 1, "body": None},
        {"question": 1, "sequence": -1, "body": None},
        {"question": 1, "sequence": 2**63, "body": None},
        {"question": 1, "sequence": 1, "body": {"places": [[[0]]]}},
        {"question": 1, "sequence": 1, "body": "x", "certainty": 4},
        {"sequence": 1},
    ],
)
def test_a_save_that_does_not_fit_is_refused(app: Flask, save: dict[str, object]) -> None:
    sitting = Sitting(app)
    assert sitting.send(save).status_code == 400
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(AnswerSave)) == 0


def test_an_option_of_another_question_is_refused_from_a_form(app: Flask) -> None:
    sitting = Sitting(app)
    assert sitting.post(str(sitting.place("T10-Q03")), choice="2").status_code == 422
    assert sitting.held() == {}


def test_attempt_of_another_person_returns_404(app: Flask) -> None:
    sitting = Sitting(app)
    with app.app_context():
        other = factories.person()
    client = factories.sign_in(app, other)
    for path in ("1", "check", "state", "result"):
        assert client.get(f"{sitting.path}/{path}").status_code == 404
    token = factories.token(app, client)
    for path in ("1", "hand-in"):
        assert client.post(f"{sitting.path}/{path}", data={"csrf_token": token}).status_code == 404
    saves = {"saves": [{"question": 1, "sequence": 1, "body": None}]}
    assert client.post(f"{sitting.path}/saves", json=saves, headers={"X-CSRF-Token": token}).status_code == 404
    assert sitting.held() == {}


def test_script_gets_an_error_when_signed_out(app: Flask) -> None:
    sitting = Sitting(app)
    client = app.test_client()
    token = factories.token(app, client)
    answer = client.post(f"{sitting.path}/saves", json={"saves": []}, headers={"X-CSRF-Token": token})
    assert answer.status_code == 401


def test_question_outside_the_paper_returns_404(app: Flask) -> None:
    sitting = Sitting(app)
    assert [sitting.client.get(f"{sitting.path}/{n}").status_code for n in (0, 4, 5)] == [404, 200, 404]


def test_the_server_decides_when_time_is_over(app: Flask) -> None:
    sitting = Sitting(app, minutes=10)
    n = sitting.place("T10-Q01")
    sent = {"question": n, "sequence": 1, "body": {"place": sitting.shown(n, 0)[0]}}
    assert sitting.send(sent).json["seconds_left"] in {599, 600}
    before = clock.now()
    start = clock.real_now()
    clock.move(lambda: before - start + timedelta(minutes=11))
    assert sitting.client.get(f"{sitting.path}/1").location == f"{sitting.path}/check"
    assert "Time is over" in sitting.client.get(f"{sitting.path}/check").text
    with app.app_context():
        assert queries.lock(sitting.attempt).state is AttemptState.OPEN
    late = sitting.send({"question": n, "sequence": sequence(9, 9), "body": {"place": 1}})
    assert late.json == {"kept": [], "late": [[n, sequence(9, 9)]], "ended": True, "seconds_left": None}
    with app.app_context():
        found = queries.lock(sitting.attempt)
    assert (found.state, found.score) == (AttemptState.ENDED_BY_TIME, 0.25)
    assert sitting.client.get(f"{sitting.path}/1").location == f"{sitting.path}/result"
    assert "Time ended on" in sitting.client.get(f"{sitting.path}/result").text


def test_delayed_body_after_the_deadline_is_late(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    sitting = Sitting(app, minutes=10)
    token, before, start = sitting.token(), clock.now(), clock.real_now()
    read = views.read_json

    def slowly(shape: type) -> object:
        clock.move(lambda: before - start + timedelta(minutes=11))
        return read(shape)

    monkeypatch.setattr(views, "read_json", slowly)
    saves = {"saves": [{"question": 1, "sequence": 1, "body": None}]}
    answer = sitting.client.post(f"{sitting.path}/saves", json=saves, headers={"X-CSRF-Token": token})
    assert answer.json["late"] == [[1, 1]]


def test_a_save_takes_few_statements(app: Flask) -> None:
    sitting = Sitting(app)
    n = sitting.place("T10-Q01")
    sitting.send({"question": n, "sequence": 1, "body": {"place": 0}})
    with statements(app) as seen:
        many = [{"question": n, "sequence": number, "body": {"place": 0}} for number in range(2, 9)]
        assert sitting.send(*many).status_code == 200
    assert len(seen) <= 5, seen  # the session, the attempt twice, the count of the minute, the saves


def test_saves_above_the_limit_of_a_minute_get_429_and_store_nothing(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    sitting = Sitting(app)
    real = clock.real_now().replace(second=40)
    monkeypatch.setattr(clock, "real_now", lambda: real)  # the minute does not turn while the test runs
    with app.app_context(), transaction():
        store.count_saves(sitting.person, saves.MOST_A_MINUTE - 1, saves.minute_of(real))
    sent = [{"question": 1, "sequence": number << 16, "body": None} for number in (1, 2)]
    refused = sitting.send(*sent)
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "20")
    assert sitting.held() == {}
    assert sitting.send(sent[0]).status_code == 200
    assert sitting.post("2", certainty="1").status_code == 429
    real += timedelta(seconds=20)
    assert sitting.send(*sent).status_code == 200


def test_number_too_high_gets_409_with_the_highest_stored_number(app: Flask) -> None:
    sitting = Sitting(app)
    stored = sequence(5, 7)
    sitting.send({"question": 1, "sequence": stored, "body": None})
    too_high = sequence(5 + saves.MOST_AHEAD + 1, 3)
    refused = sitting.send({"question": 2, "sequence": 1, "body": None}, {"question": 1, "sequence": too_high})
    assert refused.status_code == 409
    assert (refused.json["code"], refused.json["highest"]) == ("number-too-high", stored)
    with app.app_context():
        assert queries.sequences(queries.lock(sitting.attempt).row_id) == {1: stored}
    assert sitting.send({"question": 2, "sequence": sequence(5 + saves.MOST_AHEAD, 3)}).status_code == 200


def test_a_question_page_takes_few_statements(app: Flask) -> None:
    sitting = Sitting(app)
    sitting.client.get(f"{sitting.path}/1")
    with statements(app) as seen:
        assert sitting.client.get(f"{sitting.path}/1").status_code == 200
    assert len(seen) <= 5, seen


def test_pages_speak_arabic_and_keep_the_questions_language(app: Flask) -> None:
    sitting = Sitting(app, language="ar")
    page = sitting.client.get(f"{sitting.path}/1").text
    assert '<html lang="ar" dir="rtl"' in page
    assert 'lang="en" dir="ltr" id="answer-q1"' in page
    sitting.post("hand-in")
    assert sitting.client.get(f"{sitting.path}/check").location == f"{sitting.path}/result"
    assert sitting.client.get(f"{sitting.path}/result").status_code == 200
