"""The doors from a course to its test, the questions before it, and its cases."""

from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.exc import NoResultFound

from app.access.guard import requires, thing
from app.access.policy import Action
from app.catalogue.queries import courses as catalogue
from app.catalogue.shapes import Outline
from app.db.session import transaction
from app.i18n.languages import direction
from app.kernel import clock
from app.learning import labels
from app.learning.pages import courses
from app.learning.queries import progress
from app.learning.service import lesson_progress
from app.learning.shapes import CourseStanding
from app.learning.views._blueprint import bp
from app.quizzes import queries as quizzes
from app.quizzes.domain import rules
from app.quizzes.domain.attempts import MayStart, NoneLeft, Purpose, Wait, Yes
from app.quizzes.labels import title_of
from app.quizzes.service import attempts as quizzes_service
from app.quizzes.shapes import AttemptView
from app.scenarios import service as scenarios_service
from app.web.trusted_html import stored

# the view that comes before each paper; "start_" before its name begins it
PAGES = {Purpose.PRETEST: "pretest", Purpose.TEST: "test", Purpose.RETENTION: "later"}


@bp.get("/courses/<slug:course>/test")
@requires(Action.READ_COURSE, of=catalogue.visible)
def test(course: str) -> ResponseReturnValue:
    """Say what the test is like, before it begins."""
    return _before(Purpose.TEST)


@bp.post("/courses/<slug:course>/test")
@requires(Action.READ_COURSE, of=catalogue.visible)
def start_test(course: str) -> ResponseReturnValue:
    """Begin an attempt at the test, or go on with the one under way."""
    return _start(course, Purpose.TEST)


@bp.get("/courses/<slug:course>/pretest")
@requires(Action.READ_COURSE, of=catalogue.visible)
def pretest(course: str) -> ResponseReturnValue:
    """Say what the questions before the course are for."""
    return _before(Purpose.PRETEST)


@bp.post("/courses/<slug:course>/pretest")
@requires(Action.READ_COURSE, of=catalogue.visible)
def start_pretest(course: str) -> ResponseReturnValue:
    """Begin the questions before the course."""
    return _start(course, Purpose.PRETEST)


@bp.get("/courses/<slug:course>/later")
@requires(Action.READ_COURSE, of=catalogue.visible)
def later(course: str) -> ResponseReturnValue:
    """Say what the questions some months after the test are for."""
    return _before(Purpose.RETENTION)


@bp.post("/courses/<slug:course>/later")
@requires(Action.READ_COURSE, of=catalogue.visible)
def start_later(course: str) -> ResponseReturnValue:
    """Begin the questions some months after the test."""
    return _start(course, Purpose.RETENTION)


@bp.get("/courses/<slug:course>/cases/<slug:case>")
@requires(Action.READ_COURSE, of=catalogue.visible)
def case(course: str, case: str) -> ResponseReturnValue:
    """Show the scene of a case, before it begins."""
    status = _stands()
    code = _case_language(status, case)
    text = catalogue.case(status.outline.version_id, case, code)
    case_status = status.cases.get(case)
    open_id = case_status.open_id if case_status else None
    ended_id = case_status.ended_id if case_status else None
    return render_template(
        "scenarios/start.html",
        case={
            "title": text.scenario.title,
            "lang": code,
            "dir": direction(code),
            "scene": stored(text.texts.scene),
            "course": status.outline.title(labels.shown(status.outline)),
            "course_lang": labels.shown(status.outline),
            "course_href": url_for("learning.course", course=course),
            "decisions": sum(1 for node in text.scenario.nodes if node.moves and not node.recovery),
        },
        warning=None,
        start_url=url_for("learning.start_case", course=course, case=case),
        open={"href": url_for("scenarios.show", playthrough=open_id)} if open_id else None,
        debrief_href=url_for("scenarios.debrief", playthrough=ended_id) if ended_id else "",
    )


@bp.post("/courses/<slug:course>/cases/<slug:case>")
@requires(Action.READ_COURSE, of=catalogue.visible)
def start_case(course: str, case: str) -> ResponseReturnValue:
    """Begin a case, or go on with the one under way."""
    status = _stands()
    code = _case_language(status, case)
    with transaction():
        lesson_progress.begin(_me(), thing(), clock.now())
        playthrough_id = scenarios_service.start(
            person_id=_me(),
            course_id=status.outline.course_id,
            version_id=status.outline.version_id,
            name=case,
            language=code,
            now=clock.now(),
        )
    return redirect(url_for("scenarios.show", playthrough=playthrough_id))


def _me() -> UUID:
    person_id: UUID = current_user.id
    return person_id


def _stands() -> CourseStanding:
    return progress.standing(_me(), thing())


