"""Texts of mails, chosen when the mail is sent, in the language of its recipient.

A notice is read after sign-in and names its course; a mail only says that a task is waiting, never what it is about.
A calendar file contains times, never title or location, because other people can read calendars.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import force_locale, gettext, lazy_gettext, ngettext

from app.i18n.babel import words
from app.messages.domain import MailKind
from app.messages.labels import SUBJECTS

REASONS = {
    MailKind.WAITING: lazy_gettext(
        "You get this mail because a date of yours is within three days. You can stop it under Settings."
    ),
    MailKind.ANSWER_ASKED: lazy_gettext(
        "You get this mail because an answer is wanted within three days. You can stop it under Settings."
    ),
    MailKind.DATE_ASKED: lazy_gettext(
        "You get this mail because a date of yours is within three days. You can stop it under Settings."
    ),
    MailKind.ANSWER_CAME: lazy_gettext(
        "You get this mail because you asked for an answer. You can stop it under Settings."
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
    MailKind.MESSAGE: lazy_gettext(
        "You get this mail because a message was sent to you. You can stop it under Settings."
    ),
    MailKind.REPORT_READY: lazy_gettext("You get this mail because a coordinator added you to a schedule."),
}
SAID = {
    MailKind.INVITATION: lazy_gettext("The link works for 72 hours. If it is not for you, do nothing."),
    MailKind.ATTENTION: lazy_gettext("See the operations page."),
    MailKind.TEST: lazy_gettext("Mail works."),
    MailKind.MESSAGE: lazy_gettext("A message is waiting for you. Sign in to read it."),
    MailKind.REPORT_READY: lazy_gettext("Something new is ready for you. Sign in to read it."),
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
    MailKind.ANSWER_ASKED: lazy_gettext("A colleague has asked you for an answer."),
    MailKind.DATE_ASKED: lazy_gettext("You have a reminder."),
    MailKind.ANSWER_CAME: lazy_gettext("An answer has come to something you asked."),
}
ASKED = frozenset({MailKind.ANSWER_ASKED, MailKind.DATE_ASKED, MailKind.ANSWER_CAME})
# the mails that the setting stops lead to it
STOPPABLE = frozenset({
    MailKind.WAITING, MailKind.WEEK, MailKind.DATE_CHANGED, MailKind.ANSWER_ASKED, MailKind.DATE_ASKED,
    MailKind.ANSWER_CAME, MailKind.MESSAGE,
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Letter:
    """Texts of a mail; the last line says why it was sent, `setting` labels the link to the setting that stops it."""

    subject: str
    lines: tuple[str, ...]
    link: str
    setting: str = ""


def letter(kind: MailKind, facts: Mapping[str, Any], language: str) -> Letter:
    """Return the texts of a mail in a language."""
    with force_locale(language.replace("-", "_")):
        lines = (_opening(kind), _what_waits(kind, facts), str(REASONS[kind]))
        setting = gettext("Settings") if kind in STOPPABLE else ""
        return Letter(str(SUBJECTS[kind]), lines, gettext("Open the academy"), setting)


def _opening(kind: MailKind) -> str:
    return str(OPENINGS.get(kind) or gettext("You have a reminder."))


def _what_waits(kind: MailKind, facts: Mapping[str, Any]) -> str:
    if kind in SAID:
        return str(SAID[kind])
    if kind in ASKED:
        return _what_is_asked(kind, facts.get("by"))
    if kind is MailKind.PASSWORD_LINK:
        return _what_the_link_does(has_link="link" in facts)
    if kind is MailKind.DATE_CHANGED:
        return _what_changed(facts.get("dates", []))
    count = int(facts.get("count", 1))
    return ngettext("%(num)s thing is waiting for you.", "%(num)s things are waiting for you.", count)


def _what_changed(dates: Sequence[Mapping[str, Any]]) -> str:
    """Return what the calendar file is for; the page has the reason of dates that were all cancelled or postponed."""
    if not dates:
        return gettext("A date of yours has changed. Sign in to see it.")
    if all(day["cancelled"] for day in dates):
        return gettext(
            "A date of yours does not take place. Sign in to read the reason."
            " The file with this mail is for your calendar."
        )
    return gettext("A date of yours has changed. The file with this mail is for your calendar.")


def _what_the_link_does(*, has_link: bool) -> str:
    if has_link:
        return gettext("The link works once, within 30 minutes. If you did not ask, do nothing.")
    return gettext("No second factor protects it yet. See your national contact point first, then ask again.")


def _what_is_asked(kind: MailKind, by: str | None) -> str:
    """Return the day of a reminder in words, and what to do; nothing of what it is about."""
    if kind is MailKind.ANSWER_CAME or not by:
        return gettext("Sign in to read it.")
    day = words(date.fromisoformat(by))
    if kind is MailKind.ANSWER_ASKED:
        return gettext("It is wanted by %(day)s. Sign in to read it.", day=day)
    return gettext("Something of yours has a date: %(day)s. Sign in to read it.", day=day)
