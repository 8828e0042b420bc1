"""`/credentials/revocation`: a contact point or coordinator revokes a certificate by its number, without a name."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.exc import NoResultFound

from app.access.guard import actor, requires
from app.access.policy import Action, own_scope
from app.credentials.forms import EndForm, NumberForm
from app.credentials.pages import own as pages
from app.credentials.queries import certificates
from app.credentials.service import certificates as service
from app.credentials.shapes import CertificateLine
from app.credentials.views._blueprint import bp
from app.db.session import transaction
from app.kernel import clock
from app.web.pages import render


@bp.get("/credentials/revocation")
@requires(Action.REVOKE_CERTIFICATE, of=own_scope)
def find_certificate() -> ResponseReturnValue:
    """Ask for a number, and show what the certificate says."""
    form = NumberForm(request.args)
    if not form.number.data:
        return render(pages.revoke_page(form, EndForm()))
    if not form.validate():
        return render(pages.revoke_page(form, EndForm(), number_error=form.number.errors[0])), 422
    try:
        line = certificates.revocable(actor(), form.number.data)
    except NoResultFound:
        error = _("You can revoke no certificate with this number. Compare it with the certificate.")
        return render(pages.revoke_page(form, EndForm(), number_error=error)), 404
    return render(pages.revoke_page(form, EndForm(), line=line))


@bp.post("/credentials/revocation/<slug:number>")
@requires(Action.REVOKE_CERTIFICATE, load=certificates.revocable)
def revoke_certificate(line: CertificateLine, number: str) -> ResponseReturnValue:
    """Revoke the certificate; its holder gets a notice and reads the reason."""
    form = EndForm(request.form)
    if not form.validate():
        return render(pages.revoke_page(NumberForm(number=number), form, line=line)), 422
    with transaction():
        service.revoke(line, form.reason.data or "", by=actor().id, now=clock.now())
    flash(_("Revoked. The holder gets a notice, and the public check says so."))
    return redirect(url_for("credentials.find_certificate"))
