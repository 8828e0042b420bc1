"""View models of the pages before a test, a pretest, delayed questions or a case; attempts are in `quizzes`."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, assert_never
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _, ngettext

from app.catalogue.domain.courses import Paper, ReviewPart
from app.catalogue.queries import courses as catalogue
from app.catalogue.shapes import Outline
from app.i18n.languages import direction
from app.learning import labels
from app.learning.shapes import CourseStatus
from app.quizzes import queries as quizzes
from app.quizzes.domain import papers, rules
from app.quizzes.domain.attempts import (
    AttemptAfter,
    AttemptAllowed,
    AttemptOpen,
    NoAttemptsLeft,
    Purpose,
    StartDecision,
)
from app.quizzes.labels import title_of
from app.quizzes.shapes import AttemptLine, AttemptView
from app.web.html.trusted_html import trusted
from app.web.pages import Page

# the view that comes before each paper; "start_" before its name begins it
VIEWS = {Purpose.PRETEST: "pretest", Purpose.TEST: "test", Purpose.RETENTION: "later"}


@dataclass(frozen=True, slots=True, kw_only=True)
class TestFacts:
    """The facts of a test before it begins. `minutes` 0: no limit; `attempts_left` None: no limit or not counted."""

    __test__ = False  # its name makes pytest look for test functions in it

    title: str
    lang: str
    dir: str
    questions: int
    documents: str
    minutes: int
    extra: int
    attempts_left: int | None
    lead: str
    pass_text: str
    feedback: str
    course: str
    course_href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenAttempt:
    """An attempt in progress."""

    href: str
    of: int
    answered: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EndedAttempt:
    """An attempt that has ended; `label` is its result, or "" for questions that do not decide about a course."""

    number: int
    href: str
    ended: datetime
    label: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TestStartPage(Page):
    """The page before a test, a pretest or delayed questions. `start_url` "": no attempt can begin."""

    __test__ = False  # its name makes pytest look for test functions in it

    template: ClassVar[str] = "quizzes/start.html"

    test: TestFacts
    start_url: str
    open: OpenAttempt | None
    ended: tuple[EndedAttempt, ...]
    wait_until: datetime | None
    why_not: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseStartPage(Page):
    """The page before a case. `open_href` "": none begun; `debrief_href` "": none ended."""

    template: ClassVar[str] = "scenarios/start.html"

    title: str
    lang: str
    dir: str
    scene: str
    course: str
    course_lang: str
    course_href: str
    decisions: int
    start_url: str
    open_href: str
    debrief_href: str


def case(status: CourseStatus, name: str, language: str) -> CaseStartPage:
    """Return the page before a case."""
    outline = status.outline
    text = catalogue.case(outline.version_id, name, language)
    shown = labels.shown(outline)
    played = status.cases.get(name)
    return CaseStartPage(
        title=text.scenario.title,
        lang=language,
        dir=direction(language),
        scene=trusted(text.texts.scene),
        course=outline.title(shown),
        course_lang=shown,
        course_href=url_for("learning.course", course=outline.slug),
        decisions=sum(1 for node in text.scenario.nodes if node.moves and not node.recovery),
        start_url=url_for("learning.start_case", course=outline.slug, case=name),
        open_href=_playthrough_href("scenarios.show", played.open_id if played else None),
        debrief_href=_playthrough_href("scenarios.debrief", played.ended_id if played else None),
    )


def before_test(
    person_id: UUID, outline: Outline, purpose: Purpose, now: datetime, *, extra_time: int
) -> TestStartPage:
    """Return the page before a test or other questions. `extra_time` is the person's allowance in percent."""
    may_start = quizzes.may_start(person_id, outline, purpose, now)
    once_done = purpose is Purpose.RETENTION and isinstance(may_start, NoAttemptsLeft)
    wait_until, why_not = (None, "") if once_done else _obstacle(may_start)
    return TestStartPage(
        test=_facts(
            outline,
            purpose,
            used=len(quizzes.past_attempts(person_id, outline.course_id, purpose)),
            extra_time=extra_time,
        ),
        start_url="" if once_done else url_for(f".start_{VIEWS[purpose]}", course=outline.slug),
        open=_open_attempt(quizzes.open_one(person_id, outline.course_id, purpose)),
        ended=tuple(
            _ended(line, line.ended_at, purpose)
            for line in quizzes.attempts_of(person_id)
            if line.course_id == outline.course_id and line.purpose is purpose and line.ended_at is not None
        ),
        wait_until=wait_until,
        why_not=why_not,
    )


