"""`/country/exemptions`: officers who are exempt from a course or have a later date; the officer is notified."""

from collections.abc import Callable, Sequence
from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access.guard import actor, requires
from app.access.policy import Action, allows, own_scope
from app.competence.events import OfficersSeen
from app.coordination.forms import ExemptionForm
from app.coordination.pages import exemptions as pages
from app.coordination.queries import exemptions as queries
from app.coordination.shapes import ExemptOfficer, VisibleExemption
from app.coordination.views._blueprint import bp
from app.db.session import record, transaction
from app.identity.queries import people as accounts
from app.kernel import clock
from app.kernel.errors import DomainError
from app.learning.domain.requirements import ExemptionKind, ExemptionReason, NewExemption, needs_second
from app.learning.events import LearningSeen
from app.learning.service import exemptions as service
from app.learning.shapes import ExemptionLine
from app.web.pages import render


@bp.get("/country/exemptions")
@requires(Action.SET_EXEMPTION, of=own_scope)
def show_exemptions() -> ResponseReturnValue:
    """Show the exemptions that wait for a second person or are valid."""
    return _list()


@bp.get("/country/exemptions/officers/<uuid:person_id>")
@requires(Action.SET_EXEMPTION, load=queries.officer)
def new_exemption(officer: ExemptOfficer, person_id: UUID) -> ResponseReturnValue:
    """Show the form for an exemption of an officer."""
    return _form(officer, ExemptionForm(request.args))


@bp.post("/country/exemptions/officers/<uuid:person_id>")
@requires(Action.SET_EXEMPTION, load=queries.officer)
def set_exemption(officer: ExemptOfficer, person_id: UUID) -> ResponseReturnValue:
    """Set an exemption or a later date; for more than 90 days it waits for a second person."""
    form = ExemptionForm(request.form)
    form.course.offer(pages.choices(queries.open_courses(person_id, clock.today()), (), actor()))
    if not form.validate():
        return _form(officer, form), 422
    new = NewExemption(
        kind=ExemptionKind(form.kind.data),
        until=form.until.data,
        reason=ExemptionReason(form.reason.data),
        note=form.note.data or "",
    )
    try:
        with transaction():
            service.set_exemption(
                person_id, UUID(form.course.data), new, country=officer.country, by=actor(), now=clock.now()
            )
    except DomainError as error:
        return _form(officer, form, error.translated(_)), 422
    flash(_set_message(needs=needs_second(new.until, clock.today())))
    return redirect(url_for("coordination.show_exemptions"))


@bp.post("/country/exemptions/<uuid:exemption_id>/agree")
@requires(Action.AGREE_EXEMPTION, load=queries.visible)
def agree_exemption(exemption: VisibleExemption, exemption_id: UUID) -> ResponseReturnValue:
    """Agree to an exemption as the second person."""
    return _change(
        lambda: service.agree(exemption_id, by=actor(), now=clock.now()), _("Agreed. The officer is notified.")
    )


@bp.post("/country/exemptions/<uuid:exemption_id>/end")
@requires(Action.SET_EXEMPTION, load=queries.visible)
def end_exemption(exemption: VisibleExemption, exemption_id: UUID) -> ResponseReturnValue:
    """End an exemption from today on, or withdraw one that waits."""
    message = _("The exemption has ended. The officer is notified.")
    if exemption.line.since is None:
        message = _("The exemption is withdrawn.")
    return _change(lambda: service.end(exemption_id, now=clock.now()), message)


def _change(change: Callable[[], None], message: str) -> ResponseReturnValue:
    try:
        with transaction():
            change()
    except DomainError as error:
        return _list(error.translated(_)), 422
    flash(message)
    return redirect(url_for("coordination.show_exemptions"))


def _set_message(*, needs: bool) -> str:
    if needs:
        return _("Saved. A second person of your country must agree.")
    return _("Saved. The officer is notified.")


def _list(error: str = "") -> str:
    lines = queries.lines(actor(), clock.today())
    with transaction():  # recorded first: a view that cannot be recorded is not shown
        _record_views(lines)
    return render(pages.exemptions_page(pages.rows(lines, _aliases(lines), actor()), actor(), error))


def _record_views(lines: Sequence[ExemptionLine]) -> None:
    """Record the view of the list: of the whole country by its contact point, of single officers by supervisors."""
    if allows(actor(), Action.SEE_OFFICERS, own_scope(actor())):
        record(OfficersSeen(country=actor().country, officer=None))
        return
    for person_id in {line.person_id for line in lines}:
        record(LearningSeen(person_id=person_id, country=actor().country))


def _form(officer: ExemptOfficer, form: ExemptionForm, error: str = "") -> str:
    today = clock.today()
    with transaction():
        record(LearningSeen(person_id=officer.person_id, country=officer.country))
    lines = queries.lines_of(officer, today)
    form.course.offer(pages.choices(queries.open_courses(officer.person_id, today), lines, actor()))
    rows = pages.rows(lines, _aliases(lines), actor())
    return render(pages.form_page(officer, rows, form, error=error, today=today))


def _aliases(lines: Sequence[ExemptionLine]) -> dict[UUID, str]:
    people = {line.person_id for line in lines} | {line.set_by for line in lines}
    return dict(accounts.names(people | {line.agreed_by for line in lines if line.agreed_by}))
