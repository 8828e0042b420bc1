"""What the pages of courses and lessons show, as plain values."""

import re
from collections.abc import Sequence
from html import unescape
from itertools import groupby
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from app.catalogue.domain.courses import Course, LessonEntry, Point, Reviewer
from app.catalogue.domain.translations import State
from app.catalogue.shapes import LessonText, Outline
from app.i18n.babel import joined
from app.i18n.languages import direction, language
from app.kernel import clock
from app.learning import domain
from app.learning.domain import Case, Finished, Lesson, LessonState, Suggester, Test
from app.learning.labels import asked, landing, next_href, nodes, sensitivity, shown, state
from app.learning.queries.suggestions import SuggestionLine
from app.learning.shapes import CourseStanding
from app.markup.shapes import LessonSection
from app.web.trusted_html import stored

REVIEWERS = {
    Reviewer.PRACTITIONER: lazy_gettext("Practitioner"),
    Reviewer.PROSECUTOR: lazy_gettext("Prosecutor"),
    Reviewer.VICTIM_SUPPORT: lazy_gettext("Victim-support expert"),
}
POINTS = {
    Point.OUTCOMES: lazy_gettext("What is learnt can be measured"),
    Point.FACTS: lazy_gettext("Facts have sources and dates"),
    Point.FICTION: lazy_gettext("People, places and numbers are invented"),
    Point.MARK: lazy_gettext("The mark says who may read it"),
    Point.WARNINGS: lazy_gettext("A warning precedes what is hard to read"),
    Point.RIGHTS: lazy_gettext("Rights and limits have their place"),
    Point.WORDS: lazy_gettext("No stereotypes, no words that blame"),
    Point.FEEDBACK: lazy_gettext("Each answer is explained"),
    Point.READABLE: lazy_gettext("Short sentences, plain words"),
    Point.LIGHT: lazy_gettext("Light enough for a bad line, right in both directions"),
    Point.ALTERNATIVES: lazy_gettext("Pictures are described, tables can be read aloud"),
    Point.COUNTRIES: lazy_gettext("National law has its place"),
    Point.LICENCE: lazy_gettext("The licence is stated"),
    Point.REVIEWED: lazy_gettext("Read by a practitioner, a prosecutor and a victim-support expert"),
    Point.DUAL_USE: lazy_gettext("Checked for misuse"),
}
_BODY = '<div class="flow-s">'  # of a block, as markup makes it
_TAG = re.compile(r"<[^>]*>")


def card(status: CourseStanding) -> dict[str, Any]:
    """Return a course for the list."""
    outline = status.outline
    code = shown(outline)
    text = outline.words[code].text
    progress = domain.progress(status.asks, status.standing)
    return {
        "title": text.title,
        "href": url_for("learning.course", course=outline.slug),
        "outcome": text.paragraph,
        "code": outline.code,
        "hours": _hours(outline),
        "lang": code,
        "dir": direction(code),
        "languages": joined([language(code).name for code in outline.words]),
        "state": state(status),
        "done": progress.done,
        "of": progress.total,
    }


def course(status: CourseStanding, current_outline: Outline) -> dict[str, Any]:
    """Return everything that the page of a course shows."""
    outline = status.outline
    code = shown(outline)
    text = outline.words[code].text
    progress = domain.progress(status.asks, status.standing)
    done = domain.is_finished(status.asks, status.standing)
    step = domain.next_step(status.asks, status.standing)
    return {
        "course": {
            "title": text.title,
            "lang": code,
            "dir": direction(code),
            "code": outline.code,
            "hours": _hours(outline),
            "sensitivity": sensitivity(outline.sensitivity),
            "lead": text.paragraph,
            "outcomes": text.outcomes,
            "minutes_left": progress.minutes_left,
            "asked": asked(code),
            "draft": outline.words[code].translation == State.DRAFT,
            "languages": [_badge(translation, outline.words[translation].translation) for translation in outline.words],
            "checked": outline.facts.checked_on,
            "licence": outline.facts.licence,
            "reviews": reviews(outline.facts),
            "checklist": _checklist(outline.facts),
            "version": outline.number,
        },
        "lessons": [_row(status, entry, number, step) for number, entry in enumerate(outline.facts.lessons, 1)],
        "nodes": nodes(status, step.slug if isinstance(step, Lesson) else ""),
        "done": progress.done,
        "scenarios": [_case_row(status, name, step) for name in outline.cases],
        "test": _test_row(status, step),
        "pretest": _pretest(status),
        "next": _next(status, step),
        "finished": done,
        "newer": _newer(outline, current_outline),
        "again": again(status),
    }


