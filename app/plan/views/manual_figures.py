"""Figures entered by hand: entered with source and document, handed in, returned or approved by a second person."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.exc import NoResultFound

from app.access.guard import actor, requires, thing
from app.access.policy import Action, Actor, allows, own_scope
from app.catalogue.domain.references.plan import Plan
from app.db.session import transaction
from app.identity.queries import people as accounts
from app.kernel import clock
from app.kernel.errors import DomainError
from app.plan.forms import FigureForm, FileForm, ReasonForm
from app.plan.pages import figures as pages
from app.plan.pages.files import FILES, NONE, send
from app.plan.queries import figures
from app.plan.service import manual_figures
from app.plan.service.manual_figures import FILE_LIMIT, NewObservation
from app.plan.shapes import Observed
from app.plan.views._blueprint import bp
from app.web import paging

PAGE = 50
UPLOAD = FILE_LIMIT + 64 * 1024  # bytes, with what a form adds around a file


def visible(who: Actor, observation_id: UUID, **_rest: object) -> Observed:
    """Return a figure within the reader's scope: all for coordinators, those of the own country for contact points."""
    found = figures.observation(observation_id)
    if not allows(who, Action.ENTER_FIGURE, found):
        raise NoResultFound
    return found


@bp.get("/plan/figures", defaults=NONE)
@bp.get(f"/plan/figures.{FILES}")
@requires(Action.ENTER_FIGURE, of=own_scope)
def show_manual_figures(form: str) -> ResponseReturnValue:
    """Show the figures entered by hand, the newest first."""
    plan = _plan()
    country = None if allows(actor(), Action.DECIDE_FIGURE) else actor().country
    if form:
        return send(form, "figures", pages.table(pages.listing(plan, figures.observations(country=country, size=None))))
    page = paging.asked(figures.count_observations(country), PAGE)
    found = figures.observations(country=country, offset=page.offset, size=PAGE)
    return render_template(
        "plan/figures.html",
        figures=pages.listing(plan, found),
        new_url=url_for("plan.new_figure"),
        links={name: url_for("plan.show_manual_figures", form=name) for name in ("csv", "xlsx")},
        plan_href=url_for("plan.show_overview"),
        **page.links("plan.show_manual_figures"),
    )


@bp.get("/plan/figures/new")
@requires(Action.ENTER_FIGURE, of=own_scope)
def new_figure() -> ResponseReturnValue:
    """Show the form for a figure."""
    return _form(_offered(FigureForm(request.args)), url_for("plan.enter_figure"))


@bp.post("/plan/figures/new")
@requires(Action.ENTER_FIGURE, of=own_scope)
def enter_figure() -> ResponseReturnValue:
    """Keep a figure as a draft."""
    form = _offered(FigureForm(request.form))
    if not form.validate():
        return _form(form, url_for("plan.enter_figure")), 422
    try:
        if _is_to_be_checked(form):
            return _checked(form, url_for("plan.enter_figure"))
        with transaction():
            made = manual_figures.enter(_new(form), by=_me(), now=clock.now(), submission=form.submission.data or "")
    except DomainError as error:
        return _form(form, url_for("plan.enter_figure"), error.translated(_)), 422
    flash(_("Saved as draft. Add the document, then submit the figure."))
    return redirect(url_for("plan.show_figure", observation_id=made))


@bp.get("/plan/figures/<uuid:observation_id>")
@requires(Action.ENTER_FIGURE, of=visible)
def show_figure(observation_id: UUID) -> ResponseReturnValue:
    """Show a figure, where it comes from, and what may be done next."""
    return _one(ReasonForm())


@bp.get("/plan/figures/<uuid:observation_id>/change")
@requires(Action.ENTER_FIGURE, of=visible)
def change_figure(observation_id: UUID) -> ResponseReturnValue:
    """Show the form for a draft or returned figure."""
    seen: Observed = thing()
    form = FigureForm(
        code=seen.code,
        country=seen.country,
        day=seen.day,
        value=seen.value,
        source=seen.source,
        explanation=seen.explanation,
    )
    return _form(_offered(form), url_for("plan.save_figure", observation_id=observation_id))


@bp.post("/plan/figures/<uuid:observation_id>/change")
@requires(Action.ENTER_FIGURE, of=visible)
def save_figure(observation_id: UUID) -> ResponseReturnValue:
    """Write a draft or returned figure anew."""
    form, url = _offered(FigureForm(request.form)), url_for("plan.save_figure", observation_id=observation_id)
    if not form.validate():
        return _form(form, url), 422
    try:
        if _is_to_be_checked(form):
            return _checked(form, url)
        with transaction():
            manual_figures.change(observation_id, _new(form), by=_me(), now=clock.now())
    except DomainError as error:
        return _form(form, url, error.translated(_)), 422
    flash(_("The figure is changed. You still have to submit it."))
    return redirect(url_for("plan.show_figure", observation_id=observation_id))


