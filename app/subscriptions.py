"""The handlers of each event, for all packages; `factory` passes the list to `db.session.subscribe`."""

from app.audit import handlers as audit
from app.catalogue.events import CoursePublished, CourseRetired, ReferenceLoaded
from app.checks.events import ProductSettled, SeatPlanned, SittingCancelled, SittingClosed, WorkSubmitted
from app.checks.handlers import (
    attempts as watched_attempts,
    marking,
    requests as check_requests,
    surprise as surprise_checks,
    watching,
)
from app.competence import handlers as competence
from app.competence.events import EvidenceRecorded, EvidenceVoided, StandingChanged
from app.credentials import handlers as credentials
from app.db.session import Subscriptions
from app.directory.events import IdentityRemoved, PostingMoved, ProtectionChanged
from app.identity.events import PersonAdded, PersonDeactivated, RoleEnded, RoleGranted, SettingsChanged
from app.identity.queries import postings
from app.intake import handlers as intake
from app.invitations import handlers as invitations
from app.invitations.events import (
    InvitationAccepted,
    InvitationBounced,
    InvitationEnded,
    InvitationRefused,
    InvitationRenewed,
    InvitationWithdrawn,
    Invited,
    InvitedElsewhere,
)
from app.kernel.events import Event
from app.learning import handlers as learning
from app.learning.events import (
    CompletionEnded,
    CompletionRecorded,
    CompletionRecordEnded,
    CourseBegun,
    CourseCompleted,
    CourseSuggested,
    ExemptionAgreed,
    ExemptionEnded,
    ExemptionSet,
    LessonDone,
    LessonLookedThrough,
    LessonSkipped,
    RequirementAgreed,
    RequirementEnded,
    SuggestionChanged,
)
from app.learning.handlers import completion
from app.messages.events import MailFailed
from app.messages.handlers import accounts as messages, role_proposals
from app.plan import handlers as plan
from app.quizzes import handlers as quizzes
from app.quizzes.events import AttemptEnded, AttemptRegraded
from app.recovery import handlers as recovery_handlers
from app.recovery.events import (
    AccessRestored,
    AddressChangeBegun,
    AddressChanged,
    AddressClaimed,
    AddressRefused,
    LinkMade,
    LinkWithheld,
    SecondHelperWanted,
)
from app.rights import handlers as rights_handlers
from app.rights.events import AdministratorAnswered, AdministratorAsked, RoleProposalEnded, RoleProposed
from app.scenarios.events import CaseFinished
from app.sign_in import handlers as sign_in_handlers
from app.sign_in.events import (
    BrowserFirstSeen,
    FactorAdded,
    FactorRemoved,
    FactorsInvalidated,
    IncidentBegun,
    IncidentEnded,
    PasswordChanged,
)
from app.studio import handlers as studio
from app.studio.events import ReviewDecided, ReviewSubmitted
from app.workshops import handlers as workshops
from app.workshops.events import (
    AttendanceRecorded,
    BookingWithdrawn,
    NominationChanged,
    RubricScored,
    SeatTaken,
    WorkshopReopened,
    WorkshopStateChanged,
    WorkshopUpdated,
)
from app.workshops.events.afterwards import (
    CommitmentChanged,
    EvaluationClosed,
    FollowUpAnswered,
    FollowUpClosed,
    NomineesCounted,
)

