"""`/credentials`: the own certificates; issue and replace one, choose what the public check shows."""

from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.exc import NoResultFound

from app.access.guard import actor, requires
from app.access.policy import Action
from app.credentials.domain.certificates import CertificateKind, CertificateSubject
from app.credentials.forms import EndForm
from app.credentials.pages import own as pages
from app.credentials.queries import certificates, offers
from app.credentials.service import badges, certificates as service
from app.credentials.shapes import CertificateLine
from app.credentials.views._blueprint import bp
from app.db.session import transaction
from app.kernel import clock, pdf_library
from app.web.pages import render

_LONGEST_KEY = 80


@bp.get("/credentials")
@requires(Action.SEE_OWN_CERTIFICATES)
def show_own() -> ResponseReturnValue:
    """Show the own certificates, and what else can be certified."""
    user = actor()
    lines, open_offers = certificates.of_person(user.id), offers.offers(user, clock.today())
    return render(pages.own_page(user, lines, open_offers, chosen=request.args.get("about", "")))


@bp.post("/credentials")
@requires(Action.SEE_OWN_CERTIFICATES)
def issue_certificate() -> ResponseReturnValue:
    """Issue a certificate, and show it; the existing one if there is one."""
    kind, key = request.form.get("kind", ""), request.form.get("key", "")
    if kind not in set(CertificateKind) or not 0 < len(key) <= _LONGEST_KEY:
        raise NoResultFound
    with transaction():
        certificate_id = service.issue(actor(), CertificateSubject(CertificateKind(kind), key), clock.now())
    flash(_("Issued. Choose a copy to keep."))
    return redirect(url_for("credentials.show_certificate", certificate_id=certificate_id))


@bp.get("/credentials/<uuid:certificate_id>")
@requires(Action.CHANGE_CERTIFICATE, load=certificates.own)
def show_certificate(line: CertificateLine, certificate_id: UUID) -> ResponseReturnValue:
    """Show an own certificate with its copies."""
    has_pdf, has_badges = pdf_library.is_available(), badges.are_set_up()
    return render(pages.certificate_page(line, clock.now(), has_pdf=has_pdf, has_badges=has_badges))


@bp.post("/credentials/<uuid:certificate_id>/name")
@requires(Action.CHANGE_CERTIFICATE, load=certificates.own)
def change_name_shown(line: CertificateLine, certificate_id: UUID) -> ResponseReturnValue:
    """Let the public check show the name for 30 days, or hide it."""
    shown = request.form.get("shown") == "yes"
    with transaction():
        service.show_name(line, clock.now(), shown=shown)
    flash(_("The check shows your name for 30 days.") if shown else _("The check shows no name."))
    return redirect(url_for("credentials.show_certificate", certificate_id=certificate_id))


@bp.post("/credentials/<uuid:certificate_id>/kept")
@requires(Action.CHANGE_CERTIFICATE, load=certificates.own)
def change_kept(line: CertificateLine, certificate_id: UUID) -> ResponseReturnValue:
    """Choose whether the public check stays when the account is erased."""
    is_kept = request.form.get("kept") == "yes"
    with transaction():
        service.keep(line, clock.now(), is_kept=is_kept)
    flash(_("The check stays when your account is erased.") if is_kept else _("The check ends with your account."))
    return redirect(url_for("credentials.show_certificate", certificate_id=certificate_id))


@bp.get("/credentials/<uuid:certificate_id>/replacement")
@requires(Action.CHANGE_CERTIFICATE, load=certificates.own)
def ask_replacement(line: CertificateLine, certificate_id: UUID) -> ResponseReturnValue:
    """Ask why the certificate is to be replaced."""
    return render(pages.replace_page(line, EndForm()))


@bp.post("/credentials/<uuid:certificate_id>/replacement")
@requires(Action.CHANGE_CERTIFICATE, load=certificates.own)
def replace_certificate(line: CertificateLine, certificate_id: UUID) -> ResponseReturnValue:
    """Replace the certificate by a new one with the name and alias of today."""
    form = EndForm(request.form)
    if not form.validate():
        return render(pages.replace_page(line, form)), 422
    with transaction():
        new_id = service.replace(line, form.reason.data or "", clock.now())
    flash(_("Replaced. The old code now says so: use the new copies."))
    return redirect(url_for("credentials.show_certificate", certificate_id=new_id))
