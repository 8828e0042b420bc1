"""Many people with a past, written as rows: for tests of load, faults and security, never for a site."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import partial
from pathlib import Path
from random import Random
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table, delete, inspect, select, text

from app.access.policy import Role, Scope
from app.audit.service import entries as audit
from app.competence.models import Evidence, State
from app.db import blind_index
from app.db.session import db, transaction
from app.demo.cast import careers
from app.demo.cast import roster as parts
from app.demo.cast.careers import YEAR, Asked
from app.demo.cast.roster import Player
from app.demo.history import accounts, library, timeline
from app.demo.history.accounts import Agencies, Officer, Staff
from app.demo.rows import activity
from app.demo.rows.activity import Desk
from app.demo.rows.bulk_insert import Rows, indexed_at_the_end, leave_unchecked, uncollected
from app.demo.rows.competence import Proofs
from app.demo.rows.plan import Ledger
from app.demo.rows.worker_process import Beside
from app.demo.workshops import delivery, preparation
from app.demo.workshops.preparation import Season
from app.demo.workshops.programme import GATHERINGS
from app.identity.domain.alias_order import alias_key
from app.identity.domain.people import Appearance, MailRhythm, PersonState
from app.identity.events import PersonAdded, RoleGranted
from app.identity.models import Identity, NameToken, Person, Posting, RoleGrant
from app.identity.queries import postings
from app.kernel.errors import DomainError
from app.learning.models import Enrolment, LessonProgress
from app.messages.models import Notice
from app.plan.domain.spans import Served
from app.plan.models import Contribution, FigureDay, FigureMonth
from app.quizzes.models import AnswerSave, Attempt, QuestionMark
from app.scenarios.models import Choice, Playthrough
from app.sign_in.service import passwords
from config import Mode

PASSWORD = "a passphrase that everybody here has"  # noqa: S105 - of invented people, in a database for tests
OPEN_ATTEMPTS = 1000  # of those left open, told by id
GUESTS, FEW = 400, 4  # whom workshops choose from; seats of the one workshop of a smaller crowd
TRAIL = "audit_entry"
MODELS: tuple[type[Any], ...] = (
    Person, Identity, NameToken, Posting, RoleGrant, Enrolment, LessonProgress, Playthrough, Choice, Attempt,
    AnswerSave, QuestionMark, Notice, Evidence, State, Contribution, FigureDay, FigureMonth,
)  # fmt: skip


class _Places:
    """Where the crowd and the staff serve, in memory: the trail asks for each day of each portion of people."""

    def __init__(self) -> None:
        self._crowd: dict[UUID, tuple[date, str]] = {}
        self._staff: dict[tuple[UUID, date], str | None] = {}

    def add(self, person_id: UUID, since: date, country: str) -> None:
        """Keep where one of the crowd serves from a day on."""
        self._crowd[person_id] = since, country

    def on(self, ids: Collection[UUID], day: date) -> dict[UUID, str]:
        """Return the countries in which these people serve on a day, as `roster.countries` does."""
        crowd = {one: country for one in ids for since, country in self._of_crowd(one) if since <= day}
        staff = [one for one in ids if one not in self._crowd]
        new = [one for one in staff if (one, day) not in self._staff]
        if new:
            found = postings.countries(new, day)
            self._staff.update({(one, day): found.get(one) for one in new})
        return crowd | {one: country for one in staff if (country := self._staff[one, day])}

    def _of_crowd(self, one: UUID) -> tuple[tuple[date, str], ...]:
        return (self._crowd[one],) if one in self._crowd else ()


@dataclass(frozen=True, slots=True)
class _Crowd:
    """What each of many people is written with."""

    desk: Desk
    ledger: Ledger
    proofs: Proofs
    agencies: Agencies
    word: str
    now: datetime
    places: _Places = field(default_factory=_Places)
    kinds: Mapping[tuple[str, int], str] = field(
        default_factory=lambda: {(one.country, one.place): str(one.kind) for one in parts.services()}
    )


def refuse_unless_empty(mode: Mode) -> None:
    """Raise DomainError on a live site, and where tables are missing or people are there already."""
    if mode is Mode.LIVE:
        raise DomainError("This fills databases of tests and demonstrations alone: set ACADEMY_MODE to test or demo.")
    if not inspect(db.engine).has_table(Person.__tablename__):
        raise DomainError("There are no tables yet: run `flask db upgrade` first.")
    if db.session.scalar(select(Person.id).limit(1)) is not None:
        raise DomainError("There are people in this database: choose an empty one.")


def fill(people: int, seed: int, folders: Sequence[Path], now: datetime) -> dict[str, object]:
    """Fill an empty database and return names, passwords, ids and addresses as plain values."""
    word = passwords.make_password_hash(PASSWORD)
    agencies, staff = accounts.add_staff(word, now - YEAR)
    library.publish(library.render(folders), staff.trainers, now - YEAR)
    courses = library.asked(staff.trainers[0])
    accounts.let_teach(staff.trainers, courses, now - YEAR)
    players = parts.officers(people, seed)
    named = {course.outline.code: course for course in courses}
    desk = Desk(named, Random(seed))  # noqa: S311 - invented lives, no secret
    crowd = _Crowd(desk, Ledger(), Proofs(), agencies, word, now)
    officers: list[Officer] = []
    with uncollected(), indexed_at_the_end(_tables()):
        # the other core writes what is made; the last portion is written here, and checked by the database
        beside = Beside(partial(leave_unchecked, db.engine))
        desk.rows = _rows()
        for player in players:
            if desk.rows.are_many():
                beside.do(partial(_write, crowd))
                desk.rows, desk.heard = _rows(), []
            officers.append(_person(crowd, player))
        beside.wait()
        _write(crowd)
    with transaction():
        _sum_up(crowd.ledger)
    with transaction():
        db.session.execute(text("ANALYZE"))  # so many rows at once, and the planner still thinks that there are none
    hold_workshops(staff, officers, now, seed)
    return _told(staff, [(officer.id, officer.player) for officer in officers], courses, desk)


def _tables() -> list[Table]:
    return [*(cast("Table", model.__table__) for model in MODELS), db.metadata.tables[TRAIL]]


def _rows() -> Rows:
    return Rows(db.engine.dialect, _tables(), numbered={Contribution.__tablename__})


def _sum_up(ledger: Ledger) -> None:
    """Write the roll-ups once, with what services wrote into them for the staff."""
    for row in db.session.scalars(select(FigureDay)):
        cell = ledger.moves[row.code, row.version, row.day, row.country, row.agency_kind, row.role]
        cell[0], cell[1] = cell[0] + row.numerator, cell[1] + row.denominator
    for model in (FigureDay, FigureMonth):
        db.session.execute(delete(model))
    rows = _rows()
    ledger.sum_up(rows)
    rows.write(db.session.connection())


def hold_workshops(staff: Staff, officers: Sequence[Officer], now: datetime, seed: int) -> None:
    """Let services hold workshops for some of the crowd, and so write on behind the rows."""
    season = Season(now, staff.by_alias(), officers[:GUESTS], seed)
    events = GATHERINGS if len(officers) >= GUESTS else (replace(GATHERINGS[0], capacity=FEW, people=FEW + 2),)
    timeline.carry_out(
        deed for it in events for deed in (*preparation.deeds(season, [it]), *delivery.deeds(season, it))
    )


def _person(crowd: _Crowd, player: Player) -> Officer:
    desk, now = crowd.desk, crowd.now
    since = careers.joined(now - YEAR, now, desk.random)
    person_id = desk.new_id()
    _account(desk, person_id, player, crowd.word, since)
    _place(desk, person_id, player, crowd.agencies[player.country, player.agency], since)
    crowd.places.add(person_id, since.date(), player.country)
    studies = careers.live(list(desk.courses.values()), since, now, desk.random)
    careers.leave_open(studies, now, desk.random)
    learned = activity.write(desk, person_id, studies)
    kind = crowd.kinds[player.country, player.agency]
    crowd.proofs.write(desk.rows, desk.note, learned.news)
    crowd.ledger.count(desk.rows, person_id, Served(player.country, kind, player.roles, since.date()), learned)
    return Officer(person_id, player, since)


def _write(crowd: _Crowd) -> None:
    """Write the portion under way, and what the trail says of it."""
    rows = crowd.desk.rows
    with transaction():
        audit.write(crowd.desk.heard, crowd.places.on, partial(rows.put, TRAIL))
        rows.write(db.session.connection())
        rows.set_counters(db.session.connection(), [Attempt.__tablename__, Evidence.__tablename__])


def _account(desk: Desk, person_id: UUID, player: Player, word: str, since: datetime) -> None:
    desk.rows.add(
        "person",
        id=person_id,
        alias=player.alias,
        alias_key=alias_key(player.alias),
        state=PersonState.ACTIVE,
        password_hash=word,
        language=player.language,
        appearance=Appearance.DEVICE,
        mail_rhythm=MailRhythm.WEEKLY,
        time_zone=player.time_zone,
        created_at=since,
    )
    mark = blind_index.index("mail", player.mail)
    desk.rows.add("identity", person_id=person_id, name=player.name, mail=player.mail, mail_index=mark)
    for token in blind_index.tokens(player.country, player.name):
        desk.rows.add("name_token", person_id=person_id, token=token)


def _place(desk: Desk, person_id: UUID, player: Player, agency_id: UUID, since: datetime) -> None:
    day = since.date()
    desk.rows.add(
        "posting",
        id=desk.new_id(),
        person_id=person_id,
        country=player.country,
        agency_id=agency_id,
        roles=" ".join(player.roles),
        since=day,
    )
    role, scope = Role.PRACTITIONER, Scope.SELF
    desk.rows.add("role_grant", id=desk.new_id(), person_id=person_id, role=role, scope=scope, since=day)
    desk.note(PersonAdded(at=since, person_id=person_id, country=player.country))
    desk.note(
        RoleGranted(
            at=since, person_id=person_id, role=role, scope=scope, reach="", since=day, until=None, deputy=False
        )
    )


def _told(
    staff: Staff, officers: Sequence[tuple[UUID, Player]], courses: Sequence[Asked], desk: Desk
) -> dict[str, object]:
    leading = [(found, player) for found, player in zip(staff.ids, parts.staff(), strict=True)]
    return {
        "password": PASSWORD,
        "people": [_line(found, player) for found, player in [*leading, *officers]],
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
            {"person": str(person), "attempt": str(attempt)} for person, attempt in desk.left_open[:OPEN_ATTEMPTS]
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
