"""`/plan/late`, `/country/late`, `/supervision/late`: rows with who acts, the last reminder and the next steps."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any, ClassVar, assert_never
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _, ngettext

from app.catalogue.domain.references.plan import Plan
from app.coordination import labels
from app.coordination.domain import reminders as reminder_rules
from app.coordination.domain.actions import TEXT_LIMIT, ActionOrigin, Office
from app.coordination.domain.late import LateKind, LateOffice, LateRule
from app.coordination.domain.reminders import EarlierReminder, ReminderLimit, ReminderState
from app.coordination.forms import LateFilterForm
from app.coordination.pages import late_words, subjects
from app.coordination.pages.subjects import Courses
from app.coordination.queries.reminders import Earlier
from app.coordination.shapes import LateLine, LateOfficer
from app.i18n.babel import words
from app.i18n.languages import country_name
from app.plan import labels as plan_labels
from app.web.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class LateRow:
    """A row with its key for the form (empty: a reminder is not possible now); `acts` are offices with numbers."""

    key: str
    title: str
    detail: str
    acts: Sequence[str]
    step: str
    reminded: str
    remind_href: str
    remind_text: str
    action: tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class LatePage(Page):
    """What is late in all countries, for coordinators: counts and offices."""

    template: ClassVar[str] = "coordination/late.html"
    rows: Sequence[LateRow]
    lead: str
    form: LateFilterForm
    is_filtered: bool
    clear_href: str
    remind_url: str
    log_href: str
    pages: Sequence[tuple[int, str, bool]]
    onward: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LateOfficersPage(Page):
    """Officers of the own country or supervision who are late, by alias, a row for each course."""

    template: ClassVar[str] = "coordination/late_officers.html"
    title: str
    back: tuple[str, str]
    rows: Sequence[LateRow]
    total: int
    onward: str
    remind_url: str
    reminds_supervisors: bool
    log_href: str


def rows(
    lines: Sequence[LateLine], plan: Plan, named: Courses, earlier: Earlier, *, sender_id: UUID, now: datetime
) -> list[LateRow]:
    """Return the rows of a coordinator."""
    return [_row(line, plan, named, earlier, (sender_id, now)) for line in lines]


def officer_rows(
    lines: Sequence[LateOfficer], named: Courses, earlier: Earlier, *, remind: tuple[str, UUID], now: datetime
) -> list[LateRow]:
    """Return the rows of the own officers; `remind` is the endpoint of the form, and the sender."""
    endpoint, sender_id = remind
    officer_lines = []
    for line in lines:
        sent = earlier.get((line.person_id, *line.subject.key), ())
        limit = reminder_rules.limit_of(sent, sender_id, now)
        name = named.get(str(line.course_id))
        officer_lines.append(
            LateRow(
                key=line.key,
                title=line.alias,
                detail=_officer_detail(line, name.text if name else ""),
                acts=[_officer_acts(line)],
                step=str(labels.FIRST_STEPS[line.rule]),
                reminded=_reminded(sent, limit),
                remind_href=url_for(endpoint, row=line.key, to="officer") if limit is None else "",
                remind_text=_("Remind"),
                action=("", ""),
            )
        )
    return officer_lines


def in_alphabet(lines: Sequence[LateLine]) -> list[LateLine]:
    """Return the rows with those of countries in the reader's alphabet; figures and actions keep their order."""
    ranks = {
        code: number for number, code in enumerate(plan_labels.in_alphabet({line.country for line in lines} - {""}))
    }
    kinds = list(dict.fromkeys(line.kind for line in lines))

    def rank(line: LateLine) -> tuple[int, int]:
        is_of_country = line.kind in {LateKind.COURSE, LateKind.INVITATIONS, LateKind.LANGUAGE}
        return kinds.index(line.kind), ranks.get(line.country, 0) if is_of_country else 0

    return sorted(lines, key=rank)


def title_of(line: LateLine, plan: Plan, named: Courses) -> str:
    """Return what a row is about: country and course, indicator, or action."""
    match line.kind:
        case LateKind.FIGURE:
            return subjects.figure(plan, line.cell)[0]
        case LateKind.ACTION:
            return _("Action: %(text)s", text=line.title)
        case LateKind.FALL:
            return subjects.indicator(plan, line.cell)
        case LateKind.INVITATIONS:
            return country_name(line.country)
        case LateKind.COURSE | LateKind.LANGUAGE:
            course = subjects.course_title(named, line.cell)
            return _("%(country)s: %(course)s", country=country_name(line.country), course=course)
        case _:
            assert_never(line.kind)