@bp.post("/plan/figures/<uuid:observation_id>/document")
@requires(Action.ENTER_FIGURE, of=visible)
def add_document(observation_id: UUID) -> ResponseReturnValue:
    """Keep the document behind a figure."""
    sent = request.files.get("document")
    if sent is None or not sent.filename:
        return _one(ReasonForm(), _("Choose a PDF document.")), 422
    try:
        with transaction():
            manual_figures.add_file(observation_id, sent.stream.read(UPLOAD), by=_me(), now=clock.now())
    except DomainError as error:
        return _one(ReasonForm(), error.translated(_)), 422
    flash(_("The document is saved with the figure."))
    return redirect(url_for("plan.show_figure", observation_id=observation_id))


@bp.get("/plan/figures/<uuid:observation_id>/document.pdf")
@requires(Action.ENTER_FIGURE, of=visible)
def document(observation_id: UUID) -> ResponseReturnValue:
    """Send the document behind a figure, never to be shown within a page of ours."""
    content, _digest = figures.file(observation_id)
    answer = Response(content, content_type="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="figure-{observation_id}.pdf"'
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


@bp.post("/plan/figures/<uuid:observation_id>/submit")
@requires(Action.ENTER_FIGURE, of=visible)
def submit_figure(observation_id: UUID) -> ResponseReturnValue:
    """Hand a figure to a second person."""
    seen: Observed = thing()
    if seen.entered_by == _me() and not seen.has_file:
        return _one(ReasonForm(), _("Add the document first. Then you can submit the figure.")), 422
    with transaction():
        manual_figures.submit(observation_id, by=_me(), now=clock.now())
    flash(_("Submitted. Another coordinator decides."))
    return redirect(url_for("plan.show_figure", observation_id=observation_id))


@bp.post("/plan/figures/<uuid:observation_id>/return")
@requires(Action.DECIDE_FIGURE, of=visible)
def return_figure(observation_id: UUID) -> ResponseReturnValue:
    """Send a figure back with a reason."""
    form = ReasonForm(request.form)
    if not form.validate():
        return _one(form), 422
    with transaction():
        manual_figures.return_(observation_id, by=_me(), reason=form.reason.data, now=clock.now())
    flash(_("Returned. The author sees the reason."))
    return redirect(url_for("plan.show_manual_figures"))


@bp.post("/plan/figures/<uuid:observation_id>/approve")
@requires(Action.DECIDE_FIGURE, of=visible)
def approve_figure(observation_id: UUID) -> ResponseReturnValue:
    """Let a figure count."""
    with transaction():
        manual_figures.approve(observation_id, by=_me(), now=clock.now(), seen=request.form.get("seen", ""))
    flash(_("Approved. The plan counts it from its day on."))
    return redirect(url_for("plan.show_manual_figures"))


@bp.url_value_preprocessor
def _let_documents_in(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Let the one route for documents take more than a form; this runs before the form is read."""
    if endpoint == "plan.add_document":
        request.max_content_length = UPLOAD


def _me() -> UUID:
    found: UUID = current_user.id
    return found


def _plan() -> Plan:
    found = figures.plan_of()
    if found is None:
        raise NoResultFound
    return found


def _offered(form: FigureForm) -> FigureForm:
    plan = _plan()
    form.rules = pages.rules(plan, form.code.data or "")
    form.offer([("", _("Choose an indicator")), *pages.codes(plan)], pages.countries(plan, actor()))
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
    """Return whether the sender asked what a figure counts as, or changed it after it was shown."""
    checked = form.checked.data or ""
    return request.form.get("step") == "check" or bool(checked and checked != _values(form))


def _values(form: FigureForm) -> str:
    """Return what tells one figure from another, short enough for a field."""
    return f"{form.code.data} {form.country.data or '-'} {form.day.data} {form.value.data:g}"


def _checked(form: FigureForm, url: str) -> ResponseReturnValue:
    """Show what a figure counts as before it is kept; raise DomainError for one that cannot be."""
    new = _new(form)
    manual_figures.check(new, clock.now())
    last = figures.last_approved(new.code, new.country, new.day)
    check = pages.check(_plan(), new, last)
    if check["is_large"] and not new.explanation.strip():
        form.explanation.errors = [_("The value differs from the last one by more than half. Say why in a sentence.")]
        return _form(form, url, check=check), 422
    form.checked.data = _values(form)
    return _form(form, url, check=check)


def _form(form: FigureForm, url: str, refused: str = "", *, check: Mapping[str, Any] | None = None) -> str:
    return render_template(
        "plan/figure_form.html",
        form=form,
        url=url,
        refused=refused,
        check=check,
        submission=form.submission.data or uuid4().hex,
        back=url_for("plan.show_manual_figures"),
        today=clock.today(),
    )


def _one(form: ReasonForm, refused: str = "") -> str:
    seen: Observed = thing()
    plan = _plan()
    people = {seen.entered_by, *([seen.decided_by] if seen.decided_by else [])}
    here: dict[str, Any] = {"observation_id": seen.id}
    steps = ("change", "add_document", "document", "submit", "send_back", "approve")
    return render_template(
        "plan/figure.html",
        it=pages.one(plan, seen, accounts.names(people), actor()),
        check=pages.check(plan, seen, figures.last_approved(seen.code, seen.country, seen.day)),
        form=form,
        file=FileForm(),
        refused=refused,
        urls={step: url_for(f".{step}", **here) for step in steps},
        back=url_for("plan.show_manual_figures"),
    )