def _case_language(status: CourseStanding, name: str) -> str:
    if name not in status.outline.cases:
        raise NoResultFound
    code = labels.shown(status.outline)
    return code if code in status.outline.cases[name] else status.outline.facts.source_language


def _start(course: str, purpose: Purpose) -> ResponseReturnValue:
    status = _stands()
    _must_offer(status, purpose)
    outline = status.outline
    with transaction():
        lesson_progress.begin(_me(), thing(), clock.now())
        answer = quizzes_service.start(
            person_id=_me(),
            outline=outline,
            language=labels.shown(outline),
            purpose=purpose,
            extra_time=current_user.signed.extra_time,
            now=clock.now(),
        )
    match answer:
        case quizzes_service.Started(attempt) | quizzes_service.Running(attempt):
            return redirect(url_for("quizzes.question", attempt=attempt, n=1))
        case _:
            flash(_("A new attempt cannot begin now. See below when it can."), "warning")
    return redirect(url_for(f".{PAGES[purpose]}", course=course))


def _must_offer(status: CourseStanding, purpose: Purpose) -> None:
    """Raise NoResultFound when the course has no such questions, or none for this person yet."""
    facts = status.outline.facts
    offered = {
        Purpose.TEST: True,
        Purpose.PRETEST: facts.pretest is not None,
        Purpose.RETENTION: courses.again(status) is not None,
    }
    if facts.test is None or not offered[purpose]:
        raise NoResultFound


def _before(purpose: Purpose) -> str:
    status = _stands()
    _must_offer(status, purpose)
    outline = status.outline
    facts = outline.facts.test
    before = quizzes.past(_me(), outline.course_id, purpose)
    may = quizzes.may_start(_me(), outline, purpose, clock.now())
    running = quizzes.open_one(_me(), outline.course_id, purpose)
    code = labels.shown(outline)
    decides = purpose is Purpose.TEST
    minutes = facts.minutes if decides and facts else 0
    once = purpose is Purpose.RETENTION and isinstance(may, NoneLeft)
    return render_template(
        "quizzes/start.html",
        test={
            "title": title_of(purpose),
            "lang": code,
            "dir": direction(code),
            "questions": sum(draw.items for draw in rules.blueprint(outline.facts, purpose)),
            "minutes": minutes,
            "extra": minutes * current_user.signed.extra_time // 100,
            "attempts_left": _left(outline, len(before)) if decides else None,
            "lead": _lead(purpose),
            "pass_text": _pass_text(outline) if decides else "",
            "feedback": _feedback(outline, purpose),
            "course": outline.title(code),
            "course_lang": code,
            "course_href": url_for("learning.course", course=outline.slug),
        },
        start_url="" if once else url_for(f".start_{PAGES[purpose]}", course=outline.slug),
        open=_running(running),
        ended=_ended(outline, purpose),
        **_may(Yes(None) if once else may),
    )


def _feedback(outline: Outline, purpose: Purpose) -> str:
    """Return when answers are explained."""
    if rules.locks_answers(outline.facts, purpose):
        return _("After each answer, which is then locked")
    return _("After you submit, question by question")


def _ended(outline: Outline, purpose: Purpose) -> list[dict[str, Any]]:
    """Return the papers that were handed in, so that their results are found again."""
    return [
        {
            "number": line.number,
            "href": url_for("quizzes.result", attempt=line.id),
            "ended": line.ended_at,
            "passed": bool(line.passed),
            "counts": purpose is Purpose.TEST,
        }
        for line in quizzes.attempts_of(_me())
        if line.course_id == outline.course_id and line.purpose is purpose and line.ended_at is not None
    ]


def _left(outline: Outline, used: int) -> int | None:
    facts = outline.facts.test
    return max(0, facts.attempts - used) if facts and facts.attempts else None


def _lead(purpose: Purpose) -> str:
    """Return what questions are for that decide nothing."""
    return {
        Purpose.PRETEST: _("It shows where you start. Nothing depends on it."),
        Purpose.RETENTION: _("It shows what has faded. It is no exam: you answer once, and nothing depends on it."),
    }.get(purpose, "")


def _pass_text(outline: Outline) -> str:
    return _("%(percent)s %% of the marks", percent=round(rules.test_of(outline.facts).pass_mark * 100))


def _running(attempt: AttemptView | None) -> dict[str, Any] | None:
    if attempt is None:
        return None
    answered = sum(1 for answer in quizzes.winners(attempt.row_id).values() if answer.body is not None)
    href = url_for("quizzes.question", attempt=attempt.id, n=1)
    return {"href": href, "of": len(attempt.slips), "answered": answered}


def _may(may: MayStart) -> dict[str, Any]:
    match may:
        case Wait(until):
            return {"wait_until": until, "why_not": ""}
        case NoneLeft():
            return {"wait_until": None, "why_not": _("You have used all attempts.")}
    return {"wait_until": None, "why_not": ""}