def action_values(line: LateLine, plan: Plan, named: Courses) -> Mapping[str, Any]:
    """Return the values with which the form of an action begins."""
    offices = {office for office, _count in line.acts}
    is_contact_point = LateOffice.CONTACT_POINT in offices and line.country
    owner = f"{Office.CONTACT_POINT}:{line.country}" if is_contact_point else _owner_without_country(offices)
    subject = f"course:{line.cell}" if line.kind in {LateKind.COURSE, LateKind.LANGUAGE} else ""
    if line.kind in {LateKind.FIGURE, LateKind.FALL}:
        subject = f"indicator:{line.cell.partition(':')[0]}"
    return {
        "text": f"{title_of(line, plan, named)}: {late_words.detail(line, plan)}"[:TEXT_LIMIT],
        "owner": owner,
        "subject": subject,
        "about_country": line.country,
        "origin": ActionOrigin.LATE_LIST.value,
    }


def _owner_without_country(offices: set[LateOffice]) -> str:
    is_trainers = offices & {LateOffice.CONTENT, LateOffice.TRAINERS}
    return (Office.TRAINERS if is_trainers else Office.SECRETARIAT).value


def _row(line: LateLine, plan: Plan, named: Courses, earlier: Earlier, sender: tuple[UUID, datetime]) -> LateRow:
    sent = [earlier.get((country, line.kind, line.cell), ()) for country in line.countries]
    limits = [reminder_rules.limit_of(reminders, *sender) for reminders in sent]
    can_remind = None in limits  # of several countries the form leaves out those that were reminded lately
    limit = None if can_remind else next(iter(limits), None)
    return LateRow(
        key=line.key if can_remind else "",
        title=title_of(line, plan, named),
        detail=late_words.detail(line, plan),
        acts=[late_words.acting(line, office, count) for office, count in line.acts],
        step=str(labels.FIRST_STEPS[line.rule]),
        reminded=_reminded(list(chain.from_iterable(sent)), limit) if sent else "",
        remind_href=url_for("coordination.new_reminders", row=line.key) if can_remind else "",
        remind_text=_remind_text(limits.count(None), len(limits)),
        action=_action_link(line, plan, named),
    )


def _remind_text(count: int, countries: int) -> str:
    """Return the text of the link to a reminder, with the number of contact points that can be reminded now."""
    if countries <= 1:
        return _("Remind")
    if count < countries:
        return ngettext("Remind the other %(num)s", "Remind the other %(num)s", count)
    return ngettext("Remind %(num)s", "Remind all %(num)s", count)


def _action_link(line: LateLine, plan: Plan, named: Courses) -> tuple[str, str]:
    if line.kind is LateKind.ACTION:
        return _("Open the action"), url_for("coordination.show_action", action_id=UUID(line.cell))
    return _("Assign an action"), url_for("coordination.new_action", **action_values(line, plan, named))


def _reminded(earlier: Sequence[EarlierReminder], limit: ReminderLimit | None) -> str:
    """Return when the row was reminded of last, and what became of it."""
    if not earlier:
        return _("Never reminded")
    if limit is ReminderLimit.UNANSWERED:
        return _("Three reminders without answer")
    day = max(reminder.sent_at for reminder in earlier).date()
    newest = [reminder for reminder in earlier if reminder.sent_at.date() == day]
    if len(newest) > 1:
        count = sum(reminder.state is ReminderState.ANSWERED for reminder in newest)
        return ngettext(
            "Reminded on %(day)s: %(num)s answered", "Reminded on %(day)s: %(num)s answered", count, day=words(day)
        )
    state = str(labels.REMINDER_STATES[newest[0].state][0])
    return _("Last reminded on %(day)s: %(state)s", day=words(day), state=state)


def _officer_detail(line: LateOfficer, course: str) -> str:
    since = line.state.late_since
    if since is not None:
        return _("%(course)s: overdue since %(day)s.", course=course, day=words(since))
    if line.state.begun_on is not None and line.state.last_step_on is not None:
        return _("%(course)s: no step since %(day)s.", course=course, day=words(line.state.last_step_on))
    return _("%(course)s: not started.", course=course)


def _officer_acts(line: LateOfficer) -> str:
    offices: Mapping[LateRule, str] = {
        LateRule.LANGUAGE: str(labels.LATE_OFFICES[LateOffice.CONTENT]),
        LateRule.OFFICER: _("The officer"),
        LateRule.SUPERVISOR: _("Supervisor"),
    }
    return offices.get(line.rule, str(labels.LATE_OFFICES[LateOffice.CONTACT_POINT]))
