"""`/plan/required`: required courses; a draft is valid after a second person agrees, and another date is a new row."""

from collections.abc import Callable
from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access.guard import actor, requires
from app.access.policy import ALL_COUNTRIES, Action, allows, own_scope
from app.catalogue.queries import courses as catalogue
from app.coordination.forms import RequirementDateForm, RequirementEndForm, RequirementForm
from app.coordination.pages import required_courses as pages
from app.coordination.queries import required_courses as queries
from app.coordination.views._blueprint import bp
from app.db.session import transaction
from app.identity.queries import people as accounts
from app.kernel import clock
from app.kernel.errors import DomainError
from app.learning.domain.requirements import NewRequirement
from app.learning.queries import requirements
from app.learning.service import requirements as service
from app.learning.service.requirements import NewDate
from app.learning.shapes import RequirementLine
from app.web.pages import render


@bp.get("/plan/required")
@requires(Action.SEE_REQUIREMENTS, of=own_scope)
def show_requirements() -> ResponseReturnValue:
    """Show the required courses, and the assignments that cannot be met."""
    today, lines = clock.today(), queries.lines(actor())
    return render(
        pages.requirements_page(
            lines,
            queries.exceptions(actor(), today),
            requirements.recalculations(),
            shown=_texts(*lines),
            actor=actor(),
            today=today,
        )
    )


@bp.get("/plan/required/new")
@requires(Action.REQUIRE_COURSE, of=own_scope)
def new_requirement() -> ResponseReturnValue:
    """Show the form for a required course."""
    return _form(_offered(RequirementForm(request.args, starts=clock.today())))


@bp.post("/plan/required/new")
@requires(Action.REQUIRE_COURSE, of=own_scope)
def draft_requirement() -> ResponseReturnValue:
    """Save a draft; the same form sent again leads to the same draft."""
    form = _offered(RequirementForm(request.form))
    if not form.validate():
        return _form(form), 422
    try:
        with transaction():
            requirement_id = service.draft(UUID(form.course.data), _new(form), by=actor(), now=clock.now())
    except DomainError as error:
        return _form(form, error.translated(_)), 422
    flash(_("The draft is saved. It has no effect until a second person agrees."))
    return redirect(url_for("coordination.show_requirement", requirement_id=requirement_id))


@bp.get("/plan/required/<uuid:requirement_id>")
@requires(Action.READ_REQUIREMENT, load=queries.visible)
def show_requirement(line: RequirementLine, requirement_id: UUID) -> ResponseReturnValue:
    """Show a requirement: for whom, until when, and what a draft would do."""
    return _requirement_page(line)


@bp.post("/plan/required/<uuid:requirement_id>/agree")
@requires(Action.AGREE_REQUIREMENT, load=queries.visible)
def agree_requirement(line: RequirementLine, requirement_id: UUID) -> ResponseReturnValue:
    """Agree to a draft as the second person."""
    return _change(
        line,
        lambda: service.agree(line.id, by=actor(), now=clock.now()),
        _("The course is required. Officers see the date on the page of the course."),
    )


@bp.post("/plan/required/<uuid:requirement_id>/drop")
@requires(Action.REQUIRE_COURSE, load=queries.visible)
def drop_requirement(line: RequirementLine, requirement_id: UUID) -> ResponseReturnValue:
    """Withdraw a draft."""
    return _change(line, lambda: service.drop(line.id, now=clock.now()), _("The draft is withdrawn."))


@bp.post("/plan/required/<uuid:requirement_id>/date")
@requires(Action.REQUIRE_COURSE, load=queries.visible)
def change_requirement_date(line: RequirementLine, requirement_id: UUID) -> ResponseReturnValue:
    """Save a draft with another date, which replaces the requirement after a second person agrees."""
    form = RequirementDateForm(request.form)
    if not form.validate():
        return _requirement_page(line, date_form=form), 422
    new = NewDate(
        due_on=form.due_on.data,
        due_days=form.due_days.data,
        starts=form.starts.data,
        reason=(form.reason.data or "").strip(),
    )
    try:
        with transaction():
            draft_id = service.change_date(line.id, new, by=actor(), now=clock.now())
    except DomainError as error:
        return _requirement_page(line, date_form=form, error=("due_on", error.translated(_))), 422
    flash(_("The new date is a draft. The earlier date is valid until a second person agrees."))
    return redirect(url_for("coordination.show_requirement", requirement_id=draft_id))


@bp.post("/plan/required/<uuid:requirement_id>/end")
@requires(Action.REQUIRE_COURSE, load=queries.visible)
def end_requirement(line: RequirementLine, requirement_id: UUID) -> ResponseReturnValue:
    """Set the last day of a requirement."""
    form = RequirementEndForm(request.form)
    if not form.validate():
        return _requirement_page(line, end_form=form), 422
    return _change(
        line,
        lambda: service.end(line.id, form.last_day.data, now=clock.now()),
        _("The last day is saved."),
        field="last_day",
    )


def _change(line: RequirementLine, change: Callable[[], None], message: str, *, field: str = "") -> ResponseReturnValue:
    """Carry out a change and return to the requirement; show it with the error if the change is not allowed."""
    try:
        with transaction():
            change()
    except DomainError as error:
        return _requirement_page(queries.visible(actor(), line.id), error=(field, error.translated(_))), 422
    flash(message)
    return redirect(url_for("coordination.show_requirement", requirement_id=line.id))


def _requirement_page(
    line: RequirementLine,
    *,
    date_form: RequirementDateForm | None = None,
    end_form: RequirementEndForm | None = None,
    error: tuple[str, str] = ("", ""),
) -> str:
    today = clock.today()
    forms = (date_form or RequirementDateForm(starts=today), end_form or RequirementEndForm(last_day=today))
    return render(
        pages.requirement_page(
            queries.details(line, today), _texts(line), actor(), forms=forms, error=error, today=today
        )
    )


def _texts(*lines: RequirementLine) -> pages.RequirementTexts:
    people = {line.set_by for line in lines} | {line.agreed_by for line in lines if line.agreed_by}
    return pages.texts(actor(), accounts.names(people))


def _new(form: RequirementForm) -> NewRequirement:
    """Return the requirement of a form; a contact point requires a course in the own country only."""
    countries = tuple(form.countries.data) if _is_coordinator() else (actor().country,)
    return NewRequirement(
        role=form.role.data,
        countries=countries,
        due_on=form.due_on.data,
        due_days=form.due_days.data,
        renew_months=form.renew_months.data,
        starts=form.starts.data,
        ends=form.ends.data,
        reason=form.reason.data.strip(),
    )


def _offered(form: RequirementForm) -> RequirementForm:
    plan = catalogue.plan()
    members = tuple(plan.head.members) if plan is not None and plan.head else ()
    pages.offer(form, actor(), members)
    return form


def _form(form: RequirementForm, error: str = "") -> str:
    return render(pages.form_page(form, actor(), error=error, today=clock.today()))


def _is_coordinator() -> bool:
    return allows(actor(), Action.REQUIRE_COURSE, ALL_COUNTRIES)
