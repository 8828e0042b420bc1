"""Which room listens to which event: the whole list."""

from app.accounts import invitations_handlers, recovery_handlers, rights_handlers, roster, sign_in_handlers
from app.accounts.events import (
    AddressChangeBegun,
    AddressChanged,
    AddressClaimed,
    AddressRefused,
    AdministratorAnswered,
    AdministratorAsked,
    BrowserFirstSeen,
    FactorAdded,
    FactorRemoved,
    FactorsVoided,
    IdentityRemoved,
    IncidentBegun,
    InvitationAccepted,
    InvitationBounced,
    InvitationEnded,
    InvitationRefused,
    InvitationRenewed,
    InvitationWithdrawn,
    Invited,
    InvitedElsewhere,
    LetBackIn,
    LinkMade,
    LinkWithheld,
    PasswordChanged,
    PersonAdded,
    PersonDeactivated,
    PostingMoved,
    ProtectionChanged,
    RoleEnded,
    RoleGranted,
    RoleProposalEnded,
    RoleProposed,
    SecondHelperWanted,
)
from app.audit import handlers as audit
from app.catalogue.events import CoursePublished, ReferenceLoaded
from app.competence import handlers as competence
from app.competence.events import StandingChanged
from app.db.session import Subscriptions
from app.intake import handlers as intake
from app.kernel.events import Event
from app.learning import handlers as learning
from app.learning.events import CourseBegun, CourseCompleted, LessonDone
from app.messages import handlers as messages
from app.messages import proposal_handlers
from app.messages.events import MailGivenUp
from app.plan import handlers as plan
from app.quizzes.events import AttemptEnded
from app.scenarios.events import CaseFinished
from app.workshops import handlers as workshops
from app.workshops.events import AttendanceKept, BookingWithdrawn, WorkshopMoved, WorkshopReopened

SUBSCRIPTIONS: Subscriptions = {
    PersonAdded: (plan.person_added,),
    RoleGranted: (messages.contact_point_named, messages.officer_became_staff, messages.role_given),
    RoleEnded: (invitations_handlers.on_role_ended, workshops.role_ended, messages.role_ended),
    RoleProposed: (proposal_handlers.on_role_proposed,),
    RoleProposalEnded: (proposal_handlers.on_role_proposal_ended,),
    AdministratorAsked: (messages.administrator_wanted,),
    AdministratorAnswered: (messages.administrator_answered,),
    PersonDeactivated: (
        sign_in_handlers.on_person_deactivated,
        recovery_handlers.on_person_deactivated,
        competence.person_left,
        plan.person_left,
        workshops.person_left,
    ),
    PostingMoved: (competence.person_moved, plan.person_moved),
    IdentityRemoved: (
        messages.identity_removed,
        learning.identity_removed,
        competence.identity_removed,
        workshops.identity_removed,
        intake.identity_removed,
    ),
    IncidentBegun: (
        recovery_handlers.on_incident_begun,
        rights_handlers.on_incident_begun,
        invitations_handlers.on_incident_begun,
        intake.incident_begun,
    ),
    CourseBegun: (plan.course_begun,),
    LessonDone: (plan.lesson_done,),
    AttemptEnded: (learning.test_ended, competence.test_ended, plan.test_ended),
    CaseFinished: (learning.case_finished, competence.case_finished, plan.case_finished),
    CourseCompleted: (competence.course_completed, plan.course_completed),
    StandingChanged: (plan.standing_changed,),
    WorkshopMoved: (plan.workshop_moved,),
    WorkshopReopened: (plan.workshop_moved,),
    AttendanceKept: (plan.attendance_kept,),
    BookingWithdrawn: (plan.booking_withdrawn,),
    CoursePublished: (learning.published, plan.course_published),
    ReferenceLoaded: (plan.reference_loaded,),
    Invited: (messages.invited, messages.contact_point_invited),
    InvitationRenewed: (messages.invited,),
    InvitationBounced: (messages.bounced,),
    InvitationAccepted: (messages.invitation_over,),
    InvitationWithdrawn: (messages.invitation_over,),
    InvitationEnded: (messages.invitation_over,),
    InvitationRefused: (messages.claimed_twice,),
    InvitedElsewhere: (messages.claimed_twice,),
    MailGivenUp: (messages.given_up,),
    BrowserFirstSeen: (messages.signed_in_anew,),
    FactorAdded: (messages.account_changed,),
    FactorRemoved: (messages.account_changed,),
    FactorsVoided: (invitations_handlers.on_factors_voided, messages.account_changed),
    PasswordChanged: (recovery_handlers.on_password_changed, messages.account_changed),
    LinkMade: (messages.link_made,),
    LinkWithheld: (messages.link_withheld,),
    LetBackIn: (messages.let_back_in, messages.second_found),
    ProtectionChanged: (messages.protection_changed,),
    SecondHelperWanted: (messages.second_wanted,),
    AddressChangeBegun: (messages.address_begun,),
    AddressChanged: (messages.address_changed,),
    AddressClaimed: (messages.address_claimed,),
    AddressRefused: (messages.address_refused,),
    Event: (audit.noting(roster.countries),),
}
