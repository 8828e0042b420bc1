"""Steps in lessons sent by a device, and the same steps by plain forms."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.kernel import clock
from tests.support import courses as course, factories, lesson_reading, sites

LESSON = f"/courses/{course.SLUG}/lessons/the-list"
NEXT = f"/courses/{course.SLUG}/lessons/the-quay"


@pytest.fixture
def reader(app: Flask) -> FlaskClient:
    with app.app_context():
        course.publish()
        return factories.sign_in(app, factories.person())


def _token(client: FlaskClient, path: str = LESSON) -> str:
    return lesson_reading.token(client, path)


def _later(minutes: float) -> None:
    before = clock.now() - clock.real_now()
    clock.move(lambda: before + timedelta(minutes=minutes))


def _send(client: FlaskClient, *steps: dict[str, Any]) -> list[dict[str, Any]]:
    answer = sites.post_json(client.application, client, "/lessons/steps", {"steps": list(steps)})
    assert answer.status_code == 200, answer.text
    results: list[dict[str, Any]] = answer.json["results"]
    assert [result["key"] for result in results] == [step["key"] for step in steps]
    return results


def _check(token: str, **fields: str) -> dict[str, Any]:
    return lesson_reading.step("check", token, {"item": course.CHECK, "press": "0" * 16, **fields})


def test_done_is_saved_and_repeated_when_sent_twice(reader: FlaskClient) -> None:
    token = _token(reader)
    _later(3)
    step = lesson_reading.step("done", token)
    first, second = _send(reader, step), _send(reader, step)
    saved = {"key": step["key"], "status": "saved", "reason": None, "state": "done", "html": None, "next": NEXT}
    assert first == [saved]
    assert second == [saved | {"status": "repeated"}]


def test_done_is_looked_through_when_device_counts_less(reader: FlaskClient) -> None:
    token = _token(reader)
    _later(30)
    assert _send(reader, lesson_reading.step("done", token, spent=20))[0]["state"] == "looked_through"
    assert _send(reader, lesson_reading.step("done", token, spent=20))[0]["state"] == "looked_through"
    assert _send(reader, lesson_reading.step("done", token, spent=70))[0]["state"] == "done"


def test_done_without_time_leads_to_course_when_last(reader: FlaskClient) -> None:
    token = _token(reader, f"/courses/{course.SLUG}/lessons/after-the-watch")
    result = _send(reader, lesson_reading.step("done", token))[0]
    assert (result["state"], result["next"]) == ("looked_through", f"/courses/{course.SLUG}")


def test_check_shows_feedback_once_and_again(reader: FlaskClient) -> None:
    token = _token(reader)
    step = _check(token, choice="1")
    first, second = _send(reader, step)[0], _send(reader, step)[0]
    assert (first["status"], second["status"]) == ("saved", "repeated")
    assert "A captain keeps a log." in first["html"]
    assert f'id="feedback-{course.CHECK}"' in first["html"]
    assert second["html"] == first["html"]
    assert "A captain keeps a log." in reader.get(LESSON).text


def test_check_is_refused_when_nothing_is_chosen_or_asked(reader: FlaskClient) -> None:
    token = _token(reader)
    foreign = lesson_reading.step("check", token, {"item": "T10-Q01", "choice": "0"})
    broken = _check(token, choice="nothing")
    results = _send(reader, _check(token), foreign, broken, lesson_reading.step("check", token))
    assert [(result["status"], result["reason"]) for result in results] == [
        ("refused", "unanswered"),
        ("refused", "item"),
        ("refused", "item"),
        ("refused", "item"),
    ]


def test_refused_step_may_be_sent_again(reader: FlaskClient) -> None:
    token = _token(reader)
    step = _check(token)
    assert _send(reader, step)[0]["status"] == "refused"
    assert _send(reader, step | {"fields": {"item": course.CHECK, "choice": "0"}})[0]["status"] == "saved"


@pytest.mark.parametrize("fields", [{}, {"part": "0"}, {"part": "-1"}, {"part": ["1"]}, {"part": "9999"}])
def test_part_is_refused_when_no_number(reader: FlaskClient, fields: dict[str, Any]) -> None:
    assert _send(reader, lesson_reading.step("part", _token(reader), fields))[0]["reason"] == "part"


def test_saved_part_is_the_target_of_continue(reader: FlaskClient) -> None:
    token = _token(reader)
    assert (
        _send(reader, lesson_reading.step("part", token, {"part": "2", "parts": "5", "place": "7"}))[0]["status"]
        == "saved"
    )
    for path in ("/", f"/courses/{course.SLUG}"):
        page = reader.get(path).text
        assert "Lesson 1, part 2 of 5" in page
        assert f"{LESSON}#h-7" in page


def test_forged_or_foreign_token_is_refused(app: Flask, reader: FlaskClient) -> None:
    with app.app_context():
        other = _token(factories.sign_in(app, factories.person()))
    steps = [lesson_reading.step("done", text) for text in ("", "x.the-list.1.y", other, other.replace("list", "quay"))]
    assert [(one["status"], one["reason"]) for one in _send(reader, *steps)] == [("refused", "token")] * 4


def test_rejected_step_does_not_stop_the_others(reader: FlaskClient) -> None:
    token = _token(reader)
    results = _send(
        reader, lesson_reading.step("done", "x"), lesson_reading.step("done", token), lesson_reading.step("part", token)
    )
    assert [result["status"] for result in results] == ["refused", "saved", "refused"]


def test_token_of_a_course_out_of_reach_is_refused(app: Flask) -> None:
    site = sites.make(app)
    reader = site.client("owner")
    token = _token(reader, f"/courses/{sites.RESTRICTED}/lessons/the-berth-list")
    assert _send(reader, lesson_reading.step("done", token))[0]["status"] == "saved"
    assert _send(site.client("colleague"), lesson_reading.step("done", token))[0]["reason"] == "token"


@pytest.mark.parametrize(
    "change",
    [{"key": "short"}, {"kind": "read"}, {"spent": -1}, {"spent": "5"}, {"done_at": "yesterday"}, {"fields": {"a": 1}}],
)
def test_invalid_steps_return_400(reader: FlaskClient, change: dict[str, Any]) -> None:
    body = {"steps": [lesson_reading.step("done", "x") | change]}
    assert sites.post_json(reader.application, reader, "/lessons/steps", body).status_code == 400


def test_more_than_fifty_steps_return_400(reader: FlaskClient) -> None:
    body = {"steps": [lesson_reading.step("done", "x") for _ in range(51)]}
    assert sites.post_json(reader.application, reader, "/lessons/steps", body).status_code == 400


def test_form_counts_time_since_the_page_was_opened(reader: FlaskClient) -> None:
    token = _token(reader)
    _later(1.5)
    sites.post(reader.application, reader, f"{LESSON}/done", {"token": token})
    quay = _token(reader, NEXT)
    _later(1)
    answer = sites.post(reader.application, reader, f"{NEXT}/done", {"token": quay})
    page = reader.get(answer.location).text
    assert "Skimmed" in page
    rows = reader.get(f"/courses/{course.SLUG}").text
    assert (rows.count("Skimmed"), rows.count("Done</span>")) == (1, 1)


def test_form_counts_nothing_with_token_of_another_lesson(reader: FlaskClient) -> None:
    token = _token(reader)
    _later(9)
    answer = sites.post(reader.application, reader, f"{NEXT}/done", {"token": token})
    assert "Skimmed" in reader.get(answer.location).text


def test_form_check_adds_to_the_time_read(reader: FlaskClient) -> None:
    token = _token(reader)
    _later(0.6)
    check = {"press": "0" * 16, "choice": "0", "token": token, "item": course.CHECK}
    sites.post(reader.application, reader, f"{LESSON}/checks/{course.CHECK}", check)
    again = _token(reader)
    _later(0.6)
    assert _send(reader, lesson_reading.step("done", again))[0]["state"] == "done"
