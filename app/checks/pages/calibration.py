"""View model of the calibration case of a rubric."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _

from app.catalogue.domain.references.rubrics import CASE, Rubric
from app.checks.domain import marking as rules
from app.checks.domain.marking import Calibrated
from app.checks.labels import marking as labels
from app.checks.pages import rubric as rubric_rows
from app.checks.pages.rubric import MarkingCriterion, RubricTexts
from app.checks.queries import calibrations
from app.checks.queries.calibrations import CalibrationLine
from app.competence.labels.competencies import level as level_words
from app.web.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonRow:
    """A criterion with the own step, that of the model, and its reason."""

    title: str
    lang: str
    own: str
    model: str
    reason: str
    is_off: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibrationPage(Page):
    """The case with its form while it can be scored; `reasons` after a try."""

    template: ClassVar[str] = "checks/calibration.html"
    name: str
    level: str
    word: str
    kind: str
    text: str
    is_open: bool
    case_title: str
    case: Sequence[str]
    case_lang: str
    criteria: Sequence[MarkingCriterion]
    reasons: Sequence[ReasonRow]
    problems: Sequence[tuple[str, str]]
    action: str


def page(person_id: UUID, rubric: Rubric, now: datetime, *, sent: Mapping[str, int] | None = None) -> CalibrationPage:
    """Return the page of the calibration case of a rubric; `sent` are scores that were not complete."""
    state, line = calibrations.state(person_id, rubric, now.date()), calibrations.latest(person_id, rubric.id)
    texts = rubric_rows.read()
    case, language = texts.text(f"{rubric.id}.{CASE}")
    is_open = state is Calibrated.OPEN
    criteria = rubric_rows.criteria(texts, rubric, sent or {}, marks_missing=sent is not None) if is_open else []
    word, kind = labels.CALIBRATED[state]
    return CalibrationPage(
        name=texts.title(rubric.competency),
        level=level_words(rubric.level),
        word=str(word),
        kind=kind,
        text=_text(state),
        is_open=is_open,
        case_title=case.title,
        case=rubric_rows.paragraphs(case.body),
        case_lang=language,
        criteria=criteria,
        # on a new day the reasons are hidden again, so that the second try is one
        reasons=[] if line is None or is_open else _reasons(texts, rubric, line, case.parts),
        problems=[(row.field, _("Score “%(title)s”.", title=row.title)) for row in criteria if row.is_missing],
        action=url_for("checks.score_calibration", competency=rubric.competency, level=str(rubric.level)),
    )


def _text(state: Calibrated) -> str:
    if state is Calibrated.PASSED:
        return _("Your scores were near enough. You may mark by this rubric.")
    if state is Calibrated.TOMORROW:
        return _("Read why each step fits. You can score the case again tomorrow.")
    if state is Calibrated.NO_CASE:
        return _("You may mark by this rubric without a case.")
    return _("Score this case as you would mark a desk task. Then you may mark by this rubric.")


def _reasons(texts: RubricTexts, rubric: Rubric, line: CalibrationLine, reasons: Mapping[str, str]) -> list[ReasonRow]:
    names, rows = labels.steps(), []
    for name in rubric.criteria:
        text, language = texts.text(f"{rubric.id}.{name}")
        own, model = line.scores.get(name), rubric.model[name]
        row = ReasonRow(
            title=text.title,
            lang=language,
            own="" if own is None else names[own],
            model=names[model],
            reason=reasons.get(name, ""),
            is_off=own is None or abs(own - model) > rules.NEAR_STEPS,
        )
        rows.append(row)
    return rows