def suggestion(line: SuggestionLine | None) -> dict[str, Any] | None:
    """Return who suggests the course, why and by when, with where it is set aside; its name stands above."""
    if line is None:
        return None
    text = _("Your contact point suggests this course.")
    if line.suggested_as is Suggester.SUPERVISOR:
        text = _("Your supervisor suggests this course.")
    return {
        "name": text,
        "due_on": line.due_on,
        "reason": line.reason,
        "aside": url_for("learning.set_aside", suggestion_id=line.id),
    }


def reviews(facts: Course) -> list[dict[str, Any]]:
    """Return who has to read a course before it counts as training, and when they did, None while not."""
    reviewed_on = {review.by: review.on for review in facts.reviews}
    return [{"who": str(label), "on": reviewed_on.get(reviewer)} for reviewer, label in REVIEWERS.items()]


def _checklist(facts: Course) -> dict[str, Any] | None:
    """Return what was looked at before the course was published, and what is open of it."""
    if facts.checklist is None:
        return None
    done = facts.checklist.done
    points = [{"words": str(label), "done": point in done} for point, label in POINTS.items()]
    return {"on": facts.checklist.on, "done": len(done), "points": points}


def _newer(begun: Outline, today: Outline) -> dict[str, str] | None:
    if today.number <= begun.number:
        return None
    return {"href": url_for("learning.take_version", course=today.slug)}


def rail(status: CourseStanding, slug: str, code: str) -> list[dict[str, Any]]:
    """Return the lessons beside a lesson."""
    states = nodes(status, slug)
    return [
        {
            "number": number,
            "title": status.outline.lesson_title(entry.slug, code),
            "href": url_for("learning.lesson", course=status.outline.slug, lesson=entry.slug),
            "lang": code if code in status.outline.lessons[entry.slug] else status.outline.facts.source_language,
            "node": node,
        }
        for number, (entry, node) in enumerate(zip(status.outline.facts.lessons, states, strict=True), 1)
    ]


def parts(text: LessonText, country: str) -> list[dict[str, Any]]:
    """Return a lesson's parts: html, checks, and country notes with the reader's own open and the others folded."""
    chunks: list[dict[str, Any]] = []
    for kind, run in groupby(text.rendered.parts, key=lambda part: part.kind):
        if kind == "country":
            chunks.append(_notes(list(run), country))
        elif kind == "check":
            chunks += [
                {"kind": "check", "item": section.ref, "html": stored(section.html), "anchor": section.anchor}
                for section in run
            ]
        else:
            chunks += [{"kind": "html", "html": stored(section.html)} for section in run]
    return chunks


def warning(entry: LessonEntry, text: LessonText, skip_href: str) -> dict[str, Any] | None:
    """Return the warning of a lesson's content; its words stand in the lesson's first sensitive block."""
    if not entry.warning:
        return None
    message = _words_of_first_block(text)
    return {"level": entry.warning, "text": message, "skip_href": skip_href, "support_href": url_for("about.support")}


def _words_of_first_block(text: LessonText) -> str:
    """Return what the sensitive block at the head of a lesson says; the page hides it below (.warned in the styles)."""
    html = text.rendered.parts[0].html if text.rendered.parts else ""
    start = html.find(_BODY)
    plain_text = _TAG.sub(" ", html[start : html.find("</div>", start)]) if start >= 0 else ""
    return unescape(" ".join(plain_text.split()))


def _notes(run: Sequence[LessonSection], country: str) -> dict[str, Any]:
    own = [stored(part.html) for part in run if part.ref == country]
    others = [stored(part.html) for part in run if part.ref != country]
    return {"kind": "country", "own": own, "others": others}


