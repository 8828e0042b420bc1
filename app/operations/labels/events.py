"""Labels of the kinds of events, for the audit log and the export of own data."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from app.i18n.languages import current
from app.kernel.folding import fold
from app.operations.domain import OFFICERS_OWN
from app.plan.labels import ARTICLES

# by stored name; a test checks that none is missing
EVENTS: Mapping[str, LazyString] = {
    # accounts
    "PersonAdded": _("Person added"),
    "AdministratorAsked": _("Administrator asked for"),
    "AdministratorAnswered": _("Answer about an administrator"),
    "RoleProposed": _("Role proposed"),
    "RoleProposalAgreed": _("Agreement to a proposed role"),
    "RoleProposalEnded": _("Proposed role ended"),
    "ExtraTimeChanged": _("Extra time changed"),
    "ExtraTimeSeen": _("Extra time viewed"),
    "IdentitySeen": _("Name viewed"),
    "RoleGranted": _("Role given"),
    "RoleEnded": _("Role ended"),
    "SupervisorAssigned": _("Supervisor assigned"),
    "SupervisorReleased": _("Supervision ended"),
    "SignedIn": _("Sign-in"),
    "SignInFailed": _("Sign-in failed"),
    "SignedOut": _("Sign-out"),
    "PasswordChanged": _("Password changed"),
    "PersonDeactivated": _("Account closed"),
    "SettingsChanged": _("Settings changed"),
    "AliasChanged": _("Alias changed"),
    "PasswordAccepted": _("Password right, second factor to come"),
    "SecondStepFailed": _("Second factor failed"),
    "CodeUsed": _("Code used"),
    "FactorBegun": _("Second factor begun"),
    "FactorAdded": _("Second factor added"),
    "FactorRemoved": _("Second factor removed"),
    "CodesMade": _("Codes made"),
    "BrowserFirstSeen": _("Sign-in in a new browser"),
    "SessionsEnded": _("Sessions ended"),
    "ProvedAgain": _("Password confirmed again"),
    "Invited": _("Invitation made"),
    "InvitationRenewed": _("Invitation sent again"),
    "InvitationRefused": _("Invitation refused"),
    "InvitedElsewhere": _("Invitation by another user refused"),
    "LetterPrinted": _("Letter printed"),
    "InvitationSeen": _("Invitation viewed"),
    "InvitationWithdrawn": _("Invitation withdrawn"),
    "InvitationEnded": _("Invitation ended unanswered"),
    "InvitationBounced": _("Mail of an invitation came back"),
    "InvitationCodeTaken": _("Code of an invitation accepted"),
    "InvitationCodeFailed": _("Code of an invitation wrong"),
    "InvitationFilled": _("Invitation filled in"),
    "InvitationAccepted": _("Invitation accepted"),
    "LinkAsked": _("Link to a new password asked for"),
    "LinkMade": _("Link to a new password made"),
    "LinkWithheld": _("Link to a new password withheld"),
    "LetBackIn": _("Access restored"),
    "SecondHelperWanted": _("Second administrator requested to restore access"),
    "AddressChangeAsked": _("Change of the mail address asked for"),
    "AddressChangeBegun": _("Change of the mail address begun"),
    "AddressClaimed": _("Mail address requested by another person"),
    "AddressRefused": _("Mail address refused"),
    "AddressConfirmed": _("Mail address confirmed"),
    "AddressChanged": _("Mail address changed"),
    "PostingMoved": _("Posting changed"),
    "LeavingPlanned": _("Leaving planned"),
    "LeavingTakenBack": _("Leaving taken back"),
    "ProtectionChanged": _("Officer hidden or shown again"),
    "IdentityRemoved": _("Name removed"),
    "PersonErased": _("Person erased"),
    "IncidentBegun": _("Incident begun"),
    "IncidentEnded": _("Incident ended"),
    "FactorsVoided": _("Second factor voided"),
    "IdentityChanged": _("Name or number changed"),
    "CountryChanged": _("Settings of the country changed"),
    "AgencyAdded": _("Agency added"),
    "AgencyRenamed": _("Agency renamed"),
    "AgencyDropped": _("Agency removed"),
    # learning
    "CourseBegun": _("Course begun"),
    "LessonDone": _("Lesson done"),
    "LessonLookedThrough": _("Lesson looked through"),
    "LessonSkipped": _("Lesson skipped"),
    "VersionTaken": _("Newer version taken"),
    "LearningSeen": _("Courses of an officer viewed"),
    "CourseSuggested": _("Course suggested"),
    "SuggestionChanged": _("Suggestion changed"),
    "VersionReplaced": _("Urgent version put in place"),
    "CourseCompleted": _("Course completed"),
    "MistakeReported": _("Mistake in a lesson reported"),
    "QuestionAsked": _("Question to trainers asked"),
    "QuestionChanged": _("Question answered or closed"),
    "HelpEntryProposed": _("Help entry proposed"),
    "HelpEntryPublished": _("Help entry published"),
    "HelpEntryWithdrawn": _("Help entry withdrawn"),
    "ReportSettled": _("Report of a mistake answered or closed"),
    # quizzes
    "AttemptStarted": _("Test begun"),
    "AttemptEnded": _("Test ended"),
    "AttemptsReduced": _("Papers of tests removed"),
    "PracticeForgotten": _("Answers in the text removed"),
    # scenarios
    "CaseStarted": _("Case begun"),
    "CaseChoiceMade": _("Choice in a case"),
    "CaseFinished": _("Case played"),
    "CasesReduced": _("Choices in cases removed"),
    # competence
    "EvidenceRecorded": _("Evidence recorded"),
    "EvidenceVoided": _("Evidence removed"),
    "StandingChanged": _("Dates of a competency changed"),
    "SkillClaimed": _("Earlier skill claimed"),
    "ClaimDecided": _("Claim decided"),
    "NeedNamed": _("Competency asked for by name"),
    "NeedDropped": _("Competency no longer asked for"),
    "SupervisedSeen": _("Officer viewed by the supervisor"),
    "OfficersSeen": _("Officers viewed"),
    # workshops
    "WorkshopMade": _("Event made"),
    "WorkshopChanged": _("Event changed"),
    "WorkshopMoved": _("State of an event changed"),
    "WorkshopReopened": _("Event reopened"),
    "CoordinatorAsked": _("Coordinators asked about an event"),
    "CapacityChanged": _("Number of seats changed"),
    "SeatTaken": _("Seat taken"),
    "QueueJoined": _("Waiting list joined"),
    "BookingWithdrawn": _("Seat or place given back"),
    "AttendanceKept": _("Attendance recorded"),
    "RosterSeen": _("Participants viewed"),
    "QuestionKeyViewed": _("Question with its answers viewed"),
    "RubricScored": _("Scored by rubric"),
    # plan
    "DefinitionsLoaded": _("Plan loaded"),
    "FigureEntered": _("Figure entered"),
    "FigureDecided": _("Figure decided"),
    "RowsSeen": _("Records behind a figure viewed"),
    "NoteWritten": _("Note written"),
    "CheckDone": _("Figures checked"),
    # coordination
    "ActionCreated": _("Action created"),
    "ActionChanged": _("Action changed"),
    "ActionMoved": _("Action: new date"),
    "ActionNoted": _("Note on an action"),
    # studio
    "ResultsExported": _("Results of a course exported"),
    # messages
    "MailSent": _("Mail sent"),
    "MailGivenUp": _("Mail given up"),
    # catalogue
    "CourseLoaded": _("Course loaded"),
    "CoursePublished": _("Course published"),
    "ReferenceLoaded": _("Reference table loaded"),
    # studio
    "CourseCreated": _("Course created"),
    "TranslationExported": _("Translation of a course exported"),
    "DraftOpened": _("Draft of a course opened"),
    "DraftSaved": _("Draft of a course saved"),
    "CourseExported": _("Files of a course exported"),
    "QuestionsExported": _("Questions with keys exported"),
    "ReviewerAdded": _("Reviewer of a course added"),
    "ReviewerRemoved": _("Reviewer of a course removed"),
    "ReviewSubmitted": _("Draft sent to review"),
    "ReviewDecided": _("Review of a draft decided"),
    "ReviewPointTicked": _("Point of a review checked"),
    "RemarkWritten": _("Remark on a draft written"),
    "RemarkResolved": _("Remark on a draft resolved"),
    # intake
    "SheetChecked": _("Sheet checked"),
    "SheetStopped": _("Check of a sheet stopped"),
    "SheetSeen": _("Checked sheet viewed"),
    "SheetDropped": _("Sheet deleted"),
    "SheetImported": _("Sheet imported"),
    "ImportUndone": _("Import undone"),
    "OfficersExported": _("Officers exported"),
    "ExportAsked": _("Second person asked for a file"),
    "ExportAnswered": _("Answer about a file"),
    # operations
    "AccountSeen": _("Report of an account exported"),
    "JobFailed": _("Job failed"),
    "KeyAdded": _("Key added"),
    "AuditKeyReplaced": _("Signing key of the audit log replaced"),
    "KeyRetired": _("Key retired"),
    "TextsRenewed": _("Texts encrypted again"),
    "IdentitiesIndexed": _("Names indexed again"),
    "FirstCodeMade": _("Code of the first administrator made"),
    "FirstCodeTaken": _("Code of the first administrator accepted"),
    "FirstAdministratorMade": _("First administrator made"),
    "StarterChosen": _("Starter content chosen"),
    "StarterLoaded": _("Starter content loaded"),
    "FirstRunFinished": _("Setup finished"),
    "TestMailAsked": _("Test mail asked for"),
    # privacy
    "ServiceSeen": _("Posting of an officer viewed"),
    "LooksSeen": _("List of views of an officer read"),
    "OwnDataTaken": _("Own data exported"),
    "ErasureAsked": _("Erasure asked for"),
    "ErasureTakenBack": _("Request to be erased taken back"),
    # audit
    "TrailRead": _("Audit log read"),
    "TrailExported": _("Audit log exported"),
    "TrailVerified": _("Audit log verified"),
}


def name(kind: str) -> str:
    """Return the label of a kind of event, or its name if it has no label."""
    return str(EVENTS.get(kind, kind))


def event_choices() -> list[tuple[str, str]]:
    """Return the kinds of events that the audit log shows, with labels, in the alphabetical order of the language."""
    article = ARTICLES.get(current(), "")
    pairs = [(kind, name(kind)) for kind in EVENTS if kind not in OFFICERS_OWN]
    return sorted(pairs, key=lambda pair: fold(pair[1].removeprefix(article) if article else pair[1]))
