"""`/plan/figures`: enter a figure with source and document, submit it; a second person approves or returns it."""

from collections.abc import Mapping
from uuid import UUID, uuid4

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.exc import NoResultFound

from app.access.guard import actor, allow_large_body, requires
from app.access.policy import Action, Actor, allows, own_scope
from app.catalogue.domain.references.plan import Plan
from app.catalogue.queries import courses as catalogue
from app.db.session import transaction
from app.identity.queries import people as accounts
from app.kernel import clock
from app.kernel.errors import DomainError
from app.plan.forms import FigureForm, FileForm, ReturnForm
from app.plan.pages import figures as pages
from app.plan.queries import figures
from app.plan.service import manual_figures
from app.plan.service.manual_figures import FILE_LIMIT, NewObservation
from app.plan.shapes import Observed
from app.plan.views._blueprint import bp
from app.web import paging
from app.web.pages import render
from app.web.table_files import FILES, NONE, send_table

PAGE = 50
STEPS = {
    "change": "plan.change_figure",
    "add_document": "plan.add_document",
    "document": "plan.document",
    "submit": "plan.submit_figure",
    "send_back": "plan.return_figure",
    "approve": "plan.approve_figure",
}
UPLOAD = FILE_LIMIT + 64 * 1024  # bytes, with the parts of the form around the file


def visible(actor: Actor, observation_id: UUID) -> Observed:
    """Return a figure within the actor's scope: all for coordinators, those of the own country for contact points."""
    observation = figures.observation(observation_id)
    if not allows(actor, Action.ENTER_FIGURE, observation):
        raise NoResultFound
    return observation


@bp.get("/plan/figures", defaults=NONE)
@bp.get(f"/plan/figures.{FILES}")
@requires(Action.ENTER_FIGURE, of=own_scope)
def show_manual_figures(form: str) -> ResponseReturnValue:
    """Show the figures entered by hand, the newest first."""
    plan = _plan()
    country = None if allows(actor(), Action.DECIDE_FIGURE) else actor().country
    if form:
        all_figures = pages.listing(plan, figures.observations(country=country, size=None))
        return send_table(form, "figures", pages.table(all_figures))
    page = paging.requested_page(figures.count_observations(country), PAGE)
    observations = figures.observations(country=country, offset=page.offset, size=PAGE)
    return render(
        pages.FiguresPage(
            figures=pages.listing(plan, observations),
            new_url=url_for("plan.new_figure"),
            links={name: url_for("plan.show_manual_figures", form=name) for name in ("csv", "xlsx")},
            plan_href=url_for("plan.show_overview"),
            **page.links("plan.show_manual_figures"),
        )
    )


@bp.get("/plan/figures/new")
@requires(Action.ENTER_FIGURE, of=own_scope)
def new_figure() -> ResponseReturnValue:
    """Show the form for a figure."""
    return _form(_offered(FigureForm(request.args)), url_for("plan.enter_figure"))


@bp.post("/plan/figures/new")
@requires(Action.ENTER_FIGURE, of=own_scope)
def enter_figure() -> ResponseReturnValue:
    """Save a figure as a draft."""
    form = _offered(FigureForm(request.form))
    if not form.validate():
        return _form(form, url_for("plan.enter_figure")), 422
    try:
        if _is_to_be_checked(form):
            return _checked(form, url_for("plan.enter_figure"))
        with transaction():
            observation_id = manual_figures.enter(
                _new(form), by=actor().id, now=clock.now(), submission=form.submission.data or ""
            )
    except DomainError as error:
        return _form(form, url_for("plan.enter_figure"), error.translated(_)), 422
    flash(_("Saved as draft. Add the document, then submit the figure."))
    return redirect(url_for("plan.show_figure", observation_id=observation_id))


@bp.get("/plan/figures/<uuid:observation_id>")
@requires(Action.ENTER_FIGURE, load=visible)
def show_figure(observation: Observed, observation_id: UUID) -> ResponseReturnValue:
    """Show a figure with its source and the next steps."""
    return _figure_page(observation, ReturnForm())


@bp.get("/plan/figures/<uuid:observation_id>/change")
@requires(Action.ENTER_FIGURE, load=visible)
def change_figure(observation: Observed, observation_id: UUID) -> ResponseReturnValue:
    """Show the form for a draft or returned figure."""
    form = FigureForm(
        code=observation.code,
        country=observation.country,
        day=observation.day,
        value=observation.value,
        source=observation.source,
        explanation=observation.explanation,
    )
    return _form(_offered(form), url_for("plan.save_figure", observation_id=observation_id))


@bp.post("/plan/figures/<uuid:observation_id>/change")
@requires(Action.ENTER_FIGURE, load=visible)
def save_figure(observation: Observed, observation_id: UUID) -> ResponseReturnValue:
    """Change a draft or returned figure."""
    form, url = _offered(FigureForm(request.form)), url_for("plan.save_figure", observation_id=observation_id)
    if not form.validate():
        return _form(form, url), 422
    try:
        if _is_to_be_checked(form):
            return _checked(form, url)
        with transaction():
            manual_figures.change(observation_id, _new(form), by=actor().id, now=clock.now())
    except DomainError as error:
        return _form(form, url, error.translated(_)), 422
    flash(_("The figure is changed. You still have to submit it."))
    return redirect(url_for("plan.show_figure", observation_id=observation_id))


