"""A site with one thing of each kind for every route: whose it is, and who finds it.

Nothing in it comes from the finders of the application: who may open what is worked out from the policy and from these
facts alone.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from uuid import UUID, uuid4

import msgspec
from flask import Flask
from sqlalchemy import select

from app.access.policy import Action, Actor, Role, Scope, Sensitivity, allows
from app.catalogue.domain.items import Level
from app.catalogue.domain.versions import VersionKind
from app.catalogue.queries import courses as catalogue, versions
from app.checks.domain.products import MarkingPart, ProductState
from app.checks.domain.requests import CheckRequestState
from app.checks.domain.sittings import SeatState, SittingState
from app.checks.domain.surprise import PickState
from app.checks.models import (
    CheckRequest,
    Marking,
    Product,
    Sitting,
    SittingInvigilator,
    SittingSeat,
    SurpriseDraw,
    SurprisePick,
)
from app.competence.queries import competencies as competence
from app.competence.service import claims as competences
from app.coordination.domain.actions import Office, Owner
from app.coordination.domain.late import LateKind, LateRule
from app.coordination.domain.reminders import ReminderOffice, ReminderRecipient, ReminderSubject
from app.coordination.service import actions, reminders
from app.coordination.service.actions import NewAction
from app.coordination.service.reminders import NewReminder
from app.credentials.domain.certificates import CertificateFacts, CertificateKind, CertificateState
from app.credentials.models import Certificate, CredentialStatus
from app.db.session import db, transaction
from app.intake.models import Batch, CheckedSheet, ExportWish
from app.invitations.service import invitations
from app.invitations.service.invitations import NewInvitation
from app.kernel import clock
from app.learning.domain import Suggester
from app.learning.domain.requirements import ExemptionKind, ExemptionReason, NewExemption, NewRequirement
from app.learning.queries import suggestions
from app.learning.service import exemptions, requirements, suggestions as learning
from app.learning.service.suggestions import NewSuggestion
from app.operations.models import FirstRun
from app.plan.domain.planned_needs import NewPlannedNeed
from app.plan.domain.targets import NewTarget, TargetCell
from app.plan.domain.value_sheets import SheetKind
from app.plan.models import Contribution
from app.plan.models.value_sheets import ValueBatch, ValueSheet
from app.plan.service import manual_figures as plan, planned_needs, targets
from app.plan.service.manual_figures import NewObservation
from app.quizzes.domain.attempts import AttemptState, Purpose
from app.quizzes.models import Attempt
from app.reports import jobs as making_reports
from app.reports.domain.donors import NewDonorLine
from app.reports.domain.forms import ReportFormat
from app.reports.domain.runs import ReportKind, ReportRequest
from app.reports.domain.schedules import SchedulePeriod
from app.reports.service import donors, runs as report_runs, schedules as report_schedules
from app.reports.service.schedules import NewSchedule
from app.rights.service import proposals, supervision
from app.rights.service.proposals import NewProposal
from app.studio.domain.revisions import RevisionKind
from app.studio.models import CourseReviewer
from app.studio.service import drafts as draft_service, imports, reviews
from app.studio.service.reviews import Submission
from app.workshops.domain.events import WorkshopKind
from app.workshops.models import Nomination, Workshop
from app.workshops.queries import follow_ups, workshops
from app.workshops.service import nominations, staff
from tests.support import (
    after_events,
    courses,
    event_days,
    event_documents,
    factories,
    nominated_events,
    review_pages,
    routes,
    sites,
    workshop_events,
)

ALL, COUNTRY, COURSE, EVENT = Scope.ALL, Scope.COUNTRY, Scope.COURSE, Scope.EVENT
# a principal: country, roles of the framework, the role with its reach ("mine", "theirs": an event or a course)
PRINCIPALS: Mapping[str, tuple[str, tuple[str, ...], tuple[Role, Scope, str] | None]] = {
    "officer": ("IQ", ("first_responder",), None),
    "colleague": ("IQ", ("first_responder",), None),
    "officer of BG": ("BG", ("first_responder",), None),
    "supervisor": ("IQ", (), (Role.SUPERVISOR, COUNTRY, "IQ")),
    "supervisor of BG": ("BG", (), (Role.SUPERVISOR, COUNTRY, "BG")),
    "contact point": ("IQ", (), (Role.CONTACT_POINT, COUNTRY, "IQ")),
    "contact point of BG": ("BG", (), (Role.CONTACT_POINT, COUNTRY, "BG")),
    "contact point who moved": ("BG", (), (Role.CONTACT_POINT, COUNTRY, "IQ")),
    "trainer": ("NL", (), (Role.TRAINER, EVENT, "mine")),
    "trainer of another event": ("NL", (), (Role.TRAINER, EVENT, "theirs")),
    "assessor": ("NL", (), (Role.ASSESSOR, EVENT, "mine")),
    "assessor of another event": ("NL", (), (Role.ASSESSOR, EVENT, "theirs")),
    "author": ("NL", (), (Role.TRAINER, COURSE, "mine")),
    "author of another course": ("NL", (), (Role.TRAINER, COURSE, "theirs")),
    "reviewer": ("NL", (), (Role.TRAINER, COURSE, "theirs")),
    "invigilator": ("NL", (), (Role.INVIGILATOR, ALL, "")),
    "host": ("NL", (), (Role.HOST, ALL, "")),
    "coordinator": ("NL", (), (Role.COORDINATOR, ALL, "")),
    "co-chair": ("IQ", (), (Role.CO_CHAIR, ALL, "")),
    "administrator": ("NL", (), (Role.ADMINISTRATOR, ALL, "")),
    "second administrator": ("NL", (), (Role.ADMINISTRATOR, ALL, "")),
}
Finds = Callable[[Actor], bool]


@dataclass(frozen=True, slots=True)
class Thing:
    """What the tests of the policy ask of a thing, as this site was made."""

    person_id: UUID = routes.NOBODYS
    country: str = "none"
    sensitivity: Sensitivity = Sensitivity.PARTICIPANTS_ONLY
    trainers: frozenset[UUID] = frozenset()
    assessors: frozenset[UUID] = frozenset()
    supervisors: frozenset[UUID] = frozenset()
    invigilators: frozenset[UUID] = frozenset()
    marker_id: UUID = routes.NOBODYS
    reviewers: frozenset[UUID] = frozenset()
    office_role: Role | None = None
    office_country: str = ""
    about_country: str = ""
    countries: tuple[str, ...] = ()
    is_ready: bool = False
    is_exact: bool = False
    participants: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class Example:
    """A thing with its place in an address; `finds` says who finds it at all, where a list or a door is narrower."""

    values: Mapping[str, object] = field(default_factory=dict)
    thing: Thing | None = None
    finds: Finds = lambda _actor: True
    of_the_reader: bool = False  # the thing is of the country of the actor

    def opens(self, actor: Actor, action: Action) -> bool:
        """Return whether the actor may do this to the thing: it is in their scope, and the policy allows it."""
        own = Thing(country=actor.country, supervisors=frozenset({actor.id}))
        thing = own if self.of_the_reader else self.thing
        return self.finds(actor) and allows(actor, action, thing)


Examples = Mapping[str, Example]  # by what it is
PLAIN = "plain"  # an address without a thing, or with one that has no owner
# the kind of thing that a view loads: a new function fails here until it has an example
KINDS: Mapping[str, str] = {
    "access.policy.own_scope": "own scope",
    "recovery.queries.account": "account",
    "recovery.queries.closable_account": "account to close",
    "directory.service.country_settings.agency": "service of a country",
    "directory.service.extra_time.officer": "officer of a contact point",
    "invitations.queries.invitations.invitation": "invitation",
    "invitations.queries.proposals.proposal": "proposal",
    "identity.queries.person_details.person": "person",
    "rights.queries.supervision.person": "supervised",
    "catalogue.queries.courses.visible": "course",
    "catalogue.queries.version_media.visible_medium": "medium",
    "catalogue.queries.courses.visible_version": "course",
    "checks.queries.requests.own_open": "own request for a check",
    "checks.views.requests.request_group": "requests for a check",
    "competence.queries.officers.decidable": "claim",
    "competence.queries.officers.officer": "officer",
    "home.pages.officer.visible_learner": "learner",
    "home.pages.officer.learner_with_suggestion": "suggestion",
    "home.pages.path.framework_competency": PLAIN,
    "home.pages.path.open_claim": "own claim",
    "intake.queries.imports.batch": "import",
    "intake.views.own_sheet": "sheet",
    "intake.service.export.answerable_request": "wish",
    "intake.views.sheet_or_batch": "sheet",
    "learning.queries.suggestions.own": "own suggestion",
    "operations.service.setup.owned_by_actor": "first run",
    "plan.views.manual_figures.visible": "figure",
    "plan.views.value_sheets.own_batch": "written sheet",
    "plan.views.value_sheets.own_kind": "kind of sheet",
    "plan.views.value_sheets.own_sheet": "sheet of values",
    "plan.views.value_sheets.sheet_or_batch": "sheet of values",
    "plan.views.periods.visible": PLAIN,
    "coordination.queries.actions.visible": "action",
    "coordination.queries.exemptions.officer": "learner",
    "coordination.queries.exemptions.visible": "exemption",
    "coordination.queries.exemptions.own_batch": "batch of exemptions",
    "coordination.queries.required_courses.visible": "requirement",
    "coordination.queries.matrix.own_batch": "batch of suggestions",
    "coordination.queries.reminders.visible": "reminder",
    "plan.views.targets.visible_cell": "target cell",
    "plan.views.targets.visible_version": "target",
    "plan.views.planned_needs.needing_country": "needs of a country",
    "plan.views.planned_needs.visible_need": "planned need",
    "reports.queries.runs.visible": "report",
    "reports.queries.schedules.visible": "schedule of reports",
    "reports.queries.donors.visible": "line of a donor",
    "plan.views._shared.member": "country",
    "plan.views._shared.visible_record": "record",
    "directory.queries.officers.officer_to_end": "service",
    "directory.queries.officers.officer": "service",
    "checks.queries.marking.own_marking": "marking",
    "checks.queries.products.own_product": "own desk task",
    "credentials.queries.certificates.own": "own certificate",
    "credentials.queries.certificates.revocable": "certificate to revoke",
    "checks.queries.surprise.pick": "surprise pick",
    "checks.queries.sittings.visible": "sitting",
    "checks.views.seats.own_seat": "seat in a sitting",
    "quizzes.views.own": "attempt",
    "quizzes.views.visible": "attempt",
    "scenarios.queries.visible": "case",
    "studio.queries.uploads.own_upload": "upload",
    "studio.queries.workspaces.workspace": "draft",
    "studio.queries.workspaces.review": "review",
    "workshops.queries.bookings.own_booking": "own seat",
    "workshops.queries.cascades.visible": "national session",
    "workshops.queries.endorsements.request_of": "request for an endorsement",
    "workshops.queries.event_files.changeable_file": "file of an event to withdraw",
    "workshops.queries.event_files.readable_file": "file of an event",
    "workshops.queries.event_messages.own_message": "own message",
    "workshops.queries.own_nominations.nominated_event": "event with nominations",
    "workshops.queries.own_nominations.own": "own nomination",
    "workshops.queries.afterwards.own_participation": "own participation afterwards",
    "workshops.queries.follow_ups.supervised": "follow-up of an officer",
    "workshops.queries.commitments.supervised": "commitment of an officer",
    "workshops.queries.visit_reports.visit": "study visit",
    "workshops.queries.travel.country_participant": "participant of a country",
    "workshops.queries.travel.own_place": "own participation",
    "workshops.views.selection.nominated_event": "nominated event that one runs",
    "workshops.views.admission.open_event": "event that one runs",
    "workshops.queries.country_nominations.event": "nominated event",
    "workshops.queries.country_nominations.nomination": "nomination",
    "workshops.views.teaching.organised_by": "event that one organises",
    "workshops.views.teaching.stepping": "event",
    "workshops.queries.workshops.assessed_by": "event",
    "workshops.queries.workshops.run_by": "event that one runs",
    "workshops.queries.workshops.visible": "event",
}
# values of URL parameters for things that do not exist; a random UUID for all others
ABSENT: Mapping[str, object] = {
    "course": "no-such-course",
    "language": "ur",
    "lesson": "no-such-lesson",
    "item": "T01-Q99",
    "digest": "0" * 64,
    "name": "no-such-file.png",
    "number": 999_999_999,
    "competency": "XXX-99",
    "country": "ZZ",
    "code": "XX9.9",
    "sitting_code": "zzzzzzzz",
    "position": 99,
    "period": "2099",
}


def kind_of(view: Callable[..., object]) -> str | None:
    """Return the kind of thing that a guarded view loads, or None if the function that loads it has no example."""
    find = view.__dict__["find"]
    return PLAIN if find is None else KINDS.get(f"{find.__module__}.{find.__qualname__}".removeprefix("app."))


@dataclass(frozen=True, slots=True)
class World:
    """The site: its people, and the examples by kind."""

    people: Mapping[str, UUID]
    actors: Mapping[str, Actor]
    kinds: Mapping[str, Examples]


def make(app: Flask) -> World:
    """Make the site."""
    site = sites.make(app)
    with app.app_context():
        events = _events()
        reaches = {EVENT: events, COURSE: _course_ids()}
        people = {
            name: factories.person(country=country, roles=roles, grants=_grants(grant, reaches))
            for name, (country, roles, grant) in PRINCIPALS.items()
            if name != "officer"
        }
        people["officer"] = site.people["owner"]
        kinds = {
            **_learning(site, people["officer"]),
            **_workshops(people, events, site),
            **_event_documents(people),
            **_nominations(people),
            **_after_visit(people),
            **_cascades(people),
            **_nominated_events(people),
            **_country_nominations(people),
            **_drafts(people),
            **_people(people),
            **_check_requests(people),
            **_suggestions(people),
            **_plan(people),
            **_targets(people),
            **_actions(people),
            **_requirements(people),
            **_exemptions(people),
            **_reminders(people),
            **_reports(people),
            **_certificates(people["officer"]),
            **_sittings(people),
            **_accounts(people),
            **_sheets(people),
            "first run": {"the administrator's": _first_run(people["administrator"])},
        }
        db.session.remove()
    return World(people, {name: _actor(name, people[name]) for name in people}, kinds)


def _actor(name: str, person_id: UUID) -> Actor:
    """Return who a principal is to the policy, as it was made here: a country's role stays behind in that country."""
    country, framework, grant = PRINCIPALS[name]
    roles = {Role.PRACTITIONER} if framework else set()
    if grant is not None and (grant[1] is not COUNTRY or grant[2] == country):
        roles.add(grant[0])
    return Actor(person_id, country, frozenset(roles))


