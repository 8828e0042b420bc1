"""Copies of an own certificate: the page to print, PDF, and badges."""

from collections.abc import Mapping
from uuid import UUID

from flask import Response, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import NoResultFound

from app.access.guard import requires
from app.access.policy import Action
from app.credentials.domain.certificates import CertificateState, HolderForm
from app.credentials.pages import badge_texts, certificate as pages, paper
from app.credentials.queries import certificates
from app.credentials.service import badges
from app.credentials.shapes import CertificateLine
from app.credentials.views._blueprint import bp
from app.kernel.pdf_library import NoPdfError
from app.web.pages import render

_TYPES: Mapping[str, str] = {"json": "application/ld+json", "png": "image/png", "svg": "image/svg+xml"}


@bp.get("/credentials/<uuid:certificate_id>/print")
@requires(Action.CHANGE_CERTIFICATE, load=certificates.own)
def show_print(line: CertificateLine, certificate_id: UUID) -> ResponseReturnValue:
    """Show the certificate as a page to print."""
    back = url_for("credentials.show_certificate", certificate_id=certificate_id)
    return render(pages.PrintPage(sheet=pages.sheet(line, _form()), back=back, number=line.number))


@bp.get("/credentials/<uuid:certificate_id>/pdf")
@requires(Action.CHANGE_CERTIFICATE, load=certificates.own, gives_file=True)
def send_pdf(line: CertificateLine, certificate_id: UUID) -> ResponseReturnValue:
    """Send the certificate as PDF in the language of the interface; 404 where no PDF can be drawn."""
    try:
        content = paper.draw(pages.paper(line, _form()))
    except NoPdfError as error:
        raise NoResultFound from error
    return _file(content, "application/pdf", f"certificate-{line.number}.pdf")


@bp.get("/credentials/<uuid:certificate_id>/badge/<slug:extension>")
@requires(Action.CHANGE_CERTIFICATE, load=certificates.own, gives_file=True)
def send_badge(line: CertificateLine, certificate_id: UUID, extension: str) -> ResponseReturnValue:
    """Send a valid certificate as Open Badges 3.0 credential: signed JSON, or baked into a picture."""
    if extension not in _TYPES or line.state is not CertificateState.VALID or not badges.are_set_up():
        raise NoResultFound
    form = _form()
    credential = badges.signed_badge(
        line, badge_texts.of(line), pages.holder(line, form), by_name=form is HolderForm.NAME
    )
    return _file(badges.as_file(credential, extension), _TYPES[extension], f"badge-{line.number}.{extension}")


def _form() -> HolderForm:
    """Return the form that the holder chose, the alias if none."""
    chosen = request.args.get("holder", "")
    return HolderForm(chosen) if chosen in set(HolderForm) else HolderForm.ALIAS


def _file(content: bytes, mimetype: str, name: str) -> Response:
    response = Response(content, mimetype=mimetype)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
