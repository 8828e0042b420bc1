"""Build a mail in the language of its recipient: headers, plain text, HTML, and a calendar file."""

from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from flask import current_app

from app.access.targets import Target
from app.i18n.languages import direction
from app.messages.service.calendar_files import FILE_NAME
from app.messages.service.letters import Letter
from app.ports import ports


@dataclass(frozen=True, slots=True)
class Envelope:
    """Values for the headers and the link of a mail: addresses, the link's URL, the message id, the time."""

    to: str
    sender: str
    sender_name: str
    site_url: str
    message_id: str
    at: datetime


def message(letter: Letter, envelope: Envelope, language: str, *, file: bytes = b"") -> EmailMessage:
    """Return the mail as plain text and simple HTML, with a calendar file if there is one.

    Raises ValueError, IndexError or MessageError for an invalid address.
    """
    mail = EmailMessage(policy=SMTP)
    sender = Address(envelope.sender_name, addr_spec=envelope.sender)
    mail["Subject"] = letter.subject
    mail["From"] = sender
    mail["To"] = Address(addr_spec=envelope.to)
    mail["Date"] = format_datetime(envelope.at)
    mail["Message-ID"] = f"<{envelope.message_id}@{sender.domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(plain(letter, envelope.site_url), cte="quoted-printable")
    page = _html(letter, envelope.site_url, language)
    mail.add_alternative(page, subtype="html", cte="quoted-printable")
    if file:
        mail.add_attachment(file.decode(), subtype="calendar", filename=FILE_NAME, cte="base64")
    mail["Content-Language"] = language
    return mail


def plain(letter: Letter, site_url: str) -> str:
    """Return the plain text of a mail."""
    *text, reason = letter.lines
    setting = [f"{site_url}{ports().path_to(Target.MAIL_SETTINGS)}"] if letter.setting else []
    return "\n".join([*text, "", f"{letter.link}:", site_url, "", reason, *setting, ""])


def _html(letter: Letter, site_url: str, language: str) -> str:
    # without the page's frame, which belongs to requests
    template = current_app.jinja_env.get_template("mail/letter.html")
    return template.render(
        language=language,
        dir=direction(language),
        subject=letter.subject,
        lines=letter.lines,
        address=site_url,
        link=letter.link,
        setting=letter.setting,
        setting_address=f"{site_url}{ports().path_to(Target.MAIL_SETTINGS)}",
    )
