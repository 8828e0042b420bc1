"""`flask populate`: write many people with a history as rows, for tests of load, faults and security; never a site."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from random import Random
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table, delete, inspect, select, text

from app.access.policy import Role
from app.audit.service import entries as audit
from app.competence.models import Evidence, State
from app.db.session import db, transaction
from app.demo.cast import careers, roster
from app.demo.cast.careers import YEAR, CourseMaterial
from app.demo.cast.roster import Player
from app.demo.history import accounts, library, timeline
from app.demo.history.accounts import Agencies, DemoOfficer, Staff
from app.demo.rows import activity, people
from app.demo.rows.activity import RowWriter
from app.demo.rows.bulk_insert import Rows, disable_checks, garbage_collection_paused, indexes_created_last
from app.demo.rows.competence import EvidenceRows
from app.demo.rows.people import PostingCountries
from app.demo.rows.plan import FigureRows
from app.demo.rows.worker_process import WorkerProcess
from app.demo.workshops import delivery, preparation
from app.demo.workshops.preparation import Season
from app.demo.workshops.programme import GATHERINGS
from app.identity.models import Identity, NameToken, Person, Posting, RoleGrant
from app.kernel.errors import DomainError
from app.learning.models import Enrolment, LessonProgress
from app.learning.service import assignments
from app.messages.models import Notice
from app.plan.domain.spans import PostingInterval
from app.plan.models import Contribution, FigureDay, FigureMonth
from app.quizzes.models import AnswerSave, Attempt, QuestionMark
from app.scenarios.models import Choice, Playthrough
from app.sign_in.service import passwords
from config import Mode

PASSWORD = "a passphrase that everybody here has"  # noqa: S105 - of invented people, in a database for tests
OPEN_ATTEMPTS = 1000  # listed in the summary
CANDIDATES, FEW = 400, 4  # officers who may book; seats of the only workshop for fewer people
AUDIT_TABLE = "audit_entry"
MODELS: tuple[type[Any], ...] = (
    Person, Identity, NameToken, Posting, RoleGrant, Enrolment, LessonProgress, Playthrough, Choice, Attempt,
    AnswerSave, QuestionMark, Notice, Evidence, State, Contribution, FigureDay, FigureMonth,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Crowd:
    """The state that is shared while people are written."""

    writer: RowWriter
    figures: FigureRows
    evidence: EvidenceRows
    agencies: Agencies
    password_hash: str
    now: datetime
    countries: PostingCountries = field(default_factory=PostingCountries)
    kinds: Mapping[tuple[str, int], str] = field(
        default_factory=lambda: {(agency.country, agency.index): str(agency.kind) for agency in roster.agencies()}
    )


def refuse_unless_empty(mode: Mode) -> None:
    """Raise DomainError on a live site, without tables, or if the database contains people."""
    if mode is Mode.LIVE:
        raise DomainError(
            "This command is for databases of tests and demonstrations: set ACADEMY_MODE to test or demo."
        )
    if not inspect(db.engine).has_table(Person.__tablename__):
        raise DomainError("There are no tables yet: run `flask db upgrade` first.")
    if db.session.scalar(select(Person.id).limit(1)) is not None:
        raise DomainError("There are people in this database: choose an empty one.")


def fill(count: int, seed: int, folders: Sequence[Path], now: datetime) -> dict[str, object]:
    """Fill an empty database and return names, passwords, ids and addresses as plain values."""
    password_hash = passwords.make_password_hash(PASSWORD)
    agencies, staff = accounts.add_staff(password_hash, now - YEAR)
    library.publish(library.render(folders), staff.trainers, now - YEAR)
    courses = library.course_materials(staff.trainers[0])
    accounts.assign_trainers(staff.trainers, library.taught_courses(courses), now - YEAR)
    players = roster.officers(count, seed)
    by_code = {course.outline.code: course for course in courses}
    writer = RowWriter(by_code, Random(seed))  # noqa: S311 - invented lives, no secret
    crowd = _Crowd(writer, FigureRows(), EvidenceRows(), agencies, password_hash, now)
    officers: list[DemoOfficer] = []
    with garbage_collection_paused(), indexes_created_last(_tables()):
        # another process writes each portion; the last one is written here, and checked by the database
        worker = WorkerProcess(partial(disable_checks, db.engine))
        writer.rows = _rows()
        for player in players:
            if writer.rows.are_many():
                worker.do(partial(_write, crowd))
                writer.rows, writer.events = _rows(), []
            officers.append(_person(crowd, player))
        worker.wait()
        _write(crowd)
    _write_rollups(crowd.figures)
    add_workshops(staff, officers, now, seed)
    _count_completion(now)
    return _summary(staff, [(officer.id, officer.player) for officer in officers], courses, writer)


def _count_completion(now: datetime) -> None:
    """Derive the assignments of all people and their rollups from the rows."""
    for page in assignments.pages():
        with transaction():
            assignments.rebuild(page, now.date())


def _tables() -> list[Table]:
    return [*(cast("Table", model.__table__) for model in MODELS), db.metadata.tables[AUDIT_TABLE]]


def _rows() -> Rows:
    return Rows(db.engine.dialect, _tables(), numbered={Contribution.__tablename__})


def _write_rollups(figures: FigureRows) -> None:
    """Write the rollups once, with the values that services wrote for the staff, and update the statistics."""
    with transaction():
        for row in db.session.scalars(select(FigureDay)):
            cell = figures.moves[row.code, row.version, row.day, row.country, row.agency_kind, row.role]
            cell[0], cell[1] = cell[0] + row.numerator, cell[1] + row.denominator
        for model in (FigureDay, FigureMonth):
            db.session.execute(delete(model))
        rows = _rows()
        figures.sum_up(rows)
        rows.write(db.session.connection())
    with transaction():
        db.session.execute(text("ANALYZE"))  # the query planner does not know the new rows yet


def add_workshops(staff: Staff, officers: Sequence[DemoOfficer], now: datetime, seed: int) -> None:
    """Add workshops for some of the officers with services."""
    season = Season(now, staff.by_alias(), officers[:CANDIDATES], seed)
    events = GATHERINGS if len(officers) >= CANDIDATES else (replace(GATHERINGS[0], capacity=FEW, people=FEW + 2),)
    timeline.carry_out(
        action
        for event in events
        for action in (*preparation.actions(season, [event]), *delivery.actions(season, event))
    )


def _person(crowd: _Crowd, player: Player) -> DemoOfficer:
    writer, now = crowd.writer, crowd.now
    since = careers.joined(now - YEAR, now, writer.random)
    person_id = writer.new_id()
    people.write_account(writer, person_id, player, crowd.password_hash, since)
    people.write_posting(writer, person_id, player, crowd.agencies[player.country, player.agency], since)
    crowd.countries[person_id] = since.date(), player.country
    studies = careers.live(list(writer.courses.values()), since, now, writer.random)
    careers.leave_open(studies, writer.random)
    learned = activity.write(writer, person_id, studies)
    kind = crowd.kinds[player.country, player.agency]
    crowd.evidence.write(writer.rows, writer.add_event, learned.evidence)
    crowd.figures.count(
        writer.rows, person_id, PostingInterval(player.country, kind, player.roles, since.date()), learned
    )
    return DemoOfficer(person_id, player, since)


def _write(crowd: _Crowd) -> None:
    """Write the current portion and its audit entries."""
    rows = crowd.writer.rows
    with transaction():
        audit.write(crowd.writer.events, crowd.countries.on, partial(rows.put, AUDIT_TABLE))
        rows.write(db.session.connection())
        rows.set_counters(db.session.connection(), [Attempt.__tablename__, Evidence.__tablename__])


def _summary(
    staff: Staff, officers: Sequence[tuple[UUID, Player]], courses: Sequence[CourseMaterial], writer: RowWriter
) -> dict[str, object]:
    leading = zip(staff.ids, roster.staff(), strict=True)
    return {
        "password": PASSWORD,
        "people": [_line(person_id, player) for person_id, player in [*leading, *officers]],
        "courses": [
            {
                "code": course.outline.code,
                "slug": course.outline.slug,
                "lessons": list(course.outline.lessons),
                "cases": list(course.outline.cases),
                "test": course.outline.facts.test is not None,
            }
            for course in courses
        ],
        "open_attempts": [
            {"person": str(person), "attempt": str(attempt)} for person, attempt in writer.left_open[:OPEN_ATTEMPTS]
        ],
    }


def _line(person_id: UUID, player: Player) -> dict[str, str]:
    role = player.grants[0].role if player.grants else Role.PRACTITIONER
    if player.roles == ("trainer",):
        role = Role.TRAINER
    return {
        "id": str(person_id),
        "alias": player.alias,
        "mail": player.mail,
        "password": PASSWORD,
        "role": role,
        "country": player.country,
    }
