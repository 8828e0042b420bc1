"""View model of the queue of desk tasks at /teaching/marking."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from flask import url_for
from flask_babel import gettext as _

from app.access.policy import Actor
from app.catalogue.domain.items import Level
from app.checks.domain import marking as rules
from app.checks.domain.marking import Calibrated
from app.checks.domain.products import ProductState, is_overdue
from app.checks.labels import marking as labels
from app.checks.pages import rubric as rubric_rows
from app.checks.pages.rubric import RubricTexts
from app.checks.queries import calibrations, marking as queries, queue
from app.checks.queries.marking import YEAR, OwnMarking, PostedAssessor, WaitingGroup, WaitingProduct, rubric_id
from app.competence.labels.competencies import level as level_words
from app.i18n.languages import country_name, language_name
from app.web.pages import Page

SHOWN = 20  # products and finished markings on the page


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueLine:
    """A product in the queue; `take_url` is "" before the calibration case was passed, then `case_url` leads to it."""

    number: int
    name: str
    level: str
    language: str
    note: str
    wanted: date
    is_overdue: bool
    take_url: str
    case_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnMarkingLine:
    """A product that the assessor has open or has submitted."""

    number: int
    name: str
    level: str
    href: str
    wanted: date
    word: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RubricLine:
    """A rubric by which the assessor may mark, or whose calibration case comes first."""

    name: str
    level: str
    href: str
    word: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkingPage(Page):
    """The queue; `loads` are countries of assessors with their finished markings. `is_posted`: with a posting today."""

    template: ClassVar[str] = "checks/marking.html"
    is_posted: bool
    waiting: int
    overdue: int
    lines: Sequence[QueueLine]
    open_lines: Sequence[OwnMarkingLine]
    finished_lines: Sequence[OwnMarkingLine]
    finished: int
    most_open: int
    may_take: bool
    next_url: str
    filters: Sequence[tuple[str, str]]
    chosen: str
    languages: Sequence[tuple[str, str]]
    chosen_language: str
    rubrics: Sequence[RubricLine]
    loads: Sequence[tuple[str, int]]


def page(actor: Actor, rubric: tuple[str, Level] | None, now: datetime, *, language: str = "") -> MarkingPage:
    """Return the queue of an assessor, with the own open and finished products."""
    today = now.date()
    texts, states = rubric_rows.read(), calibrations.states(actor.id, today)
    marker, opened = queries.marker(actor, today), queries.open_markings(actor.id)
    waiting = queue.read(marker, now, rubric=rubric, limit=SHOWN, language=language)
    finished = queries.finished_markings(actor.id, now - YEAR, SHOWN)
    chosen = rubric_id(*rubric) if rubric else ""
    return MarkingPage(
        is_posted=marker is not None,
        waiting=waiting.waiting,
        overdue=waiting.overdue(today),
        lines=[_line(texts, line, states, today) for line in waiting.lines],
        open_lines=[_own_line(texts, marking, today) for marking in opened],
        finished_lines=[_own_line(texts, marking, today) for marking in finished],
        finished=queries.count_finished(actor.id, now - YEAR),
        most_open=rules.MOST_OPEN,
        may_take=bool(waiting.lines) and len(opened) < rules.MOST_OPEN,
        next_url=_next_url(chosen, language),
        filters=_filters(texts, waiting.groups),
        chosen=chosen,
        languages=_languages(marker),
        chosen_language=language,
        rubrics=_rubrics(texts, states, waiting.groups),
        loads=_loads(waiting.by_country),
    )


def _loads(by_country: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted((country_name(code), count) for code, count in by_country.items())


def _line(texts: RubricTexts, line: WaitingProduct, states: Mapping[str, Calibrated], today: date) -> QueueLine:
    is_open = queue.may_mark_by(states, line.rubric)
    return QueueLine(
        number=line.number,
        name=texts.title(line.competency),
        level=level_words(line.level),
        language=written_in(line.language),
        note=_("Two assessors differ. You settle it.") if line.state is ProductState.DIFFERENT else "",
        wanted=line.wanted_by,
        is_overdue=is_overdue(line.wanted_by, today),
        take_url=url_for("checks.take_product", number=line.number) if is_open else "",
        case_url="" if is_open else _case_url(line.competency, line.level),
    )


def _case_url(competency: str, level: Level) -> str:
    return url_for("checks.show_calibration", competency=competency, level=str(level))


def _own_line(texts: RubricTexts, marking: OwnMarking, today: date) -> OwnMarkingLine:
    word, kind = _own_state(marking, today)
    return OwnMarkingLine(
        number=marking.number,
        name=texts.title(marking.competency),
        level=level_words(marking.level),
        href=url_for("checks.show_product", number=marking.number),
        wanted=marking.wanted_by,
        word=word,
        kind=kind,
    )


def _own_state(marking: OwnMarking, today: date) -> tuple[str, str]:
    if marking.submitted_at is None:
        return (_("Overdue"), "risk") if is_overdue(marking.wanted_by, today) else (_("In progress"), "here")
    if marking.state is ProductState.MARKED:
        return _("Result final"), "good"
    if marking.state is ProductState.DIFFERENT:
        return _("Assessors differ"), "risk"
    return _("Waits for another assessor"), "wait"


def _filters(texts: RubricTexts, groups: Sequence[WaitingGroup]) -> list[tuple[str, str]]:
    """Return the rubrics of the waiting products with their numbers, and all of them first."""
    options = [
        (
            group.rubric,
            _(
                "%(name)s, %(level)s (%(n)s)",
                name=texts.title(group.competency),
                level=level_words(group.level),
                n=group.count,
            ),
        )
        for group in groups
    ]
    return [("", _("All rubrics")), *options]


def _next_url(rubric: str, language: str) -> str:
    return url_for("checks.take_next", rubric=rubric or None, language=language or None)


def _languages(marker: PostedAssessor | None) -> list[tuple[str, str]]:
    """Return the languages of the waiting products, all of them first."""
    codes = queries.waiting_languages(marker) if marker else ()
    return [("", _("All languages")), *((code, language_name(code)) for code in codes)]


def written_in(code: str) -> str:
    """Return the language of a product in words."""
    return _("Written in %(language)s", language=language_name(code))


def _rubrics(texts: RubricTexts, states: Mapping[str, Calibrated], groups: Sequence[WaitingGroup]) -> list[RubricLine]:
    """Return the rubrics by which products wait, with the state of their calibration cases."""
    waiting = {group.rubric for group in groups}
    lines = []
    for rubric in texts.rubrics.rubrics:
        state = states[rubric.id]
        if rubric.id in waiting:
            word, kind = labels.CALIBRATED[state]
            line = RubricLine(
                name=texts.title(rubric.competency),
                level=level_words(rubric.level),
                href="" if state is Calibrated.NO_CASE else _case_url(rubric.competency, rubric.level),
                word=str(word),
                kind=kind,
            )
            lines.append(line)
    return lines