def _row(status: CourseStanding, entry: LessonEntry, number: int, step: domain.NextStep) -> dict[str, Any]:
    outline = status.outline
    state = status.standing.lessons.get(entry.slug, LessonState.NOT_BEGUN)
    if domain.is_complete(entry, status.standing):
        word = str(state)
    elif status.way is not None and step == Lesson(entry.slug):
        word = "here"
    else:
        word = "started" if state is LessonState.BEGUN else "open"
    return {
        "number": number,
        "title": outline.lesson_title(entry.slug, shown(outline)),
        "href": url_for("learning.lesson", course=outline.slug, lesson=entry.slug),
        "minutes": entry.minutes,
        "warning": ["", _("Sensitive, mild"), _("Sensitive, strong")][entry.warning],
        "state": word,
    }


def _case_row(status: CourseStanding, name: str, step: domain.NextStep) -> dict[str, Any]:
    outline = status.outline
    titles = outline.cases[name]
    case = status.cases.get(name)
    finished = case is not None and case.finished_at is not None
    begun = case is not None and case.open_id is not None
    return {
        "title": _("Case: %(title)s", title=titles.get(shown(outline)) or titles[outline.facts.source_language]),
        "href": url_for("learning.case", course=outline.slug, case=name),
        "sub": _("Decide, then see what your decisions led to"),
        "state": _part_state(finished, begun, status.way is not None and step == Case(name)),
    }


def _test_row(status: CourseStanding, step: domain.NextStep) -> dict[str, Any] | None:
    rules = status.outline.facts.test
    if rules is None:
        return None
    count = sum(draw.items for draw in rules.draw)
    sub = _("%(num)s questions, no limit of time", num=count)
    if rules.minutes:
        sub = _("%(num)s questions, %(minutes)s minutes", num=count, minutes=rules.minutes)
    passed = status.test is not None and status.test.passed
    begun = status.test is not None and status.test.open_id is not None
    return {
        "title": _("Test"),
        "href": url_for("learning.test", course=status.outline.slug),
        "sub": sub,
        "state": _part_state(passed, begun, step == Test()),
    }


def _part_state(done: bool, begun: bool, is_next: bool) -> str:
    """Return one state; a person is at one place of a course, however much they have begun."""
    if done:
        return "done"
    if is_next:
        return "here"
    return "started" if begun else "open"


def _pretest(status: CourseStanding) -> dict[str, Any] | None:
    """Offer the questions before the course while nothing of it was done."""
    rules = status.outline.facts.pretest
    if rules is None or status.standing.lessons:
        return None
    return {"questions": rules.items, "href": url_for("learning.pretest", course=status.outline.slug)}


def again(status: CourseStanding) -> dict[str, Any] | None:
    """Offer the questions some months after the test while they wait; then say where their results are."""
    rules, later = status.outline.facts.retention, status.later
    if rules is None or later is None:
        return None
    waits = status.asked_since(clock.today()) is not None
    href = url_for("learning.later", course=status.outline.slug)
    return {"questions": rules.items, "href": href, "done": not waits} if waits or later.done else None


def _next(status: CourseStanding, step: domain.NextStep) -> dict[str, Any] | None:
    slug = status.outline.slug
    if isinstance(step, Finished):
        return None
    label = {Case: _("Play the case"), Test: _("Go to the test")}.get(type(step), "")
    if isinstance(step, Lesson):
        label = _("Continue: %(place)s", place=landing(status, step)) if status.way else _("Start")
    return {
        "label": label,
        "href": next_href(status),
        "begin": status.way is None,
        "begin_url": url_for("learning.begin", course=slug),
    }


def _badge(code: str, translation: str) -> dict[str, str]:
    labels = {State.DRAFT: _("Draft, not checked"), State.STALE: _("Older version")}
    named = language(code)
    return {"code": code, "name": named.name, "dir": named.direction, "word": labels.get(translation, "")}  # type: ignore[call-overload]


def _hours(outline: Outline) -> float | int:
    hours = outline.facts.hours
    return int(hours) if hours == int(hours) else hours
