"""Jobs: send due mails, each once even after a crash; delete expired notices and mails.

A mail is claimed in one transaction, given to the mail server, and recorded as sent in another. After a crash before
the server accepted it, it is sent after the pause; after a crash between acceptance and record, it is sent again with
the same message id.
"""

import logging
import smtplib
import ssl
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from email.errors import MessageError
from email.message import EmailMessage
from types import TracebackType
from typing import Any, Self
from uuid import UUID

from app.access.targets import Target
from app.db.keyring import LostKeyError
from app.db.session import db, transaction
from app.identity.queries import people as accounts
from app.invitations.queries import invitations as invitations_invitations
from app.invitations.service import invitations
from app.kernel import clock
from app.messages import queries
from app.messages.domain import MailKind, Refusal
from app.messages.pages import mail as messages_mail
from app.messages.service import calendar_files, letters, outbox
from app.ports import ports
from app.recovery import queries as recovery_queries
from app.recovery.domain import Mailbox
from app.web.settings import settings
from config import Mail as MailSettings, Mode, Settings

BATCH = 200
PORTION = 500  # people in a reading, notices or mails in a transaction
SECONDS = 15  # for each word with the mail server; a sending has about ten, which stays under the first pause
NO_ADDRESS = Refusal("no recipient", for_good=True)
BAD_ADDRESS = Refusal("the address cannot be read", for_good=True)
NEEDLESS = Refusal("the invitation is over", for_good=True)
log = logging.getLogger("academy")
Send = Callable[[EmailMessage], Refusal | None]


@dataclass(frozen=True, slots=True)
class Address:
    """The mail address, the language, and the path on the platform of the link in the mail."""

    mail: str
    language: str
    path: str = ""


class Line:
    """A connection to the mail server, opened at the first mail; a broken one is opened again for the next."""

    def __init__(self, settings: MailSettings) -> None:
        self._settings = settings
        self._server: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with suppress(OSError, smtplib.SMTPException):
            if self._server is not None:
                self._server.quit()
        self.close()

    def open(self) -> smtplib.SMTP:
        """Return the open connection; raise OSError or SMTPException if it cannot be opened."""
        if self._server is None:
            self._server = _connect(self._settings)
        return self._server

    def send(self, mail: EmailMessage) -> Refusal | None:
        """Send a mail; return the reason if it was not sent, else None."""
        try:
            self.open().send_message(mail)
        except smtplib.SMTPRecipientsRefused as error:
            code = next(iter(error.recipients.values()))[0]
            return Refusal(f"recipient refused: {code}", for_good=code >= 500)
        except smtplib.SMTPResponseException as error:
            self.close()
            return Refusal(f"{type(error).__name__}: {error.smtp_code}")
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            return Refusal(type(error).__name__)
        return None

    def close(self) -> None:
        """Close the connection in any state."""
        server, self._server = self._server, None
        if server is not None:
            server.close()


def send_due() -> int:
    """Send the mails that are due, a batch at most; return how many were sent.

    Without a mail server they stay queued; the demonstration only records them as sent. If the server is not reachable,
    no mail loses a try: the error is raised, and the job's row shows it.
    """
    _give_up_lost()
    waiting = queries.due(now=clock.now(), real_now=clock.real_now(), limit=BATCH)
    if settings().mode is Mode.DEMO:
        return _send_all(waiting, lambda _mail: None, settings())
    if not waiting or not settings().mail.host:
        return 0
    with Line(settings().mail) as line:
        line.open()
        return _send_all(waiting, line.send, settings())


def delete_expired() -> int:
    """Delete expired notices and mails, a portion in each transaction; return their number."""
    forgotten, after, now = 0, UUID(int=0), clock.now()
    while people := queries.was_notified(after, PORTION):
        while notices := queries.outlived_notices(people, now, PORTION):
            with transaction():
                forgotten += outbox.remove_notices(notices)
        after = people[-1]
    while mails := queries.outlived_mails(now=now, real_now=clock.real_now(), limit=PORTION):
        with transaction():
            forgotten += outbox.remove_mails(mails)
    db.session.rollback()  # release the read snapshot
    return forgotten


def _connect(settings: MailSettings) -> smtplib.SMTP:
    server = smtplib.SMTP(settings.host, settings.port, timeout=SECONDS)
    try:
        if settings.starttls:
            server.starttls(context=ssl.create_default_context())
        if settings.user:
            server.login(settings.user, settings.password)
    except BaseException:
        server.close()
        raise
    return server