def _grants(
    grant: tuple[Role, Scope, str] | None, reaches: Mapping[Scope, Mapping[str, UUID]]
) -> tuple[tuple[Role, Scope, str], ...]:
    if grant is None:
        return ()
    role, scope, reach = grant
    return ((role, scope, str(reaches[scope][reach]) if scope in reaches else reach),)


def _course_ids() -> dict[str, UUID]:
    """Return the restricted course, which the author writes, and another one."""
    ids = {record.slug: record.id for record in versions.course_records()}
    return {"mine": ids[sites.RESTRICTED], "theirs": ids[courses.SLUG]}


def _drafts(people: Mapping[str, UUID]) -> dict[str, Examples]:
    """Return the course of the author: its sensitivity limits its readers, but not its author and its reviewer."""
    record = versions.course_record(sites.RESTRICTED)
    with transaction():
        db.session.add(CourseReviewer(course_id=record.id, person_id=people["reviewer"], added_at=clock.now()))
    author, reviewer = frozenset({people["author"]}), frozenset({people["reviewer"]})
    values = {"course": record.slug, "lesson": "the-berth-list", "item": "T01-Q01", "name": "quay.png"}
    values |= {"language": "fr", "part": "course"}
    thing = Thing(trainers=author, reviewers=reviewer)
    draft = Example(values, thing, lambda actor: actor.id in author | reviewer)
    review_id = _review(record.id, people["author"])
    review = Example({"review_id": review_id}, thing, lambda actor: actor.id in author | reviewer)
    with transaction():
        digest = imports.store_upload(record.id, b"{T}", "a.gift", by=people["author"], now=clock.now())
    upload = Example({"course": record.slug, "digest": digest}, Thing(trainers=author), _is(people["author"]))
    return {"draft": {"author's": draft}, "review": {"author's": review}, "upload": {"author's": upload}}


