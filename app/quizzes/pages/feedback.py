"""View model of the feedback to an answer in an attempt: the question, with the right answer and the reasons."""

from dataclasses import dataclass, replace

from app.catalogue.domain.courses import ReviewPart
from app.catalogue.domain.items import Item
from app.i18n.languages import direction
from app.quizzes.domain import answers
from app.quizzes.domain.answers import Answer
from app.quizzes.queries import question_documents, question_feedback
from app.quizzes.shapes import CurrentAnswer, Drawn, FeedbackBase


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerFeedback:
    """A question with the feedback to its answer."""

    number: int
    stem: str
    lang: str
    dir: str
    result: FeedbackBase


def answer_of(item: Item, saved_answer: CurrentAnswer | None) -> Answer | None:
    """Return the answer that counts for a question, None when it is open."""
    return (
        answers.parse(item, saved_answer.body) if saved_answer is not None and saved_answer.body is not None else None
    )


def feedback(drawn_question: Drawn, answer: Answer | None) -> AnswerFeedback:
    """Return the right answer of a question and the reasons, beside the answer that counts."""
    return AnswerFeedback(
        number=drawn_question.number,
        stem=question_documents.stem(drawn_question, f"why-q{drawn_question.number}"),
        lang=drawn_question.language,
        dir=direction(drawn_question.language),
        result=question_feedback.feedback(drawn_question, answer),
    )


def limited(shown: AnswerFeedback, parts: frozenset[ReviewPart]) -> AnswerFeedback:
    """Return the feedback with the parts that may be seen now; without answers, only whether the own one was right."""
    result = shown.result
    if ReviewPart.ANSWERS not in parts:
        result = FeedbackBase(word=result.word, kind=result.kind, rows=(), general="")
    elif ReviewPart.REASONS not in parts:
        rows = tuple(replace(row, why="") for row in result.rows)
        result = FeedbackBase(word=result.word, kind=result.kind, rows=rows, general="")
    return replace(shown, result=result)
