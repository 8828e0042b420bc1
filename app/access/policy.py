"""Access policy: roles, sensitivity levels and, for each action, the conditions that allow it; `guard` checks.

Values of `Role`, `Scope` and `Sensitivity` are stored. Actions and predicates need a label in `labels`. `catalogue` and
`search` repeat the condition of READ_COURSE in SQL; `tests/architecture/test_permissions.py` compares them.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Never, Protocol, cast
from uuid import UUID


class Role(StrEnum):
    PRACTITIONER = "practitioner"
    SUPERVISOR = "supervisor"
    CONTACT_POINT = "contact_point"
    TRAINER = "trainer"
    ASSESSOR = "assessor"
    INVIGILATOR = "invigilator"
    HOST = "host"
    COORDINATOR = "coordinator"
    CO_CHAIR = "co_chair"
    ADMINISTRATOR = "administrator"


STAFF = frozenset(Role) - {Role.PRACTITIONER}


class Scope(StrEnum):
    """The extent of an assigned role."""

    SELF = "self"
    COUNTRY = "country"
    AGENCY = "agency"  # the service in which its holder serves: kept by its id
    COURSE = "course"
    EVENT = "event"
    ALL = "all"


class Sensitivity(StrEnum):
    """The sensitivity levels of content; an object has the highest level of what it contains."""

    UNRESTRICTED = "unrestricted"
    LAW_ENFORCEMENT_ONLY = "law_enforcement_only"
    PARTICIPANTS_ONLY = "participants_only"


class Action(StrEnum):
    LEARN = "learning:learn"
    SEE_LEARNING = "learning:see-of-officer"
    SUGGEST_COURSE = "learning:suggest-course"
    ANSWER_SUGGESTION = "learning:answer-suggestion"
    READ_COURSE = "catalogue:read-course"
    ANSWER_LEARNERS = "learning:answer-learners"
    SIT_TEST = "quizzes:sit-test"
    PLAY_CASE = "scenarios:play-case"
    SEE_OWN_RECORD = "home:see-own-record"
    SEE_OWN_CERTIFICATES = "credentials:see-own"
    CHANGE_CERTIFICATE = "credentials:change-own"
    REVOKE_CERTIFICATE = "credentials:revoke"
    SEE_OWN_NOTICES = "messages:see-own-notices"
    SEARCH = "search:search"
    CHANGE_OWN_SETTINGS = "accounts:change-own-settings"
    SIGN_OUT = "accounts:sign-out"
    SEE_OPERATIONS = "operations:see"
    RUN_INCIDENT = "operations:run-incident"
    SET_UP_SITE = "operations:set-up-site"
    SEE_OWN_PATH = "competence:see-own-path"
    CLAIM_SKILL = "competence:claim-skill"
    SEE_OWN_COUNTRY = "home:see-own-country"
    SET_COUNTRY = "accounts:set-country"
    SEE_OFFICERS = "competence:see-officers"
    DECIDE_CLAIM = "competence:decide-claim"
    SEE_SUPERVISED = "competence:see-supervised"
    NAME_NEED = "competence:name-need"
    SEE_SITTINGS = "checks:see-sittings"
    PLAN_SITTING = "checks:plan-sitting"
    CHANGE_SITTING = "checks:change-sitting"
    RUN_SITTING = "checks:run-sitting"
    TAKE_SEAT = "checks:take-seat"
    WORK_IN_SITTING = "checks:work-in-sitting"
    ASK_FOR_CHECK = "checks:ask-for-check"
    ANSWER_CHECK_REQUEST = "checks:answer-request"
    SEE_MARKING = "checks:see-marking"
    MARK_PRODUCT = "checks:mark-product"
    SEE_WATCHING = "checks:see-watching"
    DRAW_SURPRISE_CHECKS = "checks:draw-surprise-checks"
    SEE_SURPRISE_CHECKS = "checks:see-surprise-checks"
    EXCUSE_SURPRISE_CHECK = "checks:excuse-surprise-check"
    SEE_WATCHERS = "checks:see-watchers"
    SEE_WORKSHOPS = "workshops:see-list"
    READ_WORKSHOP = "workshops:read"
    BOOK_SEAT = "workshops:book-seat"
    WITHDRAW_BOOKING = "workshops:withdraw-booking"
    EXPRESS_INTEREST = "workshops:express-interest"
    ANSWER_OFFER = "workshops:answer-offer"
    ENDORSE_NOMINATION = "workshops:endorse-nomination"
    NOMINATE = "workshops:nominate"
    SHARE_SEATS = "workshops:share-seats"
    ANSWER_AFTERWARDS = "workshops:answer-afterwards"
    ANSWER_ABOUT_OFFICER = "workshops:answer-about-officer"
    SEE_COMMITMENTS = "workshops:see-commitments"
    READ_VISIT_REPORT = "workshops:read-visit-report"
    WRITE_VISIT_REPORT = "workshops:write-visit-report"
    APPROVE_VISIT_SUMMARY = "workshops:approve-visit-summary"
    TEACH = "workshops:see-own-teaching"
    MAKE_WORKSHOP = "workshops:make"
    CLEAR_WORKSHOP = "workshops:clear"
    RUN_WORKSHOP = "workshops:run"
    READ_EVENT_MESSAGE = "workshops:read-message"
    READ_EVENT_FILE = "workshops:read-file"
    WITHDRAW_EVENT_FILE = "workshops:withdraw-file"
    SET_OWN_TRAVEL = "workshops:set-own-travel"
    PREPARE_TRAVEL = "workshops:prepare-travel"
    MAKE_INVITATION_LETTER = "workshops:make-invitation-letter"
    SEE_NEEDS = "workshops:see-needs"
    ASSESS = "workshops:assess"
    CHECK_IN = "workshops:check-in"
    TAKE_EVENT_TEST = "workshops:take-event-test"
    SEE_CASCADES = "workshops:see-cascades"
    READ_CASCADE = "workshops:read-cascade"
    RECORD_CASCADE = "workshops:record-cascade"
    CHANGE_CASCADE = "workshops:change-cascade"
    READ_SIGNED_LIST = "workshops:read-signed-list"
    CREATE_COURSE = "studio:create-course"
    READ_DRAFT = "studio:read-draft"
    WRITE_COURSE = "studio:write-course"
    SEE_PLAN = "plan:see"
    SEE_COUNTRY = "plan:see-country"
    SEE_ROWS = "plan:see-rows"
    SEE_EXACT_COUNTS = "plan:see-exact-counts"
    TRY_WHAT_IF = "plan:try-what-if"
    ENTER_FIGURE = "plan:enter-figure"
    DECIDE_FIGURE = "plan:decide-figure"
    SEND_VALUE_SHEET = "plan:send-value-sheet"
    RECORD_COMPLETIONS = "plan:record-completions"
    SEE_TARGET = "plan:see-target"
    SET_TARGET = "plan:set-target"
    NOTE_TARGET = "plan:note-target"
    SEE_PLANNED_NEEDS = "plan:see-planned-needs"
    ENTER_PLANNED_NEED = "plan:enter-planned-need"
    AGREE_PLANNED_NEED = "plan:agree-planned-need"
    WRITE_NOTE = "plan:write-note"
    SEE_CHECKS = "plan:see-checks"
    LOCK_PERIOD = "plan:lock-period"
    SEE_ACTIONS = "coordination:see-actions"
    READ_ACTION = "coordination:read-action"
    CHANGE_ACTION = "coordination:change-action"
    CREATE_ACTION = "coordination:create-action"
    SEE_REQUIREMENTS = "coordination:see-requirements"
    READ_REQUIREMENT = "coordination:read-requirement"
    REQUIRE_COURSE = "coordination:require-course"
    AGREE_REQUIREMENT = "coordination:agree-requirement"
    SET_EXEMPTION = "coordination:set-exemption"
    AGREE_EXEMPTION = "coordination:agree-exemption"
    SEE_COMPLETION = "coordination:see-completion"
    SEE_COUNTRY_COMPLETION = "coordination:see-country-completion"
    SEE_TEAM_COMPLETION = "coordination:see-team-completion"
    SEE_COUNTRY_MATRIX = "coordination:see-country-matrix"
    SEE_TEAM_MATRIX = "coordination:see-team-matrix"
    SUGGEST_IN_COUNTRY = "coordination:suggest-in-country"
    SUGGEST_IN_TEAM = "coordination:suggest-in-team"
    SEE_LATE = "coordination:see-late"
    REMIND_CONTACT_POINT = "coordination:remind-contact-point"
    REMIND_OFFICER = "coordination:remind-officer"
    SEE_REMINDERS = "coordination:see-reminders"
    SEE_OWN_REMINDERS = "coordination:see-own-reminders"
    ANSWER_REMINDER = "coordination:answer-reminder"
    SEE_REPORTS = "reports:see-list"
    READ_REPORT = "reports:read"
    READ_ALL_REPORTS = "reports:read-all"
    MAKE_REPORT = "reports:make"
    MAKE_COUNTRY_SHEET = "reports:make-country-sheet"
    SEE_TRAIL = "audit:see-trail"
    EXPORT_TRAIL = "audit:export-trail"
    SEE_PEOPLE = "accounts:see-people"
    FIND_PERSON = "accounts:find-person"
    SEE_PERSON = "accounts:see-person"
    SEE_ROLES = "accounts:see-roles"
    GIVE_ROLE = "accounts:give-role"
    END_ROLE = "accounts:end-role"
    CONFIRM_ADMINISTRATOR = "accounts:confirm-administrator"
    SEE_PROPOSAL = "accounts:see-proposal"
    ANSWER_PROPOSAL = "accounts:answer-proposal"
    SET_EXTRA_TIME = "accounts:set-extra-time"
    LET_BACK_IN = "accounts:let-back-in"
    CLOSE_ACCOUNT = "accounts:close-account"
    ASSIGN_SUPERVISOR = "accounts:assign-supervisor"
    SEE_LOOKS = "accounts:see-looks"
    SEE_OWN_DATA = "privacy:see-own-data"
    CHANGE_SERVICE = "privacy:change-service"
    INVITE = "accounts:invite"
    SEE_INVITATION = "accounts:see-invitation"
    BRING_IN = "intake:bring-in"
    EXPORT_OFFICERS = "intake:export-officers"
    ANSWER_EXPORT = "intake:answer-export"


@dataclass(frozen=True, slots=True)
class Actor:
    """The user who acts: the person, the country of today's posting ("" for none), and today's roles."""

    id: UUID
    country: str
    roles: frozenset[Role]


@dataclass(frozen=True, slots=True)
class CountryScope:
    """The scope of a list page: objects of a country ("" for all), and of officers whom `supervisors` supervise."""

    country: str
    supervisors: frozenset[UUID] = frozenset()


ALL_COUNTRIES = CountryScope("")  # a contact point's country is never all of them


def own_scope(actor: Actor, **_url: object) -> CountryScope:
    """Return the scope of the actor's lists: the own country and the officers whom the actor supervises."""
    return CountryScope(actor.country, frozenset({actor.id}))


