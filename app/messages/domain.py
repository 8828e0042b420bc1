"""Rules of messages: kinds of notices and mails, retries, retention, and the message id of a repeated mail."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

import msgspec

from app.kernel.shapes import ready


class NoticeKind(StrEnum):
    """The content of a notice in the app; `facts` contains the names it needs."""

    COURSE_COMPLETED = "course_completed"  # facts: course
    COURSE_PUBLISHED = "course_published"  # facts: course
    COURSE_SUGGESTED = "course_suggested"  # facts: course; by the own contact point or a supervisor
    VERSION_OFFERED = "version_offered"  # facts: course
    ASKED_AGAIN = "asked_again"  # facts: course; some months after its test
    SEAT_GIVEN = "seat_given"  # facts: workshop; another person cancelled a booking
    # facts: workshop, before and after, or as_planned: its first and last day; reason, if postponed; time or place
    WORKSHOP_CHANGED = "workshop_changed"
    WORKSHOP_CANCELLED = "workshop_cancelled"  # facts: workshop
    COMPETENCE_VERIFIED = "competence_verified"  # facts: competency, its id
    COMPETENCE_DUE = "competence_due"  # facts: competency, its id
    MEASURE_CHANGED = "measure_changed"  # facts: competency, the ids of all whose state or date changed
    CLAIM_DECIDED = "claim_decided"  # facts: competency, its id
    INVITATION_REFUSED = "invitation_refused"  # to contact points: an address or a service number is wanted twice
    # to contact points: an officer of the country asks for it; to coordinators, where none decides: facts: country
    ERASURE_ASKED = "erasure_asked"
    ADDRESS_CLAIMED = "address_claimed"  # to contact points: a user claimed another person's address
    SECOND_WANTED = "second_wanted"  # to administrators: the access of one of them is to be restored
    ADMINISTRATOR_WANTED = "administrator_wanted"  # to administrators: one of them asks for another one
    EXPORT_WANTED = "export_wanted"  # to a second person: a user wants to export many officers
    EXPORT_ANSWERED = "export_answered"  # to the user who wanted to export
    CONTACT_POINT_MADE = "contact_point_made"  # to contact points: another user invited or named one of their country
    CONTACT_POINT_FIRST = "contact_point_first"  # to coordinators: so of a country where no other one hears of it
    INVITATION_BOUNCED = "invitation_bounced"  # to the sender: the mail was not delivered
    OFFICER_BECAME_STAFF = "officer_became_staff"  # to contact points: coordinators look after the account from now on
    ROLE_GIVEN = "role_given"  # facts: role, until (a day, or "")
    THREAT_OVER = "threat_over"  # to an officer who is no longer under threat
    OFFICER_SEEN_AGAIN = "officer_seen_again"  # to the contact points of such an officer
    ROLE_ENDED = "role_ended"  # whose sessions are over
    TEST_HANDED_IN = "test_handed_in"  # facts: course; the server did it at the end of time
    WORKSHOP_REOPENED = "workshop_reopened"  # facts: workshop; to its trainers and assessors
    WORKSHOP_ASKED = "workshop_asked"  # facts: workshop; to coordinators: attendance or scores whose time is over
    # facts: role; to contact points, coordinators or administrators who may agree, and to the proposer when it ends
    ROLE_PROPOSED = "role_proposed"
    REVIEW_ASKED = "review_asked"  # facts: course; to its reviewers and other authors
    REVIEW_APPROVED = "review_approved"  # facts: course; to the author who sent the draft to review
    CHANGES_REQUESTED = "changes_requested"  # facts: course; to the author who sent the draft to review
    REPORT_ANSWERED = "report_answered"  # facts: course; a mistake that the person reported
    QUESTION_ANSWERED = "question_answered"  # facts: course; a question that the person asked
    EXEMPTION_CHANGED = "exemption_changed"  # facts: course; set, agreed to or ended by the own country
    COMPLETION_ENDS = "completion_ends"  # facts: course, until (a day); a breaking version ends it
    COMPLETION_ENDED = "completion_ended"  # facts: course; it may be completed again
    ANSWER_ASKED = "answer_asked"  # facts: by (a day); to contact points and supervisors: a reminder
    DATE_ASKED = "date_asked"  # facts: by (a day); to an officer: a reminder
    REMINDER_ANSWERED = "reminder_answered"  # to the sender
    TARGET_PROPOSED = "target_proposed"  # facts: code; to the contact points of its country
    TARGETS_WAIT = "targets_wait"  # to coordinators, once a day: proposed targets need a second person
    TARGET_NOTED = "target_noted"  # facts: code; to the coordinator who proposed it: an opinion of a contact point
    NEED_PROPOSED = "need_proposed"  # to a second person: a planned need of the country
    PERIOD_PROPOSED = "period_proposed"  # to the other coordinators: a second one must agree to lock a quarter
    PERIOD_LOCKED = "period_locked"  # to the other coordinators
    REPORT_READY = "report_ready"  # to its requester, and to the recipients of a schedule
    RESULT_CORRECTED = "result_corrected"  # facts: course; a key of its test was corrected, and with it a result
    ANSWER_MARKED = "answer_marked"  # facts: course; a colleague marked an open answer, as its writer asked
    CHECK_ASKED = "check_asked"  # facts: competency; to the contact points of the country: an officer asks for a check
    CHECK_PLANNED = "check_planned"  # facts: day; to an officer with a seat in a watched sitting
    CHECK_CANCELLED = "check_cancelled"  # facts: day; to the officers with a seat
    CHECK_DECLINED = "check_declined"  # facts: competency; to the officer who asked
    CHECK_RESULT = (
        "check_result"  # facts: competency; to an officer: the result of a check or desk task is in the record
    )
    PRODUCT_WAITS = "product_waits"  # to assessors, once a day: products wait for marking
    SITTING_CLOSED = "sitting_closed"  # facts: day; to the invigilators: it was left open, so the server closed it
    NOMINATION_CHANGED = "nomination_changed"  # facts: workshop; to the nominee
    SEAT_OFFERED = "seat_offered"  # facts: workshop, until (a day)
    ENDORSEMENT_ASKED = "endorsement_asked"  # facts: workshop; to the supervisors of an officer
    NOMINATION_WAITS = "nomination_waits"  # facts: workshop; to the contact points of the country
    EVENT_MESSAGE = "event_message"  # facts: workshop, subject, text; written by the staff of an event
    ATTENDANCE_DUE = "attendance_due"  # facts: workshop, until (a day); to its trainers
    EVENT_TEST_OPENED = "event_test_opened"  # facts: workshop; to its participants
    EVALUATION_OPEN = "evaluation_open"  # facts: workshop; to those who attended
    FOLLOW_UP_ASKED = "follow_up_asked"  # facts: workshop, until (a day); to participants, and again as a reminder
    SUPERVISOR_ASKED = "supervisor_asked"  # facts: workshop, until (a day); to the supervisors of a participant
    COMMITMENT_DUE = "commitment_due"  # facts: workshop, until (a day); to who undertook it
    VISIT_REPORT_WAITS = "visit_report_waits"  # facts: workshop; to those who may approve the summary
    CERTIFICATE_REVOKED = "certificate_revoked"  # its page says why


class NoticeResult(StrEnum):
    """The result of a request, stored as the fact `became` of a settled notice."""

    CONFIRMED = "confirmed"  # these three as an administrator's request is answered
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    LET_IN = "let_in"
    ERASED = "erased"
    STAYS = "stays"  # no erasure: the request was withdrawn
    SETTLED = "settled"  # settled, for people who do not learn the result
    ALLOWED = "allowed"
    FORBIDDEN = "forbidden"
    LAPSED = "lapsed"  # not answered in time, or ended by an incident
    ROLE_ASSIGNED = "role_assigned"  # a proposed role
    CHECKS_ANSWERED = "checks_answered"  # all requests for a check of a competency in a country
    ROLE_NOT_ASSIGNED = "role_not_assigned"  # the proposal was stopped or withdrawn, or it lapsed


class MailKind(StrEnum):
    """The reason why a mail is sent."""

    WAITING = "waiting"  # something waits with a date within 3 days
    WEEK = "week"  # facts: count, of the things that wait
    DATE_CHANGED = "date_changed"  # facts: at (when it was said), dates (CalendarDate; none for who only waits)
    ATTENTION = "attention"  # to an administrator
    NEW_SIGN_IN = "new_sign_in"  # in a browser where the person had not signed in
    ACCOUNT_CHANGED = "account_changed"  # another password, a factor more or less
    INVITATION = "invitation"  # to an address: its owner is no person yet
    PASSWORD_LINK = "password_link"  # noqa: S105 - facts: link; none when a mailbox alone would open the account
    ADDRESS_LINK = "address_link"  # facts: change, side; to the old or the new address
    ADDRESS_CHANGED = "address_changed"  # facts: change; to the old address
    ADDRESS_CLAIMED = "address_claimed"  # to the owner of an address that another person claimed
    LET_BACK_IN = "let_back_in"  # a helper handed a code over
    TEST = "test"  # an administrator tries the mail server
    ROLE_PROPOSED = "role_proposed"  # to the contact points of a country
    ANSWER_ASKED = "answer_asked"  # facts: by; to contact points and supervisors whose answer is wanted within 3 days
    DATE_ASKED = "date_asked"  # facts: by; to an officer of whom something is asked within 3 days
    ANSWER_CAME = "answer_came"  # to the sender of a reminder
    REPORT_READY = "report_ready"  # to the recipients of a schedule of reports
    MESSAGE = "message"  # the staff of an event wrote to its people


class MailState(StrEnum):
    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"  # tried, and will be tried again
    GIVEN_UP = "given_up"


class CalendarDate(msgspec.Struct, frozen=True):
    """A date in a calendar file: its id and time, without title or location."""

    uid: UUID
    starts_at: datetime
    ends_at: datetime
    cancelled: bool = False


ready(list[CalendarDate])
# how long notices are kept from when they were made, and mails from when they were due and went, or were given up
READ_KEPT = timedelta(days=180)
UNREAD_KEPT = timedelta(days=730)
MAIL_KEPT = timedelta(days=90)
# a notice proves that the person was notified; a job looks for these until the person answers
LASTING = (NoticeKind.ASKED_AGAIN,)
OPEN = (MailState.QUEUED, MailState.FAILED)
DONE = (MailState.SENT, MailState.GIVEN_UP)
# A try is a claim: no other sender claims the mail until its pause is over, so the first pause outlasts a sending.
PAUSES = (
    timedelta(minutes=5),
    timedelta(minutes=20),
    timedelta(hours=1),
    timedelta(hours=4),
    timedelta(hours=12),
    timedelta(hours=24),
)
MOST_TRIES = len(PAUSES)


@dataclass(frozen=True, slots=True)
class Refusal:
    """The reason why a mail was not sent, without any address; `for_good` if another try would not help."""

    reason: str
    for_good: bool = False


def next_try(tries: int, real_now: datetime) -> datetime:
    """Return the time of the next try after this number of tries (at least one)."""
    return real_now + PAUSES[min(tries, MOST_TRIES) - 1]


def after_refusal(tries: int, refusal: Refusal) -> MailState:
    """Return the state of a mail after a failed try."""
    return MailState.GIVEN_UP if refusal.for_good or tries >= MOST_TRIES else MailState.FAILED


def message_id(occasion: str, recipient_id: UUID) -> str:
    """Return the left part of the message id of an occasion and recipient, the same for every repeat."""
    return hashlib.sha256(f"{occasion}\0{recipient_id}".encode()).hexdigest()[:40]
