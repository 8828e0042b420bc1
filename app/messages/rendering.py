"""Words of notices and mails, chosen when they are read or sent, in the language of the reader.

A notice is read behind the sign-in and names its course; a mail says only that something waits (security, mail rule 3).
A calendar file says when, never what or where: calendars are read by others.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Any

import msgspec
from flask import current_app
from flask_babel import force_locale, gettext, lazy_gettext, ngettext
from icalendar import Calendar, Event

from app.access.targets import Target
from app.access.words import ROLES
from app.i18n.babel import words
from app.i18n.languages import country_name, direction
from app.messages.domain import Became, CalendarDate, MailKind, NoticeKind
from app.ports import ports

# a name inside a sentence keeps its own direction: the signs that <bdi> stands for, which plain text can carry, too
ISOLATE, POP = "\u2068", "\u2069"
FILE_NAME = "dates.ics"
# a calendar's sequence numbers grow from 0 and have 31 bits: seconds since then fit for decades
FIRST_FILE = datetime(2020, 1, 1, tzinfo=UTC)
SENTENCES = {
    NoticeKind.COURSE_COMPLETED: lazy_gettext("You have completed the course %(course)s."),
    NoticeKind.COURSE_PUBLISHED: lazy_gettext("A new course is open to you: %(course)s."),
    NoticeKind.COURSE_SUGGESTED: lazy_gettext("A course is suggested to you: %(course)s."),
    NoticeKind.VERSION_OFFERED: lazy_gettext("There is a new version of the course %(course)s."),
    NoticeKind.ASKED_AGAIN: lazy_gettext("What do you still know? The course %(course)s asks you again."),
    NoticeKind.SEAT_GIVEN: lazy_gettext("A seat is yours: %(workshop)s."),
    NoticeKind.WORKSHOP_CHANGED: lazy_gettext("A date of yours has changed: %(workshop)s."),
    NoticeKind.WORKSHOP_CANCELLED: lazy_gettext("A date of yours was cancelled: %(workshop)s."),
    NoticeKind.WORKSHOP_REOPENED: lazy_gettext(
        "Reopened: %(workshop)s. Attendance and scores can be entered again for 14 days."
    ),
    NoticeKind.WORKSHOP_ASKED: lazy_gettext(
        "The staff of an event need you: %(workshop)s. Attendance or scores are missing, and the time is over."
    ),
    NoticeKind.COMPETENCE_VERIFIED: lazy_gettext("Verified: %(competency)s."),
    NoticeKind.COMPETENCE_DUE: lazy_gettext("Due soon: %(competency)s. Practise before it lapses."),
    NoticeKind.MEASURE_CHANGED: lazy_gettext(
        "How your competencies are counted has changed, and with it a state or date: %(competency)s. "
        "Only what somebody watched now verifies you or ends it. Look at your path."
    ),
    NoticeKind.CLAIM_DECIDED: lazy_gettext("Your claim was decided: %(competency)s."),
    NoticeKind.INVITATION_REFUSED: lazy_gettext(
        "A mail address or a service number is requested twice. No new invitation was sent: speak with the secretariat."
    ),
    NoticeKind.ERASURE_ASKED: lazy_gettext("An officer of your country asks to be erased. Identify them first."),
    NoticeKind.ADDRESS_CLAIMED: lazy_gettext(
        "A mail address was requested that belongs to another person. Nothing was changed."
    ),
    NoticeKind.SECOND_WANTED: lazy_gettext(
        "The access of an administrator is to be restored. A second one must agree within 72 hours."
    ),
    NoticeKind.ADMINISTRATOR_WANTED: lazy_gettext(
        "A new administrator is proposed. A second one must agree within 72 hours."
    ),
    NoticeKind.EXPORT_WANTED: lazy_gettext(
        "The export of all officers of a country is requested. A second person must agree."
    ),
    NoticeKind.EXPORT_ANSWERED: lazy_gettext("Your request to export all officers was answered."),
    NoticeKind.CONTACT_POINT_MADE: lazy_gettext(
        "A contact point of your country was invited or appointed. Ask the secretariat if in doubt."
    ),
    NoticeKind.CONTACT_POINT_FIRST: lazy_gettext(
        "A contact point was invited or appointed, and the country has no other one. Check that this is right."
    ),
    NoticeKind.INVITATION_BOUNCED: lazy_gettext(
        "A mail with an invitation came back. Check the address, or hand over a letter."
    ),
    NoticeKind.OFFICER_BECAME_STAFF: lazy_gettext(
        "An officer of your country got a role of the academy. "
        "From now on coordinators restore access and can close the account."
    ),
    NoticeKind.ROLE_GIVEN: lazy_gettext("You have a new role: %(role)s."),
    NoticeKind.THREAT_OVER: lazy_gettext(
        "You no longer count as under threat: others see you again like everybody else. "
        "If that is not right, tell your contact point."
    ),
    NoticeKind.OFFICER_SEEN_AGAIN: lazy_gettext(
        "An officer of your country no longer counts as under threat. Check that this is right."
    ),
    NoticeKind.ROLE_ENDED: lazy_gettext("One of your roles at the academy has ended."),
    NoticeKind.ROLE_PROPOSED: lazy_gettext("A role is proposed: %(role)s. Read the proposal, then agree or stop it."),
    NoticeKind.TEST_HANDED_IN: lazy_gettext("Time was over in %(course)s. Your saved answers were submitted."),
}
# said in place of the sentence that asked, once somebody has answered
BECAME = {
    Became.CONFIRMED: lazy_gettext("There is a new administrator: a second one agreed."),
    Became.REFUSED: lazy_gettext("A new administrator was proposed: a second one did not agree."),
    Became.WITHDRAWN: lazy_gettext("A new administrator was proposed: the proposal was withdrawn."),
    Became.LET_IN: lazy_gettext("The access of an administrator was restored: a second one agreed."),
    Became.ERASED: lazy_gettext("An officer of your country was erased, as they asked."),
    Became.STAYS: lazy_gettext("An officer of your country asked to be erased, and took it back."),
    Became.SETTLED: lazy_gettext("A request to be erased is settled."),
    Became.ALLOWED: lazy_gettext("The export of all officers of a country was requested. A second person agreed."),
    Became.FORBIDDEN: lazy_gettext("The export of all officers of a country was requested. A second person refused."),
    Became.LAPSED: lazy_gettext(
        "The export of all officers of a country was requested. The request is no longer open."
    ),
    Became.ROLE_ASSIGNED: lazy_gettext("A proposed role was assigned."),
    Became.ROLE_NOT_ASSIGNED: lazy_gettext("A proposed role was not assigned."),
}
UNDECIDED = lazy_gettext("A person of %(country)s asks to be erased, but no other contact point can decide. Name one.")
GIVEN_UNTIL = lazy_gettext("You have a new role: %(role)s, until %(until)s.")
SUBJECTS = {
    MailKind.WAITING: lazy_gettext("Something is waiting for you"),
    MailKind.WEEK: lazy_gettext("Your week at the academy"),
    MailKind.DATE_CHANGED: lazy_gettext("A date of yours has changed"),
    MailKind.ATTENTION: lazy_gettext("The academy needs attention"),
    MailKind.NEW_SIGN_IN: lazy_gettext("New sign-in to your account"),
    MailKind.ACCOUNT_CHANGED: lazy_gettext("Your account has changed"),
    MailKind.INVITATION: lazy_gettext("Your access to the academy"),
    MailKind.PASSWORD_LINK: lazy_gettext("Your access to the academy"),
    MailKind.ADDRESS_LINK: lazy_gettext("Your access to the academy"),
    MailKind.ADDRESS_CHANGED: lazy_gettext("Your account has changed"),
    MailKind.ADDRESS_CLAIMED: lazy_gettext("Your access to the academy"),
    MailKind.LET_BACK_IN: lazy_gettext("Your account has changed"),
    MailKind.TEST: lazy_gettext("Test of the academy's mail"),
    MailKind.ROLE_PROPOSED: lazy_gettext("Something is waiting for you"),
}
REASONS = {
    MailKind.WAITING: lazy_gettext(
        "You get this mail because a date of yours is within three days. You can stop it under Settings."
    ),
    MailKind.WEEK: lazy_gettext("You get this mail at most once a week. You can stop it under Settings."),
    MailKind.DATE_CHANGED: lazy_gettext(
        "You get this mail when a date of yours changes. You can stop it under Settings."
    ),
    MailKind.ATTENTION: lazy_gettext("You get this mail because you look after the academy."),
    MailKind.NEW_SIGN_IN: lazy_gettext("You get this mail whenever your account is used in a new browser."),
    MailKind.ACCOUNT_CHANGED: lazy_gettext("You get this mail whenever the way you sign in changes."),
    MailKind.INVITATION: lazy_gettext("You get this mail because a person of your country or your team invited you."),
    MailKind.PASSWORD_LINK: lazy_gettext("You get this mail because a link was requested with your name."),
    MailKind.ADDRESS_LINK: lazy_gettext("You get this mail because a change of the address was requested."),
    MailKind.ADDRESS_CHANGED: lazy_gettext("You get this mail whenever the way you sign in changes."),
    MailKind.ADDRESS_CLAIMED: lazy_gettext("You get this mail because your address was entered."),
    MailKind.LET_BACK_IN: lazy_gettext("You get this mail whenever the way you sign in changes."),
    MailKind.TEST: lazy_gettext("You get this mail because you asked for it on a page of the academy."),
    MailKind.ROLE_PROPOSED: lazy_gettext("You get this mail because you are a contact point of your country."),
}

SAID = {
    MailKind.INVITATION: lazy_gettext("The link is good for 72 hours. If it is not for you, do nothing."),
    MailKind.ATTENTION: lazy_gettext("Look at the operations page."),
    MailKind.TEST: lazy_gettext("Mail works."),
    MailKind.ROLE_PROPOSED: lazy_gettext(
        "Another contact point is proposed for your country. Sign in to agree or to stop it."
    ),
    MailKind.NEW_SIGN_IN: lazy_gettext(
        "Your account was opened in a new browser. If it was not you, change your password now."
    ),
    MailKind.ACCOUNT_CHANGED: lazy_gettext(
        "The way you sign in was changed. If it was not you, tell your national contact point or the secretariat now."
    ),
    MailKind.ADDRESS_LINK: lazy_gettext(
        "The link is good for 72 hours; opening it changes nothing yet. If you did not ask, do nothing."
    ),
    MailKind.ADDRESS_CHANGED: lazy_gettext(
        "Mails go to your new address from now on."
        " If it was not you, tell your national contact point or the secretariat now."
    ),
    MailKind.ADDRESS_CLAIMED: lazy_gettext("Your mail address was requested for another account. Nothing was changed."),
    MailKind.LET_BACK_IN: lazy_gettext(
        "A code for a new second factor was issued. If you did not get it in person, tell the secretariat now."
    ),
}
OPENINGS = {
    MailKind.INVITATION: lazy_gettext("Your account at the academy is ready to be opened."),
    MailKind.PASSWORD_LINK: lazy_gettext("A new password was requested for your account."),
    MailKind.ADDRESS_LINK: lazy_gettext("A mail address at the academy is to be changed."),
}


# the mails that the setting stops lead to it
STOPPABLE = frozenset({MailKind.WAITING, MailKind.WEEK, MailKind.DATE_CHANGED})


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail's words: the last line says why it came; `setting` are those of the way to the setting that stops it."""

    subject: str
    lines: tuple[str, ...]
    link: str
    setting: str = ""


