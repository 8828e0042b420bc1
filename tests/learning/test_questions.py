from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.catalogue.shapes import Outline
from app.db.session import db, transaction
from app.kernel.errors import DomainError
from app.learning.domain.learner_posts import (
    MOST_A_DAY,
    QUESTION_MOVES,
    QuestionState,
    QuestionStep,
    help_digest,
    may_publish,
)
from app.learning.models import LearnerQuestion
from app.learning.queries import questions as queries
from app.learning.service import questions
from app.learning.service.questions import NewQuestion
from app.messages.domain import NoticeKind
from app.messages.models import Notice
from tests.support import courses, factories, sites, sql_statements
from tests.support.settings import NOW

PAGE = f"/courses/{courses.SLUG}/questions"
DIGEST = help_digest("Why?", "The tide.")
HOSTILE = "<img src=x onerror=alert(1)> \u202e{{ 7 * 7 }}"


@pytest.fixture
def outline(context: Flask) -> Outline:
    return courses.publish().outline


def _ask(outline: Outline, person_id: UUID, body: str = "Why at night?") -> UUID:
    with transaction():
        assert questions.ask(NewQuestion(person_id, "en", body), outline, NOW)
    return db.session.scalars(
        select(LearnerQuestion.id).where(LearnerQuestion.person_id == person_id, LearnerQuestion.body == body)
    ).one()


def _answered(outline: Outline, person_id: UUID, trainer: UUID, body: str = "Why at night?") -> UUID:
    question_id = _ask(outline, person_id, body)
    with transaction():
        questions.answer_question(outline, question_id, "Because of the tide.", by=trainer, now=NOW)
    return question_id


def _published(outline: Outline, person_id: UUID) -> UUID:
    first, second = factories.person(), factories.person()
    question_id = _answered(outline, person_id, first)
    with transaction():
        questions.propose_help(outline.course_id, question_id, "Why?", "The tide.", by=first, now=NOW)
    with transaction():
        questions.publish_help(outline.course_id, question_id, DIGEST, by=second, now=NOW)
    return question_id


@pytest.mark.parametrize("state", QuestionState)
def test_only_answered_questions_are_proposed_and_only_proposed_ones_published(state: QuestionState) -> None:
    assert ((state, QuestionStep.PROPOSE) in QUESTION_MOVES) is (state is QuestionState.ANSWERED)
    assert ((state, QuestionStep.PUBLISH) in QUESTION_MOVES) is (state is QuestionState.PROPOSED)


def test_help_entry_needs_a_second_person() -> None:
    first, second = UUID(int=1), UUID(int=2)
    assert may_publish(second, first)
    assert not may_publish(first, first)
    assert not may_publish(first, None)


@pytest.mark.each_database
def test_answer_is_private_and_notifies_the_author(outline: Outline) -> None:
    person_id, other = factories.person(), factories.person()
    _answered(outline, person_id, factories.person())
    assert queries.own(person_id, outline.course_id)[0].answer == "Because of the tide."
    assert queries.own(other, outline.course_id) == []
    assert queries.help_entries(outline.course_id) == []
    notice = db.session.scalars(select(Notice).where(Notice.person_id == person_id)).one()
    assert (notice.kind, notice.path) == (NoticeKind.QUESTION_ANSWERED, PAGE)


@pytest.mark.each_database
def test_proposer_cannot_publish_but_a_second_trainer_can(outline: Outline) -> None:
    first, second = factories.person(), factories.person()
    question_id = _answered(outline, factories.person(), first)
    with transaction():
        questions.propose_help(outline.course_id, question_id, "Why?", "The tide.", by=first, now=NOW)
    with pytest.raises(DomainError), transaction():
        questions.publish_help(outline.course_id, question_id, DIGEST, by=first, now=NOW)
    with transaction():
        questions.publish_help(outline.course_id, question_id, DIGEST, by=second, now=NOW)
    assert [entry.help_question for entry in queries.help_entries(outline.course_id)] == ["Why?"]


def test_changed_help_entry_is_not_published(outline: Outline) -> None:
    first, second = factories.person(), factories.person()
    question_id = _answered(outline, factories.person(), first)
    for answer in ("The tide.", "Another text."):
        with transaction():
            if answer != "The tide.":
                questions.withdraw_help(outline.course_id, question_id, now=NOW)
            questions.propose_help(outline.course_id, question_id, "Why?", answer, by=first, now=NOW)
    with transaction():
        assert not questions.publish_help(outline.course_id, question_id, DIGEST, by=second, now=NOW)
    assert queries.help_entries(outline.course_id) == []
    with transaction():
        digest = help_digest("Why?", "Another text.")
        assert questions.publish_help(outline.course_id, question_id, digest, by=second, now=NOW)