@bp.post("/plan/figures/<uuid:observation_id>/document")
@requires(Action.ENTER_FIGURE, load=visible)
def add_document(observation: Observed, observation_id: UUID) -> ResponseReturnValue:
    """Save the document of a figure."""
    sent = request.files.get("document")
    if sent is None or not sent.filename:
        return _figure_page(observation, ReturnForm(), _("Choose a PDF document.")), 422
    try:
        with transaction():
            manual_figures.add_file(observation_id, sent.stream.read(UPLOAD), by=actor().id, now=clock.now())
    except DomainError as error:
        return _figure_page(observation, ReturnForm(), error.translated(_)), 422
    flash(_("The document is saved with the figure."))
    return redirect(url_for("plan.show_figure", observation_id=observation_id))


@bp.get("/plan/figures/<uuid:observation_id>/document.pdf")
@requires(Action.ENTER_FIGURE, load=visible)
def document(observation: Observed, observation_id: UUID) -> ResponseReturnValue:
    """Send the document of a figure as a download, never shown within a page."""
    content, _digest = figures.file(observation_id)
    response = Response(content, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="figure-{observation_id}.pdf"'
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


@bp.post("/plan/figures/<uuid:observation_id>/submit")
@requires(Action.ENTER_FIGURE, load=visible)
def submit_figure(observation: Observed, observation_id: UUID) -> ResponseReturnValue:
    """Submit a figure for approval."""
    if observation.entered_by == actor().id and not observation.has_file:
        return _figure_page(
            observation, ReturnForm(), _("Add the document first. Then you can submit the figure.")
        ), 422
    with transaction():
        manual_figures.submit(observation_id, by=actor().id, now=clock.now())
    flash(_("Submitted. Another coordinator decides."))
    return redirect(url_for("plan.show_figure", observation_id=observation_id))


@bp.post("/plan/figures/<uuid:observation_id>/return")
@requires(Action.DECIDE_FIGURE, load=visible)
def return_figure(observation: Observed, observation_id: UUID) -> ResponseReturnValue:
    """Return a figure with a reason."""
    form = ReturnForm(request.form)
    if not form.validate():
        return _figure_page(observation, form), 422
    with transaction():
        manual_figures.return_(observation_id, by=actor().id, reason=form.reason.data, now=clock.now())
    flash(_("Returned. The author sees the reason."))
    return redirect(url_for("plan.show_manual_figures"))


@bp.post("/plan/figures/<uuid:observation_id>/approve")
@requires(Action.DECIDE_FIGURE, load=visible)
def approve_figure(observation: Observed, observation_id: UUID) -> ResponseReturnValue:
    """Approve a figure."""
    with transaction():
        manual_figures.approve(
            observation_id, by=actor().id, now=clock.now(), shown_entered_at=request.form.get("seen", "")
        )
    flash(_("Approved. The plan counts it from its day on."))
    return redirect(url_for("plan.show_manual_figures"))


@bp.url_value_preprocessor
def _raise_size_limit(endpoint: str | None, values: Mapping[str, object] | None) -> None:
    """Allow a larger request for a document to who may add it; this runs before the form is read."""
    if endpoint == "plan.add_document":
        allow_large_body(UPLOAD, values)


def _plan() -> Plan:
    plan = catalogue.plan()
    if plan is None:
        raise NoResultFound
    return plan


def _offered(form: FigureForm) -> FigureForm:
    plan = _plan()
    indicators = pages.entered_by(plan, actor())
    form.rules = pages.rules(indicators, form.code.data or "")
    form.offer([("", _("Choose an indicator")), *pages.codes(plan, indicators)], pages.countries(plan, actor()))
    return form


def _new(form: FigureForm) -> NewObservation:
    return NewObservation(
        code=form.code.data,
        day=form.day.data,
        value=form.value.data,
        source=form.source.data,
        country=form.country.data or "",
        explanation=form.explanation.data or "",
    )


def _is_to_be_checked(form: FigureForm) -> bool:
    """Return whether the user asked for the effect of a figure, or changed the figure after that."""
    checked = form.checked.data or ""
    return request.form.get("step") == "check" or bool(checked and checked != _values(form))


def _values(form: FigureForm) -> str:
    """Return a text that identifies a figure, short enough for a field."""
    return f"{form.code.data} {form.country.data or '-'} {form.day.data} {form.value.data:g}"


def _checked(form: FigureForm, url: str) -> ResponseReturnValue:
    """Show the effect of a figure before it is saved. Raises DomainError for a figure that is not allowed."""
    new = _new(form)
    manual_figures.check(new, clock.now())
    last = figures.last_approved(new.code, new.country, new.day)
    check = pages.check(_plan(), new, last)
    if check.is_large and not new.explanation.strip():
        form.explanation.errors = [_("The value differs from the last one by more than half. Say why in a sentence.")]
        return _form(form, url, check=check), 422
    form.checked.data = _values(form)
    return _form(form, url, check=check)


def _form(form: FigureForm, url: str, error: str = "", *, check: pages.FigureCheck | None = None) -> str:
    return render(
        pages.FigureFormPage(
            form=form,
            url=url,
            error=error,
            check=check,
            submission=form.submission.data or uuid4().hex,
            back=url_for("plan.show_manual_figures"),
            today=clock.today(),
        )
    )


def _figure_page(observation: Observed, form: ReturnForm, error: str = "") -> str:
    plan = _plan()
    people = {observation.entered_by, *([observation.decided_by] if observation.decided_by else [])}
    last = figures.last_approved(observation.code, observation.country, observation.day)
    return render(
        pages.FigurePage(
            figure=pages.details(plan, observation, accounts.names(people), actor()),
            check=pages.check(plan, observation, last),
            form=form,
            file=FileForm(),
            error=error,
            urls={name: url_for(endpoint, observation_id=observation.id) for name, endpoint in STEPS.items()},
            back=url_for("plan.show_manual_figures"),
        )
    )
