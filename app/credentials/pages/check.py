"""Page model of `/verify`: what a certificate says to anybody who has its code."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from flask_babel import gettext as _, pgettext

from app.credentials import labels
from app.credentials.domain.certificates import CertificateState
from app.credentials.queries import certificates
from app.credentials.shapes import CertificateLine
from app.i18n import babel
from app.i18n.languages import current
from app.i18n.stored_translations import TranslatedText
from app.web.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicCheckPage(Page):
    """The public check; `word` is "" before a code was entered, `title` None where it is not shown to others."""

    template: ClassVar[str] = "credentials/check.html"
    entered: str
    word: str
    kind: str
    message: str
    heading: str
    title: TranslatedText | None
    facts: Sequence[tuple[str, str]]
    name: str
    limit: str


def check_page(entered: str, line: CertificateLine | None, now: datetime) -> PublicCheckPage:
    """Return the page for what was entered, "" for nothing, and its certificate."""
    if line is None:
        return _without_certificate(entered)
    word, kind = labels.STATES[line.state]
    text, lang = labels.public_title(line, current())
    return PublicCheckPage(
        entered="",
        word=str(word),
        kind=kind,
        message=_message(line),
        heading=str(labels.TITLES[line.kind]),
        title=TranslatedText(text, lang) if text else None,
        facts=labels.facts(line),
        name=certificates.public_name(line, now),
        limit=str(labels.LIMITS[line.kind]),
    )


def _without_certificate(entered: str) -> PublicCheckPage:
    return PublicCheckPage(
        entered=entered,
        word=pgettext("certificate", "Unknown") if entered else "",
        kind="risk",
        message=_("No certificate has this code. Compare it with the certificate, letter by letter.")
        if entered
        else "",
        heading="",
        title=None,
        facts=(),
        name="",
        limit="",
    )


def _message(line: CertificateLine) -> str:
    if line.ended_at is None:
        return _("The academy issued this certificate, and it has not been revoked or replaced.")
    day = babel.words(line.ended_at.date())
    if line.state is CertificateState.REPLACED:
        return _("The holder has had a new certificate since %(day)s. Ask the holder for it.", day=day)
    return _("The academy revoked this certificate on %(day)s. Do not rely on it.", day=day)
