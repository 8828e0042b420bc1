"""Texts of a printed invitation letter, in the language of the invited person."""

from dataclasses import dataclass

from flask_babel import force_locale, gettext as _

from app.access.targets import Target
from app.i18n.babel import words as dated
from app.i18n.languages import direction
from app.identity.domain.contact import masked
from app.invitations.service.bulk import InvitationLetter
from app.ports import ports
from app.sign_in.domain import in_two_halves
from app.web.settings import settings


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterSheet:
    """The texts of a letter; `mail` is masked."""

    language: str
    dir: str
    title: str
    name: str
    opening: str
    address_label: str
    address: str
    mail_label: str
    mail: str
    mail_hint: str
    code_label: str
    code: str
    until: str
    ask: str


def letter_texts(letter: InvitationLetter) -> LetterSheet:
    """Return the texts of a letter in the language of the invited person.

    Code and mail address together open the account: a person who finds the letter must not read the address there.
    """
    with force_locale(letter.language.replace("-", "_")):
        return LetterSheet(
            language=letter.language,
            dir=direction(letter.language),
            title=_("Your access to the academy"),
            name=letter.name,
            opening=_("Your account at the academy is ready to be opened."),
            address_label=_("Open this address"),
            address=f"{settings().site_url}{ports().path_to(Target.INVITATION_CODE)}",
            mail_label=_("Type your work e-mail"),
            mail=masked(letter.mail),
            mail_hint=_("You know it: it is not written here in full."),
            code_label=_("Type this code"),
            code=in_two_halves(letter.code),
            until=_("The letter works once, until %(day)s. Do not pass it on.", day=dated(letter.ends_at)),
            ask=_("Questions? Ask the person who gave you this letter."),
        )
