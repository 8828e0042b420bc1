"""A busy academy: officers at every standing, events in every state, figures that wait, a check with a fault."""

import pickle
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from datetime import date, time, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select

from app.access.policy import Actor, Role, Scope, Sensitivity
from app.catalogue.domain.items import Level
from app.catalogue.queries import courses as catalogue
from app.competence.domain.evidence import EvidenceKind
from app.competence.queries import competencies as standings
from app.competence.service import claims, evidence_records, needs
from app.credentials.domain.certificates import CertificateKind, CertificateSubject
from app.credentials.queries import certificates as certificate_lines
from app.credentials.service import certificates
from app.db.session import db, transaction
from app.directory.service import postings
from app.identity import service
from app.invitations.queries import invitations as people_of_the_academy
from app.invitations.service import acceptance, invitations
from app.invitations.service.invitations import NewInvitation
from app.kernel import clock
from app.learning.domain import Suggester
from app.learning.queries import suggestions
from app.learning.service import suggestions as learning
from app.learning.service.suggestions import NewSuggestion
from app.plan.models import Contribution
from app.plan.service import manual_figures as plan
from app.plan.service.manual_figures import NewObservation
from app.privacy.service import erasure as privacy
from app.recovery.models import AddressChange, PasswordLink
from app.recovery.service import address_change
from app.rights.service import proposals, supervision
from app.rights.service.proposals import NewProposal
from app.sign_in.service import sessions
from app.workshops.domain.attendance import Attendance
from app.workshops.domain.events import WorkshopKind
from app.workshops.domain.nominations import NominationReason
from app.workshops.models import Workshop
from app.workshops.queries import bookings, workshops as workshops_workshops
from app.workshops.service import closing, lifecycle, nominations, results, staff, visit_reports
from app.workshops.service.nominations import RankedOfficer
from tests.support import (
    after_events,
    competence_site,
    coordination_states,
    event_days,
    event_documents,
    factories,
    nominated_events,
    plan_desk_states,
    practice_states,
    sheet_states,
    sites,
    sitting_states,
    workshop_events,
)
from tests.support.nominated_events import INTEREST, NominatedEvent, rules
from tests.support.served_academy import GUIDE, LAW, Academy, living, save_database
from tests.support.settings import NOW

DATABASE, NAMES = "academy.sqlite", "names.pickle"
PDF = b"%PDF-1.7\nof a test\n%%EOF\n"
MANY = 7  # officers of one kind: more than the five under which no figure is shown
CORE = ("VIC-01", "VIC-02", "VIC-06", "PRO-01", "PRO-02", "LRE-04")
OUTCOMES = (("VIC-02", Level.PRACTITIONER), ("PRO-01", Level.PRACTITIONER))
ROLES = ("first_responder", "investigator")
GUIDE_LESSONS = ("finding-your-way", "answers-are-never-lost", "what-is-seen-of-you", "what-a-result-means")
# country, roles in the framework, grants
PEOPLE: Mapping[str, tuple[str, tuple[str, ...], tuple[tuple[Role, Scope, str], ...]]] = {
    "officer": ("IQ", ("investigator",), ()),
    "newcomer": ("IQ", ("first_responder",), ()),
    "learner": ("BG", ("first_responder",), ()),  # practises
    "author": ("BG", ("trainer",), ((Role.TRAINER, Scope.ALL, ""),)),
    "contact point": ("IQ", (), ((Role.CONTACT_POINT, Scope.COUNTRY, "IQ"),)),
    "supervisor": ("IQ", (), ((Role.SUPERVISOR, Scope.COUNTRY, "IQ"),)),
    "trainer": ("BG", ("trainer",), ()),
    "assessor": ("BG", ("trainer",), ()),
    "coordinator": ("BG", (), ((Role.COORDINATOR, Scope.ALL, ""),)),
    "second coordinator": ("BG", (), ((Role.COORDINATOR, Scope.ALL, ""),)),
    "co-chair": ("BG", (), ((Role.CO_CHAIR, Scope.ALL, ""),)),
    "administrator": ("BG", (), ((Role.ADMINISTRATOR, Scope.ALL, ""),)),
}