def _review(course_id: UUID, author: UUID) -> UUID:
    """Send a changed lesson to review."""
    now = clock.now()
    with transaction():
        files = {"lessons/the-berth-list.en.md": b"# The berth list\n\nA shorter text.\n"}
        draft_service.change_files(course_id, files, RevisionKind.SAVED, by=author, now=now)
        submission = Submission(VersionKind.EDITORIAL, "A shorter text.")
        return reviews.submit(course_id, submission, tree=review_pages.tree(course_id), by=author, now=now)


def _events() -> dict[str, UUID]:
    return {
        "mine": workshop_events.announced(),
        "theirs": workshop_events.announced(),
        "open": workshop_events.announced(sensitivity=Sensitivity.UNRESTRICTED),
    }


def _sittings(people: Mapping[str, UUID]) -> dict[str, Examples]:
    """Return a sitting of Iraq with an invigilator of another country, and the seat of an officer in it."""
    invigilator, officer, now = people["invigilator"], people["officer"], clock.now()
    sitting = Sitting(
        id=uuid4(), code="abcdefgh", country="IQ", planned_for=now, state=SittingState.OPEN, opened_at=now,
        created_by=invigilator, created_at=now,
    )  # fmt: skip
    seat = SittingSeat(id=uuid4(), sitting_id=sitting.id, person_id=officer, state=SeatState.ARRIVED, arrived_at=now)
    with transaction():
        db.session.add(sitting)
        db.session.flush()
        db.session.add(seat)
        db.session.add(
            SittingInvigilator(sitting_id=sitting.id, person_id=invigilator, added_by=invigilator, added_at=now)
        )
    values = {"sitting_id": sitting.id, "seat_id": seat.id, "sitting_code": sitting.code, "position": 1}
    watched = Thing(country="IQ", invigilators=frozenset({invigilator}))

    def finds(actor: Actor) -> bool:
        return actor.id == invigilator or (Role.CONTACT_POINT in actor.roles and actor.country == "IQ")

    return {
        "sitting": {"of Iraq": Example(values, watched, finds)},
        "seat in a sitting": {"officer's": Example(values, Thing(person_id=officer), _is(officer))},
        **_desk_task(seat.id, officer, people["assessor"]),
        "surprise pick": {"officer of Iraq": _pick(officer)},
    }


def _certificates(officer: UUID) -> dict[str, Examples]:
    """Return a certificate of the officer of Iraq: the holder's, and for who may revoke it."""
    facts = CertificateFacts(code="M01", titles={"en": "Basics"}, source="en", last_day=clock.today())
    row = Certificate(
        id=uuid4(), person_id=officer, kind=CertificateKind.COMPLETION, subject="M01/1", code="a" * 26,
        number="2027-12345678", status_index=5, sensitivity=Sensitivity.UNRESTRICTED,
        facts=msgspec.json.encode(facts).decode(), name="", alias="", issued_at=clock.now(),
        state=CertificateState.VALID, reason="", is_kept=False,
    )  # fmt: skip
    with transaction():
        db.session.add(CredentialStatus(index=5, is_ended=False))
        db.session.flush()
        db.session.add(row)

    def finds(actor: Actor) -> bool:
        in_country = Role.CONTACT_POINT in actor.roles and actor.country == "IQ"
        return actor.id != officer and (in_country or Role.COORDINATOR in actor.roles)

    return {
        "own certificate": {
            "officer's": Example(
                {"certificate_id": row.id, "extension": "json"}, Thing(person_id=officer), _is(officer)
            )
        },
        "certificate to revoke": {"of Iraq": Example({"number": row.number}, Thing(country="IQ"), finds)},
    }