@dataclass(frozen=True, slots=True)
class Envelope:
    """What the headers of a mail need: addresses, the platform's address, the id, the time."""

    to: str
    sender: str
    sender_name: str
    site_url: str
    message_id: str
    at: datetime


def sentence(kind: NoticeKind, facts: Mapping[str, Any]) -> str:
    """Return the sentence of a notice in the language of this page; a fact that is missing leaves a dash."""
    if facts.get("became"):
        return str(BECAME[facts["became"]])
    named = {"course": "-", "workshop": "-", "competency": "-", "role": "-"} | dict(facts)
    if kind in {NoticeKind.ROLE_GIVEN, NoticeKind.ROLE_PROPOSED}:
        return _with_role(kind, named)
    if kind is NoticeKind.ERASURE_ASKED and facts.get("country"):
        return str(UNDECIDED) % {"country": f"{ISOLATE}{country_name(facts['country'])}{POP}"}
    isolated = {name: f"{ISOLATE}{value}{POP}" for name, value in named.items()}
    return str(SENTENCES[kind]) % isolated


def _with_role(kind: NoticeKind, facts: Mapping[str, Any]) -> str:
    until, role = facts.get("until"), facts["role"]
    named = {"role": f"{ISOLATE}{ROLES.get(role, role)}{POP}"}
    if until:
        return str(GIVEN_UNTIL) % (named | {"until": f"{ISOLATE}{words(date.fromisoformat(until))}{POP}"})
    return str(SENTENCES[kind]) % named


