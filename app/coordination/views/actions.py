"""`/plan/actions`: agreed actions with owner and date; offices start and finish theirs, coordinators agree new ones."""

from uuid import UUID, uuid4

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access.guard import actor, requires
from app.access.policy import Action, own_scope
from app.coordination.domain.actions import LIVE, ActionOrigin, ActionState, ActionStep, Office
from app.coordination.forms import (
    ALL_STATES,
    LIVE_STATES,
    OVERDUE,
    ActionFilterForm,
    ActionForm,
    ActionNoteForm,
    DueForm,
    StepForm,
)
from app.coordination.pages import actions as pages
from app.coordination.queries import actions as queries
from app.coordination.queries.actions import ActionFilter
from app.coordination.service import actions as service
from app.coordination.service.actions import NewAction
from app.coordination.shapes import ActionDetails
from app.coordination.views._blueprint import bp
from app.coordination.views._plan import current_plan, members
from app.db.session import transaction
from app.identity.queries import people as accounts
from app.kernel import clock
from app.kernel.errors import DomainError
from app.web import paging
from app.web.pages import render
from app.web.table_files import FILES, NONE, send_table

PAGE = 50


@bp.get("/plan/actions", defaults=NONE)
@bp.get(f"/plan/actions.{FILES}")
@requires(Action.SEE_ACTIONS, of=own_scope)
def show_actions(form: str) -> ResponseReturnValue:
    """Show the agreed actions that the user may see, those due first on top."""
    plan, today = current_plan(), clock.today()
    chosen_form = ActionFilterForm(request.args)
    chosen_form.country.offer(pages.countries(members(plan)))
    chosen = _filter(chosen_form)
    if form:
        lines = queries.lines(actor(), chosen, today, size=None)
        return send_table(form, "actions", pages.table(pages.rows(plan, lines, actor(), today)))
    page = paging.requested_page(queries.count(actor(), chosen, today), PAGE)
    lines = queries.lines(actor(), chosen, today, offset=page.offset, size=PAGE)
    return render(
        pages.actions_page(
            pages.rows(plan, lines, actor(), today),
            chosen_form,
            actor(),
            counts=(page.count, queries.count_overdue(actor(), today)),
            values=_chosen_values(chosen_form),
            pager=page,
        )
    )


@bp.get("/plan/actions/new")
@requires(Action.CREATE_ACTION)
def new_action() -> ResponseReturnValue:
    """Show the form for a new action."""
    return _form(_offered(ActionForm(request.args)))


@bp.post("/plan/actions/new")
@requires(Action.CREATE_ACTION)
def create_action() -> ResponseReturnValue:
    """Create an action."""
    form = _offered(ActionForm(request.form))
    if not form.validate():
        return _form(form), 422
    try:
        with transaction():
            action_id = service.create(
                _new(form),
                members=frozenset(members(current_plan())),
                by=actor().id,
                now=clock.now(),
                submission=form.submission.data or "",
            )
    except DomainError as error:
        return _form(form, error.translated(_)), 422
    flash(_("The action is saved. Its owner sees it on the start page."))
    return redirect(url_for("coordination.show_action", action_id=action_id))


@bp.get("/plan/actions/<uuid:action_id>")
@requires(Action.READ_ACTION, load=queries.visible)
def show_action(action: ActionDetails, action_id: UUID) -> ResponseReturnValue:
    """Show an action with its notes and the next steps."""
    return _action_page(action)


@bp.post("/plan/actions/<uuid:action_id>/start")
@requires(Action.CHANGE_ACTION, load=queries.visible)
def start_action(action: ActionDetails, action_id: UUID) -> ResponseReturnValue:
    """Start an action."""
    return _take_step(action, ActionStep.START, _("The action is in progress."))


@bp.post("/plan/actions/<uuid:action_id>/finish")
@requires(Action.CHANGE_ACTION, load=queries.visible)
def finish_action(action: ActionDetails, action_id: UUID) -> ResponseReturnValue:
    """Mark an action as done, with its result."""
    return _take_step(action, ActionStep.FINISH, _("The action is done."))


@bp.post("/plan/actions/<uuid:action_id>/drop")
@requires(Action.CREATE_ACTION, load=queries.visible)
def drop_action(action: ActionDetails, action_id: UUID) -> ResponseReturnValue:
    """Drop an action, with the reason."""
    return _take_step(action, ActionStep.DROP, _("The action is dropped."))


@bp.post("/plan/actions/<uuid:action_id>/reopen")
@requires(Action.CREATE_ACTION, load=queries.visible)
def reopen_action(action: ActionDetails, action_id: UUID) -> ResponseReturnValue:
    """Reopen an action that ended within the last 14 days."""
    return _take_step(action, ActionStep.REOPEN, _("The action is in progress again."))


