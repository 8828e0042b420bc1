"""Labels of enum values, for the audit log, the incident form and the export of own data."""

from collections.abc import Callable, Mapping
from enum import Enum, StrEnum
from typing import Any

from flask_babel import lazy_gettext as _, lazy_pgettext
from flask_babel.speaklater import LazyString

from app.access.labels import ROLES
from app.access.policy import Role, Scope
from app.catalogue.domain.courses import ReviewPoint
from app.catalogue.domain.items import Level
from app.catalogue.domain.versions import ReferenceKind, VersionKind, VersionState
from app.checks.domain.products import MarkingPart, ProductState
from app.checks.domain.requests import CheckRequestState
from app.checks.domain.sittings import SeatState, SittingState, Way, WorkState
from app.checks.domain.surprise import PickState
from app.checks.labels import sittings
from app.competence.domain.claims import ClaimState
from app.competence.domain.evidence import EvidenceKind
from app.competence.labels import competencies as competence
from app.coordination import labels as coordination
from app.coordination.domain.actions import ActionOrigin, ActionState, Office, SubjectKind
from app.coordination.domain.completion import ExportReason
from app.coordination.domain.late import LateKind, LateRule
from app.coordination.domain.reminders import AnswerKind, AnswerReason, ReminderOffice, ReminderState
from app.credentials.domain.certificates import CertificateKind, CertificateState
from app.credentials.labels import STATES as CERTIFICATE_STATES, TITLES as CERTIFICATE_TITLES
from app.identity.domain.people import Appearance, MailRhythm, PersonState
from app.learning.domain import EnrolmentState, Suggester, SuggestionState
from app.learning.domain.completion import AssignmentProblem, AssignmentSource
from app.learning.domain.learner_posts import QuestionState, ReportState
from app.learning.domain.recorded_completions import CompletionProof
from app.learning.domain.requirements import ExemptionKind, ExemptionReason, ExemptionState, RequirementState
from app.learning.labels import REVIEW_POINTS
from app.messages.domain import MailKind, MailState, NoticeKind
from app.messages.labels import SUBJECTS
from app.operations.domain import AuditKeyReason
from app.operations.labels.after_events import AFTER_EVENTS
from app.operations.labels.days_of_events import DAYS_OF_EVENTS
from app.operations.labels.nominations import NOMINATIONS
from app.operations.labels.notices import NOTICES
from app.plan.domain.observations import ObservationState
from app.plan.domain.planned_needs import PlannedNeedState
from app.plan.domain.targets import TargetOpinion, TargetState
from app.plan.domain.value_sheets import SheetKind
from app.quizzes.domain.attempts import AttemptState, Purpose
from app.quizzes.labels import title_of
from app.recovery.domain import IdentityCheck, Mailbox
from app.rights.domain.proposals import ProposalOutcome
from app.rights.domain.roles import RequestAnswer
from app.sign_in.domain import CodeKind, Factor, IncidentReason, Stage
from app.studio import labels as studio
from app.studio.domain.reviews import ReviewState
from app.studio.domain.revisions import RevisionKind
from app.workshops import labels
from app.workshops.domain.attendance import Attendance
from app.workshops.domain.events import HistoryKind, WorkshopKind, WorkshopState
from app.workshops.domain.seats import BookingState

