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


def page(found: AttemptView, here: int, now: datetime, *, error: str = "") -> dict[str, Any]:
    """Return the page of an open attempt at one of its questions."""
    of = len(found.slips)
    answered = [_is_answered(found.saves.get(number)) for number in range(1, of + 1)]
    left = attempts.seconds_left(found.sitting, now)
    return {
        "test": head(found),
        "attempt": found.id,
        "of": of,
        "nodes": ["here" if n == here else "done" if done else "" for n, done in enumerate(answered, 1)],
        "numbers": [_number(found, n, here) for n in range(1, of + 1)] if of > 1 else [],
        "save_state": "saved" if answered[here - 1] else "open",
        "check_href": url_for("quizzes.check", attempt=found.id),
        "end_url": url_for("quizzes.submit", attempt=found.id),
        "clock": None if left is None else {"seconds": left, "minutes": -(-left // 60)},
        "error": error,
        "questions": [_question(found, one, here) for one in drawn(found)],
    }


def put_back(shown: dict[str, Any], sent: Mapping[str, str], *, certainty: int | None, marked: bool) -> None:
    """Let the question in view keep what a form sent that could not be taken."""
    one = next(question for question in shown["questions"] if question["here"])
    one["marked"] = marked
    if one["certainty"] is not None:
        one["certainty"] = certainty or 0
    for line in one["item"]["entries"]:
        place = sent.get(f"place-{line['value']}", "")
        line["place"] = int(place) if place.isdecimal() else 0


def look_back(found: AttemptView, now: datetime) -> dict[str, Any]:
    """Return the list of questions before handing in."""
    rows = [
        {
            "number": one.number,
            "href": url_for("quizzes.question", attempt=found.id, n=one.number),
            "text": _short(stored(one.texts.stem).striptags()),
            "lang": one.language,
            "dir": direction(one.language),
            "answered": _is_answered(found.saves.get(one.number)),
            "marked": one.number in found.saves and found.saves[one.number].marked,
        }
        for one in drawn(found)
    ]
    return {
        "test": head(found),
        "attempt": found.id,
        "rows": rows,
        "open": sum(1 for row in rows if not row["answered"]),
        "over": attempts.is_over(found.sitting, now),
        "hand_in_url": url_for("quizzes.submit", attempt=found.id),
    }


def head(found: AttemptView) -> dict[str, Any]:
    """Return what the head of each page says of the paper."""
    outline = catalogue.outline(found.version_id)
    href = url_for("learning.course", course=outline.slug)
    return {
        "title": title_of(found.purpose),
        "course": outline.title(found.language),
        "course_lang": outline.spoken(found.language),
        "course_href": href,
        "href": href,
    }


def asks_certainty(found: AttemptView) -> bool:
    """Say whether the course asks how sure a person is."""
    return rules.test_of(catalogue.outline(found.version_id).facts).certainty


def _question(found: AttemptView, one: Drawn, here: int) -> dict[str, Any]:
    held = found.saves.get(one.number)
    facts = catalogue.outline(found.version_id).facts
    locks, sure = rules.locks_answers(facts, found.purpose), asks_certainty(found)
    return {
        "number": one.number,
        "here": one.number == here,
        "sequence": held.sequence if held else 0,
        "answer_url": url_for("quizzes.save", attempt=found.id, n=one.number),
        "item": asked(one, answer_of(one.question.item, held)),
        "certainty": ((held.certainty or 0) if held else 0) if sure else None,
        "marked": held.marked if held else False,
        "feedback": feedback.feedback(one, answer_of(one.question.item, held)) if held and held.locked else None,
        "locks": locks,
        "before_href": url_for("quizzes.question", attempt=found.id, n=one.number - 1) if one.number > 1 else "",
    }


def asked(one: Drawn, answer: Answer | None) -> dict[str, Any]:
    """Return a question as components/question.html shows it, in the order that was drawn.

    Values are places of this order (`domain.shown`), never of the source.
    """
    chosen = list(places_of(answer))
    lines = [
        {
            "value": value,
            "text": stored(one.texts.answers[place]),
            "chosen": place in chosen,
            "place": chosen.index(place) + 1 if place in chosen else 0,
        }
        for value, place in enumerate(one.question.order)
    ]
    return {
        "id": f"q{one.number}",
        "kind": str(one.question.item.kind),
        "stem": stored(one.texts.stem),
        "lang": one.language,
        "dir": direction(one.language),
        "options": lines,
        "entries": lines,
    }


def _number(found: AttemptView, number: int, here: int) -> dict[str, Any]:
    held = found.saves.get(number)
    return {
        "number": number,
        "href": url_for("quizzes.question", attempt=found.id, n=number),
        "answered": _is_answered(held),
        "marked": held is not None and held.marked,
        "here": number == here,
    }


def _is_answered(held: CurrentAnswer | None) -> bool:
    return held is not None and held.body is not None


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _START else text[:_START].rsplit(" ", 1)[0] + "…"