def test_digest_of_a_help_entry_has_the_border_of_its_texts() -> None:
    assert help_digest("ab", "c") != help_digest("a", "bc")


def test_withdrawn_help_entry_is_an_answered_question_again(outline: Outline) -> None:
    question_id = _published(outline, factories.person())
    with transaction():
        questions.withdraw_help(outline.course_id, question_id, now=NOW)
    assert queries.counts(outline.course_id) == {QuestionState.ANSWERED: 1}
    assert queries.help_entries(outline.course_id) == []


def test_help_entry_outlives_the_identity_of_its_author_without_the_question(outline: Outline) -> None:
    person_id = factories.person()
    question_id = _published(outline, person_id)
    _ask(outline, person_id, "Another one?")
    with transaction():
        questions.delete_questions(person_id)
    (entry,) = queries.help_entries(outline.course_id)
    assert (entry.id, entry.person_id, entry.body, entry.help_answer) == (question_id, None, "", "The tide.")
    with transaction():
        questions.withdraw_help(outline.course_id, question_id, now=NOW)
    assert queries.counts(outline.course_id) == {}


def test_private_answer_is_deleted_with_the_identity_of_its_author(outline: Outline) -> None:
    person_id, other = factories.person(), factories.person()
    published, answered = _published(outline, person_id), _answered(outline, person_id, other, "Where?")
    of_other = _answered(outline, other, person_id)
    with transaction():
        questions.delete_questions(person_id)
    rows = {row.id: row.answer for row in db.session.scalars(select(LearnerQuestion))}
    assert rows == {published: "The tide.", of_other: "Because of the tide."}
    assert answered not in rows
    notified = select(Notice.person_id).where(Notice.kind == NoticeKind.QUESTION_ANSWERED)
    assert db.session.scalars(notified).all() == [other]


def test_questions_of_a_person_are_limited_within_a_day(outline: Outline) -> None:
    person_id = factories.person()
    new = NewQuestion(person_id, "en", "Why?")
    with transaction():
        stored = [questions.ask(new, outline, NOW) for _ in range(MOST_A_DAY + 1)]
    assert stored == [*[True] * MOST_A_DAY, False]
    with transaction():
        assert questions.ask(new, outline, NOW + timedelta(days=1, seconds=1))


@pytest.fixture
def client(context: Flask, outline: Outline) -> FlaskClient:
    return factories.sign_in(context, factories.person())


def test_course_and_lesson_link_to_the_questions(client: FlaskClient) -> None:
    assert f'href="{PAGE}"' in client.get(f"/courses/{courses.SLUG}").text
    assert f'href="{PAGE}?about=the-list"' in client.get(f"/courses/{courses.SLUG}/lessons/the-list/report").text


def test_form_offers_lessons_and_the_practice_questions_of_the_chosen_one(client: FlaskClient) -> None:
    assert f'value="the-list/{courses.CHECK}"' in client.get(f"{PAGE}?about=the-list").text
    assert courses.CHECK not in client.get(PAGE).text
    assert client.get(f"{PAGE}?about=no-such-lesson/T10-Q01").status_code == 200


@pytest.mark.parametrize("about", ["", "the-quay", f"the-list/{courses.CHECK}"])
def test_question_is_shown_to_its_author_as_text(context: Flask, client: FlaskClient, about: str) -> None:
    answer = sites.post(context, client, PAGE, {"about": about, "text": HOSTILE})
    assert answer.headers["Location"] == PAGE
    page = client.get(PAGE).text
    assert "<img src=x" not in page
    assert "&lt;img src=x" in page
    assert "\u202e" not in page


@pytest.mark.parametrize(
    "fields",
    [{"about": "", "text": " "}, {"about": "", "text": "x" * 2001}, {"about": "the-list/T10-Q01", "text": "Key?"}],
)
def test_form_is_shown_again_with_errors(context: Flask, client: FlaskClient, fields: dict[str, str]) -> None:
    assert sites.post(context, client, PAGE, fields).status_code == 422


def test_questions_take_as_many_statements_for_three_as_for_one(
    context: Flask, outline: Outline, client: FlaskClient
) -> None:
    sites.post(context, client, PAGE, {"about": "", "text": "Why?"})
    _published(outline, factories.person())
    before = sql_statements.asked(context, client, PAGE)
    for _ in range(2):
        sites.post(context, client, PAGE, {"about": "", "text": "Why then?"})
    assert sql_statements.asked(context, client, PAGE) == before