WORDS: Mapping[type[Enum], Mapping[Any, LazyString]] = {
    Role: ROLES,
    ActionState: {state: word for state, (word, _shape) in coordination.STATES.items()},
    ActionOrigin: coordination.ORIGINS,
    SittingState: {state: word for state, (word, _shape) in sittings.SITTINGS.items()},
    SeatState: {state: word for state, (word, _shape) in sittings.SEATS.items()},
    WorkState: {state: word for state, (word, _shape) in sittings.WORKS.items()},
    Way: sittings.WAYS,
    CheckRequestState: {
        CheckRequestState.OPEN: _("Waiting"),
        CheckRequestState.PLANNED: _("Planned"),
        CheckRequestState.DECLINED: _("Declined"),
        CheckRequestState.WITHDRAWN: _("Withdrawn"),
        CheckRequestState.DONE: _("Done"),
    },
    ProductState: {
        ProductState.WAITING: _("Waits for an assessor"),
        ProductState.MARKING: _("Being marked"),
        ProductState.DIFFERENT: _("Two assessors differ"),
        ProductState.MARKED: lazy_pgettext("desk task", "Marked"),
        ProductState.WITHDRAWN: _("Withdrawn"),
    },
    MarkingPart: {
        MarkingPart.FIRST: _("First marking"),
        MarkingPart.SECOND: _("Second marking"),
        MarkingPart.SETTLING: _("Settling a difference"),
    },
    PickState: {
        PickState.DRAWN: _("Drawn"),
        PickState.SEATED: _("Has a seat"),
        PickState.CHECKED: lazy_pgettext("surprise check", "Checked"),
        PickState.EXCUSED: lazy_pgettext("surprise check", "Excused"),
        PickState.MISSED: _("Not checked in the quarter"),
    },
    Office: coordination.OFFICES,
    SubjectKind: coordination.SUBJECTS,
    ExportReason: coordination.EXPORT_REASONS,
    LateKind: coordination.LATE_KINDS,
    LateRule: coordination.LATE_RULES,
    ReminderState: {state: word for state, (word, _shape) in coordination.REMINDER_STATES.items()},
    ReminderOffice: coordination.REMINDER_OFFICES,
    AnswerKind: coordination.ANSWERS,
    AnswerReason: coordination.ANSWER_REASONS,
    ReviewState: {state: word for state, (word, _shape) in studio.STATES.items()},
    RevisionKind: studio.REVISIONS,
    ReviewPoint: REVIEW_POINTS,
    PersonState: {PersonState.ACTIVE: _("Open"), PersonState.DEACTIVATED: _("Closed")},
    Scope: {
        Scope.SELF: _("The person alone"),
        Scope.COUNTRY: _("One country"),
        Scope.AGENCY: _("One agency"),
        Scope.COURSE: _("One course"),
        Scope.EVENT: _("One event"),
        Scope.ALL: _("Everywhere"),
    },
    Appearance: {Appearance.DEVICE: _("As this device"), Appearance.LIGHT: _("Light"), Appearance.DARK: _("Dark")},
    MailRhythm: {MailRhythm.WEEKLY: _("Once a week, if there are open tasks"), MailRhythm.NEVER: _("Never")},
    Stage: {
        Stage.HALF: _("Password alone so far"),
        Stage.READMITTED: _("Choosing a new second factor"),
        Stage.WHOLE: _("Fully signed in"),
    },
    Factor: {Factor.APP: _("An app with codes"), Factor.PASSKEY: _("A passkey"), Factor.PRINTED: _("A printed list")},
    CodeKind: {
        CodeKind.RECOVERY: _("Recovery codes"),
        CodeKind.PRINTED: _("A printed list"),
        CodeKind.READMISSION: _("A code to restore access"),
    },
    IncidentReason: {
        IncidentReason.STOLEN_PASSWORD: _("A password is known to others"),
        IncidentReason.LOST_DEVICE: _("A device is lost"),
        IncidentReason.LEAK: _("Data left the academy"),
        IncidentReason.MISUSE: _("Misuse of an account"),
        IncidentReason.DRILL: _("This is a drill"),
    },
    AuditKeyReason: {
        AuditKeyReason.LOST: _("The key is lost"),
        AuditKeyReason.DAMAGED: _("The key file is damaged"),
        AuditKeyReason.DISCLOSED: _("Others may know the key"),
    },
    ProposalOutcome: {
        ProposalOutcome.ASSIGNED: _("Role assigned"),
        ProposalOutcome.STOPPED: _("Stopped"),
        ProposalOutcome.WITHDRAWN: _("Withdrawn"),
        ProposalOutcome.LAPSED: _("Lapsed"),
    },
    IdentityCheck: {
        IdentityCheck.KNOWN: _("Met in person, known"),
        IdentityCheck.SERVICE_CARD: _("Met in person, service card"),
        IdentityCheck.IDENTITY_DOCUMENT: _("Met in person, identity document"),
        IdentityCheck.CONSOLE: _("At the console of the server"),
    },
    Mailbox: {Mailbox.OLD: _("Old address"), Mailbox.NEW: _("New address")},
    RequestAnswer: {
        RequestAnswer.CONFIRMED: _("Agreed"),
        RequestAnswer.REFUSED: _("Not agreed to"),
        RequestAnswer.WITHDRAWN: _("Taken back"),
    },
    ReportState: {
        ReportState.OPEN: _("Open"),
        ReportState.ANSWERED: _("Answered"),
        ReportState.CLOSED: _("Closed"),
    },
    QuestionState: {
        QuestionState.OPEN: _("Open"),
        QuestionState.ANSWERED: _("Answered"),
        QuestionState.CLOSED: _("Closed"),
        QuestionState.PROPOSED: _("Proposed as help"),
        QuestionState.PUBLISHED: _("Published as help"),
    },
    AssignmentSource: {
        AssignmentSource.REQUIREMENT: _("Requirement"),
        AssignmentSource.SUGGESTION: _("Suggestion"),
        AssignmentSource.EVENT: _("Event"),
        AssignmentSource.NONE: _("Own choice"),
    },
    AssignmentProblem: {
        AssignmentProblem.LANGUAGE: _("Not in a language that the officer reads"),
        AssignmentProblem.NOT_PUBLISHED: _("A needed course is not published"),
        AssignmentProblem.DUE_BEFORE_COURSE: _("Due before the course was published"),
        AssignmentProblem.NO_ROLE: _("No role in the agency"),
    },
    RequirementState: {
        RequirementState.DRAFT: _("Draft"),
        RequirementState.AGREED: _("Agreed"),
        RequirementState.DROPPED: _("Dropped"),
    },
    SheetKind: {
        SheetKind.FIGURES: _("Figures entered by hand"),
        SheetKind.NEEDS: _("Planned needs"),
        SheetKind.TARGETS: _("Targets"),
        SheetKind.COMPLETIONS: _("Past completions"),
    },
    ExemptionKind: {ExemptionKind.EXEMPT: _("Exempt"), ExemptionKind.LATER: _("Later date")},
    ExemptionReason: {
        ExemptionReason.TRAINED_ELSEWHERE: _("Trained elsewhere"),
        ExemptionReason.NOT_IN_THIS_DUTY: _("Not in this duty"),
        ExemptionReason.LONG_ABSENCE: _("Long absence"),
        ExemptionReason.LANGUAGE: _("Language"),
        ExemptionReason.OTHER: _("Other reason"),
    },
    CertificateKind: CERTIFICATE_TITLES,
    CertificateState: {state: word for state, (word, _kind) in CERTIFICATE_STATES.items()},
    CompletionProof: {
        CompletionProof.CERTIFICATE: _("Certificate"),
        CompletionProof.ATTENDANCE_LIST: _("Attendance list"),
        CompletionProof.SERVICE_RECORD: _("Record of the agency"),
        CompletionProof.OTHER: _("Other proof"),
    },
    ExemptionState: {
        ExemptionState.PROPOSED: _("Waits for a second person"),
        ExemptionState.AGREED: _("Agreed"),
        ExemptionState.DROPPED: _("Dropped"),
        ExemptionState.ENDED: _("Ended"),
    },
    EnrolmentState: {
        EnrolmentState.BEGUN: _("Course begun"),
        EnrolmentState.COMPLETED: _("Course completed"),
        EnrolmentState.ENDED: _("Completion ended"),
    },
    SuggestionState: {
        SuggestionState.OPEN: _("Not begun"),
        SuggestionState.BEGUN: _("Course begun"),
        SuggestionState.DONE: _("Course completed"),
        SuggestionState.SET_ASIDE: _("Set aside"),
        SuggestionState.TAKEN_BACK: _("Taken back"),
    },
    AttemptState: {
        AttemptState.OPEN: _("Not submitted yet"),
        AttemptState.HANDED_IN: _("Submitted"),
        AttemptState.ENDED_BY_TIME: _("Ended by time"),
    },
    ClaimState: {
        ClaimState.WAITING: _("Waiting"),
        ClaimState.ENDORSED: _("Endorsed by a second person"),
        ClaimState.DECLINED: _("Not endorsed"),
        ClaimState.WITHDRAWN: _("Taken back"),
    },
    BookingState: {
        BookingState.WAITING: _("Waiting"),
        BookingState.SEATED: _("With a seat"),
        BookingState.WITHDRAWN: _("Taken back"),
    },
    HistoryKind: {
        HistoryKind.CLOSED: _("Closed"),
        HistoryKind.REOPENED: _("Reopened"),
        HistoryKind.ATTENDANCE_ASKED: _("Coordinator asked: attendance"),
        HistoryKind.SCORES_ASKED: _("Coordinator asked: scores"),
        HistoryKind.POSTPONED: _("Postponed"),
        HistoryKind.RESUMED: _("New date set"),
        HistoryKind.SEATS_CONFIRMED: _("Event takes place"),
    },
    WorkshopState: {
        WorkshopState.DRAFT: _("Draft"),
        WorkshopState.CLEARED: _("Cleared"),
        WorkshopState.ANNOUNCED: _("Announced"),
        WorkshopState.SELECTION_MADE: _("Selection made"),
        WorkshopState.SEATS_CONFIRMED: _("Seats confirmed"),
        WorkshopState.POSTPONED: _("Postponed"),
        WorkshopState.CLOSED: lazy_pgettext("event", "Closed"),
        WorkshopState.CANCELLED: _("Cancelled"),
    },
    **DAYS_OF_EVENTS,
    **NOMINATIONS,
    **AFTER_EVENTS,
    TargetState: {
        TargetState.DRAFT: _("Draft"),
        TargetState.PROPOSED: _("Proposed"),
        TargetState.AGREED: _("Agreed"),
        TargetState.REPLACED: _("Replaced"),
    },
    TargetOpinion: {
        TargetOpinion.AGREEMENT: _("Agreement"),
        TargetOpinion.OBJECTION: _("Objection"),
    },
    PlannedNeedState: {
        PlannedNeedState.PROPOSED: _("Proposed"),
        PlannedNeedState.AGREED: _("Agreed"),
        PlannedNeedState.REPLACED: _("Replaced"),
    },
    ObservationState: {
        ObservationState.DRAFT: _("Draft"),
        ObservationState.PENDING: _("Waiting for a second person"),
        ObservationState.RETURNED: _("Returned"),
        ObservationState.APPROVED: _("Approved"),
    },
    MailState: {
        MailState.QUEUED: _("Waiting"),
        MailState.SENT: _("Mail sent"),
        MailState.FAILED: _("To be tried again"),
        MailState.GIVEN_UP: _("Mail given up"),
    },
    VersionState: {
        VersionState.DRAFT: _("Draft"),
        VersionState.CURRENT: _("In use now"),
        VersionState.PAST: _("Older version"),
        VersionState.RETIRED: _("Retired"),
    },
    VersionKind: {
        VersionKind.EDITORIAL: _("Only the wording changed"),
        VersionKind.SUBSTANTIVE: _("Content changed"),
        VersionKind.BREAKING: _("Content changed, records end"),
        VersionKind.URGENT: _("Urgent correction"),
        VersionKind.RETIREMENT: _("Course retired"),
    },
    ReferenceKind: {
        ReferenceKind.COMPETENCIES: _("Framework of competencies"),
        ReferenceKind.PLAN: _("Plan"),
        ReferenceKind.SOURCES: _("Sources"),
        ReferenceKind.GLOSSARY: _("Glossary"),
        ReferenceKind.RUBRICS: _("Rubrics"),
        ReferenceKind.TREATIES: _("Treaties"),
        ReferenceKind.COUNTRIES: _("Cards of countries"),
    },
    MailKind: SUBJECTS,
    NoticeKind: NOTICES,
}
# kinds whose labels belong to other packages
LABEL_OF: Mapping[type[Enum], Callable[[Any], str]] = {
    Level: competence.level,
    EvidenceKind: competence.kind,
    Purpose: title_of,
    Suggester: lambda suggester: str(ROLES[Role(suggester.value)]),
    Attendance: labels.attendance_label,
    WorkshopKind: labels.kind,
}


def enum_label(value: Enum) -> str:
    """Return the label of a value, or the stored value if it has no label."""
    kind = type(value)
    if kind in LABEL_OF:
        return LABEL_OF[kind](value)
    return str(WORDS.get(kind, {}).get(value, value.value))


def stored_label(kind: type[StrEnum], text: str) -> str:
    """Return the label of a stored value, or "" if it is not a value of this kind."""
    try:
        return enum_label(kind(text))
    except ValueError:
        return ""
