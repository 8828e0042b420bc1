"""Texts of notices, and subjects of mails."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import lazy_gettext

from app.access.labels import ROLES
from app.i18n import babel
from app.i18n.languages import country_name
from app.messages.domain import MailKind, NoticeKind, NoticeResult

# a name inside a sentence keeps its own direction: these characters do the same as <bdi> in plain text
ISOLATE, POP = "\u2068", "\u2069"
SENTENCES = {
    NoticeKind.COURSE_COMPLETED: lazy_gettext("You have completed the course %(course)s."),
    NoticeKind.COURSE_PUBLISHED: lazy_gettext("A new course is open to you: %(course)s."),
    NoticeKind.COURSE_SUGGESTED: lazy_gettext("A course is suggested to you: %(course)s."),
    NoticeKind.EXEMPTION_CHANGED: lazy_gettext("Your exemption or date has changed: %(course)s."),
    NoticeKind.ANSWER_ASKED: lazy_gettext("A colleague asks you for an answer by %(by)s."),
    NoticeKind.DATE_ASKED: lazy_gettext("Something of yours has a date: %(by)s."),
    NoticeKind.REMINDER_ANSWERED: lazy_gettext("An answer has come to something you asked."),
    NoticeKind.TARGET_PROPOSED: lazy_gettext("A target is proposed for your country: %(code)s."),
    NoticeKind.TARGETS_WAIT: lazy_gettext("Proposed targets wait for a second coordinator."),
    NoticeKind.TARGET_NOTED: lazy_gettext("A contact point answered a target that you proposed: %(code)s."),
    NoticeKind.NEED_PROPOSED: lazy_gettext("A planned need waits for a second person."),
    NoticeKind.PERIOD_PROPOSED: lazy_gettext(
        "A colleague proposes to lock a quarter of the plan. A second coordinator must agree."
    ),
    NoticeKind.PERIOD_LOCKED: lazy_gettext("A quarter of the plan is locked. Its figures are final."),
    NoticeKind.REPORT_READY: lazy_gettext("A report is ready."),
    NoticeKind.VERSION_OFFERED: lazy_gettext("There is a new version of the course %(course)s."),
    NoticeKind.COMPLETION_ENDS: lazy_gettext(
        "Your completion of the course %(course)s counts until %(until)s. Complete the new version after that."
    ),
    NoticeKind.COMPLETION_ENDED: lazy_gettext(
        "Your completion of the course %(course)s has ended. Complete the new version."
    ),
    NoticeKind.ASKED_AGAIN: lazy_gettext("What do you still know? The course %(course)s asks you again."),
    NoticeKind.NOMINATION_CHANGED: lazy_gettext(
        "Your nomination has changed: %(workshop)s. Read the state and the reason."
    ),
    NoticeKind.SEAT_OFFERED: lazy_gettext("A seat is offered to you: %(workshop)s. Answer by %(until)s."),
    NoticeKind.ENDORSEMENT_ASKED: lazy_gettext("An officer whom you supervise would like to attend: %(workshop)s."),
    NoticeKind.NOMINATION_WAITS: lazy_gettext("An officer of your country can be nominated: %(workshop)s."),
    NoticeKind.EVENT_MESSAGE: lazy_gettext("A message about %(workshop)s: %(subject)s"),
    NoticeKind.ATTENDANCE_DUE: lazy_gettext("Record the attendance by %(until)s: %(workshop)s."),
    NoticeKind.EVENT_TEST_OPENED: lazy_gettext("Your trainer opened a test: %(workshop)s."),
    NoticeKind.EVALUATION_OPEN: lazy_gettext("How was it? Evaluate the event without your name: %(workshop)s."),
    NoticeKind.FOLLOW_UP_ASKED: lazy_gettext(
        "What do you use from the event %(workshop)s? Answer seven short questions by %(until)s."
    ),
    NoticeKind.SUPERVISOR_ASKED: lazy_gettext(
        "An officer whom you supervise took part in the event %(workshop)s. Answer two questions by %(until)s."
    ),
    NoticeKind.COMMITMENT_DUE: lazy_gettext("A commitment of yours is due on %(until)s: %(workshop)s."),
    NoticeKind.VISIT_REPORT_WAITS: lazy_gettext("The summary of a visit needs a second person: %(workshop)s."),
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
        "Only an observed result can verify you or end a verification. See your path."
    ),
    NoticeKind.CERTIFICATE_REVOKED: lazy_gettext("A certificate of yours was revoked. Its page says why."),
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
    NoticeKind.REVIEW_ASKED: lazy_gettext("A draft of the course %(course)s is in review. Read and check it."),
    NoticeKind.REVIEW_APPROVED: lazy_gettext("Your draft of the course %(course)s is approved. You can publish it."),
    NoticeKind.CHANGES_REQUESTED: lazy_gettext("A reviewer requests changes in your draft of the course %(course)s."),
    NoticeKind.REPORT_ANSWERED: lazy_gettext("A trainer answered your report of a mistake in %(course)s."),
    NoticeKind.QUESTION_ANSWERED: lazy_gettext("A trainer answered your question about %(course)s."),
    NoticeKind.CHECK_ASKED: lazy_gettext("An officer of your country asks for a check of %(competency)s."),
    NoticeKind.CHECK_PLANNED: lazy_gettext("You have a seat in a watched check on %(day)s."),
    NoticeKind.CHECK_CANCELLED: lazy_gettext("The watched check on %(day)s is cancelled."),
    NoticeKind.CHECK_DECLINED: lazy_gettext("Your request for a check of %(competency)s was declined. Read why."),
    NoticeKind.CHECK_RESULT: lazy_gettext("The result of your check of %(competency)s is in your record."),
    NoticeKind.SITTING_CLOSED: lazy_gettext(
        "The sitting on %(day)s was left open. It is closed now, and its results count."
    ),
    NoticeKind.PRODUCT_WAITS: lazy_gettext("Desk tasks wait for your marking."),
    NoticeKind.ANSWER_MARKED: lazy_gettext("A colleague marked an answer of yours in %(course)s."),
    NoticeKind.RESULT_CORRECTED: lazy_gettext(
        "A question of the course %(course)s had a wrong key. Your result was corrected."
    ),
    NoticeKind.TEST_HANDED_IN: lazy_gettext("Time was over in %(course)s. Your saved answers were submitted."),
}
# text of a settled notice, in place of the request
BECAME = {
    NoticeResult.CONFIRMED: lazy_gettext("There is a new administrator: a second one agreed."),
    NoticeResult.REFUSED: lazy_gettext("A new administrator was proposed: a second one did not agree."),
    NoticeResult.WITHDRAWN: lazy_gettext("A new administrator was proposed: the proposal was withdrawn."),
    NoticeResult.LET_IN: lazy_gettext("The access of an administrator was restored: a second one agreed."),
    NoticeResult.ERASED: lazy_gettext("An officer of your country was erased, as they asked."),
    NoticeResult.STAYS: lazy_gettext("An officer of your country asked to be erased, and took it back."),
    NoticeResult.SETTLED: lazy_gettext("A request to be erased is settled."),
    NoticeResult.ALLOWED: lazy_gettext(
        "The export of all officers of a country was requested. A second person agreed."
    ),
    NoticeResult.FORBIDDEN: lazy_gettext(
        "The export of all officers of a country was requested. A second person refused."
    ),
    NoticeResult.LAPSED: lazy_gettext(
        "The export of all officers of a country was requested. The request is no longer open."
    ),
    NoticeResult.CHECKS_ANSWERED: lazy_gettext(
        "Officers of your country asked for a check. All requests are answered."
    ),
    NoticeResult.ROLE_ASSIGNED: lazy_gettext("A proposed role was assigned."),
    NoticeResult.ROLE_NOT_ASSIGNED: lazy_gettext("A proposed role was not assigned."),
}
UNDECIDED = lazy_gettext("A person of %(country)s asks to be erased, but no other contact point can decide. Name one.")
NAMES = ("course", "workshop", "competency", "role", "code", "subject", "until", "by", "day")  # the facts in sentences
DAYS = {"before", "after", "as_planned"}  # the facts with the first and the last day of an event
MOVED = {  # by the facts about the days of the event
    frozenset({"before", "after"}): lazy_gettext("%(workshop)s has new days: %(after)s, not %(before)s."),
    frozenset({"before"}): lazy_gettext("%(workshop)s is postponed. It does not take place on %(before)s."),
    frozenset({"after"}): lazy_gettext("%(workshop)s takes place on %(after)s."),
    frozenset({"as_planned"}): lazy_gettext("%(workshop)s takes place on the days as planned: %(as_planned)s."),
}
REASON = lazy_gettext("Reason: %(reason)s")
GIVEN_UNTIL = lazy_gettext("You have a new role: %(role)s, until %(until)s.")
SUBJECTS = {
    MailKind.WAITING: lazy_gettext("Something is waiting for you"),
    MailKind.MESSAGE: lazy_gettext("Something is waiting for you"),
    MailKind.WEEK: lazy_gettext("Your week at the academy"),
    MailKind.ANSWER_ASKED: lazy_gettext("Decisions are waiting for you"),
    MailKind.DATE_ASKED: lazy_gettext("Something is waiting for you"),
    MailKind.ANSWER_CAME: lazy_gettext("Something is waiting for you"),
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
    MailKind.REPORT_READY: lazy_gettext("Something is waiting for you"),
}


def sentence(kind: NoticeKind, facts: Mapping[str, Any]) -> str:
    """Return the text of a notice in the language of this page; a missing fact is shown as a dash."""
    if facts.get("became"):
        return str(BECAME[facts["became"]])
    named = dict.fromkeys(NAMES, "-") | dict(facts)
    if kind in {NoticeKind.ROLE_GIVEN, NoticeKind.ROLE_PROPOSED}:
        return _with_role(kind, facts)
    if kind is NoticeKind.ERASURE_ASKED and facts.get("country"):
        return str(UNDECIDED) % {"country": f"{ISOLATE}{country_name(facts['country'])}{POP}"}
    if kind is NoticeKind.WORKSHOP_CHANGED and facts.keys() & DAYS:
        return _moved(facts)
    return _with_names(kind, named)


def _moved(facts: Mapping[str, Any]) -> str:
    """Return the text about new days of an event; a fact is a first and a last day, such as 2027-03-12/2027-03-14."""
    days = facts.keys() & DAYS
    named = {**facts, **{name: _period(facts[name]) for name in days}}
    isolated = {name: f"{ISOLATE}{value}{POP}" for name, value in named.items()}
    text = str(MOVED[frozenset(days)]) % isolated
    return f"{text} {str(REASON) % isolated}" if facts.get("reason") else text


def _period(days: str) -> str:
    first, last = days.split("/")
    return babel.days(date.fromisoformat(first), date.fromisoformat(last))


def _with_names(kind: NoticeKind, named: Mapping[str, Any]) -> str:
    """Return the text of a notice with its names, and with its days in words."""
    days = {
        name: babel.words(date.fromisoformat(named[name]))
        for name in ("until", "by", "day")
        if named[name] not in {"", "-"}
    }
    named = {**named, **days}
    isolated = {name: f"{ISOLATE}{value}{POP}" for name, value in named.items()}
    return str(SENTENCES[kind]) % isolated


def _with_role(kind: NoticeKind, facts: Mapping[str, Any]) -> str:
    until, role = facts.get("until"), facts.get("role", "-")
    named = {"role": f"{ISOLATE}{ROLES.get(role, role)}{POP}"}
    if until:
        return str(GIVEN_UNTIL) % (named | {"until": f"{ISOLATE}{babel.words(date.fromisoformat(until))}{POP}"})
    return str(SENTENCES[kind]) % named
