"""The `Register` of the truth test that uses the services of the academy, on a database in memory."""

import secrets
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from uuid import UUID

import msgspec
from flask import Flask
from sqlalchemy import select

from app import addresses, ports
from app.catalogue.domain.items import Level
from app.catalogue.domain.library import References
from app.catalogue.domain.references.competencies import Area, Competencies, Competency, Fading, JobRole, LevelRule
from app.catalogue.domain.references.glossary import Glossary
from app.catalogue.domain.references.plan import Plan
from app.catalogue.domain.references.sources import Sources
from app.catalogue.service import publication as catalogue
from app.competence.domain.assessment import EvidenceBook, rules
from app.competence.domain.evidence import Piece
from app.competence.domain.measure import SkillState
from app.competence.domain.refit import half_gain, watched_checks
from app.competence.queries import competencies, rule_inputs
from app.competence.service import evidence_records, rollups
from app.competence.service.evidence_records import NewEvidence
from app.db import blind_index
from app.db.base import EncryptedText
from app.db.keyring import KeyRing
from app.db.session import db, prepare, subscribe, transaction, watch_for_stray_flushes
from app.demo.truth.trial import START, CapacityReport
from app.identity import service as accounts
from app.identity.domain.people import AgencyKind
from app.identity.service import NewPerson
from app.ports import PlanAttention, Ports, WatchedGate
from app.subscriptions import SUBSCRIPTIONS

MEMORY = "sqlite://"
COMPETENCY, ROLE, LEVEL = "VIC-01", "first_responder", Level.FOUNDATION
FRAMEWORK = Competencies(
    levels=(LevelRule(id=LEVEL, evidence=("quiz",), verified_by=("watched_check", "assessor")),),
    areas=(Area(id="VIC"),),
    roles=(JobRole(id=ROLE, core_first_year=(COMPETENCY,)),),
    competencies=(
        Competency(
            id=COMPETENCY,
            area="VIC",
            levels=(LEVEL,),
            months=12,
            fading=Fading.KNOWLEDGE,
            required={ROLE: LEVEL},
        ),
    ),
)
# services write notices with paths; no page is opened
PORTS = Ports(
    posting_titles=lambda _language: (),
    role_scope_titles=lambda _actor: {},
    export_limit=lambda _actor, _count, _now: None,
    person_sections=lambda _person, parent="": (),
    help_contact=str,
    national_hotline=lambda: None,
    task_sources=(),
    teaching_tasks=lambda _actor: (),
    course_tasks=lambda _actor: (),
    plan_attention=lambda _actor: PlanAttention(),
    meeting_actions=lambda _ids: (),
    meeting_action_ids=lambda _after, _size: [],
    outside_counts=lambda counts: dict.fromkeys(counts, ""),
    path_to=addresses.path_to,
    certificate_url=lambda _person, _course, _version: "",
    watched_attempt=lambda _attempt, _session: WatchedGate(False, "", ""),
)


@contextmanager
def opened() -> Iterator[None]:
    """Open an application context on an empty database in memory. The database of the site is not used."""
    if not EncryptedText.ring:  # in a new process: names are encrypted under a key that is not stored
        EncryptedText.ring = KeyRing((("1", secrets.token_bytes(32)),))
        blind_index.use(KeyRing((("1", secrets.token_bytes(32)),)))
        watch_for_stray_flushes(db.session)
    app = Flask(__name__, static_folder=None)
    app.config["SQLALCHEMY_DATABASE_URI"] = MEMORY
    subscribe(app, SUBSCRIPTIONS)
    ports.init_app(app, PORTS)
    db.init_app(app)
    with app.app_context():
        prepare(db.engine)
        db.create_all()
        yield
        db.session.remove()
        db.engine.dispose()