SUBSCRIPTIONS: Subscriptions = {
    PersonAdded: (plan.on_person_added, completion.on_officer_changed),
    RoleGranted: (messages.on_contact_point_role_granted, messages.on_staff_role_granted, messages.on_role_granted),
    RoleEnded: (invitations.on_role_ended, workshops.on_role_ended, messages.on_role_ended),
    RoleProposed: (role_proposals.on_role_proposed,),
    RoleProposalEnded: (role_proposals.on_role_proposal_ended,),
    AdministratorAsked: (messages.on_administrator_asked,),
    AdministratorAnswered: (messages.on_administrator_answered,),
    PersonDeactivated: (
        sign_in_handlers.on_person_deactivated,
        recovery_handlers.on_person_deactivated,
        competence.on_person_deactivated,
        plan.on_person_deactivated,
        completion.on_officer_changed,
        workshops.on_person_deactivated,
    ),
    PostingMoved: (competence.on_posting_moved, plan.on_posting_moved, completion.on_officer_changed),
    SettingsChanged: (completion.on_settings_changed,),
    IdentityRemoved: (
        messages.on_identity_removed,
        credentials.on_identity_removed,
        learning.on_identity_removed,
        quizzes.on_identity_removed,
        completion.on_identity_removed,
        competence.on_identity_removed,
        marking.on_identity_removed,
        check_requests.on_identity_removed,
        workshops.on_identity_removed,
        intake.on_identity_removed,
        studio.on_identity_removed,
        plan.on_identity_removed,
    ),
    IncidentBegun: (
        recovery_handlers.on_incident_begun,
        rights_handlers.on_incident_begun,
        invitations.on_incident_begun,
        intake.on_incident_begun,
        plan.on_incident,
    ),
    IncidentEnded: (plan.on_incident,),
    EvidenceRecorded: (watching.on_evidence_recorded, plan.on_evidence_recorded),
    EvidenceVoided: (plan.on_evidence_voided,),
    CourseBegun: (plan.on_course_begun, completion.on_officer_in_course),
    LessonDone: (plan.on_learning, completion.on_step),
    LessonLookedThrough: (completion.on_step,),
    LessonSkipped: (completion.on_step,),
    AttemptEnded: (
        learning.on_attempt_ended,
        competence.on_attempt_ended,
        plan.on_attempt_ended,
        completion.on_attempt_ended,
        watched_attempts.on_attempt_ended,
    ),
    AttemptRegraded: (
        learning.on_attempt_regraded,
        competence.on_attempt_regraded,
        plan.on_attempt_regraded,
        completion.on_attempt_regraded,
        watched_attempts.on_attempt_regraded,
    ),
    SeatPlanned: (check_requests.on_seat_planned,),
    SittingCancelled: (check_requests.on_sitting_over, surprise_checks.on_sitting_cancelled),
    SittingClosed: (check_requests.on_sitting_over,),
    WorkSubmitted: (check_requests.on_work_submitted,),
    CaseFinished: (
        learning.on_case_finished,
        competence.on_case_finished,
        plan.on_case_finished,
        completion.on_step,
    ),
    CompletionEnded: (competence.on_completion_ended, completion.on_officer_in_course),
    CourseCompleted: (competence.on_course_completed, plan.on_course_completed, completion.on_officer_in_course),
    CourseSuggested: (completion.on_officer_in_course,),
    SuggestionChanged: (completion.on_officer_in_course,),
    RequirementAgreed: (completion.on_requirement_changed,),
    RequirementEnded: (completion.on_requirement_changed,),
    ExemptionSet: (completion.on_officer_in_course,),
    ExemptionAgreed: (completion.on_officer_in_course,),
    ExemptionEnded: (completion.on_officer_in_course,),
    CompletionRecorded: (completion.on_officer_in_course,),
    CompletionRecordEnded: (completion.on_officer_in_course,),
    StandingChanged: (plan.on_standing_changed,),
    WorkshopStateChanged: (plan.on_workshop_state_changed, workshops.on_workshop_changed),
    WorkshopReopened: (plan.on_workshop_state_changed,),
    ProductSettled: (plan.on_product_settled,),
    EvaluationClosed: (plan.on_evaluation_closed,),
    FollowUpAnswered: (plan.on_follow_up,),
    FollowUpClosed: (plan.on_follow_up,),
    CommitmentChanged: (plan.on_commitment_changed,),
    NomineesCounted: (plan.on_nominees_counted,),
    RubricScored: (plan.on_rubric_scored,),
    AttendanceRecorded: (plan.on_attendance_recorded,),
    SeatTaken: (workshops.on_seat_taken,),
    BookingWithdrawn: (plan.on_booking_withdrawn, workshops.on_booking_withdrawn),
    NominationChanged: (workshops.on_nomination_changed,),
    WorkshopUpdated: (workshops.on_workshop_changed,),
    CoursePublished: (
        quizzes.on_course_published,
        learning.on_course_published,
        plan.on_course_published,
        completion.on_course_published,
    ),
    CourseRetired: (quizzes.on_course_retired,),
    ReferenceLoaded: (plan.on_reference_loaded,),
    Invited: (messages.on_invited, messages.on_contact_point_invited),
    InvitationRenewed: (messages.on_invited,),
    InvitationBounced: (messages.on_invitation_bounced,),
    InvitationAccepted: (messages.on_invitation_closed,),
    InvitationWithdrawn: (messages.on_invitation_closed,),
    InvitationEnded: (messages.on_invitation_closed,),
    InvitationRefused: (messages.on_invitation_conflict,),
    InvitedElsewhere: (messages.on_invitation_conflict,),
    MailFailed: (messages.on_mail_failed,),
    BrowserFirstSeen: (messages.on_browser_first_seen,),
    FactorAdded: (messages.on_account_changed,),
    FactorRemoved: (messages.on_account_changed,),
    FactorsInvalidated: (invitations.on_factors_voided, messages.on_account_changed),
    PasswordChanged: (recovery_handlers.on_password_changed, messages.on_account_changed),
    LinkMade: (messages.on_link_made,),
    LinkWithheld: (messages.on_link_withheld,),
    AccessRestored: (messages.on_access_restored, messages.on_second_helper_found),
    ProtectionChanged: (messages.on_protection_changed, completion.on_officer_changed),
    SecondHelperWanted: (messages.on_second_helper_wanted,),
    AddressChangeBegun: (messages.on_address_change_begun,),
    AddressChanged: (messages.on_address_changed,),
    AddressClaimed: (messages.on_address_claimed,),
    AddressRefused: (messages.on_address_refused,),
    ReviewSubmitted: (studio.on_review_submitted,),
    ReviewDecided: (studio.on_review_decided,),
    Event: (audit.event_recorder(postings.countries),),
}
