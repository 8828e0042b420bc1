"""The page of an ended attempt: what came out, what is right and why, what to read again."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from math import floor
from typing import Any

from flask import url_for
from flask_babel import format_decimal
from flask_babel import gettext as _

from app.access.policy import Actor
from app.catalogue.domain.retention import MONTHS
from app.catalogue.queries import courses as catalogue
from app.catalogue.shapes import Outline
from app.i18n.languages import direction
from app.quizzes.domain import attempts, rules
from app.quizzes.domain.attempts import AttemptState, NoneLeft, Outcome, Purpose, Result, Wait
from app.quizzes.domain.grading import Mark
from app.quizzes.domain.saves import Certainty
from app.quizzes.domain.selection import Paper
from app.quizzes.pages import next_steps
from app.quizzes.pages.attempt import head
from app.quizzes.pages.feedback import answer_of, feedback
from app.quizzes.queries import drawn, may_start
from app.quizzes.shapes import AttemptView

_CLOSE = 0.1  # of the whole: "not yet, and close"


def page(attempt: AttemptView, now: datetime, actor: Actor) -> dict[str, Any]:
    """Return what came out of an ended attempt, in all and question by question, as far as it is kept."""
    outline = catalogue.outline(attempt.version_id)
    shown = {
        "test": head(attempt),
        "handed_in": attempt.ended_at,
        "by_time": attempt.state is AttemptState.ENDED_BY_TIME,
        "heading": _heading(attempt),
        "counts": attempt.purpose is Purpose.TEST,
        "reduced": attempt.is_reduced,
        **_again(attempt, outline, now),
    }
    return shown | (_result_alone(attempt) if attempt.is_reduced else _whole(attempt, outline, actor))


def _result_alone(attempt: AttemptView) -> dict[str, Any]:
    """Return what is left to show when the answers are gone: the share, in percent."""
    return {
        "months": MONTHS,
        # cut, as the marks are: 79.9 is not 80
        "percent": floor((attempt.share or 0) * 100 + 1e-6),
        "percent_needed": round(attempt.pass_mark * 100),
        "next": _next(attempt, ()),
        "outcomes": (),
        "weak": (),
        "after": None,
        "read_again": (),
        "answers": (),
        "certainty": (),
    }


def _whole(attempt: AttemptView, outline: Outline, actor: Actor) -> dict[str, Any]:
    questions = drawn(attempt)
    given_answers = [answer_of(one.question.item, attempt.saves.get(one.number)) for one in questions]
    marks = attempts.marks_of(Paper(tuple(one.question for one in questions)), _bodies(attempt))
    result = attempts.result(
        Paper(tuple(one.question for one in questions)), marks, attempt.pass_mark, rules.lessons_of(outline.facts)
    )
    titles = catalogue.competency_titles(attempt.language)
    lessons = _read_again(attempt, result)
    return {
        "right": _figure(result.share * len(marks)),
        "of": len(marks),
        "needed": _figure(attempt.pass_mark * len(marks)),
        "outcomes": [_outcome(attempt, one, titles) for one in result.outcomes],
        "weak": [titles.get(one.competency, one.competency) for one in result.outcomes if not one.reached],
        "after": next_steps.page(attempt, outline, result.outcomes, actor) if _is_passed(attempt) else None,
        "read_again": lessons,
        "next": _next(attempt, lessons),
        "answers": [feedback(one, answer) for one, answer in zip(questions, given_answers, strict=True)],
        "certainty": _certainty(attempt, marks),
    }


def _is_passed(attempt: AttemptView) -> bool:
    return attempt.purpose is Purpose.TEST and bool(attempt.passed)


def _bodies(attempt: AttemptView) -> dict[int, object]:
    return {number: saved_answer.body for number, saved_answer in attempt.saves.items()}


def _heading(attempt: AttemptView) -> str:
    if attempt.purpose is not Purpose.TEST:
        return _("Your result")
    if attempt.passed:
        return _("Passed")
    near = (attempt.share or 0) >= attempt.pass_mark - _CLOSE
    return _("Not yet, and close") if near else _("Not yet")


def _figure(value: float) -> str:
    # cut, not rounded: what is short of the mark must not look as if it reached it
    return str(format_decimal(floor(value * 10 + 1e-6) / 10))


def _outcome(attempt: AttemptView, outcome: Outcome, titles: Mapping[str, str]) -> dict[str, Any]:
    right, needed = outcome.share * outcome.questions, attempt.pass_mark * outcome.questions
    return {
        "name": titles.get(outcome.competency, outcome.competency),
        "lang": attempt.language,
        "dir": direction(attempt.language),
        "right": right,
        "needed": needed,
        "of": outcome.questions,
        "right_text": _figure(right),
        "needed_text": _figure(needed),
        "secure": outcome.reached,
    }


def _read_again(attempt: AttemptView, result: Result) -> list[dict[str, Any]]:
    outline = catalogue.outline(attempt.version_id)
    minutes = {entry.slug: entry.minutes for entry in outline.facts.lessons}
    shown = []
    for slug in result.read_again:
        is_translated = attempt.language in outline.lessons[slug]
        code = attempt.language if is_translated else outline.facts.source_language
        shown.append(
            {
                "name": outline.lesson_title(slug, code),
                "href": url_for("learning.lesson", course=outline.slug, lesson=slug),
                "minutes": minutes[slug],
                "lang": code,
                "dir": direction(code),
            }
        )
    return shown


def _next(attempt: AttemptView, lessons: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    unsure = attempt.purpose is Purpose.RETENTION or (attempt.purpose is Purpose.TEST and not attempt.passed)
    if unsure and lessons:
        return {"label": _("Read again: %(title)s", title=lessons[0]["name"]), "href": lessons[0]["href"]}
    return {"label": _("Go on with the course"), "href": head(attempt)["course_href"]}


def _again(attempt: AttemptView, outline: Outline, now: datetime) -> dict[str, Any]:
    """Say when the next attempt may begin; a test that was passed asks for none."""
    if attempt.purpose is not Purpose.TEST or attempt.passed:
        return {"next_attempt": None, "why_not": "", "test_href": ""}
    test_href = url_for("learning.test", course=outline.slug)
    match may_start(attempt.person_id, outline, attempt.purpose, now):
        case Wait(until):
            return {"next_attempt": until, "why_not": "", "test_href": ""}
        case NoneLeft():
            return {"next_attempt": None, "why_not": _("You have used all attempts."), "test_href": ""}
    return {"next_attempt": None, "why_not": "", "test_href": test_href}


def _certainty(attempt: AttemptView, marks: Sequence[Mark]) -> list[tuple[str, int, int]]:
    labels = {Certainty.SURE: _("Sure"), Certainty.UNSURE: _("Fairly sure"), Certainty.GUESS: _("A guess")}
    by_certainty: dict[int, list[bool]] = {}
    for number, saved_answer in attempt.saves.items():
        if saved_answer.certainty and saved_answer.body is not None:
            by_certainty.setdefault(saved_answer.certainty, []).append(marks[number - 1].share >= 1)
    return [
        (label, sum(by_certainty[sure]), len(by_certainty[sure]))
        for sure, label in labels.items()
        if sure in by_certainty
    ]
