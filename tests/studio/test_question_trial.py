"""The preview and the trial of each kind of question: what learners see, and how an answer is marked."""

from collections.abc import Iterator

import pytest
from flask import Flask, render_template_string

from app.catalogue.domain.items import ItemKind
from app.quizzes.domain.answers import Answer
from app.quizzes.domain.form_answers import from_form, to_form
from app.quizzes.domain.grading import grade
from app.quizzes.domain.keys import key
from app.quizzes.queries.question_items import fields_of, question_item
from app.quizzes.shapes import Drawn
from app.studio.domain import question_fields
from app.studio.pages import question_preview, question_trial
from tests.support import documents_course

HEAD = (
    "## T10-Q01\nkind: {kind}\ncompetency: PRT-01\n{keys}\nRead this.\n\n---\n\n{answers}\n\n/// general\nMore.\n///\n"
)
ANSWERS: dict[ItemKind, str] = {
    ItemKind.SINGLE: "- [x] One\n  > First.\n- [ ] Two",
    ItemKind.SEVERAL: "- [x] One\n- [x] Two\n- [ ] Three",
    ItemKind.TRUEFALSE: "- [x] True\n- [ ] False",
    ItemKind.ORDER: "1. One\n2. Two\n3. Three",
    ItemKind.MATCH: "| Left | Right |\n| --- | --- |\n| One | 1 |\n| Two | 2 |\n|  | 3 |",
    ItemKind.SORT: "### Odd\n\n- One\n- Three\n\n### Even\n\n- Two",
    ItemKind.NUMBER: "= 12 ± 1\n= 24 [50%]\n  > Twice as many.",
    ItemKind.SHORT: "= berth*\n= quay [50%]",
    ItemKind.GAPS: "A {=ship|boat} lies at {~berth 1|=berth 2}.",
    ItemKind.PASSAGES: "He {{+ kept the passports }} and {{- paid them }}.",
    ItemKind.OPEN: "| Criterion | Points | Earned by |\n| --- | --- | --- |\n| Time | 2 | The hour |",
    ItemKind.RATING: "- It is urgent = 4..5\n- It can wait = 1..2",
}
ON_DOCUMENTS = {ItemKind.MARK: "D01-Q13", ItemKind.PAIR: "D01-Q14", ItemKind.FIELDS: "D01-Q15"}
FIELDS: dict[ItemKind, dict[str, list[str]]] = {
    ItemKind.SINGLE: {"choice": ["0"]},
    ItemKind.SEVERAL: {"choices": ["0", "1"]},
    ItemKind.TRUEFALSE: {"choice": ["0"]},
    ItemKind.ORDER: {"place-0": ["1"], "place-1": ["2"], "place-2": ["3"]},
    ItemKind.MATCH: {"match-0": ["0"], "match-1": ["1"]},
    ItemKind.SORT: {"group-0": ["0"], "group-1": ["0"], "group-2": ["1"]},
    ItemKind.NUMBER: {"answer": ["12,5"]},
    ItemKind.SHORT: {"answer": ["Berth two"]},
    ItemKind.GAPS: {"gap-0": ["boat"], "gap-1": ["1"]},
    ItemKind.PASSAGES: {"choices": ["0"]},
    ItemKind.OPEN: {"answer": ["At ten"]},
    ItemKind.RATING: {"rate-0": ["4"], "rate-1": ["2"]},
}
SHOWN = "{% from 'components/question.html' import question %}{{ question(item) }}"


def _drawn(kind: ItemKind) -> Drawn:
    folder = documents_course.course()
    if kind in ON_DOCUMENTS:
        item = next(item for item in folder.banks["en"].items if item.id == ON_DOCUMENTS[kind])
    else:
        item = question_fields.read_item(HEAD.format(kind=kind, keys="", answers=ANSWERS[kind]))
    assert item is not None
    return question_preview.drawn(item, folder, "en")


def _answer(drawn: Drawn) -> Answer:
    item = drawn.question.item
    answer = from_form(item, FIELDS[item.kind]) if item.kind in FIELDS else key(item)
    assert answer is not None
    return answer


def _shown(drawn: Drawn, answer: Answer | None = None) -> str:
    return render_template_string(SHOWN, item=question_item(drawn, fields_of(drawn, answer), "T10-Q01"))


@pytest.fixture
def request_context(app: Flask) -> Iterator[None]:
    with app.test_request_context():
        yield


@pytest.mark.usefixtures("request_context")
@pytest.mark.parametrize("kind", list(ItemKind))
def test_preview_has_the_fields_that_the_marking_reads(kind: ItemKind) -> None:
    drawn = _drawn(kind)
    page = _shown(drawn)
    assert drawn.texts.stem in page
    assert all(f'name="{name}"' in page for name in to_form(drawn.question.item, _answer(drawn)) if name != "earned")


@pytest.mark.usefixtures("request_context")
@pytest.mark.parametrize("kind", list(ItemKind))
def test_right_answer_earns_all_points_and_is_shown_again(kind: ItemKind) -> None:
    drawn = _drawn(kind)
    answer = _answer(drawn)
    result, score = question_trial.result(drawn, answer)
    assert result is not None
    assert (result.kind, score) == (("wait", "") if kind is ItemKind.OPEN else ("good", "100%"))
    assert result.general == drawn.texts.general
    assert _shown(drawn, answer) != _shown(drawn)
    if kind is not ItemKind.OPEN:
        assert grade(drawn.question.item, key(drawn.question.item)).share == 1


@pytest.mark.usefixtures("request_context")
def test_text_over_a_limit_of_the_renderer_is_named_instead_of_shown() -> None:
    item = question_fields.read_item(HEAD.format(kind="single", keys="", answers="- [x] a\n- [ ] " + "[" * 300))
    preview = question_preview.preview(item, documents_course.course(), "en")
    assert preview.item is None
    assert "brackets" in preview.failure