@dataclass(frozen=True, slots=True)
class Busy:
    """The academy, its people by name, and what lies in it by what it is."""

    academy: Academy
    people: Mapping[str, UUID]
    events: Mapping[str, UUID]
    figures: Mapping[str, UUID]
    seats: Mapping[str, UUID]  # bookings of the event that runs
    records: Mapping[str, int]  # contributions of today by indicator, and by indicator and country
    # one that waits: its id, and secret parts of links, its and the officer's; sheets and imports of people
    invitation: Mapping[str, str]
    coordination: Mapping[str, str]  # what is required, late, reminded of, agreed, by what it is

    def mail(self, name: str) -> str:
        return _mail(name)

    def speak(self, name: str, language: str) -> UUID:
        """Set the language of a person and return the id."""
        with self.academy.app.app_context(), transaction():
            service.change_settings(self.people[name], {"language": language})
        return self.people[name]


def _certificate(officer: UUID, event_id: UUID) -> dict[str, str]:
    """Issue the certificate of an event; return its id and its code."""
    actor = Actor(officer, "IQ", frozenset({Role.PRACTITIONER}))
    with transaction():
        subject = CertificateSubject(CertificateKind.ATTENDANCE, str(event_id))
        certificate_id = certificates.issue(actor, subject, clock.now())
    line = certificate_lines.own(actor, certificate_id)
    return {"certificate": str(line.id), "code of certificate": line.code, "number of certificate": line.number}


@contextmanager
def at(days: float = 0) -> Iterator[None]:
    """Let the academy's time stand some days before or after NOW."""
    _stand(days)
    try:
        yield
    finally:
        clock.set_right()


def _stand(days: float) -> None:
    start = clock.real_now()
    clock.move(lambda: NOW + timedelta(days=days) - start)


def fill(folder: Path, published: Path) -> None:
    """Write a folder with the database of a filled academy and what is in it by name: see `open_copy`."""
    folder.mkdir()
    with TemporaryDirectory() as home, living(Path(home), published) as academy:
        busy = _make(academy)
        save_database(Path(home), folder / DATABASE)
    names = {field.name: getattr(busy, field.name) for field in fields(Busy) if field.name != "academy"}
    (folder / NAMES).write_bytes(pickle.dumps(names))


@contextmanager
def open_copy(filled: Path, home: Path) -> Iterator[Busy]:
    """Serve a copy of an academy that `fill` wrote, with its database in the folder `home`."""
    names = pickle.loads((filled / NAMES).read_bytes())
    factories.number_from(950_000)
    with living(home, filled / DATABASE) as academy:
        yield Busy(academy, **names)


def _make(academy: Academy) -> Busy:
    with at(), academy.app.app_context():
        people = {
            name: factories.person(
                alias=name.capitalize(),
                mail=_mail(name),
                country=country,
                roles=roles,
                grants=grants,
                now=NOW - timedelta(days=400),
            )
            for name, (country, roles, grants) in PEOPLE.items()
        }
        crowd = _crowd()
        _standings(people, crowd)
        _claims(people, crowd)
        held = _events(people, crowd)
        figures = _figures(people)
        invitation = _invite(people["contact point"]) | _links(people["officer"])
        invitation |= sheet_states.make(people["contact point"], _mail("newcomer"))
        invitation["proposal"] = str(_propose(people))
        db.session.remove()
    with at():
        for person_id in [*crowd, people["officer"]]:
            _finish_guide(academy, person_id)
    with at(), academy.app.app_context():
        _scores(held["running"], people)
        _suggest(people)
        _plan(people)
        coordination = coordination_states.make(people, crowd[:MANY], (LAW, "recognising-victims"))
        coordination |= plan_desk_states.make(people)
        coordination |= practice_states.make(people)
        held |= _nominations(people)
        coordination |= sitting_states.make(people, crowd[:2], LAW)
        seats = {
            name: booking.id
            for name in ("officer", "newcomer")
            if (booking := bookings.booking_of(held["running"], people[name]))
        }
        _stand(100)  # the event is over
        coordination |= _certificate(people["officer"], held["held"])
        _stand(0)
        today = NOW.date()
        counts = (Contribution.since <= today, or_(Contribution.until.is_(None), Contribution.until >= today))
        rows = db.session.scalars(select(Contribution).where(*counts).order_by(Contribution.id)).all()
        records = {row.code: row.id for row in rows} | {f"{row.code} of {row.country}": row.id for row in rows}
        db.session.remove()
    return Busy(academy, people, held, figures, seats, records, invitation, coordination)