def _desk_task(seat_id: UUID, officer: UUID, assessor: UUID) -> dict[str, Examples]:
    """Return a desk task of the officer that the assessor has taken to mark."""
    record, now = versions.course_record(courses.SLUG), clock.now()
    [version] = versions.published(record.id)[:1]
    attempt = Attempt(
        public_id=uuid4(), person_id=officer, course_id=record.id, version_id=version.id, purpose=Purpose.WATCHED,
        number=1, language="en", seed=1, paper="[]", pass_mark=0.8, state=AttemptState.HANDED_IN, started_at=now,
        ended_at=now, share=0.0, passed=False,
    )  # fmt: skip
    product = Product(
        id=uuid4(), seat_id=seat_id, position=1, number=54321, competency="PRT-01", level=Level.FOUNDATION,
        course_id=record.id, version_id=version.id, task="T01-T01", language="en", attempt_id=attempt.public_id,
        country="IQ", sat_on=now.date(), submitted_at=now, wanted_by=now.date(), state=ProductState.MARKING,
    )  # fmt: skip
    marking = Marking(product_id=product.id, marker_id=assessor, part=MarkingPart.FIRST, country="BG", taken_at=now)
    with transaction():
        db.session.add(attempt)
        db.session.add(product)
        db.session.flush()
        db.session.add(marking)
    return {
        "marking": {"assessor's": Example({"number": 54321}, Thing(marker_id=assessor), _is(assessor))},
        "own desk task": {
            "officer's": Example({"product_id": product.id}, Thing(person_id=officer), _is(officer)),
        },
    }


def _pick(officer: UUID) -> Example:
    """Return a surprise check for which the officer was drawn."""
    draw = SurpriseDraw(id=uuid4(), quarter="2027-Q1", competency="PRT-01", seed=1, pool=20, drawn_at=clock.now())
    pick = SurprisePick(draw_id=draw.id, person_id=officer, level=Level.FOUNDATION, country="IQ", state=PickState.DRAWN)
    with transaction():
        db.session.add(draw)
        db.session.flush()
        db.session.add(pick)
    values = {"draw_id": draw.id, "person_id": officer}

    def finds(actor: Actor) -> bool:
        return Role.CONTACT_POINT in actor.roles and actor.country == "IQ"

    return Example(values, Thing(country="IQ", person_id=officer), finds)


def _learning(site: sites.Site, officer: UUID) -> dict[str, Examples]:
    """Return courses, media, attempts and cases."""
    open_to_all = Thing(sensitivity=Sensitivity.UNRESTRICTED)
    restricted = Thing(sensitivity=Sensitivity.LAW_ENFORCEMENT_ONLY)
    own = Thing(person_id=officer)
    there = {"course": courses.SLUG, "lesson": "the-list", "item": courses.CHECK}
    here = {"course": sites.RESTRICTED, "lesson": "the-berth-list", "item": "T01-Q01"}
    return {
        "course": {"open": Example(there, open_to_all), "restricted": Example(here, restricted)},
        "medium": {"restricted": Example({"digest": site.picture}, restricted)},
        "attempt": {
            "open": Example({"attempt": site.done.open_attempt}, own),
            "ended": Example({"attempt": site.done.ended_attempt}, own),
        },
        "case": {
            "open": Example({"playthrough": site.done.open_case}, own),
            "ended": Example({"playthrough": site.done.ended_case}, own),
        },
        "own seat": {
            "officer's": Example({"workshop_id": site.workshops["seat"]}, own, _is(officer)),
        },
    }


def _workshops(people: Mapping[str, UUID], events: Mapping[str, UUID], site: sites.Site) -> dict[str, Examples]:
    """Return events, each with who runs and who assesses it."""
    staff = {
        "mine": (people["trainer"], people["assessor"]),
        "theirs": (people["trainer of another event"], people["assessor of another event"]),
    }
    found = {}
    for name, workshop_id in events.items():
        mark = Sensitivity.UNRESTRICTED if name == "open" else Sensitivity.LAW_ENFORCEMENT_ONLY
        led = frozenset(staff[name][:1]) if name in staff else frozenset()
        assessed = frozenset(staff[name][1:]) if name in staff else frozenset()
        found[name] = Example({"workshop_id": workshop_id}, Thing(sensitivity=mark, trainers=led, assessors=assessed))
    made_by = {name: workshops.get(workshop_id).made_by for name, workshop_id in events.items()}

    def organises(name: str) -> Finds:
        return lambda actor: Role.COORDINATOR in actor.roles or actor.id == made_by[name]

    def runs(one: Example) -> Finds:
        return lambda actor: (
            Role.COORDINATOR in actor.roles or (one.thing is not None and actor.id in one.thing.trainers)
        )

    led_by_actor = {name: Example(one.values, one.thing, runs(one)) for name, one in found.items()}
    organised = {name: Example(one.values, one.thing, organises(name)) for name, one in found.items()}
    return {"event": found, "event that one organises": organised, "event that one runs": led_by_actor}


def _event_documents(people: Mapping[str, UUID]) -> dict[str, Examples]:
    """Return files, a message and the travel of the officer of IQ, who has a seat in an event of the trainer."""
    officer, trainer, writer = people["officer"], people["trainer"], people["coordinator"]
    workshop_id = workshop_events.announced()
    workshop_events.seat(workshop_id, officer)
    with transaction():
        staff.appoint(workshop_id, trainer, Role.TRAINER, clock.now())
    event = {"workshop_id": workshop_id}
    files = {level.value: event_documents.add_file(workshop_id, writer, sensitivity=level) for level in Sensitivity}
    message_id = event_documents.send(workshop_id, [officer], by=writer)
    readers = {"trainers": frozenset({trainer}), "participants": frozenset({officer})}
    things = {
        level.value: Thing(person_id=writer, sensitivity=level, **readers)  # type: ignore[arg-type]
        for level in Sensitivity
    }

    def reads(name: str) -> Finds:
        return lambda actor: allows(actor, Action.READ_EVENT_FILE, things[name])

    def withdraws(name: str) -> Finds:
        return lambda actor: allows(actor, Action.WITHDRAW_EVENT_FILE, things[name])

    def supports(actor: Actor) -> bool:
        return Role.CONTACT_POINT in actor.roles and actor.country == "IQ"

    addresses = {name: {**event, "file_id": file_id} for name, file_id in files.items()}
    own = Example(event, Thing(person_id=officer), _is(officer))
    message = {**event, "message_id": message_id}
    participant = {**event, "person_id": officer}
    return {
        "file of an event": {name: Example(addresses[name], things[name], reads(name)) for name in things},
        "file of an event to withdraw": {
            name: Example(addresses[name], things[name], withdraws(name)) for name in things
        },
        "own message": {"officer's": Example(message, Thing(person_id=officer), _is(officer))},
        "own participation": {"officer's": own},
        "participant of a country": {"of Iraq": Example(participant, Thing(country="IQ"), supports)},
    }