@bp.post("/plan/actions/<uuid:action_id>/date")
@requires(Action.CHANGE_ACTION, load=queries.visible)
def move_action(action: ActionDetails, action_id: UUID) -> ResponseReturnValue:
    """Give an action another date; the earlier date remains visible."""
    form = DueForm(request.form)
    if not form.validate():
        return _action_page(action, due=form), 422
    try:
        with transaction():
            service.move(action_id, form.due_on.data, by=actor().id, now=clock.now())
    except DomainError as error:
        return _action_page(action, due=form, error=("due_on", error.translated(_))), 422
    flash(_("The new date is saved. The earlier date remains visible."))
    return redirect(url_for("coordination.show_action", action_id=action_id))


@bp.post("/plan/actions/<uuid:action_id>/notes")
@requires(Action.CHANGE_ACTION, load=queries.visible)
def note_action(action: ActionDetails, action_id: UUID) -> ResponseReturnValue:
    """Add a note to an action."""
    form = ActionNoteForm(request.form)
    if not form.validate():
        return _action_page(action, note=form), 422
    with transaction():
        service.add_note(action_id, form.text.data, by=actor().id, now=clock.now())
    flash(_("The note is saved."))
    return redirect(url_for("coordination.show_action", action_id=action_id))


def _take_step(action: ActionDetails, step: ActionStep, message: str) -> ResponseReturnValue:
    form = StepForm(request.form)
    if not form.validate():
        return _action_page(action, step=form), 422
    try:
        with transaction():
            service.take_step(action.line.id, step, explanation=form.explanation.data or "", now=clock.now())
    except DomainError as error:
        return _action_page(action, step=form, error=("explanation", error.translated(_))), 422
    flash(message)
    return redirect(url_for("coordination.show_action", action_id=action.line.id))


def _filter(form: ActionFilterForm) -> ActionFilter:
    """Return the filter in the address; unknown values count as not chosen."""
    if not form.validate():
        return ActionFilter()
    office = Office(form.office.data) if form.office.data else None
    return ActionFilter(
        states=_states(form.state.data),
        office=office,
        country=form.country.data or "",
        overdue=form.state.data == OVERDUE,
    )


def _states(choice: str) -> frozenset[ActionState]:
    """Return the states of a choice; an empty set is all of them."""
    if choice in {LIVE_STATES, OVERDUE}:
        return LIVE
    return frozenset() if choice == ALL_STATES else frozenset({ActionState(choice)})


def _chosen_values(form: ActionFilterForm) -> dict[str, str]:
    """Return the filter for an address, without defaults; empty for unknown values."""
    if form.errors:
        return {}
    values = {
        "state": "" if form.state.data == LIVE_STATES else form.state.data,
        "office": form.office.data,
        "country": form.country.data,
    }
    return {name: value for name, value in values.items() if value}


def _offered(form: ActionForm) -> ActionForm:
    plan = current_plan()
    form.owner.offer([("", _("Choose an owner")), *pages.owners(members(plan))])
    form.subject.offer(pages.subjects(plan, actor()))
    form.about_country.offer(pages.countries(members(plan)))
    return form


def _new(form: ActionForm) -> NewAction:
    kind, key = pages.subject_of(form.subject.data or "")
    origin = ActionOrigin.MEETING if form.meeting_on.data else _origin(form)
    return NewAction(
        text=form.text.data,
        owner=pages.owner_of(form.owner.data),
        due_on=form.due_on.data,
        subject_kind=kind,
        subject=key,
        about_country=form.about_country.data or "",
        origin=origin,
        meeting_on=form.meeting_on.data,
    )


def _origin(form: ActionForm) -> ActionOrigin:
    """Return the origin that a link on another page passed, else the plan."""
    offered = {ActionOrigin.ATTENTION, ActionOrigin.LATE_LIST, ActionOrigin.REPORT}
    return next((origin for origin in offered if origin.value == form.origin.data), ActionOrigin.PLAN)


def _form(form: ActionForm, error: str = "") -> str:
    return render(
        pages.ActionFormPage(
            form=form,
            url=url_for("coordination.create_action"),
            error=error,
            submission=form.submission.data or uuid4().hex,
            today=clock.today(),
            back=url_for("coordination.show_actions"),
        )
    )


def _action_page(
    action: ActionDetails,
    *,
    step: StepForm | None = None,
    due: DueForm | None = None,
    note: ActionNoteForm | None = None,
    error: tuple[str, str] = ("", ""),
) -> str:
    people = {action.line.created_by, *(note_line.written_by for note_line in action.notes)}
    return render(
        pages.action_page(
            action,
            current_plan(),
            accounts.names(people),
            actor(),
            forms=(step or StepForm(), due or DueForm(), note or ActionNoteForm()),
            error=error,
            now=clock.now(),
        )
    )
