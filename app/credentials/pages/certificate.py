"""Page models of a certificate: the sheet that is printed, for the holder and as PDF."""

from dataclasses import dataclass
from typing import ClassVar

import segno

from app.access.targets import Target
from app.credentials import labels
from app.credentials.domain import certificates as rules
from app.credentials.domain.certificates import HolderForm
from app.credentials.queries import certificates
from app.credentials.shapes import CertificateLine
from app.i18n.languages import current, direction
from app.i18n.stored_translations import TranslatedText
from app.ports import ports
from app.web.pages import Page
from app.web.settings import settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What stands on a certificate; `code` in groups, `picture` is the QR code of `address` as a data address."""

    heading: str
    holder: str
    statement: str
    title: TranslatedText
    facts: tuple[tuple[str, str], ...]
    limit: str
    code: str
    address: str
    picture: str
    ended: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintPage(Page):
    """The certificate as a page to print."""

    template: ClassVar[str] = "credentials/print.html"
    sheet: Sheet
    back: str
    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperPage(Page):
    """The certificate as a document of its own, for the PDF."""

    template: ClassVar[str] = "credentials/paper.html"
    sheet: Sheet
    language: str
    dir: str


def sheet(line: CertificateLine, form: HolderForm) -> Sheet:
    """Return the certificate in the user's language for its holder, who has been checked."""
    text, lang = labels.coded_title(line, current())
    address = check_address(line.code)
    state, _kind = labels.STATES[line.state]
    return Sheet(
        heading=str(labels.TITLES[line.kind]),
        holder=holder(line, form),
        statement=str(labels.STATEMENTS[line.kind]),
        title=TranslatedText(text, lang),
        facts=tuple(labels.facts(line)),
        limit=str(labels.LIMITS[line.kind]),
        code=rules.code_in_groups(line.code),
        address=address,
        picture=segno.make(address, error="m").svg_data_uri(scale=4, border=2, light="#fff", dark="#000"),
        ended=str(state) if line.ended_at else "",
    )


def holder(line: CertificateLine, form: HolderForm) -> str:
    """Return how a copy names its holder; the alias if there is no name."""
    return (certificates.name_of(line.id) if form is HolderForm.NAME else "") or line.alias


def paper(line: CertificateLine, form: HolderForm) -> PaperPage:
    """Return the document of the PDF."""
    return PaperPage(sheet=sheet(line, form), language=current(), dir=direction(current()))


def check_address(code: str) -> str:
    """Return the public address of a check."""
    return f"{settings().site_url}{ports().path_to(Target.CERTIFICATE_CHECK, code)}"