class HasPerson(Protocol):
    """An object that belongs to a person."""

    @property
    def person_id(self) -> UUID: ...


class HasCountry(Protocol):
    """An object of a country ("" for none)."""

    @property
    def country(self) -> str: ...


class HasCountries(Protocol):
    """An object that applies to these countries, or to all if there are none."""

    @property
    def countries(self) -> Collection[str]: ...


class HasSensitivity(Protocol):
    """An object with a sensitivity, which limits its readers."""

    @property
    def sensitivity(self) -> Sensitivity: ...


class HasTrainers(Protocol):
    """An object that trainers run."""

    @property
    def trainers(self) -> Collection[UUID]: ...


class HasParticipants(Protocol):
    """An object for the people who take part in an event, or host it."""

    @property
    def participants(self) -> Collection[UUID]: ...


class HasReviewers(Protocol):
    """An object that reviewers read before it is published."""

    @property
    def reviewers(self) -> Collection[UUID]: ...


class HasAssessors(Protocol):
    """An object in which assessors assess."""

    @property
    def assessors(self) -> Collection[UUID]: ...


class HasInvigilators(Protocol):
    """An object that invigilators watch."""

    @property
    def invigilators(self) -> Collection[UUID]: ...


class HasMarker(Protocol):
    """An object that an assessor marks."""

    @property
    def marker_id(self) -> UUID: ...


