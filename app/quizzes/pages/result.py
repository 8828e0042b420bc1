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


def page(found: AttemptView, now: datetime, actor: Actor) -> dict[str, Any]:
    """Return what came out of an ended attempt, in all and question by question, as far as it is kept."""
    outline = catalogue.outline(found.version_id)
    shown = {
        "test": head(found),
        "handed_in": found.ended_at,
        "by_time": found.state is AttemptState.ENDED_BY_TIME,
        "heading": _heading(found),
        "counts": found.purpose is Purpose.TEST,
        "reduced": found.is_reduced,
        **_again(found, outline, now),
    }
    return shown | (_result_alone(found) if found.is_reduced else _whole(found, outline, actor))


def _result_alone(found: AttemptView) -> dict[str, Any]:
    """Return what is left to show when the answers are gone: the share, in percent."""
    return {
        "months": MONTHS,
        # cut, as the marks are: 79.9 is not 80
        "percent": floor((found.share or 0) * 100 + 1e-6),
        "percent_needed": round(found.pass_mark * 100),
        "next": _next(found, ()),
        "outcomes": (),
        "weak": (),
        "after": None,
        "read_again": (),
        "answers": (),
        "certainty": (),
    }


def _whole(found: AttemptView, outline: Outline, actor: Actor) -> dict[str, Any]:
    questions = drawn(found)
    given = [answer_of(one.question.item, found.saves.get(one.number)) for one in questions]
    marks = attempts.marks_of(Paper(tuple(one.question for one in questions)), _bodies(found))
    came = attempts.result(
        Paper(tuple(one.question for one in questions)), marks, found.pass_mark, rules.lessons_of(outline.facts)
    )
    titles = catalogue.competency_titles(found.language)
    lessons = _read_again(found, came)
    return {
        "right": _figure(came.share * len(marks)),
        "of": len(marks),
        "needed": _figure(found.pass_mark * len(marks)),
        "outcomes": [_outcome(found, one, titles) for one in came.outcomes],
        "weak": [titles.get(one.competency, one.competency) for one in came.outcomes if not one.reached],
        "after": next_steps.page(found, outline, came.outcomes, actor) if _is_passed(found) else None,
        "read_again": lessons,
        "next": _next(found, lessons),
        "answers": [feedback(one, answer) for one, answer in zip(questions, given, strict=True)],
        "certainty": _certainty(found, marks),
    }


def _is_passed(found: AttemptView) -> bool:
    return found.purpose is Purpose.TEST and bool(found.passed)


def _bodies(found: AttemptView) -> dict[int, object]:
    return {number: held.body for number, held in found.saves.items()}


def _heading(found: AttemptView) -> str:
    if found.purpose is not Purpose.TEST:
        return _("Your result")
    if found.passed:
        return _("Passed")
    near = (found.share or 0) >= found.pass_mark - _CLOSE
    return _("Not yet, and close") if near else _("Not yet")


def _figure(value: float) -> str:
    # cut, not rounded: what is short of the mark must not look as if it reached it
    return str(format_decimal(floor(value * 10 + 1e-6) / 10))


def _outcome(found: AttemptView, one: Outcome, titles: Mapping[str, str]) -> dict[str, Any]:
    right, needed = one.share * one.questions, found.pass_mark * one.questions
    return {
        "name": titles.get(one.competency, one.competency),
        "lang": found.language,
        "dir": direction(found.language),
        "right": right,
        "needed": needed,
        "of": one.questions,
        "right_text": _figure(right),
        "needed_text": _figure(needed),
        "secure": one.reached,
    }


def _read_again(found: AttemptView, came: Result) -> list[dict[str, Any]]:
    outline = catalogue.outline(found.version_id)
    minutes = {entry.slug: entry.minutes for entry in outline.facts.lessons}
    shown = []
    for slug in came.read_again:
        there = found.language in outline.lessons[slug]
        code = found.language if there else outline.facts.source_language
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


def _next(found: AttemptView, lessons: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    unsure = found.purpose is Purpose.RETENTION or (found.purpose is Purpose.TEST and not found.passed)
    if unsure and lessons:
        return {"label": _("Read again: %(title)s", title=lessons[0]["name"]), "href": lessons[0]["href"]}
    return {"label": _("Go on with the course"), "href": head(found)["course_href"]}


def _again(found: AttemptView, outline: Outline, now: datetime) -> dict[str, Any]:
    """Say when the next attempt may begin; a test that was passed asks for none."""
    if found.purpose is not Purpose.TEST or found.passed:
        return {"next_attempt": None, "why_not": "", "test_href": ""}
    test_href = url_for("learning.test", course=outline.slug)
    match may_start(found.person_id, outline, found.purpose, now):
        case Wait(until):
            return {"next_attempt": until, "why_not": "", "test_href": ""}
        case NoneLeft():
            return {"next_attempt": None, "why_not": _("You have used all attempts."), "test_href": ""}
    return {"next_attempt": None, "why_not": "", "test_href": test_href}


def _certainty(found: AttemptView, marks: Sequence[Mark]) -> list[tuple[str, int, int]]:
    words = {Certainty.SURE: _("Sure"), Certainty.UNSURE: _("Fairly sure"), Certainty.GUESS: _("A guess")}
    said: dict[int, list[bool]] = {}
    for number, held in found.saves.items():
        if held.certainty and held.body is not None:
            said.setdefault(held.certainty, []).append(marks[number - 1].share >= 1)
    return [(word, sum(said[sure]), len(said[sure])) for sure, word in words.items() if sure in said]
