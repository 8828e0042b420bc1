"""Page models of `/country/exemptions`: the list, those that wait first, and the form for an officer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _

from app.access.policy import Action, Actor, allows, own_scope
from app.coordination import labels
from app.coordination.forms import ExemptionForm
from app.coordination.pages.course_titles import course_titles
from app.coordination.shapes import ExemptOfficer
from app.i18n import babel
from app.i18n.stored_translations import SOURCE, TranslatedText
from app.learning.domain.requirements import LONGEST_DAYS
from app.learning.shapes import CourseState, ExemptionLine
from app.web.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class ExemptionRow:
    """An exemption as a row of a list; the addresses of what the user may not do are empty."""

    line: ExemptionLine
    alias: str
    officer_href: str
    course: TranslatedText
    change: str
    reason: str
    people: str
    status: tuple[str, str]
    agree_url: str
    end_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExemptionsPage(Page):
    """The exemptions of the own country, or of the officers whom the user supervises; those that wait come first."""

    template: ClassVar[str] = "coordination/exemptions.html"
    rows: Sequence[ExemptionRow]
    error: str
    back: tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExemptionFormPage(Page):
    """The form for an exemption of an officer, below the exemptions of the officer."""

    template: ClassVar[str] = "coordination/exemption_form.html"
    alias: str
    rows: Sequence[ExemptionRow]
    form: ExemptionForm
    url: str
    error: str
    first: date
    last: date
    back: str


def exemptions_page(rows: Sequence[ExemptionRow], actor: Actor, error: str) -> ExemptionsPage:
    """Return the page of the list; `error` says why a change was not made."""
    return ExemptionsPage(rows=rows, error=error, back=_back(actor))


def form_page(
    officer: ExemptOfficer, rows: Sequence[ExemptionRow], form: ExemptionForm, *, error: str, today: date
) -> ExemptionFormPage:
    """Return the page of the form."""
    return ExemptionFormPage(
        alias=officer.alias,
        rows=rows,
        form=form,
        url=url_for("coordination.set_exemption", person_id=officer.person_id),
        error=error,
        first=today,
        last=today + timedelta(days=LONGEST_DAYS),
        back=url_for("home.show_officer_learning", person_id=officer.person_id),
    )


def rows(lines: Sequence[ExemptionLine], aliases: Mapping[UUID, str], actor: Actor) -> list[ExemptionRow]:
    """Return exemptions as rows, those that wait for a second person first."""
    titles = course_titles(actor)
    ordered = sorted(lines, key=lambda line: line.since is not None)
    return [_row(line, titles, aliases, actor) for line in ordered]


def choices(states: Sequence[CourseState], lines: Sequence[ExemptionLine], actor: Actor) -> list[tuple[str, str]]:
    """Return the open courses without an exemption, with their dates, to choose from."""
    exempt = {line.course_id for line in lines}
    due = {state.course_id: state.due_on for state in states if state.course_id not in exempt}
    return [
        (str(course_id), _choice(title.text, due[course_id]))
        for course_id, title in course_titles(actor).items()
        if course_id in due
    ]


def _choice(title: str, due_on: date | None) -> str:
    if due_on is None:
        return title
    return _("%(course)s, due on %(day)s", course=babel.isolated(title), day=babel.isolated(babel.words(due_on)))


def _row(
    line: ExemptionLine, titles: Mapping[UUID, TranslatedText], aliases: Mapping[UUID, str], actor: Actor
) -> ExemptionRow:
    names = [aliases.get(person_id, "") for person_id in (line.set_by, line.agreed_by) if person_id]
    waits = line.since is None
    return ExemptionRow(
        line=line,
        alias=aliases.get(line.person_id, ""),
        officer_href=url_for("home.show_officer_learning", person_id=line.person_id),
        course=titles.get(line.course_id, TranslatedText(_("A course"), SOURCE)),
        change=labels.exemption(line.kind, line.until),
        reason=str(labels.EXEMPTION_REASONS[line.reason]),
        people=babel.joined([babel.isolated(name) for name in names]),
        status=labels.exemption_status(line),
        agree_url=_url("agree_exemption", line) if waits and line.set_by != actor.id else "",
        end_url=_url("end_exemption", line),
    )


def _url(view: str, line: ExemptionLine) -> str:
    return url_for(f"coordination.{view}", exemption_id=line.id)


def _back(actor: Actor) -> tuple[str, str]:
    """Return label and address of the page above: the own country, or the officers of a supervisor."""
    if allows(actor, Action.SEE_OWN_COUNTRY, own_scope(actor)):
        return _("My country"), url_for("home.show_country")
    return _("My officers"), url_for("competence.show_supervised_officers")