class HasOffice(Protocol):
    """An agreed action: the role and the country of the office that owns it ("" for none), the country concerned."""

    @property
    def office_role(self) -> Role: ...

    @property
    def office_country(self) -> str: ...

    @property
    def about_country(self) -> str: ...


class HasReport(Protocol):
    """A report: whether it is ready, and whether it has the exact numbers of a country."""

    @property
    def is_ready(self) -> bool: ...

    @property
    def is_exact(self) -> bool: ...


class HasSupervisors(Protocol):
    """An officer, or an object of an officer, with the supervisors of the officer."""

    @property
    def supervisors(self) -> Collection[UUID]: ...


# every predicate takes the actor and its own kind of thing: `Never` is what all of them have in common
Predicate = Callable[[Actor, Never], bool]


def anybody(actor: Actor, thing: object) -> bool:
    """Return True for every signed-in user."""
    return True


def practitioner(actor: Actor, thing: object = None) -> bool:
    """Return whether the actor is a practitioner of a member country."""
    return Role.PRACTITIONER in actor.roles


def is_staff(actor: Actor) -> bool:
    """Return whether the actor has a role other than practitioner."""
    return bool(actor.roles & STAFF)


def administrator(actor: Actor, thing: object = None) -> bool:
    """Return whether the actor is an administrator."""
    return Role.ADMINISTRATOR in actor.roles