def _playthrough_href(endpoint: str, playthrough_id: UUID | None) -> str:
    return url_for(endpoint, playthrough=playthrough_id) if playthrough_id else ""


def _facts(outline: Outline, purpose: Purpose, *, used: int, extra_time: int) -> TestFacts:
    code = labels.shown(outline)
    decides = purpose is Purpose.TEST
    minutes = rules.minutes(outline.facts, purpose)
    test = rules.course_test(outline.facts)
    return TestFacts(
        title=title_of(purpose),
        lang=code,
        dir=direction(code),
        questions=_questions(outline, purpose),
        documents=_documents(outline, purpose),
        minutes=minutes,
        extra=minutes * extra_time // 100,
        attempts_left=max(0, test.attempts - used) if decides and test.attempts else None,
        lead=_lead(purpose),
        pass_text=_("%(percent)s %% of the marks", percent=round(test.pass_mark * 100)) if decides else "",
        feedback=_feedback(outline, purpose),
        course=outline.title(code),
        course_href=url_for("learning.course", course=outline.slug),
    )


def _papers(outline: Outline, purpose: Purpose) -> list[Paper]:
    """Return as many papers as the attempt has, the longest ones: which are drawn is not known yet."""
    rule = papers.rule(outline.facts, purpose, in_lessons=quizzes.items_in_text(outline))
    return papers.longest(papers.possible(outline.facts, rule.form), rule.count)


def _questions(outline: Outline, purpose: Purpose) -> int:
    linked = sum(len(paper.items) for paper in _papers(outline, purpose))
    return linked + sum(draw.items for draw in rules.blueprint(outline.facts, purpose, linked=linked))


def _documents(outline: Outline, purpose: Purpose) -> str:
    """Return how many sets of documents are to be read, and how long that takes; "" without documents."""
    chosen = _papers(outline, purpose)
    if not chosen:
        return ""
    minutes = sum(paper.minutes for paper in chosen)
    sets = ngettext("%(num)s set of documents", "%(num)s sets of documents", len(chosen))
    if not minutes:
        return sets
    about = ngettext("about %(num)s minute", "about %(num)s minutes", minutes)
    return _("%(documents)s, %(minutes)s", documents=sets, minutes=about)


def _feedback(outline: Outline, purpose: Purpose) -> str:
    if rules.locks_answers(outline.facts, purpose):
        return _("After each answer, which is then locked")
    test = rules.course_test(outline.facts)
    at_first, later = (ReviewPart.ANSWERS in shown for shown in (test.right_after, test.while_open))
    if purpose is not Purpose.TEST or (at_first and later):
        return _("After you submit, question by question")
    if at_first:
        return _("In the first hour after you submit, question by question")
    return _("After you submit you see your result. The right answers are not shown")


def _ended(line: AttemptLine, ended_at: datetime, purpose: Purpose) -> EndedAttempt:
    label = _("Passed") if line.passed else _("Not yet")
    return EndedAttempt(
        number=line.number,
        href=url_for("quizzes.result", attempt=line.id),
        ended=ended_at,
        label=label if purpose is Purpose.TEST else "",
        kind="good" if line.passed else "risk",
    )


def _lead(purpose: Purpose) -> str:
    """Return the purpose of a pretest or delayed questions, which decide nothing."""
    return {
        Purpose.PRETEST: _("It shows where you start. Nothing depends on it."),
        Purpose.RETENTION: _("It shows what has faded. It is no exam: you answer once, and nothing depends on it."),
    }.get(purpose, "")


def _open_attempt(running: AttemptView | None) -> OpenAttempt | None:
    if running is None:
        return None
    answered = sum(1 for answer in quizzes.counted_saves(running.row_id).values() if answer.body is not None)
    return OpenAttempt(
        href=url_for("quizzes.question", attempt=running.id, n=1), of=len(running.slips), answered=answered
    )


def _obstacle(may_start: StartDecision) -> tuple[datetime | None, str]:
    """Return the time until which a new attempt has to wait, and the reason if none can begin, or ""."""
    match may_start:
        case AttemptAfter(until):
            return until, ""
        case NoAttemptsLeft():
            return None, _("You have used all attempts.")
        case AttemptAllowed() | AttemptOpen():
            return None, ""
        case _:
            assert_never(may_start)
