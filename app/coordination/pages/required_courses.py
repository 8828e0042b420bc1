"""Page models of `/plan/required`: the list with assignments that cannot be met, a requirement, the form."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _, ngettext

from app.access.policy import ALL_COUNTRIES, Action, Actor, allows, own_scope
from app.catalogue.queries import courses as catalogue
from app.competence.labels.competencies import role_titles
from app.coordination import labels
from app.coordination.forms import RequirementDateForm, RequirementEndForm, RequirementForm
from app.coordination.pages.course_titles import course_titles, published_courses
from app.coordination.shapes import RequirementDetails
from app.i18n import babel
from app.i18n.languages import country_name, current
from app.i18n.stored_translations import SOURCE, TranslatedText
from app.learning.domain.completion import AssignmentProblem
from app.learning.domain.requirements import RequirementState
from app.learning.shapes import ExceptionCount, RecalculationProgress, RequirementEffect, RequirementLine
from app.plan import labels as plan_labels
from app.web.pages import Page

ORDER = {RequirementState.DRAFT: 0, RequirementState.AGREED: 1, RequirementState.DROPPED: 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class RequirementRow:
    """A requirement as a row of the list; `status` is the text of the state and its shape."""

    line: RequirementLine
    course: TranslatedText
    role: str
    countries: str
    due: str
    renewal: str
    people: str
    status: tuple[str, str]
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExceptionRow:
    """Assignments of a course that cannot be met, with the office that acts."""

    course: TranslatedText
    problem: str
    officers: int
    countries: str
    action: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RequirementsPage(Page):
    """The required courses: drafts first, ended ones last; then the assignments that cannot be met."""

    template: ClassVar[str] = "coordination/requirements.html"
    rows: Sequence[RequirementRow]
    exceptions: Sequence[ExceptionRow]
    recalculations: Sequence[str]
    new_url: str
    back: tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class RequirementPage(Page):
    """A required course: facts, effect of a draft, steps; the addresses of what the user may not do are empty."""

    template: ClassVar[str] = "coordination/requirement.html"
    row: RequirementRow
    set_by: str
    agreed_by: str
    earlier: str
    effect: Sequence[str]
    waits_for: str
    date_form: RequirementDateForm
    end_form: RequirementEndForm
    urls: Mapping[str, str]
    error: tuple[str, str]
    today: date
    back: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RequirementFormPage(Page):
    """The form for a required course; `own_country` is the only country of a contact point."""

    template: ClassVar[str] = "coordination/requirement_form.html"
    form: RequirementForm
    own_country: str
    error: str
    today: date
    back: str


@dataclass(frozen=True, slots=True)
class RequirementTexts:
    """What rows of requirements show: titles of courses and roles, aliases of people."""

    courses: Mapping[UUID, TranslatedText]
    roles: Mapping[str, str]
    aliases: Mapping[UUID, str]


def texts(actor: Actor, aliases: Mapping[UUID, str]) -> RequirementTexts:
    """Return the titles and aliases for rows of requirements."""
    return RequirementTexts(course_titles(actor), role_titles(catalogue.competencies(), current()), aliases)


def requirements_page(
    lines: Sequence[RequirementLine],
    exceptions: Sequence[ExceptionCount],
    recalculations: Sequence[RecalculationProgress],
    *,
    shown: RequirementTexts,
    actor: Actor,
    today: date,
) -> RequirementsPage:
    """Return the page of the list."""
    ordered = sorted(lines, key=lambda line: (_is_ended(line, today), ORDER[line.state], _title(shown, line).text))
    return RequirementsPage(
        rows=[_row(line, shown, today) for line in ordered],
        exceptions=_exceptions(exceptions, shown),
        recalculations=[_recalculation(progress, shown) for progress in recalculations],
        new_url=url_for("coordination.new_requirement") if _requires(actor) else "",
        back=_back(actor),
    )


def requirement_page(
    details: RequirementDetails,
    shown: RequirementTexts,
    actor: Actor,
    *,
    forms: tuple[RequirementDateForm, RequirementEndForm],
    error: tuple[str, str],
    today: date,
) -> RequirementPage:
    """Return the page of a requirement. `error` is a field with its message, both empty without an error."""
    line, earlier = details.line, details.earlier
    return RequirementPage(
        row=_row(line, shown, today),
        set_by=shown.aliases.get(line.set_by, ""),
        agreed_by=shown.aliases.get(line.agreed_by, "") if line.agreed_by else "",
        earlier=labels.due(earlier.due_on, earlier.due_days) if earlier else "",
        effect=_effect(details.effect, line) if details.effect else (),
        waits_for=_waits_for(line, actor),
        date_form=forms[0],
        end_form=forms[1],
        urls=_urls(line, actor, today),
        error=error,
        today=today,
        back=url_for("coordination.show_requirements"),
    )


def form_page(form: RequirementForm, actor: Actor, *, error: str, today: date) -> RequirementFormPage:
    """Return the page of the form."""
    return RequirementFormPage(
        form=form,
        own_country="" if _is_coordinator(actor) else country_name(actor.country),
        error=error,
        today=today,
        back=url_for("coordination.show_requirements"),
    )


def offer(form: RequirementForm, actor: Actor, members: Sequence[str]) -> None:
    """Set the courses, roles and countries to choose from."""
    form.course.offer(published_courses(actor))
    roles = role_titles(catalogue.competencies(), current())
    form.role.offer([("", _("All roles")), *roles.items()])
    form.countries.offer((code, country_name(code)) for code in plan_labels.in_alphabet(members))


def _row(line: RequirementLine, shown: RequirementTexts, today: date) -> RequirementRow:
    names = [shown.aliases.get(person_id, "") for person_id in (line.set_by, line.agreed_by) if person_id]
    return RequirementRow(
        line=line,
        course=_title(shown, line),
        role=shown.roles.get(line.role, line.role) if line.role else _("All roles"),
        countries=_countries(line.countries) or _("All countries"),
        due=labels.due(line.due_on, line.due_days),
        renewal=labels.renewal(line.renew_months),
        people=babel.joined([babel.isolated(name) for name in names]),
        status=labels.requirement_status(line, today),
        href=url_for("coordination.show_requirement", requirement_id=line.id),
    )


def _title(shown: RequirementTexts, line: RequirementLine | ExceptionCount | RecalculationProgress) -> TranslatedText:
    return shown.courses.get(line.course_id, TranslatedText(_("A course"), SOURCE))


def _countries(countries: Sequence[str]) -> str:
    return babel.joined([country_name(code) for code in plan_labels.in_alphabet(countries)])


def _exceptions(counts: Sequence[ExceptionCount], shown: RequirementTexts) -> list[ExceptionRow]:
    """Return a row for each problem of a course: the sum over the countries, which are named."""
    cells: dict[tuple[AssignmentProblem, UUID], list[ExceptionCount]] = {}
    for count in counts:
        cells.setdefault((count.problem, count.course_id), []).append(count)
    return [_exception(parts, shown) for parts in cells.values()]


def _exception(parts: Sequence[ExceptionCount], shown: RequirementTexts) -> ExceptionRow:
    problem, action = labels.PROBLEMS[parts[0].problem]
    return ExceptionRow(
        course=_title(shown, parts[0]),
        problem=str(problem),
        officers=sum(part.officers for part in parts),
        countries=_countries([part.country for part in parts]),
        action=str(action),
    )


def _recalculation(progress: RecalculationProgress, shown: RequirementTexts) -> str:
    return _(
        "%(course)s is being counted again: %(done)s of %(total)s officers. Until then, pages show the old state.",
        course=babel.isolated(_title(shown, progress).text),
        done=progress.done,
        total=progress.total,
    )


def _effect(effect: RequirementEffect, line: RequirementLine) -> list[str]:
    if not effect.officers:
        return [_("No officer has to complete the course for this now.")]
    officers = ngettext("%(num)s officer", "%(num)s officers", effect.officers)
    countries = ngettext("%(num)s country", "%(num)s countries", effect.countries)
    if line.due_on is None:
        days = labels.due(None, line.due_days)
        return [
            _("Makes %(officers)s in %(countries)s due %(days)s.", officers=officers, countries=countries, days=days)
        ]
    day = babel.words(line.due_on)
    texts_of_effect = [
        _("Makes %(officers)s in %(countries)s due by %(day)s.", officers=officers, countries=countries, day=day)
    ]
    if effect.late_joiners:
        late = ngettext(
            "%(num)s gets 30 days: the date is near, or the officer joined late.",
            "%(num)s get 30 days: the date is near, or they joined late.",
            effect.late_joiners,
        )
        texts_of_effect.append(late)
    return texts_of_effect


def _waits_for(line: RequirementLine, actor: Actor) -> str:
    """Return who must agree to a draft, "" if the user may do so."""
    if line.state is not RequirementState.DRAFT or _may_agree(line, actor):
        return ""
    if line.country:
        return _("A coordinator or a supervisor of the country must agree.")
    return _("A second coordinator must agree.")


def _may_agree(line: RequirementLine, actor: Actor) -> bool:
    return line.set_by != actor.id and allows(actor, Action.AGREE_REQUIREMENT, line)


def _urls(line: RequirementLine, actor: Actor, today: date) -> Mapping[str, str]:
    """Return the addresses of the steps that the user may take, "" for others."""
    return {
        name: url_for(f"coordination.{STEP_VIEWS[name]}", requirement_id=line.id) if is_open else ""
        for name, is_open in _steps(line, actor, today).items()
    }


def _steps(line: RequirementLine, actor: Actor, today: date) -> Mapping[str, bool]:
    """Return for each step whether the user may take it now."""
    changes = allows(actor, Action.REQUIRE_COURSE, line)
    is_draft = line.state is RequirementState.DRAFT
    is_valid = line.state is RequirementState.AGREED and not _is_ended(line, today)
    return {
        "agree": is_draft and _may_agree(line, actor),
        "drop": is_draft and changes,
        "date": is_valid and changes,
        "end": is_valid and changes,
    }


STEP_VIEWS = {
    "agree": "agree_requirement",
    "drop": "drop_requirement",
    "date": "change_requirement_date",
    "end": "end_requirement",
}


def _is_ended(line: RequirementLine, today: date) -> bool:
    return line.ends is not None and line.ends < today


def _requires(actor: Actor) -> bool:
    return allows(actor, Action.REQUIRE_COURSE, own_scope(actor))


def _is_coordinator(actor: Actor) -> bool:
    return allows(actor, Action.REQUIRE_COURSE, ALL_COUNTRIES)


def _back(actor: Actor) -> tuple[str, str]:
    """Return label and address of the page above: the plan, or the officers of a supervisor."""
    if allows(actor, Action.SEE_PLAN, own_scope(actor)):
        return _("Plan"), url_for("plan.show_overview")
    return _("My officers"), url_for("competence.show_supervised_officers")