def unrestricted(actor: Actor, thing: HasSensitivity) -> bool:
    """Return whether the object has the lowest sensitivity, unrestricted."""
    return thing.sensitivity == Sensitivity.UNRESTRICTED


def for_practitioners(actor: Actor, thing: HasSensitivity) -> bool:
    """Return whether the object is for verified practitioners of member countries (law enforcement only)."""
    return thing.sensitivity == Sensitivity.LAW_ENFORCEMENT_ONLY


def for_participants(actor: Actor, thing: HasSensitivity) -> bool:
    """Return whether the object is for the participants of its event alone (participants only)."""
    return thing.sensitivity == Sensitivity.PARTICIPANTS_ONLY


def may_read(actor: Actor, thing: HasSensitivity) -> bool:
    """Return whether the actor may read the object, by its sensitivity alone."""
    return unrestricted(actor, thing) or (for_practitioners(actor, thing) and practitioner(actor, thing))


def own(actor: Actor, thing: HasPerson) -> bool:
    """Return whether the object belongs to the actor."""
    return actor.id == thing.person_id


def coordinator(actor: Actor, thing: object = None) -> bool:
    """Return whether the actor is a coordinator of the joint secretariat."""
    return Role.COORDINATOR in actor.roles


def co_chair(actor: Actor, thing: object) -> bool:
    """Return whether the actor is a co-chair of the community, who may see figures but no people."""
    return Role.CO_CHAIR in actor.roles


def contact_point(actor: Actor, thing: object = None) -> bool:
    """Return whether the actor is the contact point of a country; False without a current posting."""
    return Role.CONTACT_POINT in actor.roles and bool(actor.country)


def supervisor(actor: Actor, thing: object) -> bool:
    """Return whether the actor supervises officers."""
    return Role.SUPERVISOR in actor.roles


def trainer(actor: Actor, thing: object) -> bool:
    """Return whether the actor teaches a course or runs an event."""
    return Role.TRAINER in actor.roles


