"""`/plan/actions`: view models of the list of agreed actions, of an action, and of its form."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _, ngettext

from app.access.policy import Action, Actor, allows, own_scope
from app.catalogue.domain.references.plan import Plan
from app.catalogue.queries import courses as catalogue
from app.coordination import labels
from app.coordination.domain import actions as rules
from app.coordination.domain.actions import ActionStep, Office, Owner, SubjectKind
from app.coordination.forms import ActionFilterForm, ActionForm, ActionNoteForm, DueForm, StepForm
from app.coordination.shapes import ActionDetails, PlanActionLine
from app.i18n import babel
from app.i18n.languages import country_name, current
from app.kernel import clock
from app.plan import labels as plan_labels
from app.web.pages import Page
from app.web.paging import ListPage
from app.web.table_files import Row
from app.workshops.queries import workshops

STEP_VIEWS = {
    ActionStep.START: "coordination.start_action",
    ActionStep.FINISH: "coordination.finish_action",
    ActionStep.DROP: "coordination.drop_action",
    ActionStep.REOPEN: "coordination.reopen_action",
}
COORDINATOR_STEPS = frozenset({ActionStep.DROP, ActionStep.REOPEN})


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanActionRow:
    """An action as a row of a table; `status` is the text of the state and its shape."""

    line: PlanActionLine
    owner: str
    about: str
    status: tuple[str, str]
    moved: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionsPage(Page):
    """The agreed actions, those due first on top; `chips` are the active filters with addresses without them."""

    template: ClassVar[str] = "coordination/actions.html"
    rows: Sequence[PlanActionRow]
    form: ActionFilterForm
    lead: str
    new_url: str
    links: Mapping[str, str]
    plan_href: str
    clear_href: str
    is_filtered: bool
    pages: Sequence[tuple[int, str, bool]]
    onward: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionStepButton:
    """A step that the user may take; `label` is its button."""

    label: str
    url: str
    asks_explanation: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionNoteLine:
    """A note with the alias of its author."""

    text: str
    author: str
    written_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionPage(Page):
    """An agreed action: facts, steps, notes; the addresses of what the user may not do are empty."""

    template: ClassVar[str] = "coordination/action.html"
    row: PlanActionRow
    origin: str
    created_by: str
    earlier_dates: Sequence[date]
    notes: Sequence[ActionNoteLine]
    steps: Sequence[ActionStepButton]
    step_form: StepForm
    due_form: DueForm
    note_form: ActionNoteForm
    move_url: str
    note_url: str
    error: str
    error_field: str
    today: date
    back: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionFormPage(Page):
    """The form for a new action."""

    template: ClassVar[str] = "coordination/action_form.html"
    form: ActionForm
    url: str
    error: str
    submission: str
    today: date
    back: str


def rows(plan: Plan, lines: Sequence[PlanActionLine], actor: Actor, today: date) -> list[PlanActionRow]:
    """Return actions as rows of a table."""
    subjects = _subject_titles(plan, actor)
    return [_row(line, subjects, today) for line in lines]


def actions_page(
    action_rows: Sequence[PlanActionRow],
    form: ActionFilterForm,
    actor: Actor,
    *,
    counts: tuple[int, int],
    values: Mapping[str, Any],
    pager: ListPage,
) -> ActionsPage:
    """Return the page of the list. `counts` are actions and overdue ones, `values` is the filter in the address."""
    endpoint = "coordination.show_actions"
    return ActionsPage(
        rows=action_rows,
        form=form,
        lead=lead(*counts),
        new_url=url_for("coordination.new_action") if allows(actor, Action.CREATE_ACTION) else "",
        links={name: url_for(endpoint, form=name, **values) for name in ("csv", "xlsx")},
        plan_href=url_for("plan.show_overview") if allows(actor, Action.SEE_PLAN, own_scope(actor)) else "",
        clear_href=url_for(endpoint),
        is_filtered=bool(values),
        **pager.links(endpoint, **values),
    )


def lead(count: int, overdue: int) -> str:
    """Return how many actions a list has, and how many are overdue."""
    text = ngettext("%(num)s action.", "%(num)s actions.", count)
    if not overdue:
        return text
    return f"{text} " + ngettext("%(num)s is overdue.", "%(num)s are overdue.", overdue)


def action_page(
    details: ActionDetails,
    plan: Plan,
    aliases: Mapping[UUID, str],
    actor: Actor,
    *,
    forms: tuple[StepForm, DueForm, ActionNoteForm],
    error: tuple[str, str],
    now: datetime,
) -> ActionPage:
    """Return the page of an action. `error` is a field with its message, both empty without an error."""
    line, today = details.line, now.date()
    changes = allows(actor, Action.CHANGE_ACTION, line)
    is_live = line.state in rules.LIVE
    step_form, due_form, note_form = forms
    return ActionPage(
        row=_row(line, _subject_titles(plan, actor), today),
        origin=str(labels.ORIGINS[line.origin]),
        created_by=aliases.get(line.created_by, ""),
        earlier_dates=details.earlier_dates,
        notes=[
            ActionNoteLine(text=note.text, author=aliases.get(note.written_by, ""), written_at=note.written_at)
            for note in details.notes
        ],
        steps=_steps(line, actor, now) if changes else [],
        step_form=step_form,
        due_form=due_form,
        note_form=note_form,
        move_url=url_for("coordination.move_action", action_id=line.id) if changes and is_live else "",
        note_url=url_for("coordination.note_action", action_id=line.id) if changes else "",
        error=error[1],
        error_field=error[0],
        today=today,
        back=url_for("coordination.show_actions"),
    )


def owners(members: Sequence[str]) -> list[tuple[str, str]]:
    """Return the owners to choose from: the secretariat, the trainers, and the contact point of each member."""
    countries = plan_labels.in_alphabet(members)
    offices = [(office.value, labels.owner(office, "")) for office in (Office.SECRETARIAT, Office.TRAINERS)]
    return [
        *offices,
        *((f"{Office.CONTACT_POINT}:{code}", labels.owner(Office.CONTACT_POINT, code)) for code in countries),
    ]


def owner_of(value: str) -> Owner:
    """Return the owner of a value of `owners`."""
    office, _separator, country = value.partition(":")
    return Owner(office=Office(office), country=country)


def subjects(plan: Plan, actor: Actor) -> list[tuple[str, str]]:
    """Return the subjects to choose from: none, the indicators of the plan, courses and events."""
    return [("", _("Nothing in particular")), *_subject_titles(plan, actor).items()]


def subject_of(value: str) -> tuple[SubjectKind, str]:
    """Return kind and key of a value of `subjects`."""
    kind, _separator, key = value.partition(":")
    return (SubjectKind(kind), key) if kind else (SubjectKind.NONE, "")


def countries(members: Sequence[str]) -> list[tuple[str, str]]:
    """Return the countries that an action may concern."""
    return [("", _("All countries")), *((code, country_name(code)) for code in plan_labels.in_alphabet(members))]


def table(action_rows: Sequence[PlanActionRow]) -> tuple[Row, list[Row]]:
    """Return the heads and rows of the file of actions."""
    heads = [_("Action"), _("About"), _("Owner"), _("Due on"), _("First date"), _("State"), _("Result or reason")]
    file_rows: list[Row] = []
    for row in action_rows:
        line = row.line
        file_rows.append([line.text, row.about, row.owner, line.due_on, line.first_due_on, row.status[0], line.result])
    return heads, file_rows


def _steps(line: PlanActionLine, actor: Actor, now: datetime) -> list[ActionStepButton]:
    coordinates = allows(actor, Action.CREATE_ACTION)
    return [
        ActionStepButton(
            label=str(labels.STEPS[step]),
            url=url_for(STEP_VIEWS[step], action_id=line.id),
            asks_explanation=step in rules.EXPLAINED,
        )
        for step in rules.steps_of(line.state, line.ended_at, now)
        if coordinates or step not in COORDINATOR_STEPS
    ]


def _row(line: PlanActionLine, subject_titles: Mapping[str, str], today: date) -> PlanActionRow:
    overdue = rules.is_overdue(line.state, line.due_on, today)
    moved = ngettext("Moved once", "Moved %(num)s times", line.moves) if line.moves else ""
    return PlanActionRow(
        line=line,
        owner=labels.owner(line.office, line.country),
        about=_about(line, subject_titles),
        status=labels.status(line.state, overdue=overdue),
        moved=moved,
        href=url_for("coordination.show_action", action_id=line.id),
    )


def _about(line: PlanActionLine, subject_titles: Mapping[str, str]) -> str:
    """Return what an action is about: its subject, the country concerned, or both."""
    subject = subject_titles.get(f"{line.subject_kind}:{line.subject}", "") if line.subject else ""
    country = country_name(line.about_country) if line.about_country else ""
    if subject and country:
        return _("%(subject)s, %(country)s", subject=subject, country=country)
    return subject or country


def _subject_titles(plan: Plan, actor: Actor) -> dict[str, str]:
    """Return the titles of indicators, courses and events that the actor may see, by kind and key."""
    titles = {
        f"{SubjectKind.INDICATOR}:{indicator.id}": f"{indicator.id} {plan_labels.plan_title(plan, indicator.id).text}"
        for indicator in plan.indicator
    }
    for course in catalogue.all_visible(actor):
        titles[f"{SubjectKind.COURSE}:{course.course_id}"] = f"{course.code} {course.title(current())}"
    for event in workshops.listing(actor, clock.today()):
        code_and_town = " – ".join(part for part in (event.code, event.town) if part)
        titles[f"{SubjectKind.EVENT}:{event.id}"] = f"{code_and_town}, {babel.isolated(babel.words(event.first_day))}"
    return titles
