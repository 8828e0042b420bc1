"""Page models of `/credentials`: the own certificates, one of them, and the forms that end one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from flask import url_for
from flask_babel import gettext as _

from app.access.policy import Action, Actor, allows, own_scope
from app.access.targets import Target
from app.credentials import labels
from app.credentials.domain import certificates as rules
from app.credentials.domain.certificates import CertificateKind, CertificateState, HolderForm
from app.credentials.forms import EndForm, NumberForm
from app.credentials.pages.certificate import check_address, holder
from app.credentials.shapes import CertificateLine, CertificateOffer
from app.i18n import babel
from app.i18n.languages import current
from app.i18n.stored_translations import TranslatedText
from app.ports import ports
from app.web.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateRow:
    """A certificate in a list."""

    title: TranslatedText
    href: str
    sub: str
    word: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferRow:
    """Something of which a certificate can be issued; `subject_kind` and `key` name it in the form."""

    title: TranslatedText
    sub: str
    subject_kind: CertificateKind
    key: str
    is_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnCertificatesPage(Page):
    """The own certificates, and what else can be certified; `revoke_url` is "" without the permission."""

    template: ClassVar[str] = "credentials/own.html"
    certificates: Sequence[CertificateRow]
    offers: Sequence[OfferRow]
    revoke_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyLinks:
    """The copies in one form: by name or by alias. `badges` are (label, address), none if badges are not set up."""

    label: str
    pdf: str
    print: str
    badges: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnCertificatePage(Page):
    """An own certificate: what it says, its copies, the public check, and replacing it."""

    template: ClassVar[str] = "credentials/certificate.html"
    heading: str
    title: TranslatedText
    word: str
    kind: str
    ended: str
    reason: str
    facts: Sequence[tuple[str, str]]
    limit: str
    code: str
    check_address: str
    check_url: str
    title_is_hidden: bool
    is_valid: bool
    has_pdf: bool
    copies: Sequence[CopyLinks]
    name_shown_until: datetime | None
    is_kept: bool
    name_url: str
    keep_url: str
    replace_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplacePage(Page):
    """The reason for which a certificate is replaced."""

    template: ClassVar[str] = "credentials/replace.html"
    title: TranslatedText
    form: EndForm
    error: str
    url: str
    back: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RevocableCertificate:
    """What the public check says of a certificate; `ended` is empty while it is valid."""

    heading: str
    title: TranslatedText
    facts: Sequence[tuple[str, str]]
    ended: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokePage(Page):
    """Search of a certificate by number, and the form that revokes the one that was found."""

    template: ClassVar[str] = "credentials/revoke.html"
    number_form: NumberForm
    number_error: str
    certificate: RevocableCertificate | None
    form: EndForm
    error: str
    back: str


def own_page(
    actor: Actor, lines: Sequence[CertificateLine], offers: Sequence[CertificateOffer], *, chosen: str
) -> OwnCertificatesPage:
    """Return the list; offers that were issued or revoked are left out. `chosen` is the key to begin with."""
    issued = {(line.kind, line.subject) for line in lines}  # of a replaced one there is a newer one
    open_offers = [offer for offer in offers if (offer.subject.kind, offer.subject.key) not in issued]
    may_revoke = allows(actor, Action.REVOKE_CERTIFICATE, own_scope(actor))
    return OwnCertificatesPage(
        certificates=[_row(line) for line in lines],
        offers=[_offer_row(offer, chosen) for offer in open_offers],
        revoke_url=url_for("credentials.find_certificate") if may_revoke else "",
    )


def certificate_page(line: CertificateLine, now: datetime, *, has_pdf: bool, has_badges: bool) -> OwnCertificatePage:
    """Return the page of an own certificate."""
    word, kind = labels.STATES[line.state]
    shown_until = line.name_shown_until if rules.shows_name(line.name_shown_until, now) else None
    return OwnCertificatePage(
        heading=str(labels.TITLES[line.kind]),
        title=title_of(line),
        word=str(word),
        kind=kind,
        ended=_ended(line),
        reason=line.reason,
        facts=labels.facts(line),
        limit=str(labels.LIMITS[line.kind]),
        code=rules.code_in_groups(line.code),
        check_address=check_address(line.code),
        check_url=ports().path_to(Target.CERTIFICATE_CHECK, line.code),
        title_is_hidden=not rules.shows_title(line.sensitivity),
        is_valid=line.state is CertificateState.VALID,
        has_pdf=has_pdf,
        copies=_copies(line, has_badges=has_badges) if line.state is CertificateState.VALID else (),
        name_shown_until=shown_until,
        is_kept=line.is_kept,
        name_url=url_for("credentials.change_name_shown", certificate_id=line.id),
        keep_url=url_for("credentials.change_kept", certificate_id=line.id),
        replace_url=url_for("credentials.ask_replacement", certificate_id=line.id),
    )


def replace_page(line: CertificateLine, form: EndForm) -> ReplacePage:
    """Return the form that replaces a certificate."""
    return ReplacePage(
        title=title_of(line),
        form=form,
        error=next(iter(form.reason.errors), ""),
        url=url_for("credentials.replace_certificate", certificate_id=line.id),
        back=url_for("credentials.show_certificate", certificate_id=line.id),
    )


def revoke_page(
    number_form: NumberForm, form: EndForm, *, line: CertificateLine | None = None, number_error: str = ""
) -> RevokePage:
    """Return the search, with a certificate if one was found: what its public check says, never a name."""
    return RevokePage(
        number_form=number_form,
        number_error=number_error,
        certificate=_revocable(line) if line else None,
        form=form,
        error=next(iter(form.reason.errors), ""),
        back=url_for("credentials.show_own"),
    )


def _revocable(line: CertificateLine) -> RevocableCertificate:
    text, lang = labels.public_title(line, current())
    if not text:
        text, lang = _("The title is shown to the holder only."), current()
    return RevocableCertificate(
        heading=str(labels.TITLES[line.kind]),
        title=TranslatedText(text, lang),
        facts=labels.facts(line),
        ended=_ended(line),
        url=url_for("credentials.revoke_certificate", number=line.number),
    )


def title_of(line: CertificateLine) -> TranslatedText:
    """Return the title for the holder."""
    text, lang = labels.coded_title(line, current())
    return TranslatedText(text, lang)


def _row(line: CertificateLine) -> CertificateRow:
    word, kind = labels.STATES[line.state]
    heading = str(labels.TITLES[line.kind])
    return CertificateRow(
        title=title_of(line),
        href=url_for("credentials.show_certificate", certificate_id=line.id),
        sub=_("%(kind)s, issued on %(day)s", kind=heading, day=babel.words(line.issued_at.date())),
        word=str(word),
        kind=kind,
    )


def _offer_row(offer: CertificateOffer, chosen: str) -> OfferRow:
    text, lang = offer.facts.title(current())
    return OfferRow(
        title=TranslatedText(f"{offer.facts.code} {text}" if text != offer.facts.code else text, lang),
        sub=_("%(kind)s, %(day)s", kind=str(labels.TITLES[offer.subject.kind]), day=babel.words(offer.facts.last_day)),
        subject_kind=offer.subject.kind,
        key=offer.subject.key,
        is_chosen=offer.subject.key == chosen,
    )


def _ended(line: CertificateLine) -> str:
    if line.ended_at is None:
        return ""
    day = babel.words(line.ended_at.date())
    if line.state is CertificateState.REPLACED:
        return _("Replaced on %(day)s.", day=day)
    return _("Revoked on %(day)s.", day=day)


def _copies(line: CertificateLine, *, has_badges: bool) -> list[CopyLinks]:
    return [
        CopyLinks(
            label=holder(line, form),
            pdf=url_for("credentials.send_pdf", certificate_id=line.id, holder=form),
            print=url_for("credentials.show_print", certificate_id=line.id, holder=form),
            badges=_badges(line, form) if has_badges else (),
        )
        for form in HolderForm
    ]


def _badges(line: CertificateLine, form: HolderForm) -> list[tuple[str, str]]:
    return [
        (label, url_for("credentials.send_badge", certificate_id=line.id, extension=extension, holder=form))
        for extension, label in (("png", "PNG"), ("svg", "SVG"), ("json", "JSON"))
    ]