def assessor(actor: Actor, thing: object) -> bool:
    """Return whether the actor has the role of assessor, in any scope."""
    return Role.ASSESSOR in actor.roles


def invigilator(actor: Actor, thing: object) -> bool:
    """Return whether the actor has the role of invigilator, in any scope."""
    return Role.INVIGILATOR in actor.roles


def watches_it(actor: Actor, thing: HasInvigilators) -> bool:
    """Return whether the actor is an invigilator of the object."""
    return actor.id in thing.invigilators


def marks_it(actor: Actor, thing: HasMarker) -> bool:
    """Return whether the actor took the object to mark it."""
    return actor.id == thing.marker_id


def same_country(actor: Actor, thing: HasCountry) -> bool:
    """Return whether the object belongs to the actor's country."""
    return bool(actor.country) and actor.country == thing.country


def applies_in_own_country(actor: Actor, thing: HasCountries) -> bool:
    """Return whether the object applies to the actor's country."""
    return bool(actor.country) and (not thing.countries or actor.country in thing.countries)


def leads_it(actor: Actor, thing: HasTrainers) -> bool:
    """Return whether the actor is a trainer of the object."""
    return actor.id in thing.trainers


def takes_part(actor: Actor, thing: HasParticipants) -> bool:
    """Return whether the actor takes part in the event, or hosts it."""
    return actor.id in thing.participants


def assesses_it(actor: Actor, thing: HasAssessors) -> bool:
    """Return whether the actor is an assessor of the object."""
    return actor.id in thing.assessors


def reviews_it(actor: Actor, thing: HasReviewers) -> bool:
    """Return whether the actor was added as a reviewer of the object."""
    return actor.id in thing.reviewers


def in_its_office(actor: Actor, thing: HasOffice) -> bool:
    """Return whether the actor belongs to the office that owns the object."""
    return thing.office_role in actor.roles and thing.office_country in ("", actor.country)


def concerns_own_country(actor: Actor, thing: HasOffice) -> bool:
    """Return whether the object concerns the actor's country."""
    return bool(actor.country) and actor.country == thing.about_country


def finished_report(actor: Actor, thing: HasReport) -> bool:
    """Return whether the report is ready."""
    return thing.is_ready


def outside_report(actor: Actor, thing: HasReport) -> bool:
    """Return whether the report has rounded numbers, as published outside."""
    return not thing.is_exact


def exact_report(actor: Actor, thing: HasReport) -> bool:
    """Return whether the report has the exact numbers of a country."""
    return thing.is_exact


def supervises_it(actor: Actor, thing: HasSupervisors) -> bool:
    """Return whether the object is, or belongs to, an officer whom the actor supervises."""
    return actor.id in thing.supervisors


