"""The pages of an open attempt: nothing of the key is on them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import url_for

from app.catalogue.queries import courses as catalogue
from app.i18n.languages import direction
from app.quizzes.domain import attempts, rules
from app.quizzes.domain.answers import Answer
from app.quizzes.labels import title_of
from app.quizzes.pages import feedback
from app.quizzes.pages.feedback import answer_of, places_of
from app.quizzes.queries import drawn
from app.quizzes.shapes import AttemptView, CurrentAnswer, Drawn
from app.web.trusted_html import stored

_START = 120  # characters of a question in the list before handing in


def page(attempt: AttemptView, current: int, now: datetime, *, error: str = "") -> dict[str, Any]:
    """Return the page of an open attempt at one of its questions."""
    of = len(attempt.slips)
    answered = [_is_answered(attempt.saves.get(number)) for number in range(1, of + 1)]
    left = attempts.seconds_left(attempt.sitting, now)
    return {
        "test": head(attempt),
        "attempt": attempt.id,
        "of": of,
        "nodes": ["here" if n == current else "done" if done else "" for n, done in enumerate(answered, 1)],
        "numbers": [_number(attempt, n, current) for n in range(1, of + 1)] if of > 1 else [],
        "save_state": "saved" if answered[current - 1] else "open",
        "check_href": url_for("quizzes.check", attempt=attempt.id),
        "end_url": url_for("quizzes.submit", attempt=attempt.id),
        "clock": None if left is None else {"seconds": left, "minutes": -(-left // 60)},
        "error": error,
        "questions": [_question(attempt, drawn_question, current) for drawn_question in drawn(attempt)],
    }


def put_back(shown: dict[str, Any], sent: Mapping[str, str], *, certainty: int | None, marked: bool) -> None:
    """Let the question in view keep what a form sent that could not be taken."""
    question = next(question for question in shown["questions"] if question["here"])
    question["marked"] = marked
    if question["certainty"] is not None:
        question["certainty"] = certainty or 0
    for line in question["item"]["entries"]:
        rank = sent.get(f"place-{line['value']}", "")
        line["place"] = int(rank) if rank.isdecimal() else 0


def look_back(attempt: AttemptView, now: datetime) -> dict[str, Any]:
    """Return the list of questions before handing in."""
    rows = [
        {
            "number": drawn_question.number,
            "href": url_for("quizzes.question", attempt=attempt.id, n=drawn_question.number),
            "text": _short(stored(drawn_question.texts.stem).striptags()),
            "lang": drawn_question.language,
            "dir": direction(drawn_question.language),
            "answered": _is_answered(attempt.saves.get(drawn_question.number)),
            "marked": drawn_question.number in attempt.saves and attempt.saves[drawn_question.number].marked,
        }
        for drawn_question in drawn(attempt)
    ]
    return {
        "test": head(attempt),
        "attempt": attempt.id,
        "rows": rows,
        "open": sum(1 for row in rows if not row["answered"]),
        "over": attempts.is_over(attempt.sitting, now),
        "hand_in_url": url_for("quizzes.submit", attempt=attempt.id),
    }


def head(attempt: AttemptView) -> dict[str, Any]:
    """Return what the head of each page says of the paper."""
    outline = catalogue.outline(attempt.version_id)
    href = url_for("learning.course", course=outline.slug)
    return {
        "title": title_of(attempt.purpose),
        "course": outline.title(attempt.language),
        "course_lang": outline.spoken(attempt.language),
        "course_href": href,
        "href": href,
    }


def asks_certainty(attempt: AttemptView) -> bool:
    """Say whether the course asks how sure a person is."""
    return rules.test_of(catalogue.outline(attempt.version_id).facts).certainty


def _question(attempt: AttemptView, drawn_question: Drawn, current: int) -> dict[str, Any]:
    saved_answer = attempt.saves.get(drawn_question.number)
    facts = catalogue.outline(attempt.version_id).facts
    locks, sure = rules.locks_answers(facts, attempt.purpose), asks_certainty(attempt)
    return {
        "number": drawn_question.number,
        "here": drawn_question.number == current,
        "sequence": saved_answer.sequence if saved_answer else 0,
        "answer_url": url_for("quizzes.save", attempt=attempt.id, n=drawn_question.number),
        "item": asked(drawn_question, answer_of(drawn_question.question.item, saved_answer)),
        "certainty": ((saved_answer.certainty or 0) if saved_answer else 0) if sure else None,
        "marked": saved_answer.marked if saved_answer else False,
        "feedback": feedback.feedback(drawn_question, answer_of(drawn_question.question.item, saved_answer))
        if saved_answer and saved_answer.locked
        else None,
        "locks": locks,
        "before_href": url_for("quizzes.question", attempt=attempt.id, n=drawn_question.number - 1)
        if drawn_question.number > 1
        else "",
    }


def asked(drawn_question: Drawn, answer: Answer | None) -> dict[str, Any]:
    """Return a question as components/question.html shows it, in the order that was drawn.

    Values are places of this order (`domain.shown`), never of the source.
    """
    chosen = list(places_of(answer))
    lines = [
        {
            "value": value,
            "text": stored(drawn_question.texts.answers[position]),
            "chosen": position in chosen,
            "place": chosen.index(position) + 1 if position in chosen else 0,
        }
        for value, position in enumerate(drawn_question.question.order)
    ]
    return {
        "id": f"q{drawn_question.number}",
        "kind": str(drawn_question.question.item.kind),
        "stem": stored(drawn_question.texts.stem),
        "lang": drawn_question.language,
        "dir": direction(drawn_question.language),
        "options": lines,
        "entries": lines,
    }


def _number(attempt: AttemptView, number: int, current: int) -> dict[str, Any]:
    saved_answer = attempt.saves.get(number)
    return {
        "number": number,
        "href": url_for("quizzes.question", attempt=attempt.id, n=number),
        "answered": _is_answered(saved_answer),
        "marked": saved_answer is not None and saved_answer.marked,
        "here": number == current,
    }


def _is_answered(saved_answer: CurrentAnswer | None) -> bool:
    return saved_answer is not None and saved_answer.body is not None


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _START else text[:_START].rsplit(" ", 1)[0] + "…"