def _cascades(people: Mapping[str, UUID]) -> dict[str, Examples]:
    """Return a national session of Iraq with a signed list, which the trainer recorded."""
    trainer = people["trainer"]
    cascade_id = event_days.national_session(trainer, "IQ")

    def finds(actor: Actor) -> bool:
        is_of_country = Role.CONTACT_POINT in actor.roles and actor.country == "IQ"
        return Role.COORDINATOR in actor.roles or actor.id == trainer or is_of_country

    return {"national session": {"of IQ": Example({"cascade_id": cascade_id}, Thing(trainer, "IQ"), finds)}}


def _nominations(people: Mapping[str, UUID]) -> dict[str, Examples]:
    """Return nominations for two events: of the officer of IQ, who has a supervisor, and of the officer of BG."""
    with transaction():
        assert supervision.assign(people["officer"], people["supervisor"], clock.today()) is None
    (workshop_id, of_iq), (_other_id, of_bg) = (_nomination(people[name]) for name in ("officer", "officer of BG"))
    values = {"workshop_id": workshop_id}
    supervised = Thing(people["officer"], "IQ", supervisors=frozenset({people["supervisor"]}))
    return {
        "event with nominations": {"restricted": Example(values, Thing(sensitivity=Sensitivity.LAW_ENFORCEMENT_ONLY))},
        "own nomination": {"officer's": Example(values, Thing(people["officer"]), _is(people["officer"]))},
        "request for an endorsement": {
            "of IQ": Example({"nomination_id": of_iq}, supervised, _is(people["supervisor"])),
            "of BG": Example(
                {"nomination_id": of_bg},
                Thing(people["officer of BG"], "BG"),
                lambda actor: Role.CONTACT_POINT in actor.roles and actor.country == "BG",
            ),
        },
    }


def _after_visit(people: Mapping[str, UUID]) -> dict[str, Examples]:
    """Return a study visit that the officer of IQ attended, with its follow-up and a commitment."""
    officer, led_by = people["officer"], frozenset({people["trainer"]})
    visit = after_events.took_place([officer], days_ago=100, kind=WorkshopKind.STUDY_VISIT, outcomes=())
    with transaction():
        staff.appoint(visit, people["trainer"], Role.TRAINER, clock.now())
    after_events.open_follow_up(visit)
    follow_up = follow_ups.own(visit, officer)
    assert follow_up is not None
    commitment = after_events.undertake(visit, officer, is_done=True)
    supervised = Thing(officer, "IQ", supervisors=frozenset({people["supervisor"]}))
    own = {"workshop_id": visit, "number": 1}

    def takes_part(actor: Actor) -> bool:
        return actor.id == officer or actor.id in led_by or Role.COORDINATOR in actor.roles

    led = Thing(officer, trainers=led_by, participants=frozenset({officer}))
    return {
        "own participation afterwards": {"officer's": Example(own, Thing(officer), _is(officer))},
        "follow-up of an officer": {
            "of IQ": Example({"follow_up_id": follow_up.id}, supervised, _is(people["supervisor"]))
        },
        "commitment of an officer": {
            "of IQ": Example({"commitment_id": commitment}, supervised, _is(people["supervisor"]))
        },
        "study visit": {"officer's": Example({"workshop_id": visit}, led, takes_part)},
    }


def _nomination(person_id: UUID) -> tuple[UUID, UUID]:
    """Express the interest of a person in a new event; return the ids of the event and of the nomination."""
    workshop_id = nominated_events.nominated_event().workshop_id
    with transaction():
        nomination = nominations.express_interest(workshop_id, person_id, nominated_events.INTEREST, clock.now())
        assert isinstance(nomination, Nomination)
        return workshop_id, nomination.id


def _nominated_events(people: Mapping[str, UUID]) -> dict[str, Examples]:
    """Return a nominated event with a nominee, and who runs it."""
    event = nominated_events.nominated_event()
    officers = event.officers("BG", 1)
    event.nominate("BG", officers)
    values = {"workshop_id": event.workshop_id, "nomination_id": event.row(officers[0]).id}
    with transaction():
        staff.appoint(event.workshop_id, people["trainer"], Role.TRAINER, clock.now())
    led = Thing(sensitivity=Sensitivity.LAW_ENFORCEMENT_ONLY, trainers=frozenset({people["trainer"]}))

    def runs(actor: Actor) -> bool:
        return Role.COORDINATOR in actor.roles or actor.id in led.trainers

    return {"nominated event that one runs": {"trainer's": Example(values, led, runs)}}


def _country_nominations(people: Mapping[str, UUID]) -> dict[str, Examples]:
    """Return an event to which Iraq alone is invited, and the nomination of its officer."""
    rules = nominated_events.rules(countries=("IQ",))
    workshop_id = workshop_events.announced(capacity=3, nomination=rules)
    with transaction():
        workshop = db.session.get_one(Workshop, workshop_id)
        nomination = nominations.new_nomination(workshop, people["officer"], "IQ", clock.now())
        db.session.add(nomination)
        db.session.flush()
        values = {"workshop_id": workshop_id, "nomination_id": nomination.id}

    def finds(actor: Actor) -> bool:
        return Role.CONTACT_POINT in actor.roles and actor.country == "IQ"

    example = {"of Iraq": Example(values, Thing(country="IQ"), finds)}
    return {"nominated event": example, "nomination": example}


def _people(people: Mapping[str, UUID]) -> dict[str, Examples]:
    """Return officers, claims, invitations and countries."""
    officers = {"IQ": people["officer"], "BG": people["officer of BG"]}

    def contact_point_of(country: str) -> Finds:
        return lambda actor: Role.CONTACT_POINT in actor.roles and actor.country == country

    supervised = frozenset({people["supervisor"]})  # of the officer of IQ; the one of BG has no supervisor

    def decides(country: str) -> Finds:
        mine = supervised if country == "IQ" else frozenset[UUID]()
        return lambda actor: actor.id in mine or (Role.CONTACT_POINT in actor.roles and actor.country == country)

    persons = {code: Example({"person_id": one}, Thing(person_id=one, country=code)) for code, one in officers.items()}
    claims = {code: _claim(one) for code, one in officers.items()}
    return {
        "person": persons,
        "officer": {code: Example(one.values, one.thing, contact_point_of(code)) for code, one in persons.items()},
        "learner": {
            code: Example(
                one.values,
                Thing(
                    person_id=officers[code],
                    country=code,
                    supervisors=supervised if code == "IQ" else frozenset(),
                ),
                decides(code),
            )
            for code, one in persons.items()
        },
        "claim": {
            code: Example(
                {"claim_id": claims[code]},
                Thing(country=code, supervisors=supervised if code == "IQ" else frozenset()),
                decides(code),
            )
            for code in officers
        },
        "own claim": {
            "that waits": Example({"competency": "PRT-01"}, None, lambda actor: actor.id in officers.values()),
        },
        "own scope": {"own": Example(of_the_reader=True)},
        "invitation": _invitations(people),
        "service of a country": {code: _service(code) for code in officers},
        "country": {code: Example({"country": code}, Thing(country=code)) for code in ("IQ", "BG")},
    }