# One line per action. Any inner tuple grants it; all of its tests must hold.
POLICY: Mapping[Action, tuple[tuple[Predicate, ...], ...]] = {
    Action.LEARN: ((anybody,),),
    Action.SEE_LEARNING: ((contact_point, same_country), (supervisor, supervises_it)),
    Action.SUGGEST_COURSE: ((contact_point, same_country), (supervisor, supervises_it)),
    Action.ANSWER_SUGGESTION: ((own,),),
    Action.READ_COURSE: ((unrestricted,), (for_practitioners, practitioner)),
    Action.ANSWER_LEARNERS: ((leads_it,),),
    Action.SIT_TEST: ((own,),),
    Action.PLAY_CASE: ((own,),),
    Action.SEE_OWN_RECORD: ((anybody,),),
    Action.SEE_OWN_CERTIFICATES: ((anybody,),),
    Action.CHANGE_CERTIFICATE: ((own,),),
    Action.REVOKE_CERTIFICATE: ((contact_point, same_country), (coordinator,)),
    Action.SEE_OWN_NOTICES: ((anybody,),),
    Action.SEARCH: ((anybody,),),
    Action.CHANGE_OWN_SETTINGS: ((anybody,),),
    Action.SIGN_OUT: ((anybody,),),
    Action.SEE_OPERATIONS: ((administrator,),),
    Action.RUN_INCIDENT: ((administrator,),),
    Action.SET_UP_SITE: ((administrator,),),
    Action.SEE_OWN_PATH: ((anybody,),),
    Action.CLAIM_SKILL: ((practitioner,),),
    Action.SEE_OWN_COUNTRY: ((contact_point, same_country),),
    Action.SET_COUNTRY: ((contact_point, same_country),),
    Action.SEE_OFFICERS: ((contact_point, same_country),),
    Action.DECIDE_CLAIM: ((contact_point, same_country), (supervisor, supervises_it)),
    Action.SEE_SUPERVISED: ((supervisor, supervises_it),),
    Action.NAME_NEED: ((contact_point, same_country),),
    Action.SEE_SITTINGS: ((invigilator,), (contact_point,), (assessor,), (trainer,), (supervisor,)),
    Action.PLAN_SITTING: (
        (contact_point, same_country),
        (invigilator, same_country),
        (assessor, same_country),
        (trainer, same_country),
        (supervisor, supervises_it),
    ),
    Action.CHANGE_SITTING: ((contact_point, same_country), (watches_it,)),
    Action.RUN_SITTING: ((watches_it,),),
    Action.TAKE_SEAT: ((practitioner,),),
    Action.WORK_IN_SITTING: ((own,),),
    Action.ASK_FOR_CHECK: ((practitioner,),),
    Action.ANSWER_CHECK_REQUEST: ((contact_point, same_country),),
    Action.SEE_MARKING: ((assessor,),),
    Action.MARK_PRODUCT: ((marks_it,),),
    Action.SEE_WATCHING: ((coordinator,),),
    Action.DRAW_SURPRISE_CHECKS: ((coordinator,),),
    Action.SEE_SURPRISE_CHECKS: ((coordinator,), (contact_point, same_country)),
    Action.EXCUSE_SURPRISE_CHECK: ((contact_point, same_country),),
    Action.SEE_WATCHERS: ((contact_point, same_country),),
    Action.SEE_WORKSHOPS: ((anybody,),),
    Action.READ_WORKSHOP: (
        (unrestricted,),
        (for_practitioners, practitioner),
        (leads_it,),
        (assesses_it,),
        (coordinator,),
    ),
    Action.BOOK_SEAT: ((practitioner, unrestricted), (practitioner, for_practitioners)),
    Action.WITHDRAW_BOOKING: ((own,),),
    Action.EXPRESS_INTEREST: ((practitioner, unrestricted), (practitioner, for_practitioners)),
    Action.ANSWER_OFFER: ((own,),),
    Action.ENDORSE_NOMINATION: ((supervisor, supervises_it), (contact_point, same_country)),
    Action.NOMINATE: ((contact_point, same_country),),
    Action.SHARE_SEATS: ((coordinator,), (leads_it,)),
    Action.ANSWER_AFTERWARDS: ((own,),),
    Action.ANSWER_ABOUT_OFFICER: ((supervisor, supervises_it),),
    Action.SEE_COMMITMENTS: ((contact_point, same_country),),
    Action.READ_VISIT_REPORT: ((takes_part,), (leads_it,), (coordinator,)),
    Action.WRITE_VISIT_REPORT: ((takes_part,),),
    Action.APPROVE_VISIT_SUMMARY: ((leads_it,), (coordinator,)),
    Action.TEACH: ((trainer,), (assessor,), (coordinator,)),
    Action.MAKE_WORKSHOP: ((coordinator,), (trainer,)),
    Action.CLEAR_WORKSHOP: ((coordinator,), (trainer, leads_it)),
    Action.RUN_WORKSHOP: ((leads_it,), (coordinator,)),
    Action.READ_EVENT_MESSAGE: ((own,),),
    Action.READ_EVENT_FILE: (
        (takes_part, unrestricted),
        (takes_part, for_practitioners, practitioner),
        (takes_part, for_participants),
        (leads_it,),
        (assesses_it,),
        (own,),
        (coordinator, unrestricted),
        (coordinator, for_practitioners),
    ),
    Action.WITHDRAW_EVENT_FILE: ((own,), (leads_it,), (coordinator,)),
    Action.SET_OWN_TRAVEL: ((own,),),
    Action.PREPARE_TRAVEL: ((contact_point, same_country),),
    Action.MAKE_INVITATION_LETTER: ((contact_point, same_country),),
    Action.SEE_NEEDS: ((leads_it,),),
    Action.ASSESS: ((assesses_it,),),
    Action.CHECK_IN: ((practitioner,),),
    Action.TAKE_EVENT_TEST: ((own,),),
    Action.SEE_CASCADES: ((trainer,), (contact_point,), (coordinator,)),
    Action.READ_CASCADE: ((trainer, own), (contact_point, same_country), (coordinator,)),
    Action.RECORD_CASCADE: ((trainer,),),
    Action.CHANGE_CASCADE: ((trainer, own),),
    Action.READ_SIGNED_LIST: ((trainer, own), (contact_point, same_country)),
    Action.CREATE_COURSE: ((trainer,),),
    Action.READ_DRAFT: ((leads_it,), (trainer, reviews_it)),
    Action.WRITE_COURSE: ((leads_it,),),
    Action.SEE_PLAN: ((coordinator,), (co_chair,), (contact_point,)),
    Action.SEE_COUNTRY: ((coordinator,), (co_chair,), (contact_point, same_country)),
    Action.SEE_ROWS: ((coordinator,), (contact_point, same_country)),
    Action.SEE_EXACT_COUNTS: ((coordinator,),),
    Action.TRY_WHAT_IF: ((coordinator,), (contact_point,)),
    Action.ENTER_FIGURE: ((coordinator,), (contact_point, same_country)),
    Action.DECIDE_FIGURE: ((coordinator,),),
    Action.SEND_VALUE_SHEET: ((coordinator,), (contact_point, same_country)),
    Action.RECORD_COMPLETIONS: ((contact_point, same_country),),
    Action.SEE_TARGET: ((coordinator,), (contact_point, same_country)),
    Action.SET_TARGET: ((coordinator,),),
    Action.NOTE_TARGET: ((contact_point, same_country),),
    Action.SEE_PLANNED_NEEDS: ((coordinator,), (contact_point, same_country), (supervisor, same_country)),
    Action.ENTER_PLANNED_NEED: ((contact_point, same_country),),
    Action.AGREE_PLANNED_NEED: ((coordinator,), (contact_point, same_country), (supervisor, same_country)),
    Action.WRITE_NOTE: ((coordinator,),),
    Action.SEE_CHECKS: ((coordinator,), (administrator,)),
    Action.LOCK_PERIOD: ((coordinator,),),
    Action.SEE_ACTIONS: ((coordinator,), (contact_point, same_country), (trainer,)),
    Action.READ_ACTION: (
        (coordinator,),
        (contact_point, in_its_office),
        (contact_point, concerns_own_country),
        (trainer, in_its_office),
    ),
    Action.CHANGE_ACTION: ((coordinator,), (contact_point, in_its_office), (trainer, in_its_office)),
    Action.CREATE_ACTION: ((coordinator,),),
    Action.SEE_REQUIREMENTS: ((coordinator,), (contact_point, same_country), (supervisor, same_country)),
    Action.READ_REQUIREMENT: (
        (coordinator,),
        (contact_point, applies_in_own_country),
        (supervisor, applies_in_own_country),
    ),
    Action.REQUIRE_COURSE: ((coordinator,), (contact_point, same_country)),
    Action.AGREE_REQUIREMENT: ((coordinator,), (supervisor, same_country)),
    Action.SET_EXEMPTION: ((contact_point, same_country), (supervisor, supervises_it)),
    Action.AGREE_EXEMPTION: ((contact_point, same_country), (supervisor, supervises_it)),
    Action.SEE_COMPLETION: ((coordinator,),),
    Action.SEE_COUNTRY_COMPLETION: ((contact_point, same_country),),
    Action.SEE_TEAM_COMPLETION: ((supervisor, supervises_it),),
    Action.SEE_COUNTRY_MATRIX: ((contact_point, same_country),),
    Action.SEE_TEAM_MATRIX: ((supervisor, supervises_it),),
    Action.SUGGEST_IN_COUNTRY: ((contact_point, same_country),),
    Action.SUGGEST_IN_TEAM: ((supervisor, supervises_it),),
    Action.SEE_LATE: ((coordinator,),),
    Action.REMIND_CONTACT_POINT: ((coordinator,),),
    Action.REMIND_OFFICER: ((contact_point, same_country), (supervisor, supervises_it)),
    Action.SEE_REMINDERS: ((coordinator,), (contact_point, same_country), (supervisor, supervises_it)),
    Action.SEE_OWN_REMINDERS: ((anybody,),),
    Action.ANSWER_REMINDER: ((own,), (contact_point, in_its_office)),
    Action.SEE_REPORTS: ((coordinator,), (co_chair,), (contact_point,)),
    Action.READ_REPORT: (
        (coordinator, outside_report),
        (co_chair, outside_report, finished_report),
        (contact_point, outside_report, finished_report, applies_in_own_country),
        (contact_point, exact_report, same_country),
    ),
    Action.READ_ALL_REPORTS: ((coordinator,), (co_chair,)),
    Action.MAKE_REPORT: ((coordinator,),),
    Action.MAKE_COUNTRY_SHEET: ((contact_point, same_country),),
    Action.SEE_TRAIL: ((administrator,), (contact_point, same_country)),
    Action.EXPORT_TRAIL: ((administrator,), (contact_point, same_country)),
    Action.SEE_PEOPLE: ((contact_point, same_country), (coordinator,), (administrator,)),
    Action.FIND_PERSON: ((contact_point,),),
    Action.SEE_PERSON: ((contact_point, same_country), (coordinator,), (administrator,)),
    Action.SEE_ROLES: ((contact_point, same_country), (coordinator,), (administrator,)),
    Action.GIVE_ROLE: ((contact_point, same_country), (coordinator,), (administrator,)),
    Action.END_ROLE: ((contact_point, same_country), (coordinator,), (administrator,)),
    Action.CONFIRM_ADMINISTRATOR: ((administrator,),),
    Action.SEE_PROPOSAL: ((contact_point, same_country), (coordinator,), (administrator,)),
    Action.ANSWER_PROPOSAL: ((contact_point, same_country), (coordinator,), (administrator,)),
    Action.SET_EXTRA_TIME: ((contact_point, same_country),),
    Action.LET_BACK_IN: ((contact_point, same_country), (coordinator,), (administrator,)),
    Action.CLOSE_ACCOUNT: ((contact_point, same_country), (coordinator,)),
    Action.ASSIGN_SUPERVISOR: ((contact_point, same_country),),
    Action.SEE_LOOKS: ((contact_point, same_country),),
    Action.SEE_OWN_DATA: ((anybody,),),
    Action.CHANGE_SERVICE: ((contact_point, same_country),),
    Action.INVITE: ((contact_point, same_country), (coordinator,), (administrator,)),
    Action.SEE_INVITATION: ((contact_point, same_country), (coordinator,), (administrator,)),
    Action.BRING_IN: ((contact_point, same_country), (coordinator,), (administrator,)),
    Action.EXPORT_OFFICERS: ((contact_point, same_country),),
    Action.ANSWER_EXPORT: ((contact_point, same_country), (coordinator,)),
}


def allows(actor: Actor, action: Action, thing: object = None) -> bool:
    """Return whether the actor may perform the action on the object; lists and forms pass `own_scope(actor)`.

    The caller must pass an object of the right type: a predicate that misses an attribute raises AttributeError.
    """
    typed: Never = cast("Never", thing)
    return any(all(predicate(actor, typed) for predicate in predicates) for predicates in POLICY[action])