def _mail(name: str) -> str:
    return f"{name.replace(' ', '.')}@example.org"


def _crowd() -> list[UUID]:
    with transaction():
        return [
            factories.person(country=country, now=NOW - timedelta(days=60))
            for country in ("IQ", "BG")
            for _ in range(MANY)
        ]


def _standings(people: Mapping[str, UUID], crowd: Sequence[UUID]) -> None:
    """Give the officer each of the five statuses, and some other officers all core competencies."""
    officer = people["officer"]
    competence_site.train(officer, "LRE-01", Level.PRACTITIONER)
    for name, ago in (("VIC-01", 3), ("VIC-02", 150), ("VIC-03", 300)):
        competence_site.verify(officer, name, Level.PRACTITIONER, ago=ago)
    with transaction():
        number = standings.evidence_of(officer, "LRE-01")[-1].id
        evidence_records.void(number, by=people["coordinator"], reason="Entered for another person.", now=clock.now())
        privacy.ask_erasure(officer, clock.now())
        postings.record_view(officer, "IQ")
        needs.name_need(officer, "COP-03", Level.PRACTITIONER, by=people["contact point"], now=clock.now())
    framework = catalogue.competencies()
    assert framework is not None
    needed = framework.required_of("first_responder")
    by = competence_site.assessor()
    db.session.rollback()
    for person_id in [*crowd[:5], *crowd[MANY : MANY + 5]]:
        for name in CORE:
            day = NOW.date() - timedelta(days=5)
            competence_site.add(
                person_id,
                name,
                needed.get(name, Level.FOUNDATION),
                EvidenceKind.WORKSHOP,
                day,
                right=30,
                items=30,
                watched=True,
                assessor=by,
            )


def _claims(people: Mapping[str, UUID], crowd: Sequence[UUID]) -> None:
    """Let the officer hold a waiting, an endorsed and a declined claim; another one waits."""
    for name, answer in (("PRO-01", None), ("PRO-02", True), ("LRE-02", False)):
        with transaction():
            claim = claims.claim_skill(people["officer"], name, Level.PRACTITIONER, clock.now())
        if answer is not None:
            with transaction():
                claims.decide_claim(
                    claim, by=people["contact point"], endorse=answer, reason="Not shown.", now=clock.now()
                )
    with transaction():
        claims.claim_skill(crowd[6], "VIC-03", Level.FOUNDATION, clock.now())
        supervision.assign(people["officer"], people["supervisor"], clock.today())


