"""Rows that coordination adds to "Needs attention" on `/plan`, and its links, for the port `plan_attention`."""

from collections.abc import Sequence

from flask import url_for
from flask_babel import gettext as _, ngettext

from app.access.policy import Action, Actor, allows, own_scope
from app.coordination import labels
from app.coordination.domain.actions import ActionOrigin, Office
from app.coordination.domain.late import LateKind
from app.coordination.pages import late_words, subjects
from app.coordination.pages.subjects import Courses
from app.coordination.queries import actions, late, late_countries
from app.coordination.queries.actions import ActionFilter
from app.coordination.queries.completion import countries_with_exact_counts
from app.i18n.babel import words
from app.i18n.languages import country_name
from app.kernel import clock
from app.learning.shapes import LateCell
from app.plan.queries import figures as plan_figures
from app.ports import AttentionItem, PlanAttention


def plan_attention(actor: Actor) -> PlanAttention:
    """Return what is late for a coordinator, with an owner and a button for each row; links only for other readers."""
    if not allows(actor, Action.SEE_LATE):
        return PlanAttention(links=_links(actor))
    today = clock.today()
    agreed = countries_with_exact_counts()
    many = late_countries.many_overdue(today, agreed)
    named = subjects.courses(actor) if many else {}
    overdue = [_overdue(cell, named, is_exact=cell.country in agreed) for cell in many]
    exempt = [
        _exempt(*numbers, is_exact=numbers[0] in agreed) for numbers in late_countries.exempt_countries(today, agreed)
    ]
    return PlanAttention(
        items=[*overdue, *_actions(actor), *exempt],
        links=[*_remind_all(many), *_links(actor)],
        action_url=url_for("coordination.new_action") if allows(actor, Action.CREATE_ACTION) else "",
        remind_url=url_for("coordination.new_reminders"),
        contact_points=_countries_to_remind(actor),
    )


def _countries_to_remind(actor: Actor) -> int:
    if not allows(actor, Action.REMIND_CONTACT_POINT):
        return 0
    return len(late.members_with_office(plan_figures.plan_of(), clock.today()))


def _remind_all(cells: Sequence[LateCell]) -> list[tuple[str, str]]:
    """Return the link to one reminder for all countries with many overdue officers, if they are several."""
    countries = {cell.country for cell in cells}
    if len(countries) < 2:
        return []
    text = ngettext("Remind %(num)s contact point", "Remind all %(num)s contact points", len(countries))
    return [(text, url_for("coordination.new_reminders", row=[_row_key(cell) for cell in cells]))]


def _row_key(cell: LateCell) -> str:
    return f"{LateKind.COURSE}:{cell.course_id}:{cell.country}"


def _overdue(cell: LateCell, named: Courses, *, is_exact: bool) -> AttentionItem:
    course = named.get(str(cell.course_id))
    title = _("%(country)s: %(course)s", country=country_name(cell.country), course=course.text if course else "")
    since = _("Overdue since %(day)s.", day=words(cell.since)) if cell.since else ""
    counts = _overdue_of_due(cell) if is_exact else _overdue_in_bands(cell)
    return AttentionItem(
        title=title,
        href=url_for("coordination.show_late", country=cell.country, course=course.code if course else None),
        details=[text for text in (counts, since) if text],
        owner=labels.owner(Office.CONTACT_POINT, cell.country),
        word=_("Overdue"),
        kind="bad",
        action_href=_action_href(f"{title}: {counts}", cell.country, f"course:{cell.course_id}"),
        remind_href=url_for("coordination.new_reminders", row=_row_key(cell)),
    )


def _overdue_of_due(cell: LateCell) -> str:
    return ngettext(
        "%(num)s of %(due)s officers due is overdue.",
        "%(num)s of %(due)s officers due are overdue.",
        cell.overdue,
        due=cell.due,
    )


def _overdue_in_bands(cell: LateCell) -> str:
    overdue, due = (late_words.shown(count, is_exact=False) for count in (cell.overdue, cell.due))
    return _("Officers due: %(due)s. Overdue: %(number)s.", due=due, number=overdue)


def _actions(actor: Actor) -> list[AttentionItem]:
    today = clock.today()
    return [
        AttentionItem(
            title=_("Action: %(text)s", text=line.text),
            href=url_for("coordination.show_action", action_id=line.id),
            details=[_("Due on %(day)s.", day=words(line.due_on))],
            owner=labels.owner(line.office, line.country),
            word=_("Overdue"),
            kind="bad",
            action_href="",  # it is one
        )
        for line in actions.lines(actor, ActionFilter(overdue=True), today, size=None)
    ]


def _exempt(country: str, exempt: int, assigned: int, *, is_exact: bool) -> AttentionItem:
    title = _("%(country)s: many exemptions", country=country_name(country))
    numbers = {"exempt": exempt, "assigned": assigned}
    texts = {name: late_words.shown(count, is_exact=is_exact) for name, count in numbers.items()}
    counts = _("%(exempt)s of %(assigned)s courses assigned are exempt.", **texts)
    return AttentionItem(
        title=title,
        href=url_for("coordination.show_late", country=country),
        details=[counts],
        owner=labels.owner(Office.CONTACT_POINT, country),
        word=_("Check"),
        kind="wait",
        action_href=_action_href(f"{title}. {counts}", country, ""),
    )


def _action_href(text: str, country: str, subject: str) -> str:
    return url_for(
        "coordination.new_action",
        text=text[:150],
        owner=f"{Office.CONTACT_POINT}:{country}",
        subject=subject,
        about_country=country,
        origin=ActionOrigin.ATTENTION.value,
    )


def _links(actor: Actor) -> Sequence[tuple[str, str]]:
    links = []
    if allows(actor, Action.SEE_LATE):
        links.append((_("See what is late"), url_for("coordination.show_late")))
    elif allows(actor, Action.SEE_OFFICERS, own_scope(actor)):
        links.append((_("Late officers"), url_for("coordination.show_country_late")))
    if allows(actor, Action.SEE_REMINDERS, own_scope(actor)):
        links.append((_("Reminders"), url_for("coordination.show_reminders")))
    if allows(actor, Action.SEE_ACTIONS, own_scope(actor)):
        links.append((_("Actions"), url_for("coordination.show_actions")))
    if allows(actor, Action.DRAW_SURPRISE_CHECKS):
        links.append((_("Surprise checks"), url_for("checks.show_surprise")))
    return links
