"""Corrected keys: which items count as corrected, and what happens to attempts, evidence and completions."""

from uuid import UUID

import pytest
from flask import Flask
from msgspec.structs import replace
from sqlalchemy import select

from app.catalogue.domain import items
from app.catalogue.domain.items import Item, ItemKind
from app.competence.queries import competencies
from app.db.session import db
from app.messages.domain import NoticeKind
from app.messages.models import Notice
from app.quizzes import jobs, queries
from app.quizzes.domain.corrections import is_corrected
from app.quizzes.models import KeyCorrection, Regrade
from tests.quizzes import banks
from tests.support import courses, factories
from tests.support.courses import Published
from tests.support.quiz_attempts import answer_all, begun, hand_in, publish_correction

WRONG_KEY, RIGHT_KEY = 1, 0


def _attempt(published: Published, person: UUID, key: dict[str, dict[str, object]]) -> UUID:
    attempt = begun(published, person)
    answer_all(attempt, key)
    return attempt


def _line(attempt: UUID) -> tuple[float | None, bool | None]:
    db.session.rollback()
    line = queries.attempt_line(attempt)
    return line.score, line.passed


@pytest.fixture
def published(context: Flask) -> Published:
    return courses.publish(right=WRONG_KEY)


def test_attempts_are_graded_again_with_the_corrected_key(published: Published) -> None:
    person, other = factories.person(), factories.person()
    attempt = _attempt(published, person, courses.RIGHT)
    hand_in(attempt)
    untouched = _attempt(published, other, {**courses.RIGHT, "T10-Q01": {"place": 2}})
    hand_in(untouched)
    assert _line(attempt) == (0.75, True)
    publish_correction()
    assert jobs.regrade() == 1
    assert _line(attempt) == (1.0, True)
    assert _line(untouched) == (0.75, True)
    assert jobs.regrade() == 0
    [regrade] = db.session.scalars(select(Regrade))
    assert (regrade.share_before, regrade.share_after, regrade.number) == (0.0, 1.0, 1)
    kinds = db.session.scalars(select(Notice.kind).where(Notice.person_id == person)).all()
    assert NoticeKind.RESULT_CORRECTED in kinds
    assert NoticeKind.RESULT_CORRECTED not in db.session.scalars(select(Notice.kind).where(Notice.person_id == other))


def test_passed_test_stays_passed_when_the_corrected_key_is_against_it(published: Published) -> None:
    person = factories.person()
    attempt = _attempt(published, person, {**courses.RIGHT, "T10-Q01": {"place": 1}, "T10-Q02": {"places": [2]}})
    hand_in(attempt)
    assert _line(attempt) == (0.75, True)
    publish_correction()
    jobs.regrade()
    assert _line(attempt) == (0.5, True)


def test_corrected_key_can_pass_a_test(published: Published) -> None:
    person = factories.person()
    attempt = _attempt(published, person, {**courses.RIGHT, "T10-Q03": courses.WRONG["T10-Q03"]})
    hand_in(attempt)
    assert _line(attempt) == (0.5, False)
    publish_correction()
    jobs.regrade()
    assert _line(attempt) == (0.75, True)


def test_evidence_is_replaced_by_the_corrected_result(published: Published) -> None:
    person = factories.person()
    attempt = _attempt(published, person, courses.RIGHT)
    hand_in(attempt)
    publish_correction()
    jobs.regrade()
    db.session.rollback()
    lines = competencies.evidence_of(person, "PRT-01")
    assert [(line.share, line.voided) for line in lines] == [(0.5, True), (1.0, False)]
    assert lines[1].source.endswith(f"test:{attempt}:1")


def test_open_attempt_is_graded_with_the_corrected_key(published: Published) -> None:
    attempt = _attempt(published, factories.person(), courses.RIGHT)
    publish_correction()
    hand_in(attempt)
    assert _line(attempt) == (1.0, True)
    assert jobs.regrade() == 0


def test_job_that_stops_grades_the_rest_in_its_next_run(published: Published, monkeypatch: pytest.MonkeyPatch) -> None:
    attempts = [_attempt(published, factories.person(), courses.RIGHT) for _ in range(3)]
    for attempt in attempts:
        hand_in(attempt)
    publish_correction()
    graded = jobs.regrading.regrade
    done: list[UUID] = []

    def stop_at_second(attempt: UUID, *rest: object) -> bool:
        if len(done) == 1:
            raise KeyboardInterrupt
        done.append(attempt)
        return graded(attempt, *rest)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(jobs.regrading, "regrade", stop_at_second)
        with pytest.raises(KeyboardInterrupt):
            jobs.regrade()
    db.session.rollback()
    assert jobs.regrade() == 2
    assert {_line(attempt) for attempt in attempts} == {(1.0, True)}
    assert len(db.session.scalars(select(Regrade)).all()) == 3


def test_version_with_the_old_key_ends_the_correction(published: Published) -> None:
    attempt = _attempt(published, factories.person(), courses.RIGHT)
    hand_in(attempt)
    publish_correction()
    jobs.regrade()
    publish_correction(WRONG_KEY)
    jobs.regrade()
    db.session.rollback()
    first = select(KeyCorrection).where(KeyCorrection.version_id == published.version_id)
    assert db.session.scalars(first).all() == []


@pytest.mark.parametrize("item", [item for item in banks.ALL if item.kind not in (ItemKind.OPEN,)])
def test_same_item_is_not_corrected(item: Item) -> None:
    assert not is_corrected(item, replace(item, line=7, general="Other words.", pass_value=0.5, hint="Look."))


CORRECTED = [
    (banks.SINGLE, banks.choices(1.0, 0.0, 0.5, -0.5)),
    (banks.NUMBER, items.Number((items.NumberAnswer("13"),))),
    (banks.SHORT, items.Short((items.ShortAnswer("the act"),))),
    (
        banks.GAPS,
        items.Gaps(("Of ", " and ", "."), (items.Gap("typed", ("act",)), items.Gap("chosen", ("c",), ("a", "b", "c")))),
    ),
    (banks.RATING, items.Rating((items.Statement("s", 3, 5), items.Statement("t", 1, 2)))),
]


@pytest.mark.parametrize(("item", "answers"), CORRECTED)
def test_other_key_of_the_same_question_is_corrected(item: Item, answers: items.Answers) -> None:
    assert is_corrected(item, replace(item, answers=answers))


@pytest.mark.parametrize(
    "other",
    [
        replace(banks.SINGLE, stem="Another stem", answers=banks.choices(1.0, 0.0, 0.5, -0.5)),
        replace(banks.SINGLE, answers=banks.choices(1.0, 0.0)),
        replace(banks.SINGLE, competency="LRE-02", answers=banks.choices(1.0, 0.0, 0.5, -0.5)),
    ],
)
def test_other_question_is_not_corrected(other: Item) -> None:
    assert not is_corrected(banks.SINGLE, other)


def test_reordered_entries_are_another_question() -> None:
    entries = banks.entries(4)
    assert not is_corrected(banks.ORDER, replace(banks.ORDER, answers=items.Order(entries[::-1])))