def _events(people: Mapping[str, UUID], crowd: Sequence[UUID]) -> dict[str, UUID]:
    officer, other = people["officer"], crowd[0]
    made = partial(workshop_events.announced, outcomes=OUTCOMES, roles=ROLES)
    workshops_by_name = {
        "draft": workshop_events.made(outcomes=OUTCOMES),
        "open": made(capacity=20),
        "booked": made(capacity=20),
        "waiting": made(capacity=1),
        "full": made(capacity=1),
        "asks": made(prerequisites=("M01",)),
        "cancelled": made(),
    }
    for name, who in (("booked", officer), ("waiting", other), ("waiting", officer), ("full", other)):
        workshop_events.seat(workshops_by_name[name], who)
    with transaction():
        lifecycle.cancel(
            workshops_by_name["cancelled"], reason="The hall is closed.", by=people["coordinator"], now=clock.now()
        )
    workshops_by_name["cascade"] = event_days.national_session(people["trainer"], "BG")
    workshops_by_name["cleared"] = workshop_events.made(outcomes=OUTCOMES)
    with transaction():
        lifecycle.clear(workshops_by_name["cleared"], by=people["second coordinator"], now=clock.now())
    workshops_by_name |= {"held": _held(officer, Attendance.PRESENT), "missed": _held(officer, Attendance.ABSENT)}
    workshops_by_name["running"] = _running(people, crowd)
    workshops_by_name["closed"] = _held(other, Attendance.PRESENT)
    with transaction():
        closing.close(
            workshops_by_name["closed"], by=people["coordinator"], now=clock.now(), reason="The lists are lost."
        )
        for name in ("draft", "cleared", "booked", "held", "running"):
            staff.appoint(workshops_by_name[name], people["trainer"], Role.TRAINER, clock.now())
        for name in ("booked", "held", "running"):
            staff.appoint(workshops_by_name[name], people["assessor"], Role.ASSESSOR, clock.now())
    workshops_by_name |= _nominated(people) | _visited(people, crowd)
    return workshops_by_name | _documents(workshops_by_name["booked"], people)


def _documents(booked: UUID, people: Mapping[str, UUID]) -> dict[str, UUID]:
    """Send a message to the officer who has a seat, add files, and save dates and needs; return the message."""
    event_documents.add_file(booked, people["trainer"])
    event_documents.add_file(booked, people["trainer"], sensitivity=Sensitivity.PARTICIPANTS_ONLY, title="Handout")
    event_documents.prepare(booked, people["officer"])
    return {"message": event_documents.send(booked, [people["officer"]], by=people["trainer"])}


def _visited(people: Mapping[str, UUID], crowd: Sequence[UUID]) -> dict[str, UUID]:
    """Return a visit under evaluation with commitments and a report, and one with an open follow-up."""
    officer, participants = people["officer"], [people["officer"], *crowd[:5]]
    visited = after_events.took_place(participants, kind=WorkshopKind.STUDY_VISIT, outcomes=())
    evaluated = after_events.took_place(participants, days_ago=100, outcomes=OUTCOMES)
    after_events.open_evaluation(visited)
    after_events.undertake(visited, officer)
    after_events.undertake(visited, crowd[0], is_done=True)
    after_events.open_follow_up(evaluated)
    with transaction():
        visit_reports.save_report(visited, report="What we saw.", summary="In short.", by=crowd[0], now=clock.now())
        staff.appoint(visited, people["trainer"], Role.TRAINER, clock.now())
        staff.appoint(evaluated, people["trainer"], Role.TRAINER, clock.now())
    return {"visited": visited, "followed up": evaluated}


def _nominated(people: Mapping[str, UUID]) -> dict[str, UUID]:
    """Return a nominated event after its nominations closed, with a nominee who lacks a course, and who they are."""
    rules = nominated_events.rules(guaranteed=1, observers=1, decide_by=nominated_events.REALLOCATION)
    workshop_id = workshop_events.announced(outcomes=OUTCOMES, roles=ROLES, prerequisites=("M01",), nomination=rules)
    contact_point = Actor(people["contact point"], "IQ", frozenset({Role.CONTACT_POINT}))
    officer = RankedOfficer(person_id=people["newcomer"], reason=NominationReason.NEW_IN_ROLE)
    with transaction():
        [nominee] = nominations.nominate(workshop_id, [officer], contact_point, clock.now())
        db.session.get_one(Workshop, workshop_id).nomination_deadline = clock.today() - timedelta(days=1)
        staff.appoint(workshop_id, people["trainer"], Role.TRAINER, clock.now())
        return {"nominated": workshop_id, "nominee": nominee.id}