def letter(kind: MailKind, facts: Mapping[str, Any], language: str) -> Letter:
    """Return the words of a mail in a language."""
    with force_locale(language.replace("-", "_")):
        lines = (_opening(kind), _what_waits(kind, facts), str(REASONS[kind]))
        setting = gettext("Settings") if kind in STOPPABLE else ""
        return Letter(str(SUBJECTS[kind]), lines, gettext("Open the academy"), setting)


def calendar(dates: Iterable[CalendarDate], *, title: str, at: datetime) -> bytes:
    """Return an iCalendar file with one entry a date, in UTC, each with the same neutral title.

    `at` is when this was so: of two files with the same date, calendars keep what the later one says.
    """
    made = Calendar()
    made.add("prodid", "-//Academy//Calendar//EN")
    made.add("version", "2.0")
    for one in dates:
        entry = Event()
        entry.add("uid", str(one.uid))
        entry.add("dtstamp", at)
        entry.add("sequence", int((at - FIRST_FILE).total_seconds()))
        entry.add("dtstart", one.starts_at.astimezone(UTC))
        entry.add("dtend", one.ends_at.astimezone(UTC))
        entry.add("summary", title)
        entry.add("class", "PRIVATE")
        if one.cancelled:
            entry.add("status", "CANCELLED")
        made.add_component(entry)
    return bytes(made.to_ical())