def _check_requests(people: Mapping[str, UUID]) -> dict[str, Examples]:
    """Return a request for a check of the officer of IQ, and the requests of that country."""
    row = CheckRequest(
        person_id=people["officer"],
        country="IQ",
        competency="PRT-01",
        level=Level.FOUNDATION,
        state=CheckRequestState.OPEN,
        asked_at=clock.now(),
    )
    with transaction():
        db.session.add(row)
        db.session.flush()
        request_id = row.id
    group = {"competency": "PRT-01", "level": "foundation"}
    return {
        "own request for a check": {"open": Example({"request_id": request_id}, None, _is(people["officer"]))},
        "requests for a check": {
            "IQ": Example(
                group,
                Thing(country="IQ"),
                lambda actor: Role.CONTACT_POINT in actor.roles and actor.country == "IQ",
            )
        },
    }


def _suggestions(people: Mapping[str, UUID]) -> dict[str, Examples]:
    """Return courses suggested to the officer of IQ: by the contact point, and by the supervisor."""
    officer, chief = people["officer"], people["supervisor"]
    made = {}
    for name, as_this in (("contact point", Suggester.CONTACT_POINT), ("supervisor", Suggester.SUPERVISOR)):
        new = NewSuggestion(person_id=officer, country="IQ", suggested_by=people[name], suggested_as=as_this)
        slug = courses.SLUG if name == "supervisor" else sites.RESTRICTED
        with transaction():
            current = catalogue.visible(Actor(officer, "IQ", frozenset({Role.PRACTITIONER})), slug)
            assert learning.suggest(new, current, clock.now())
    for one in suggestions.lines(officer, "IQ"):
        made[one.suggested_as] = one.id
    about = Thing(country="IQ", supervisors=frozenset({chief}))

    def sees(*also: UUID) -> Finds:
        return lambda actor: actor.id in also or (Role.CONTACT_POINT in actor.roles and actor.country == "IQ")

    def values(by: Suggester) -> Mapping[str, object]:
        return {"person_id": officer, "suggestion_id": made[by]}

    return {
        "suggestion": {
            "by the contact point": Example(values(Suggester.CONTACT_POINT), about, sees()),
            "by the supervisor": Example(values(Suggester.SUPERVISOR), about, sees(chief)),
        },
        "batch of suggestions": {
            "contact point's": Example(
                {"suggestion_id": made[Suggester.CONTACT_POINT]}, Thing(country="IQ"), _is(people["contact point"])
            ),
            "supervisor's": Example({"suggestion_id": made[Suggester.SUPERVISOR]}, about, _is(chief)),
        },
        "own suggestion": {
            "the officer's": Example(
                {"suggestion_id": made[Suggester.SUPERVISOR]}, Thing(person_id=officer), _is(officer)
            ),
        },
    }


def _service(country: str) -> Example:
    with transaction():
        agency_id = factories.agency(country)
    return Example({"agency_id": agency_id}, Thing(country=country), lambda actor: actor.country == country)


def _claim(person_id: UUID) -> UUID:
    with transaction():
        competences.claim_skill(person_id, "PRT-01", Level.PRACTITIONER, clock.now())
    return competence.claims_of(person_id)[0].id


def _invitations(people: Mapping[str, UUID]) -> dict[str, Example]:
    officer = _invitation("IQ", Role.PRACTITIONER, people["contact point"])
    contact = _invitation("IQ", Role.CONTACT_POINT, people["coordinator"])
    return {
        "of an officer of IQ": Example(
            {"invitation_id": officer},
            Thing(country="IQ"),
            lambda actor: Role.CONTACT_POINT in actor.roles and actor.country == "IQ",
        ),
        "of a contact point of IQ": Example(
            {"invitation_id": contact}, Thing(country="IQ"), _is(people["coordinator"])
        ),
    }


def _invitation(country: str, role: Role, by: UUID) -> UUID:
    with transaction():
        new = NewInvitation(
            mail=f"{role}@example.org", name="A Person", latin_name=None, service_number=None, country=country,
            agency_id=factories.agency(country), role=role, posting_roles=(), title="Officer", language="en",
        )  # fmt: skip
        made = invitations.invite(new, by, clock.real_now())
    assert isinstance(made, UUID)
    return made


def _actions(people: Mapping[str, UUID]) -> dict[str, Examples]:
    """Create an action of each office, the contact points' of both countries, and one that concerns a country."""
    offices = (
        (Office.CONTACT_POINT, Role.CONTACT_POINT, "IQ", ""),
        (Office.CONTACT_POINT, Role.CONTACT_POINT, "BG", ""),
        (Office.SECRETARIAT, Role.COORDINATOR, "", "IQ"),
        (Office.TRAINERS, Role.TRAINER, "", ""),
    )
    examples: dict[str, Example] = {}
    for office, role, country, about in offices:
        owner, members = Owner(office=office, country=country), frozenset({"BG", "IQ"})
        new = NewAction(text="Plan a workshop", owner=owner, due_on=clock.today(), about_country=about)
        with transaction():
            action_id = actions.create(new, members=members, by=people["coordinator"], now=clock.now())
        thing = Thing(office_role=role, office_country=country, about_country=about)
        examples[f"{office} {country}"] = Example({"action_id": action_id}, thing, _readers_of(thing))
    return {"action": examples}


def _reminders(people: Mapping[str, UUID]) -> dict[str, Examples]:
    """Send a reminder to the contact points of each country, and to an officer."""
    officer = people["officer"]
    subject = ReminderSubject(LateKind.INVITATIONS, "", LateRule.INVITATIONS)
    recipients = {
        "contact points of IQ": ReminderRecipient(office=ReminderOffice.CONTACT_POINT, country="IQ"),
        "contact points of BG": ReminderRecipient(office=ReminderOffice.CONTACT_POINT, country="BG"),
        "officer": ReminderRecipient(office=ReminderOffice.OFFICER, country="IQ", person_id=officer),
    }
    examples: dict[str, Example] = {}
    for name, to in recipients.items():
        new = NewReminder(recipient=to, subjects=[subject], wanted_by=clock.today() + timedelta(days=9))
        with transaction():
            [reminder_id] = reminders.send_each([new], by=people["coordinator"], now=clock.now()).ids
        role = None if to.person_id else Role.CONTACT_POINT
        thing = Thing(person_id=to.person_id or routes.NOBODYS, office_role=role, office_country=to.country)
        examples[name] = Example({"reminder_id": reminder_id}, thing, _answers(thing))
    return {"reminder": examples}


