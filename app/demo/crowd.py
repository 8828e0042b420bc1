"""Write the officers of the demonstration beside those of the tour as rows, by the stories of their countries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from operator import attrgetter
from random import Random
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table

from app.audit.models import Entry
from app.audit.service import entries as audit
from app.competence.models import Evidence, State
from app.db.session import db, transaction
from app.demo.cast import lives
from app.demo.cast.careers import CourseMaterial
from app.demo.cast.countries import STORIES, SheetArrivals
from app.demo.cast.lives import LifeStart
from app.demo.cast.roster import Player
from app.demo.cast.test_answers import AnswerStyle
from app.demo.history.accounts import Agencies, DemoOfficer
from app.demo.rows import activity, people
from app.demo.rows.activity import RowWriter
from app.demo.rows.bulk_insert import Rows, disable_checks, garbage_collection_paused
from app.demo.rows.competence import EvidenceRows
from app.demo.rows.people import PostingCountries
from app.demo.rows.worker_process import WorkerProcess
from app.identity.models import Identity, NameToken, Person, Posting, RoleGrant
from app.learning.models import Enrolment, LessonProgress
from app.messages.models import Notice
from app.quizzes.models import AnswerSave, Attempt, QuestionMark
from app.scenarios.models import Choice, Playthrough

MODELS: tuple[type[Any], ...] = (
    Person, Identity, NameToken, Posting, RoleGrant, Enrolment, LessonProgress, Playthrough, Choice, Attempt,
    AnswerSave, QuestionMark, Notice, Evidence, State, Entry,
)  # fmt: skip


MISLEADING = "M03-Q225"  # the question for lesson 5 of the interview course that most officers answer wrongly


PAPERS = 60  # so many that the statistics of questions are not those of a few papers


@dataclass(frozen=True, slots=True)
class Crowd:
    """The players who are written as rows, with what all of them share. `now`: the first day of the tour."""

    players: Sequence[Player]
    agencies: Agencies
    courses: Sequence[CourseMaterial]
    password_hash: str
    now: datetime
    seed: int


@dataclass(slots=True)
class _Writing:
    """The state that is shared while the crowd is written."""

    writer: RowWriter
    courses: Mapping[str, CourseMaterial]
    evidence: EvidenceRows = field(default_factory=EvidenceRows)
    countries: PostingCountries = field(default_factory=PostingCountries)
    sheets: SheetArrivals = field(default_factory=SheetArrivals)


def write(crowd: Crowd) -> list[DemoOfficer]:
    """Write the crowd with its audit entries, before any test is taken and any evidence is recorded.

    Contributions, assignments and rollups are not written: `deferred_recalculation.count` derives them.
    """
    courses = lives.by_code(crowd.courses)
    writer = RowWriter(courses, Random(crowd.seed))  # noqa: S311 - invented lives, no secret
    writer.style, writer.papers_limit = AnswerStyle(by_difficulty=True, misleading=MISLEADING), PAPERS
    writer.rows = Rows(db.engine.dialect, _tables(), numbered=())
    writing = _Writing(writer, courses)
    half = len(crowd.players) // 2
    with garbage_collection_paused():
        officers = [_officer(crowd, writing, player) for player in crowd.players[:half]]
        # another process writes the first half; the other one is written here, and checked by the database
        worker = WorkerProcess(partial(disable_checks, db.engine))
        worker.do(partial(_commit_rows, writer.rows))
        writer.rows = Rows(db.engine.dialect, _tables(), numbered=())
        officers += [_officer(crowd, writing, player) for player in crowd.players[half:]]
        worker.wait()
        with transaction():
            events = sorted(writer.events, key=attrgetter("at"))
            audit.write(events, writing.countries.on, partial(writer.rows.put, Entry.__tablename__))
            _write_rows(writer.rows)
    return officers


def _commit_rows(rows: Rows) -> None:
    with transaction():
        _write_rows(rows)


def _write_rows(rows: Rows) -> None:
    rows.write(db.session.connection())
    rows.set_counters(db.session.connection(), [Attempt.__tablename__, Evidence.__tablename__])


def _officer(crowd: Crowd, writing: _Writing, player: Player) -> DemoOfficer:
    writer, story = writing.writer, STORIES[player.country]
    person_id, sheet = writer.new_id(), writing.sheets.take(player.country)
    since = lives.arrival(story, sheet, crowd.now, writer.random)
    writing.countries[person_id] = since.date(), player.country
    people.write_account(writer, person_id, player, crowd.password_hash, since)
    people.write_posting(writer, person_id, player, _agency(crowd, player), since)
    start = LifeStart(player.roles[0], since, sheet)
    studies = lives.studies(story, start, writing.courses, crowd.now, writer.random)
    learned = activity.write(writer, person_id, studies)
    writing.evidence.write(writer.rows, writer.add_event, learned.evidence)
    return DemoOfficer(person_id, player, since)


def _agency(crowd: Crowd, player: Player) -> UUID:
    return crowd.agencies[player.country, player.agency]


def _tables() -> list[Table]:
    return [cast("Table", model.__table__) for model in MODELS]