def _nominations(people: Mapping[str, UUID]) -> dict[str, UUID]:
    """Bring an event that the officer asks to attend, and one whose seats are shared, with an offer to the newcomer.

    Return the events, and the nominations of both.
    """
    coordinator = Actor(people["coordinator"], "BG", frozenset({Role.COORDINATOR}))
    contact_points = {"IQ": Actor(people["contact point"], "IQ", frozenset({Role.CONTACT_POINT}))}
    asked, shared = (
        NominatedEvent(
            workshop_events.announced(outcomes=OUTCOMES, roles=ROLES, nomination=rules()), coordinator, contact_points
        )
        for _ in range(2)
    )
    with transaction():
        nominations.express_interest(asked.workshop_id, people["officer"], INTEREST, clock.now())
    db.session.rollback()
    shared.nominate("IQ", [people["newcomer"]])
    shared.select()
    rows = {"asking officer": asked.row(people["officer"]).id, "offered seat": shared.row(people["newcomer"]).id}
    db.session.remove()
    return {"asked": asked.workshop_id, "shared": shared.workshop_id} | rows


def _held(person_id: UUID, mark: Attendance) -> UUID:
    workshop_id = workshop_events.announced(outcomes=OUTCOMES, roles=ROLES)
    workshop_events.seat(workshop_id, person_id)
    workshop_events.hold(workshop_id, person_id, [mark, mark])
    return workshop_id


def _running(people: Mapping[str, UUID], crowd: Sequence[UUID]) -> UUID:
    """Hold an event yesterday (attendance kept), today (not yet kept) and tomorrow."""
    today = NOW.date()

    def session(days: int, title: str) -> Any:
        day: date = today + timedelta(days=days)
        return workshop_events.session(day, starts=time(9), ends=time(16), title={"en": title})

    _stand(-10)
    workshop_id = workshop_events.announced(
        sessions=(session(-1, "Signs"), session(0, "Talks"), session(1, "Papers")),
        booking_until=today - timedelta(days=3),
        outcomes=OUTCOMES,
        roles=ROLES,
        capacity=6,
    )
    for person_id in (people["officer"], people["newcomer"], *crowd[:5]):  # one more than seats
        workshop_events.seat(workshop_id, person_id)
    _stand(0)
    facts = workshops_workshops.get(workshop_id)
    marks = {booking.id: Attendance.PRESENT for booking in bookings.seated(workshop_id)}
    db.session.rollback()
    with transaction():
        results.save_attendance(workshop_id, facts.sessions[0].id, marks, by=people["coordinator"], now=clock.now())
    return workshop_id


def _scores(running: UUID, people: Mapping[str, UUID]) -> None:
    """Let the assessor have scored the officer once."""
    booking = bookings.booking_of(running, people["officer"])
    facts = workshops_workshops.get(running)
    assert booking is not None
    criteria = results.rubric_of(facts, "VIC-02").criteria
    db.session.rollback()
    with transaction():
        results.score(
            running,
            booking.id,
            competency="VIC-02",
            scores=dict.fromkeys(criteria, 3),
            by=people["assessor"],
            now=clock.now(),
        )


def _invite(by: UUID) -> dict[str, str]:
    """Invite a person who has chosen a password and not started."""
    now = clock.real_now()
    with transaction():
        new = NewInvitation(
            mail="invited@example.org",
            name="Test Person",
            latin_name=None,
            service_number=None,
            country="IQ",
            agency_id=factories.agency("IQ"),
            role=Role.PRACTITIONER,
            posting_roles=("investigator",),
            title="Investigator",
            language="en",
        )
        made = invitations.invite(new, by, now)
        assert isinstance(made, UUID)
        acceptance.save_password(made, factories.PASSWORD_HASH)
        unused = factories.agency("IQ")
    link = people_of_the_academy.link_mail(made, now)
    assert link is not None
    return {"invitation": str(made), "link": link.token, "service": str(unused)}


def _propose(people: Mapping[str, UUID]) -> UUID:
    """Propose the supervisor as a further contact point."""
    now = clock.now()
    new = NewProposal(Role.CONTACT_POINT, "IQ", now.date(), person_id=people["supervisor"])
    with transaction():
        return proposals.propose(new, people["coordinator"], now)


