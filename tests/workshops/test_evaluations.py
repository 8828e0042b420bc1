"""Anonymous evaluations: who is asked, what is stored, what is shown, and when."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import inspect, select, text

from app.db.session import db, transaction
from app.kernel import clock
from app.kernel.errors import DomainError
from app.workshops import jobs
from app.workshops.domain import evaluation
from app.workshops.domain.evaluation import EvaluationAnswers
from app.workshops.models import Evaluation, EvaluationRequest
from app.workshops.queries import afterwards
from app.workshops.service import evaluations
from tests.support import after_events, factories
from tests.support.workshop_events import doing

COUNTRIES = 6


def _answers(*uses: int) -> list[EvaluationAnswers]:
    return [EvaluationAnswers((use,) * 10, (f"keep {use}", "", "")) for use in uses]


def test_result_is_hidden_while_it_is_open_and_under_five_answers() -> None:
    five, four = _answers(1, 2, 3, 4, 5), _answers(1, 2, 3, 4)
    shown = [
        evaluation.result(five, asked=9, is_closed=False).is_shown,
        evaluation.result(four, asked=9, is_closed=True).is_shown,
        evaluation.result(five, asked=9, is_closed=True).is_shown,
    ]
    assert shown == [False, False, True]
    assert evaluation.result(four, asked=9, is_closed=True).texts == ()


def test_result_has_means_and_sorted_texts() -> None:
    result = evaluation.result(_answers(5, 1, 3, 4, 5), asked=9, is_closed=True)
    assert {mean for _statement, mean in result.means} == {3.6}
    assert result.texts[0][1] == ("keep 1", "keep 3", "keep 4", "keep 5", "keep 5")


def test_evaluation_opens_for_those_who_attended_and_for_late_entries(context: Flask) -> None:
    people = [factories.person() for _ in range(2)]
    workshop_id = after_events.took_place(people)
    _count, told = doing(evaluations.open_evaluation, workshop_id, clock.now())
    assert [(type(event).__name__, event.asked) for event in told] == [("EvaluationOpened", 2)]  # type: ignore[attr-defined]
    assert after_events.open_evaluation(workshop_id) == 0
    assert afterwards.dates(workshop_id).asked == 2
    assert afterwards.has_answered(workshop_id, factories.person()) is None


def test_answer_counts_once_and_only_from_those_who_are_asked(context: Flask) -> None:
    person_id = factories.person()
    workshop_id = after_events.took_place([person_id])
    after_events.open_evaluation(workshop_id)
    assert [after_events.evaluate(workshop_id, person_id) for _ in range(2)] == [True, False]
    with pytest.raises(DomainError, match="not open for you"):
        after_events.evaluate(workshop_id, factories.person())
    assert len(afterwards.answers(workshop_id)) == 1


def test_answer_records_no_event(context: Flask) -> None:
    person_id = factories.person()
    workshop_id = after_events.took_place([person_id])
    after_events.open_evaluation(workshop_id)
    _saved, told = doing(evaluations.answer, workshop_id, person_id, _answers(4)[0], clock.now())
    assert told == []


def test_evaluation_table_names_no_person_and_no_time() -> None:
    columns = {column.name: type(column.type).__name__ for column in inspect(Evaluation).columns}
    assert {name for name, kind in columns.items() if kind not in {"SmallInteger", "String"}} == {"id", "workshop_id"}
    assert [key.column.table.name for key in Evaluation.__table__.foreign_keys] == ["workshop"]


@pytest.mark.each_database
def test_order_of_rows_tells_nothing_about_who_answered(app: Flask) -> None:
    with app.app_context():
        people = [factories.person() for _ in range(12)]
        workshop_id = after_events.took_place(people)
        after_events.open_evaluation(workshop_id)
        orders = set()
        for number, person_id in enumerate(people, 1):
            after_events.evaluate(workshop_id, person_id, keep=f"{number:02}")
            rows = db.session.execute(text("SELECT to_keep FROM evaluation")).scalars().all()
            orders.add(tuple(row for row in rows if row in {"01", "02", "03"}))
        keys = db.session.scalars(select(Evaluation.id)).all()
    # twelve times in a new order: the first three stay in the order of answering with a chance of (1/6) ** 9
    assert len({order for order in orders if len(order) == 3}) > 1
    assert len(keys) == len(people)


@pytest.mark.each_database
def test_transaction_of_a_row_is_the_same_for_all_participants(app: Flask) -> None:
    with app.app_context():
        people = [factories.person() for _ in range(4)]
        workshop_id = after_events.took_place(people)
        after_events.open_evaluation(workshop_id)
        for person_id in people[:3]:
            after_events.evaluate(workshop_id, person_id)
        is_postgresql = db.engine.dialect.name == "postgresql"
        tables = ("evaluation", "evaluation_request") if is_postgresql else ()
        writers = [set(db.session.scalars(text(f"SELECT xmin::text FROM {table}"))) for table in tables]
        answered = db.session.scalars(select(EvaluationRequest.answered)).all()
    assert all(len(transactions) == 1 for transactions in writers)
    assert sorted(answered) == [False, True, True, True]


def test_closing_deletes_who_answered_and_keeps_the_answers(context: Flask) -> None:
    people = [factories.person() for _ in range(5)]
    workshop_id = after_events.took_place(people, days_ago=14)
    after_events.open_evaluation(workshop_id)
    for person_id in people:
        after_events.evaluate(workshop_id, person_id)
    assert not afterwards.evaluation_result(workshop_id, afterwards.dates(workshop_id)).is_shown
    with transaction():
        assert evaluations.close_evaluation(workshop_id, clock.now() + timedelta(days=1))
    result = afterwards.evaluation_result(workshop_id, afterwards.dates(workshop_id))
    assert (result.asked, result.answered, result.is_shown) == (5, 5, True)
    assert db.session.scalars(select(EvaluationRequest)).all() == []


def test_job_opens_and_is_safe_to_run_twice(context: Flask) -> None:
    workshop_id = after_events.took_place([factories.person()])
    assert [jobs.run_evaluations(), jobs.run_evaluations()] == [1, 0]
    assert afterwards.dates(workshop_id).evaluation_opened_on == clock.today()