def _reports(people: Mapping[str, UUID]) -> dict[str, Examples]:
    """Make a report about all countries, one about each country, and an exact one; a schedule and a donor's line."""
    by, now, examples = people["coordinator"], clock.now(), dict[str, Example]()
    for country, is_exact in (("", False), ("IQ", False), ("BG", False), ("IQ", True)):
        new = ReportRequest(
            kind=ReportKind.COUNTRY if country else ReportKind.QUARTERLY,
            period_end=date(2026, 12, 31),
            compared_end=None,
            language="en",
            forms=frozenset({ReportFormat.JSON}),
            subject=country,
            country=country,
            is_exact=is_exact,
        )
        with transaction():
            run_id = report_runs.request(new, by=by, now=now)
        countries = (country,) if country else ()
        thing = Thing(country=country, countries=countries, is_ready=True, is_exact=is_exact)
        values = {"run_id": run_id, "form": "json"}
        examples[f"{country} {is_exact}"] = Example(values, thing, partial(_reads_report, thing))
    making_reports.make_reports()
    line = NewDonorLine(donor="Fund", code="R1", wording="People trained", indicator="OP2.1")
    schedule = NewSchedule(
        kind=ReportKind.QUARTERLY,
        period=SchedulePeriod.QUARTERLY,
        forms=frozenset({ReportFormat.JSON}),
        languages=("en",),
        recipients=frozenset({by}),
    )
    with transaction():
        line_id = donors.create(line, indicators=["OP2.1"], now=now)
        schedule_id = report_schedules.create(schedule, possible=[by], by=by, now=now)
    return {
        "report": examples,
        "schedule of reports": {"one": Example({"schedule_id": schedule_id}, Thing(), _makes_reports)},
        "line of a donor": {"one": Example({"line_id": line_id}, Thing(), _makes_reports)},
    }


def _reads_report(thing: Thing, actor: Actor) -> bool:
    return allows(actor, Action.READ_REPORT, thing)


def _makes_reports(actor: Actor) -> bool:
    return Role.COORDINATOR in actor.roles


def _answers(thing: Thing) -> Finds:
    return lambda actor: allows(actor, Action.ANSWER_REMINDER, thing)


def _readers_of(thing: Thing) -> Finds:
    return lambda actor: allows(actor, Action.READ_ACTION, thing)


def _requirements(people: Mapping[str, UUID]) -> dict[str, Examples]:
    """Require a course of all countries, of two, and of each one."""
    course_id, by = versions.course_record(sites.RESTRICTED).id, _actor("coordinator", people["coordinator"])
    examples: dict[str, Example] = {}
    for countries in ((), ("BG", "NL"), ("BG",), ("IQ",)):
        new = NewRequirement(countries=countries, due_days=30, starts=clock.today(), reason="Asked for.")
        with transaction():
            requirement_id = requirements.draft(course_id, new, by=by, now=clock.now())
        thing = Thing(countries=countries, country=countries[0] if len(countries) == 1 else "")
        reads = partial(_reads_requirement, thing)
        examples[" ".join(countries) or "all"] = Example({"requirement_id": requirement_id}, thing, reads)
    return {"requirement": examples}


def _reads_requirement(thing: Thing, actor: Actor) -> bool:
    return allows(actor, Action.READ_REQUIREMENT, thing)


def _exemptions(people: Mapping[str, UUID]) -> dict[str, Examples]:
    """Exempt the officer of IQ, whom the supervisor of IQ supervises, and the officer of BG without a supervisor."""
    course_id, examples = versions.course_record(sites.RESTRICTED).id, {}
    new = NewExemption(
        kind=ExemptionKind.EXEMPT, until=clock.today() + timedelta(days=200), reason=ExemptionReason.OTHER
    )
    for name, chiefs in (("officer", frozenset({people["supervisor"]})), ("officer of BG", frozenset[UUID]())):
        country = PRINCIPALS[name][0]
        by = Actor(factories.person(country=country, roles=()), country, frozenset({Role.CONTACT_POINT}))
        with transaction():
            exemption_id = exemptions.set_exemption(
                people[name], course_id, new, country=country, by=by, now=clock.now()
            )
        thing = Thing(country=country, supervisors=chiefs)
        sees = partial(_sees_exemption, thing)
        examples[country] = Example({"exemption_id": exemption_id}, thing, sees)
    return {"exemption": examples, "batch of exemptions": _exemption_batches(people, course_id, new)}


def _exemption_batches(people: Mapping[str, UUID], course_id: UUID, new: NewExemption) -> Examples:
    """Exempt an officer of IQ by the contact point, and another one by the supervisor of that officer."""
    examples = {}
    for name, role in (("contact point", Role.CONTACT_POINT), ("supervisor", Role.SUPERVISOR)):
        officer, by = factories.person(country="IQ"), people[name]
        is_supervisor = role is Role.SUPERVISOR
        with transaction():
            if is_supervisor:
                supervision.assign(officer, by, clock.today())
            exemption_id = exemptions.set_exemption(
                officer, course_id, new, country="IQ", by=Actor(by, "IQ", frozenset({role})), now=clock.now()
            )
        thing = Thing(country="IQ", supervisors=frozenset({by}) if is_supervisor else frozenset())
        examples[f"{name}'s"] = Example({"exemption_id": exemption_id}, thing, _is(by))
    return examples


def _sees_exemption(thing: Thing, actor: Actor) -> bool:
    return actor.country == thing.country and allows(actor, Action.SET_EXEMPTION, thing)


def _plan(people: Mapping[str, UUID]) -> dict[str, Examples]:
    """Return figures entered by hand and records of officers, of two countries."""

    def of(country: str) -> Finds:
        return lambda actor: Role.COORDINATOR in actor.roles or actor.country == country

    figures, records = {}, {}
    for code, name in (("IQ", "contact point"), ("BG", "contact point of BG")):
        new = NewObservation(code="OC2.3", day=date(2027, 2, 28), value=17, source="Form 3", country=code)
        with transaction():
            made = plan.enter(new, by=people[name], now=clock.now())
        figures[code] = Example({"observation_id": made}, Thing(country=code), of(code))
        number = db.session.scalars(
            select(Contribution.id).where(Contribution.country == code, Contribution.person_id.is_not(None)).limit(1)
        ).first()
        if number is not None:
            records[code] = Example({"number": number}, Thing(country=code), of(code))
    return {"figure": figures, "record": records}


