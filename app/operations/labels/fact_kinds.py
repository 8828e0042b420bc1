"""Enums of the facts of events: their values have labels in `values`."""

from collections.abc import Mapping
from enum import StrEnum

from app.access.policy import Role, Scope
from app.catalogue.domain.courses import ReviewPoint
from app.catalogue.domain.items import Level
from app.catalogue.domain.versions import ReferenceKind, VersionKind
from app.checks.domain.products import MarkingPart
from app.checks.domain.requests import CheckRequestState
from app.competence.domain.claims import ClaimState
from app.competence.domain.evidence import EvidenceKind
from app.coordination.domain.actions import ActionState, Office
from app.coordination.domain.completion import ExportReason
from app.coordination.domain.reminders import AnswerKind, ReminderOffice, ReminderState
from app.credentials.domain.certificates import CertificateKind
from app.learning.domain import SuggestionState
from app.learning.domain.learner_posts import QuestionState, ReportState
from app.messages.domain import MailKind
from app.operations.domain import AuditKeyReason
from app.plan.domain.observations import ObservationState
from app.plan.domain.targets import TargetOpinion, TargetState
from app.plan.domain.value_sheets import SheetKind
from app.quizzes.domain.attempts import Purpose
from app.recovery.domain import IdentityCheck, Mailbox
from app.rights.domain.proposals import ProposalOutcome
from app.rights.domain.roles import RequestAnswer
from app.sign_in.domain import CodeKind, Factor, IncidentReason
from app.studio.domain.reviews import ReviewState
from app.studio.domain.revisions import RevisionKind
from app.workshops.domain.commitments import CommitmentState
from app.workshops.domain.events import WorkshopState
from app.workshops.domain.nominations import NominationState

# by field name, or by event and field name if the kind differs between events
ENUMS: Mapping[str, type[StrEnum]] = {
    "role": Role,
    "scope": Scope,
    "level": Level,
    "factor": Factor,
    "how": IdentityCheck,
    "side": Mailbox,
    "answer": RequestAnswer,
    "purpose": Purpose,
    "agreed_as": Role,
    "outcome": ProposalOutcome,
    "AuditKeyReplaced.reason": AuditKeyReason,
    "IncidentBegun.reason": IncidentReason,
    "IncidentEnded.reason": IncidentReason,
    "MailSent.kind": MailKind,
    "MailGivenUp.kind": MailKind,
    "ValueSheetExported.kind": SheetKind,
    "ValueSheetChecked.kind": SheetKind,
    "ValueSheetDropped.kind": SheetKind,
    "ValueSheetWritten.kind": SheetKind,
    "ValueSheetUndone.kind": SheetKind,
    "EvidenceRecorded.kind": EvidenceKind,
    "EvidenceVoided.kind": EvidenceKind,
    "certificate_kind": CertificateKind,
    "CodeUsed.kind": CodeKind,
    "CodesMade.kind": CodeKind,
    "CoursePublished.kind": VersionKind,
    "ReviewSubmitted.kind": VersionKind,
    "ReviewDecided.state": ReviewState,
    "DraftSaved.kind": RevisionKind,
    "point": ReviewPoint,
    "ReferenceLoaded.kind": ReferenceKind,
    "ClaimDecided.state": ClaimState,
    "FigureEntered.state": ObservationState,
    "FigureDecided.state": ObservationState,
    "TargetProposed.state": TargetState,
    "TargetNoted.opinion": TargetOpinion,
    "SuggestionChanged.state": SuggestionState,
    "ReportSettled.state": ReportState,
    "QuestionChanged.state": QuestionState,
    "WorkshopMoved.state": WorkshopState,
    "NominationChanged.state": NominationState,
    "CommitmentChanged.state": CommitmentState,
    "ActionChanged.state": ActionState,
    "CompletionExported.reason": ExportReason,
    "office": Office,
    "part": MarkingPart,
    "CheckRequestAnswered.state": CheckRequestState,
    "ReminderSent.office": ReminderOffice,
    "ReminderSeen.office": ReminderOffice,
    "ReminderAnswered.office": ReminderOffice,
    "ReminderAnswered.answer": AnswerKind,
    "ReminderEnded.office": ReminderOffice,
    "ReminderEnded.state": ReminderState,
}