def _links(person_id: UUID) -> dict[str, str]:
    """Let a person wait for a new password and for another mail address; return the secret parts of the links."""
    token, now = "link-of-the-officer", clock.real_now()
    with transaction():
        link = PasswordLink(
            person_id=person_id, token=token, token_hash=sessions.hash_secret(token), ends_at=now + timedelta(days=1)
        )
        db.session.add(link)
        address_change.ask(person_id, "another@example.org", address="203.0.113.7", real_now=now)
    old = db.session.scalars(select(AddressChange.old_token)).one()
    return {"reset": token, "old side": old}


def _figures(people: Mapping[str, UUID]) -> dict[str, UUID]:
    """Enter figures by hand: a draft, one that waits, one returned, one approved with its document."""
    by, other, now = people["coordinator"], people["second coordinator"], clock.now()

    def enter(code: str, value: float, country: str = "IQ", *, day: int = 20) -> UUID:
        on = NOW.date() - timedelta(days=day)
        new = NewObservation(code=code, day=on, value=value, source="Annual report, page 3", country=country)
        with transaction():
            return plan.enter(new, by=by, now=now)

    steps: Mapping[str, tuple[Callable[[UUID], None], ...]] = {
        "draft": (),
        "pending": (
            lambda observation: plan.add_file(observation, PDF, by=by, now=now),
            lambda observation: plan.submit(observation, by=by, now=now),
        ),
        "returned": (
            lambda observation: plan.add_file(observation, PDF, by=by, now=now),
            lambda observation: plan.submit(observation, by=by, now=now),
            lambda observation: plan.return_(observation, by=other, reason="Of which page?", now=now),
        ),
        "approved": (
            lambda observation: plan.add_file(observation, PDF, by=by, now=now),
            lambda observation: plan.submit(observation, by=by, now=now),
            lambda observation: plan.approve(observation, by=other, now=now),
        ),
    }
    observations = {}
    for number, (name, taken) in enumerate(steps.items()):
        observations[name] = enter("OC2.3", 14 + number, day=20 + number)
        for step in taken:
            with transaction():
                step(observations[name])
    return observations


def _finish_guide(academy: Academy, person_id: UUID) -> None:
    client = factories.sign_in(academy.app, person_id)
    for lesson in GUIDE_LESSONS:
        sites.post(academy.app, client, f"/courses/{GUIDE}/lessons/{lesson}/done")
    sites.post(academy.app, client, f"/courses/{LAW}/enrolment")


def _suggest(people: Mapping[str, UUID]) -> None:
    """Let one course wait for the newcomer and another one be set aside; the officer has begun what was suggested."""
    due, boss, supervisor = NOW.date() + timedelta(days=3), people["contact point"], people["supervisor"]
    for name, slug, by, on in (
        ("newcomer", GUIDE, boss, due),
        ("newcomer", LAW, boss, None),
        ("officer", LAW, supervisor, due),
    ):
        kind = Suggester.SUPERVISOR if by == supervisor else Suggester.CONTACT_POINT
        new = NewSuggestion(
            person_id=people[name], country="IQ", suggested_by=by, suggested_as=kind, due_on=on,
            reason="Before the workshop, so that all know the words." if on else "",
        )  # fmt: skip
        reader = Actor(people[name], "IQ", frozenset({Role.PRACTITIONER}))
        with transaction():
            assert learning.suggest(new, catalogue.visible(reader, slug), clock.now())
        if on is None:
            made = suggestions.offered(reader)[1][-1].id
            db.session.rollback()
            with transaction():
                assert learning.set_aside(made, clock.now())


def _plan(people: Mapping[str, UUID]) -> None:
    with transaction():
        plan.write_note("OC2", "The second workshop moves to May.", by=people["coordinator"], now=clock.now())
    with transaction():
        plan.record_check(
            ["OP2.1: the contributions make 14, the figure says 13."],
            checked=120,
            began_at=clock.now() - timedelta(minutes=4),
            ended_at=clock.now(),
        )
