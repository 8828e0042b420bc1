"""One item of each kind, asked in a test: without a script, by a script, rejected, and with its feedback."""

import gzip
import re

import pytest
from flask import Flask

from app.catalogue.domain.items import ItemKind
from app.quizzes.labels import unit_label
from tests.support import courses, factories, kinds_course, sql_statements
from tests.support.attempt_client import Sitting


@pytest.fixture
def sitting(app: Flask) -> Sitting:
    return Sitting(app, publish=kinds_course.publish)


def _place(sitting: Sitting, kind: ItemKind) -> int:
    return next(n for n, (name, _fields) in sitting.keys().items() if name == kind)


def test_every_kind_is_answered_without_script_and_explained_at_the_end(sitting: Sitting) -> None:
    keys = sitting.keys()
    assert {kind for kind, _ in keys.values()} == {*ItemKind} - {ItemKind.OPEN}
    for n, (_kind, fields) in keys.items():
        answer = sitting.post(str(n), step="next", certainty="3", **fields)
        assert answer.status_code == 302
    for n, (kind, fields) in keys.items():
        page = sitting.client.get(f"{sitting.path}/{n}").text
        shown = page.split(f'<section data-question="{n}"')[1].split("</section>")[0]
        assert shown.count(" checked") + shown.count(" selected") >= (kind not in {"number", "short", "pair", "fields"})
        assert all(f'name="{name}"' in shown for name in fields)
    assert sitting.client.get(f"{sitting.path}/check").text.count("Answered") == len(keys)
    sitting.post("hand-in")
    page = sitting.client.get(f"{sitting.path}/result").text
    assert "<h1>Passed</h1>" in page
    assert f"Right: {len(keys)} of {len(keys)}" in re.sub("[\u2068\u2069]", "", page)
    for text in ("Counts", "Proves it", "Counts, pair 1", "Lines that count: 3; 6", "stays empty"):
        assert text in page


def test_every_kind_is_saved_by_a_script_in_few_statements(app: Flask, sitting: Sitting) -> None:
    for n, (kind, fields) in sitting.keys().items():
        with sql_statements.counted(app) as seen:
            answer = sitting.send({"question": n, "sequence": n << 16, "body": {"fields": fields}})
        assert (kind, answer.json["kept"]) == (kind, [[n, n << 16]])
        assert len(seen) <= 6, (kind, seen)
    assert sorted(sitting.held()) == sorted(sitting.keys())
    n = _place(sitting, ItemKind.PAIR)
    sitting.send({"question": n, "sequence": 99 << 16, "body": {"fields": {"pair-0-a": ["1"]}}})
    assert sitting.held()[n].body is None


@pytest.mark.parametrize(
    ("kind", "fields", "message", "shown"),
    [
        (ItemKind.PAIR, {"pair-0-a": "99", "pair-0-b": "1", "pair-1-b": "2"}, "not in the document", 'value="99"'),
        (ItemKind.MARK, {"lines": ["0-2", "0-77"]}, "not in the document", 'value="0-2" checked'),
        (ItemKind.FIELDS, {"field-19": "x", "field-2": "sleep"}, "not in the document", 'value="sleep"'),
        (ItemKind.MATCH, {"match-0": "2", "match-1": "9"}, "does not belong", '<option value="2" selected>'),
    ],
)
def test_rejected_form_comes_back_with_what_was_sent(
    sitting: Sitting, kind: ItemKind, fields: dict[str, object], message: str, shown: str
) -> None:
    n = _place(sitting, kind)
    answer = sitting.post(str(n), certainty="2", **fields)
    assert answer.status_code == 422
    assert message in answer.text
    section = answer.text.split(f'<section data-question="{n}"')[1].split("</section>")[0]
    assert shown in section
    assert sitting.held() == {}


@pytest.mark.parametrize("body", [{"fields": {"lines": "0-1"}}, {"fields": {"lines": ["x"]}}, {"fields": 1}])
def test_fields_that_cannot_be_read_are_refused(sitting: Sitting, body: object) -> None:
    n = _place(sitting, ItemKind.MARK)
    assert sitting.send({"question": n, "sequence": 1, "body": body}).status_code == 400


def test_page_of_all_kinds_is_light(sitting: Sitting) -> None:
    page = sitting.client.get(f"{sitting.path}/1")
    assert len(gzip.compress(page.data, 6)) < 20_000


def test_open_answer_in_a_lesson_is_compared_and_marked_by_its_writer(app: Flask) -> None:
    with app.app_context():
        kinds_course.publish()
        client = factories.sign_in(app, factories.person(language="en"))
    lesson = f"/courses/{courses.SLUG}/lessons/{courses.LESSONS[0]}"
    page = client.get(lesson).text
    assert "How do the hours of the night" not in page
    assert "cannot be answered with yes or no" not in page
    assert "Write 6 to 25 words." in re.sub("[\u2068\u2069]", "", page)
    token = factories.token(app, client)
    sent = {"csrf_token": token, "press": "0" * 16, "answer": "How do the hours come onto the slips?"}
    assert client.post(f"{lesson}/checks/D01-Q11", data=sent).status_code == 302
    page = client.get(lesson).text
    for text in ("How do the hours of the night", "Why does the guard write", "cannot be answered with yes or no"):
        assert text in page
    client.post(f"{lesson}/checks/D01-Q11", data=sent | {"press": "1" * 16, "earned": "0"})
    page = client.get(lesson).text
    assert re.search(r'name="earned" value="0" checked', page)
    assert not re.search(r'name="earned" value="1" checked', page)


def test_unit_of_a_number_is_in_the_language_of_the_question(app: Flask) -> None:
    with app.test_request_context():
        assert unit_label("hours", "fr") == "heures"
        assert unit_label("furlongs", "fr") == "furlongs"