def _targets(people: Mapping[str, UUID]) -> dict[str, Examples]:
    """Return proposed targets and planned needs of two countries, with the pages that list them."""

    def finds(action: Action, country: str) -> Finds:
        return lambda actor: allows(actor, action, Thing(country=country))

    cells, versions, lists, needs = {}, {}, {}, {}
    for code, name in (("IQ", "contact point"), ("BG", "contact point of BG")):
        cell = TargetCell("OP2.1", code, "2028")
        need = NewPlannedNeed(country=code, role="*", value=120, day=date(2027, 2, 28), source="Letter 3")
        with transaction():
            new = NewTarget(cell=cell, value=70, reason="Meeting of March")
            target_id = targets.propose_target(new, by=people["coordinator"], now=clock.now())
            need_id = planned_needs.propose_need(need, by=people[name], now=clock.now())
        thing = Thing(country=code)
        sees_target, sees_need = finds(Action.SEE_TARGET, code), finds(Action.SEE_PLANNED_NEEDS, code)
        values = {"code": cell.code, "period": cell.period, "country": code}
        cells[code] = Example(values, thing, sees_target)
        versions[code] = Example({"target_id": target_id}, thing, sees_target)
        lists[code] = Example({"country": code}, thing, sees_need)
        needs[code] = Example({"need_id": need_id}, thing, sees_need)
    return {"target cell": cells, "target": versions, "needs of a country": lists, "planned need": needs}


def _accounts(people: Mapping[str, UUID]) -> dict[str, Examples]:
    """Return accounts to be helped with, and officers whose service is changed: never the own one."""

    def contact_point_for(country: str, person_id: UUID) -> Finds:
        return lambda actor: Role.CONTACT_POINT in actor.roles and actor.country == country and actor.id != person_id

    def holder_of(role: Role, person_id: UUID) -> Finds:
        return lambda actor: role in actor.roles and actor.id != person_id

    def example(name: str, finds: Callable[..., Finds], by: object) -> Example:
        person_id = people[name]
        return Example({"person_id": person_id}, Thing(person_id, PRINCIPALS[name][0]), finds(by, person_id))

    officers = {
        "officer": example("officer", contact_point_for, "IQ"),
        "officer of BG": example("officer of BG", contact_point_for, "BG"),
    }
    staff = {
        "contact point": example("contact point", holder_of, Role.COORDINATOR),
        "coordinator": example("coordinator", holder_of, Role.COORDINATOR),
    }
    administrator = {"administrator": example("administrator", holder_of, Role.ADMINISTRATOR)}
    own = {"contact point": example("contact point", contact_point_for, "IQ")}
    return {
        "officer of a contact point": officers,
        "proposal": _proposals(people),
        "account": officers | staff | administrator,
        "account to close": officers | staff,
        "service": officers | own,
        "supervised": officers | own,
    }


def _proposals(people: Mapping[str, UUID]) -> dict[str, Example]:
    """Return a further contact point of IQ and a new coordinator, proposed by a coordinator who is none of these."""
    proposer = factories.person(roles=(), country="NL", grants=((Role.COORDINATOR, ALL, ""),))
    made = {}
    for role, country in ((Role.CONTACT_POINT, "IQ"), (Role.COORDINATOR, "")):
        subject = factories.person(country="IQ")
        with transaction():
            new = NewProposal(role, country, clock.today(), person_id=subject)
            made[role] = proposals.propose(new, proposer, clock.now())
    further, coordinator = ({"proposal_id": made[role]} for role in (Role.CONTACT_POINT, Role.COORDINATOR))
    return {
        "of a contact point of IQ": Example(
            further,
            Thing(country="IQ"),
            lambda actor: not {Role.COORDINATOR, Role.CONTACT_POINT}.isdisjoint(actor.roles),
        ),
        "of a coordinator": Example(coordinator, Thing(country="")),
    }


def _sheets(people: Mapping[str, UUID]) -> dict[str, Examples]:
    """Return sheets, each its sender's alone, and an import of a country."""
    sheets, batches, wishes, values, written = {}, {}, {}, {}, {}
    with transaction():
        for code, by in (("IQ", "contact point"), ("BG", "supervisor of BG")):
            wish = ExportWish(person_id=people[by], country=code, asked_at=clock.real_now(), ends_at=_tomorrow())
            db.session.add(wish)
            db.session.flush()
            wishes[code] = Example({"wish_id": wish.id}, Thing(country=code), _is_not(people[by]))
        for name in ("contact point", "contact point of BG"):
            now, country = clock.real_now(), PRINCIPALS[name][0]
            kept = CheckedSheet(
                person_id=people[name], content='{"rows":[]}', made_at=now, ends_at=now + timedelta(days=1)
            )
            done = Batch(
                sheet_id=uuid4(), person_id=people[name], country=country, invited=1, changed=0, same=0, made_at=now
            )
            db.session.add_all([kept, done])
            db.session.flush()
            sheets[name] = Example({"sheet_id": kept.id}, None, _is(people[name]), of_the_reader=True)
            values[name], written[name] = _value_sheet(people[name], country)
            batches[country] = Example(
                {"batch_id": done.id},
                Thing(country=country),
                lambda actor, country=country: actor.country == country,  # type: ignore[misc]
            )
    senders = {Role.COORDINATOR, Role.CONTACT_POINT}
    figures = Example({"kind": "figures"}, None, lambda actor: not senders.isdisjoint(actor.roles), of_the_reader=True)
    return {
        "sheet": sheets,
        "import": batches,
        "wish": wishes,
        "sheet of values": values,
        "written sheet": written,
        "kind of sheet": {"figures": figures},
    }


def _value_sheet(person_id: UUID, country: str) -> tuple[Example, Example]:
    """Return a checked sheet of values and a written one, each its sender's alone."""
    now = clock.real_now()
    checked = ValueSheet(
        person_id=person_id,
        kind=SheetKind.FIGURES,
        content='{"rows":[],"letters":{}}',
        made_at=now,
        ends_at=_tomorrow(),
    )
    done = ValueBatch(
        sheet_id=uuid4(), kind=SheetKind.FIGURES, person_id=person_id, country=country, added=1, changed=0, same=0,
        made_at=now,
    )  # fmt: skip
    db.session.add_all([checked, done])
    db.session.flush()
    own = _is(person_id)
    return (
        Example({"sheet_id": checked.id}, None, own, of_the_reader=True),
        Example({"batch_id": done.id}, None, own, of_the_reader=True),
    )


def _first_run(administrator: UUID) -> Example:
    with transaction():
        now = clock.real_now()
        db.session.add(FirstRun(id=1, code_hash="x", ends_at=now, holder_hash="x", person_id=administrator))
    return Example({}, None, _is(administrator))


def _tomorrow() -> datetime:
    return clock.real_now() + timedelta(days=1)


def _is_not(person_id: UUID) -> Finds:
    return lambda actor: actor.id != person_id


def _is(person_id: UUID) -> Finds:
    return lambda actor: actor.id == person_id
