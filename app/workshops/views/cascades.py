"""Views of national sessions (cascade) at /teaching/cascades: list, record, correct, withdraw, signed list."""

from collections.abc import Mapping
from uuid import UUID

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access.guard import actor, allow_large_body, requires
from app.access.policy import Action, own_scope
from app.db.session import transaction
from app.kernel import clock
from app.kernel.errors import DomainError
from app.web.pages import render
from app.workshops.domain.cascades import LIST_LIMIT
from app.workshops.forms.cascades import CascadeForm, CascadeWithdrawalForm
from app.workshops.pages import cascades as pages
from app.workshops.queries import cascades as queries
from app.workshops.queries.cascades import CascadeLine
from app.workshops.service import cascades
from app.workshops.views._blueprint import bp

UPLOAD = LIST_LIMIT + 64 * 1024  # bytes, with the parts of the form around the file
WITH_FILE = frozenset({"workshops.record_cascade", "workshops.correct_cascade"})


@bp.url_value_preprocessor
def allow_file(endpoint: str | None, values: Mapping[str, object] | None) -> None:
    """Allow larger bodies for the forms with a signed list."""
    if endpoint in WITH_FILE:
        allow_large_body(UPLOAD, values)


@bp.get("/teaching/cascades")
@requires(Action.SEE_CASCADES, of=own_scope)
def show_cascades() -> ResponseReturnValue:
    """Show the national sessions within the user's scope, with their totals."""
    return render(pages.list_page(actor(), clock.today()))


@bp.get("/teaching/cascades/new")
@requires(Action.RECORD_CASCADE)
def new_cascade() -> ResponseReturnValue:
    """Show the form of a national session."""
    if not queries.is_verified_trainer(actor(), clock.today()):
        return redirect(url_for("workshops.show_cascades"))
    return render(pages.form_page(pages.offer_choices(CascadeForm())))


@bp.post("/teaching/cascades")
@requires(Action.RECORD_CASCADE)
def record_cascade() -> ResponseReturnValue:
    """Record a national session."""
    form = pages.offer_choices(CascadeForm(request.form))
    if not form.fits(has_reason=False):
        return render(pages.form_page(form)), 422
    try:
        with transaction():
            cascade_id = cascades.record_cascade(form.new_cascade(_file()), actor(), clock.now())
    except DomainError as error:
        return render(pages.form_page(form, message=error.translated(_))), 422
    flash(_("Recorded. It is counted apart and changes no verification."))
    return redirect(url_for("workshops.show_cascade", cascade_id=cascade_id))


@bp.get("/teaching/cascades/<uuid:cascade_id>")
@requires(Action.READ_CASCADE, load=queries.visible)
def show_cascade(line: CascadeLine, cascade_id: UUID) -> ResponseReturnValue:
    """Show a national session."""
    return render(pages.cascade_page(actor(), line, CascadeWithdrawalForm()))


@bp.get("/teaching/cascades/<uuid:cascade_id>/edit")
@requires(Action.CHANGE_CASCADE, load=queries.visible)
def edit_cascade(line: CascadeLine, cascade_id: UUID) -> ResponseReturnValue:
    """Show the form to correct a national session."""
    return render(pages.form_page(pages.filled_form(line), line))


@bp.post("/teaching/cascades/<uuid:cascade_id>/edit")
@requires(Action.CHANGE_CASCADE, load=queries.visible)
def correct_cascade(line: CascadeLine, cascade_id: UUID) -> ResponseReturnValue:
    """Correct a national session."""
    form = pages.offer_choices(CascadeForm(request.form))
    if not form.fits(has_reason=True):
        return render(pages.form_page(form, line)), 422
    try:
        with transaction():
            new, reason = form.new_cascade(_file()), form.reason.data or ""
            cascades.correct_cascade(cascade_id, new, actor(), reason=reason, now=clock.now())
    except DomainError as error:
        return render(pages.form_page(form, line, error.translated(_))), 422
    flash(_("Corrected."))
    return redirect(url_for("workshops.show_cascade", cascade_id=cascade_id))


@bp.post("/teaching/cascades/<uuid:cascade_id>/withdrawal")
@requires(Action.CHANGE_CASCADE, load=queries.visible)
def withdraw_cascade(line: CascadeLine, cascade_id: UUID) -> ResponseReturnValue:
    """Withdraw a national session."""
    form = CascadeWithdrawalForm(request.form)
    if not form.validate():
        return render(pages.cascade_page(actor(), line, form)), 422
    with transaction():
        cascades.withdraw_cascade(cascade_id, actor(), reason=form.reason.data, now=clock.now())
    flash(_("Withdrawn. It is no longer counted."))
    return redirect(url_for("workshops.show_cascade", cascade_id=cascade_id))


@bp.get("/teaching/cascades/<uuid:cascade_id>/list.pdf")
@requires(Action.READ_SIGNED_LIST, load=queries.visible)
def signed_list(line: CascadeLine, cascade_id: UUID) -> ResponseReturnValue:
    """Send the signed list as a download, never shown within a page."""
    with transaction():
        content = cascades.read_signed_list(cascade_id, line.country, by=actor().id, now=clock.now())
    response = Response(content, content_type="application/pdf")
    response.headers["Content-Disposition"] = 'attachment; filename="list.pdf"'
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _file() -> bytes:
    sent = request.files.get("document")
    return sent.stream.read(UPLOAD) if sent is not None and sent.filename else b""