def _send_all(waiting: Sequence[int], send: Send, settings: Settings) -> int:
    """Send mails and return how many were sent; a missing key does not stop the others, and is raised at the end."""
    sent, lost = 0, None
    for mail_id in waiting:
        try:
            sent += _send_one(mail_id, send, settings)
        except LostKeyError as error:
            lost = error
    if lost is not None:
        raise lost
    return sent


def _send_one(mail_id: int, send: Send, settings: Settings) -> bool:
    with transaction():
        if not outbox.claim(mail_id, clock.real_now()):
            return False
    try:
        refusal = _hand_over(mail_id, send, settings)
    except LostKeyError:
        with transaction():
            outbox.hand_back(mail_id)
        raise
    with transaction():
        if refusal is NEEDLESS:
            outbox.discard_mail(mail_id)
        elif refusal is None:
            outbox.record_sent(mail_id, clock.real_now())
        else:
            outbox.record_refusal(mail_id, refusal)
    if refusal is not None and refusal is not NEEDLESS:
        log.warning("mail not sent", extra={"kind": refusal.reason})
    return refusal is None


def _hand_over(mail_id: int, send: Send, settings: Settings) -> Refusal | None:
    mail = queries.mail(mail_id)
    if _is_withheld(mail):
        return None  # counts as sent: its state must not reveal the owner of the address to the claimant
    if mail.invitation_id is not None and invitations.is_over(mail.invitation_id):
        return NEEDLESS
    to = _address(mail)
    if to is None:
        return NO_ADDRESS
    letter = letters.letter(mail.kind, mail.facts, to.language)
    file = calendar_files.attached_calendar(mail.facts, title=settings.mail.name)
    envelope = messages_mail.Envelope(
        to=to.mail,
        sender=settings.mail.sender,
        sender_name=settings.mail.name,
        site_url=f"{settings.site_url}{to.path}",
        message_id=mail.message_id,
        at=clock.real_now(),
    )
    try:
        ready = messages_mail.message(letter, envelope, to.language, file=file)
    except (ValueError, IndexError, MessageError):
        return BAD_ADDRESS
    return send(ready)


def _is_withheld(mail: queries.Mail) -> bool:
    if mail.kind is not MailKind.ADDRESS_LINK:
        return False
    return recovery_queries.is_withheld(UUID(mail.facts["change"]), Mailbox(mail.facts["side"]))


def _address(mail: queries.Mail) -> Address | None:
    if mail.kind in LINKS and mail.facts:
        return LINKS[mail.kind](mail.facts)
    if mail.invitation_id is not None:
        link = invitations_invitations.link_mail(mail.invitation_id, clock.real_now())
        if link is None:
            return None
        return Address(link.mail, link.language, ports().path_to(Target.INVITATION_ACCEPTANCE, link.token))
    to = accounts.addressees([mail.recipient_id]).get(mail.recipient_id) if mail.recipient_id else None
    return Address(to.mail, to.language) if to else None


def _password_link(facts: Mapping[str, Any]) -> Address | None:
    link = recovery_queries.link_mail(UUID(facts["link"]), clock.real_now())
    return Address(link.mail, link.language, ports().path_to(Target.PASSWORD_RESET, link.token)) if link else None


def _address_link(facts: Mapping[str, Any]) -> Address | None:
    link = recovery_queries.address_mail(UUID(facts["change"]), Mailbox(facts["side"]), clock.real_now())
    if link is None or not link.token:  # done meanwhile: there is nothing left to confirm
        return None
    return Address(link.mail, link.language, ports().path_to(Target.ADDRESS_CHANGE, link.token))


def _old_address(facts: Mapping[str, Any]) -> Address | None:
    link = recovery_queries.address_mail(UUID(facts["change"]), Mailbox.OLD, clock.real_now())
    return Address(link.mail, link.language) if link else None


# mails whose address, or the link in it, is not simply the person's
LINKS: Mapping[MailKind, Callable[[Mapping[str, Any]], Address | None]] = {
    MailKind.PASSWORD_LINK: _password_link,
    MailKind.ADDRESS_LINK: _address_link,
    MailKind.ADDRESS_CHANGED: _old_address,
}


def _give_up_lost() -> None:
    for mail_id in queries.lost(clock.real_now(), BATCH):
        with transaction():
            outbox.record_refusal(mail_id, outbox.LOST)
