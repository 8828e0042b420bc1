"""`/sittings/<code>`: the page of an officer in a sitting: own name, what is asked, the rules, begin, finished."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from flask import url_for
from flask_babel import gettext as _

from app.checks.domain import sittings as rules
from app.checks.domain.sittings import RUNNING, SeatState, SittingState, WorkState
from app.checks.forms.sittings import CodeForm
from app.checks.labels import sittings as labels
from app.checks.pages import sitting_titles
from app.checks.pages.sitting_titles import TaskTitle
from app.checks.shapes import SeatLine, SittingDetails
from app.i18n.stored_translations import TranslatedText
from app.web.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class CodePage(Page):
    """The field of the code, filled in from the address."""

    template: ClassVar[str] = "checks/code.html"
    form: CodeForm
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
    title: TranslatedText
    stage: str
    name: str
    alias: str
    is_late: bool
    extra_time: int
    parts: Sequence[PartRow]
    finish_url: str
    record_url: str
    self_url: str


def code_page(form: CodeForm, code: str) -> CodePage:
    """Return the page with the field of the code."""
    return CodePage(form=form, shown=rules.in_halves(code).upper() if code else "", url=url_for("checks.enter_code"))


def seat_page(details: SittingDetails, seat: SeatLine, *, name: str, extra_time: int, session_digest: str) -> SeatPage:
    """Return the page of a seat; `name` is the officer's own, for the invigilator to compare."""
    tasks = sitting_titles.titles(details)
    stage = stage_of(details, seat, session_digest)
    parts = _parts(details, seat, tasks, stage)
    can_finish = stage == "work" and not any(work.state is WorkState.OPEN for work in seat.works)
    return SeatPage(
        title=sitting_titles.heading(tasks),
        stage=stage,
        name=name if stage in ("confirm", "work", "wait") else "",
        alias=seat.alias,
        is_late=seat.is_late,
        extra_time=extra_time,
        parts=parts,
        finish_url=url_for("checks.finish_seat", code=details.code) if can_finish else "",
        record_url=url_for("home.record"),
        self_url=url_for("checks.show_seat", code=details.code),
    )


def stage_of(details: SittingDetails, seat: SeatLine, session_digest: str) -> str:
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


def _parts(details: SittingDetails, seat: SeatLine, tasks: Sequence[TaskTitle], stage: str) -> list[PartRow]:
    states = {work.position: work.state for work in seat.works}
    is_busy = WorkState.OPEN in states.values()
    rows: list[PartRow] = []
    for task in tasks:
        state = states.get(task.position, WorkState.WAITING)
        word, kind = labels.WORKS[state]
        can_begin = stage == "work" and (state is WorkState.OPEN or (state is WorkState.WAITING and not is_busy))
        rows.append(
            PartRow(
                task=task,
                status=(str(word), kind),
                url=url_for("checks.begin_work", code=details.code, position=task.position) if can_begin else "",
                label=_("Go on") if state is WorkState.OPEN else _("Begin"),
                is_next=can_begin and not any(row.is_next for row in rows),
            )
        )
    return rows