class Academy:
    """Officers of one agency who need one competency. Use it while the context is open."""

    def __init__(self, count: int) -> None:
        self._now = _moment(START)
        self._framework = FRAMEWORK
        with transaction():
            catalogue.store_references(_references(FRAMEWORK), self._now)
            accounts.add_country("AT", "UTC")
            agency = accounts.add_agency("AT", AgencyKind.BORDER, "Border service A")
            self._ids = [accounts.add_person(_officer(number, agency), self._now) for number in range(count)]
        self._indexes = {person_id: index for index, person_id in enumerate(self._ids)}
        self.entries = 0
        self.parameters = rules(FRAMEWORK, COMPETENCY)(LEVEL).parameters

    @contextmanager
    def open(self, day: date) -> Iterator[None]:
        """Write the entries of a week in one transaction."""
        self._now = _moment(day)
        with transaction():
            yield

    def add(self, index: int, pieces: Iterable[Piece]) -> None:
        """Record the evidence of an officer: a training with its tests, or one attempt."""
        self.entries += 1
        source = f"truth:{self.entries}"
        new = [self._evidence(index, piece, f"{source}:{number}") for number, piece in enumerate(pieces)]
        evidence_records.add_all(new, self._now)

    def states(self) -> Sequence[SkillState | None]:
        """Return the stored state of each officer, in one query."""
        table = db.metadata.tables["competence_state"]
        states: list[SkillState | None] = [None] * len(self._ids)
        for row in db.session.execute(select(table)):
            states[self._indexes[row.person_id]] = rule_inputs.skill_state(row)
        return states

    def refit(self) -> None:
        """Load a framework with the fitted speed of forgetting, and rebuild all states."""
        rule = rules(self._framework, COMPETENCY)(LEVEL)
        checks = [check for pieces in self._pieces() for check in watched_checks(pieces, rule)]
        fitted = half_gain(checks, rules(FRAMEWORK, COMPETENCY)(LEVEL).parameters)
        if fitted is not None and fitted != self.parameters.half_gain:
            self._load(msgspec.structs.replace(FRAMEWORK.competencies[0], half_gain=fitted))

    def _pieces(self) -> Iterator[list[Piece]]:
        books = rule_inputs.stored_books(self._ids, [COMPETENCY])
        for person_id in self._ids:
            rows = books.get((person_id, COMPETENCY), EvidenceBook()).rows
            yield [row.piece for row in sorted(rows, key=lambda row: row.order)]

    def _load(self, competency: Competency) -> None:
        self._framework = msgspec.structs.replace(self._framework, competencies=(competency,))
        catalogue.store_references(_references(self._framework), self._now)
        for person_id in self._ids:
            evidence_records.rebuild(person_id, self._now)
        self.parameters = rules(self._framework, COMPETENCY)(LEVEL).parameters

    def report(self, day: date) -> CapacityReport:
        """Calculate the rollups of a day, as the nightly job does, and return the figures of the plan."""
        with transaction():
            rollups.sum_up(day, _moment(day))
        [line] = competencies.capacity(day, today=day)
        assert line.expected is not None  # noqa: S101 - the rollup exists
        low, high, audited = (number and number / len(self._ids) for number in (line.low, line.high, line.audited))
        return CapacityReport(line.headcount / len(self._ids), line.expected / len(self._ids), low, high, audited)

    def _evidence(self, index: int, piece: Piece, source: str) -> NewEvidence:
        return NewEvidence(
            person_id=self._ids[index],
            competency=COMPETENCY,
            level=LEVEL,
            day=piece.day,
            kind=piece.kind,
            source=source,
            share=piece.share,
            mark=piece.mark,
            items=piece.items,
            trust=piece.trust,
            watched=piece.watched,
            guess=piece.guess,
        )


def _officer(number: int, agency_id: UUID) -> NewPerson:
    return NewPerson(
        alias=f"Border officer {number}",
        name=f"Fictional Person {number}",
        mail=f"person{number}@example.org",
        password_hash="",  # no sign-in
        country="AT",
        agency_id=agency_id,
        roles=(ROLE,),
        language="en",
        time_zone="UTC",
    )


def _references(framework: Competencies) -> References:
    return References(competencies=framework, plan=Plan(), sources=Sources(), glossary=Glossary())


def _moment(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)
