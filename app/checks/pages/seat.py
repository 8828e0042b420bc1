"""`/sittings/<code>`: the page of an officer in a sitting: own name, what is asked, the rules, begin, finished."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from flask import url_for
from flask_babel import gettext as _

from app.access.targets import Target
from app.checks.domain import sittings as rules
from app.checks.domain.sittings import RUNNING, SeatState, SittingState, Way, WorkState
from app.checks.forms.sittings import SittingCodeForm
from app.checks.labels import sittings as labels
from app.checks.pages import sitting_titles
from app.checks.pages.sitting_titles import TaskTitle
from app.checks.service.seats import ArrivalResult
from app.checks.shapes import OfficerSeatLine, SittingDetails
from app.ports import ports
from app.web.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class CodePage(Page):
    """The field of the code, filled in from the address."""

    template: ClassVar[str] = "checks/code.html"
    form: SittingCodeForm
    shown: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PartRow:
    """A part of the sitting for its officer; `url` "": it cannot begin now; `label` is its button."""

    task: TaskTitle
    status: tuple[str, str]
    url: str
    label: str
    is_next: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatPage(Page):
    """The seat of the user. `stage`: "confirm", "elsewhere", "work", "wait", "finished", "refused" or "closed"."""

    template: ClassVar[str] = "checks/seat.html"
    tasks: Sequence[TaskTitle]
    stage: str
    name: str
    alias: str
    is_late: bool
    extra_time: int
    parts: Sequence[PartRow]
    has_questions: bool
    finish_url: str
    result_links: Sequence[tuple[TaskTitle, str]]
    self_url: str


def code_page(form: SittingCodeForm, code: str) -> CodePage:
    """Return the page with the field of the code."""
    return CodePage(form=form, shown=rules.in_halves(code).upper() if code else "", url=url_for("checks.enter_code"))


def seat_page(
    details: SittingDetails, seat: OfficerSeatLine, *, name: str, extra_time: int, session_digest: str
) -> SeatPage:
    """Return the page of a seat; `name` is the officer's own, for the invigilator to compare."""
    tasks = sitting_titles.titles(details)
    stage = stage_of(details, seat, session_digest)
    parts = _parts(details, seat, tasks, stage)
    can_finish = stage == "work" and not any(work.state is WorkState.OPEN for work in seat.works)
    return SeatPage(
        tasks=tasks,
        stage=stage,
        name=name if stage in ("confirm", "work", "wait") else "",
        alias=seat.alias,
        is_late=seat.is_late,
        extra_time=extra_time,
        parts=parts,
        has_questions=any(task.way is Way.QUESTIONS for task in details.tasks),
        finish_url=url_for("checks.finish_seat", sitting_code=details.code) if can_finish else "",
        result_links=[(task, ports().path_to(Target.COMPETENCY, task.code)) for task in tasks],
        self_url=url_for("checks.show_seat", sitting_code=details.code),
    )


def stage_of(details: SittingDetails, seat: OfficerSeatLine, session_digest: str) -> str:
    """Return what the officer does now."""
    if seat.state is SeatState.REFUSED:
        return "refused"
    if details.state not in RUNNING:
        return "closed"
    if seat.state in (SeatState.FINISHED, SeatState.ABSENT):
        return "finished"
    if seat.session_id != session_digest:
        return "elsewhere"
    if details.state is SittingState.INTERRUPTED:
        return "wait"
    return "confirm" if seat.state is SeatState.ARRIVED else "work"


def _parts(details: SittingDetails, seat: OfficerSeatLine, tasks: Sequence[TaskTitle], stage: str) -> list[PartRow]:
    states = {work.position: work.state for work in seat.works}
    offered = _offered(states) if stage == "work" else []
    return [
        _part(details, task, states[task.position], is_offered=task.position in offered, first=offered[:1])
        for task in tasks
    ]


def _offered(states: Mapping[int, WorkState]) -> list[int]:
    """Return the positions that the officer can begin or continue: the open one, or all that wait."""
    running = [position for position, state in states.items() if state is WorkState.OPEN]
    return running or [position for position, state in states.items() if state is WorkState.WAITING]


def _part(
    details: SittingDetails, task: TaskTitle, state: WorkState, *, is_offered: bool, first: Sequence[int]
) -> PartRow:
    word, kind = labels.WORKS[state]
    return PartRow(
        task=task,
        status=(str(word), kind),
        url=url_for("checks.begin_work", sitting_code=details.code, position=task.position) if is_offered else "",
        label=_("Go on") if state is WorkState.OPEN else _("Begin"),
        is_next=task.position in first,
    )


def refusal(arrival: ArrivalResult) -> str:
    """Return why a code opened no seat."""
    if arrival is ArrivalResult.OTHER_DEVICE:
        return _("Your seat is open on another device. Ask the invigilator to let you continue here.")
    return _("No open sitting has this code.")
