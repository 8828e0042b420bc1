"""`/plan/outcomes/<code>`, `/plan/outputs/<code>`: indicators, activities, assumptions, notes of a result."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID, uuid4

from flask import url_for
from flask_babel import gettext as _, ngettext

from app.access.policy import Action, allows
from app.catalogue.domain.references.plan import Activity, Plan, PlanResult
from app.i18n.stored_translations import TranslatedText
from app.plan import labels
from app.plan.forms import NoteForm
from app.plan.pages import lines
from app.plan.pages.filters import PlanFilter
from app.plan.pages.frame import Frame
from app.plan.pages.lines import IndicatorLine, IndicatorRow, PlanLink
from app.plan.shapes import NoteLine
from app.web.pages import Page
from app.workshops.domain.cascades import CascadeTotals
from app.workshops.queries import cascades

# the page of an outcome (True) or output, and the view that adds a note to it
ENDPOINTS = {True: ("plan.outcome", "plan.note_outcome"), False: ("plan.output", "plan.note_output")}


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityRow:
    """An activity that contributes to a result, with its quarters in words.

    `cascades` are the national sessions on it, which no figure counts; "" for users who may not see exact counts.
    """

    activity: Activity
    title: TranslatedText
    lead: TranslatedText
    when: str
    cascades: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanResultPage(Page):
    """An outcome or output. `above` are its outcomes or needs; `notes` have the alias of the author, or "".

    `note_url` is empty for users who may not write notes.
    """

    template: ClassVar[str] = "plan/result.html"
    frame: Frame
    code: str
    is_outcome: bool
    title: TranslatedText
    body: TranslatedText
    above: Sequence[PlanLink]
    rows: Sequence[IndicatorRow]
    outputs: Sequence[PlanLink]
    activities: Sequence[ActivityRow]
    assumptions: Sequence[TranslatedText]
    notes: Sequence[tuple[NoteLine, str]]
    links: Mapping[str, str]
    note_url: str
    form: NoteForm
    submission: str


def find(plan: Plan, code: str, *, outcome: bool) -> PlanResult | None:
    """Return the outcome or output of a code."""
    return next((result for result in (plan.outcome if outcome else plan.output) if result.id == code), None)


def show(
    frame: Frame,
    result: PlanResult,
    indicator_lines: Sequence[IndicatorLine],
    *,
    notes: Sequence[NoteLine],
    aliases: Mapping[UUID, str],
    form: NoteForm,
) -> PlanResultPage:
    """Return the page of an outcome or output; `form` is for a note."""
    plan, asked, code = frame.plan, frame.asked, result.id
    is_outcome = result in plan.outcome
    endpoint, note_endpoint = ENDPOINTS[is_outcome]
    return PlanResultPage(
        frame=frame,
        code=code,
        is_outcome=is_outcome,
        title=labels.plan_title(plan, code),
        body=labels.body(plan, code),
        above=_above(plan, result, asked),
        rows=lines.rows(frame, lines.indicators_of(indicator_lines, code)),
        outputs=[
            lines.link(plan, output.id, "plan.output", asked) for output in plan.output if code in output.outcomes
        ],
        activities=_activities(frame, code),
        assumptions=[labels.plan_title(plan, assumption.id) for assumption in plan.assumption],
        notes=[(note, aliases.get(note.written_by, "")) for note in notes],
        links=asked.file_links(endpoint, code=code),
        note_url=url_for(note_endpoint, code=code) if allows(frame.actor, Action.WRITE_NOTE) else "",
        form=form,
        submission=form.submission.data or uuid4().hex,
    )


def _above(plan: Plan, result: PlanResult, asked: PlanFilter) -> list[PlanLink]:
    """Return the outcomes above an output, or the needs and expected results above an outcome."""
    if result.outcomes:
        return [
            lines.link(plan, outcome.id, "plan.outcome", asked)
            for outcome in plan.outcome
            if outcome.id in result.outcomes
        ]
    names = (*result.needs, *result.expected_results)
    return [PlanLink(code=name, title=labels.plan_title(plan, name), href="") for name in names]


def _activities(frame: Frame, code: str) -> list[ActivityRow]:
    activities = [activity for activity in frame.plan.activity if code in activity.contributes_to]
    totals: Mapping[str, CascadeTotals] = {}
    if activities and allows(frame.actor, Action.SEE_EXACT_COUNTS):
        totals = cascades.totals_by_activity([activity.id for activity in activities])
    return [
        ActivityRow(
            activity=activity,
            title=labels.plan_title(frame.plan, activity.id),
            lead=labels.part(frame.plan, activity.id, "lead"),
            when=_when(activity),
            cascades=_cascades(totals[activity.id]) if activity.id in totals else "",
        )
        for activity in activities
    ]


def _cascades(totals: CascadeTotals) -> str:
    sessions = ngettext("%(num)s national session", "%(num)s national sessions", totals.sessions)
    people = ngettext("%(num)s person", "%(num)s people", totals.people)
    return _("Counted apart: %(sessions)s, %(people)s", sessions=sessions, people=people)


def _when(activity: Activity) -> str:
    starts, ends = activity.starts, activity.ends
    if not starts:
        return ""
    first = _quarter(starts)
    if not ends or ends == starts:
        return first
    return _("%(first)s to %(last)s", first=first, last=_quarter(ends))


def _quarter(code: str) -> str:
    year, _dash, number = str(code).partition("-Q")
    return _("Q%(n)s %(year)s", n=number, year=year)