def enclosed(facts: Mapping[str, Any], *, title: str) -> bytes:
    """Return the calendar file that goes with a mail of these facts, or b"" when none does."""
    dates = msgspec.convert(facts.get("dates", []), list[CalendarDate])
    return calendar(dates, title=title, at=datetime.fromisoformat(facts["at"])) if dates else b""


def message(words: Letter, envelope: Envelope, language: str, *, file: bytes = b"") -> EmailMessage:
    """Return the mail itself, as plain text and simple HTML, with a calendar file if there is one.

    Raises ValueError, IndexError or MessageError for an address that is none.
    """
    mail = EmailMessage(policy=SMTP)
    sender = Address(envelope.sender_name, addr_spec=envelope.sender)
    mail["Subject"] = words.subject
    mail["From"] = sender
    mail["To"] = Address(addr_spec=envelope.to)
    mail["Date"] = format_datetime(envelope.at)
    mail["Message-ID"] = f"<{envelope.message_id}@{sender.domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(plain(words, envelope.site_url), cte="quoted-printable")
    page = _html(words, envelope.site_url, language)
    mail.add_alternative(page, subtype="html", cte="quoted-printable")
    if file:
        mail.add_attachment(file.decode(), subtype="calendar", filename=FILE_NAME, cte="base64")
    mail["Content-Language"] = language
    return mail


def plain(words: Letter, site_url: str) -> str:
    """Return the plain text of a mail."""
    *said, why = words.lines
    setting = [f"{site_url}{ports().path_to(Target.MAIL_SETTINGS)}"] if words.setting else []
    return "\n".join([*said, "", f"{words.link}:", site_url, "", why, *setting, ""])


def _opening(kind: MailKind) -> str:
    return str(OPENINGS.get(kind) or gettext("You have a reminder."))


def _what_waits(kind: MailKind, facts: Mapping[str, Any]) -> str:
    if kind in SAID:
        return str(SAID[kind])
    if kind is MailKind.PASSWORD_LINK:
        if "link" in facts:
            return gettext("The link works once, within 30 minutes. If you did not ask, do nothing.")
        return gettext("No second factor protects it yet. See your national contact point first, then ask again.")
    if kind is MailKind.DATE_CHANGED:
        if facts.get("dates"):
            return gettext("A date of yours has changed. The file with this mail is for your calendar.")
        return gettext("A date of yours has changed. Sign in to see it.")
    count = int(facts.get("count", 1))
    return ngettext("%(num)s thing is waiting for you.", "%(num)s things are waiting for you.", count)


def _html(words: Letter, site_url: str, language: str) -> str:
    # without the page's frame, which belongs to requests
    template = current_app.jinja_env.get_template("mail/letter.html")
    return template.render(
        language=language,
        dir=direction(language),
        subject=words.subject,
        lines=words.lines,
        address=site_url,
        link=words.link,
        setting=words.setting,
        setting_address=f"{site_url}{ports().path_to(Target.MAIL_SETTINGS)}",
    )
