"""A small plan of two countries over the invented port, and what people do in it: plain functions."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from uuid import UUID

import msgspec
from sqlalchemy import event, select

from app.access.policy import Role, Scope
from app.catalogue.domain.references.plan import Plan, read_plan
from app.catalogue.domain.text import TextFile
from app.catalogue.service import publication as catalogue
from app.catalogue.shapes import Outline
from app.competence.domain.evidence import EvidenceKind
from app.competence.service import evidence_records as competence
from app.db.session import db, transaction
from app.plan.domain import definitions as defining
from app.plan.domain.sums import FigureSum
from app.plan.models import Contribution
from app.plan.queries import figures
from app.quizzes import queries as papers
from app.quizzes.domain.attempts import Purpose
from app.quizzes.domain.saves import Save
from app.quizzes.service import attempts as quizzes
from app.quizzes.service.attempts import Started
from app.scenarios import service as scenarios
from tests.support import competency_evidence as evidence, courses as course, factories, lesson_reading
from tests.support.indicator_figures import figures_on
from tests.support.settings import NOW
from tests.support.site_snapshots import kept

TODAY = NOW.date()
_HEAD = """\
period = { starts = 2027-01-01, ends = 2029-12-31 }
members = ["BG", "IQ"]

[[outcome]]
id = "OC1"

[[output]]
id = "OP1"
outcomes = ["OC1"]
"""
_INDICATOR = """
[[indicator]]
id = "%(code)s"
level = "output"
result = "OP1"
rule = "%(rule)s"
definition_version = %(version)d
valid_from = %(valid_from)s
unit = "%(unit)s"
entered = "platform"
frequency = "monthly"
owner = "coordinator"
split_by = [%(split)s]
baseline = { as_of = 2027-01-01, value = 0 }
settings = { %(settings)s }
targets = [{ period = 2027, value = 10 }]
"""
CORE = 'core = ["PRT-01", "PRT-02"]'
RULES: dict[str, tuple[str, str, str]] = {  # code: rule, unit, settings
    "OP1.1": ("modules_current", "count", "days = 365"),
    "OP1.2": ("translations_reviewed", "count", ""),
    "OP2.1": ("completers", "count", ""),
    "OP2.2": ("completed_of_started", "percent", "days = 3"),
    "OP2.4": ("active_countries", "count", "days = 3, officers = 2"),
    "OP3.1": ("events_closed", "count", 'type = "workshop"'),
    "OP3.2": ("session_attendance", "percent", ""),
    "OP5.1": ("events_closed", "count", 'type = "colep_meeting"'),
    "OP6.1": ("research_published", "count", ""),
    "OC1.1": ("verified_in_all", "count", CORE),
    "OC2.1": ("verified_in_all_share", "percent", f'{CORE}, roles = ["first_responder"]'),
    "OC2.3": ("observed_countries", "count", "points_needed = 16, points = 20"),
    "OC3.4": ("observed", "count", ""),
    "C-1": ("observed", "count", ""),
}
COMMUNITY = frozenset({"OC3.4"})  # reported for all members together


def indicator(code: str, *, version: int = 1, valid_from: str = "2027-01-01", settings: str | None = None) -> str:
    rule, unit, usual = RULES[code]
    split = "" if code in COMMUNITY else '"country"'
    values = {"code": code, "rule": rule, "unit": unit, "version": version, "valid_from": valid_from}
    return _INDICATOR % (values | {"split": split, "settings": usual if settings is None else settings})


def toml(*indicators: str) -> str:
    """Return a plan of these indicators; of all, when none is given."""
    return _HEAD + "".join(indicators or map(indicator, RULES))


def plan(text: str) -> Plan:
    parsed, mistakes = read_plan(TextFile("plan.toml", text), {})
    assert parsed.head is not None, mistakes
    return parsed


@kept
def load(*indicators: str, now: datetime = NOW) -> None:
    """Take over a plan, beside the framework of the port, in a transaction of its own."""
    references = msgspec.structs.replace(course.ready()[1], plan=plan(toml(*indicators)))
    with transaction():
        catalogue.store_references(references, now)
    db.session.rollback()


def complete(person_id: UUID, outline: Outline, now: datetime) -> None:
    """Do all of the course within an hour, each step in a transaction of its own."""
    for lesson in course.LESSONS:
        with transaction():
            lesson_reading.finish(person_id, outline, lesson, now)
    play(person_id, outline, now)
    sit(person_id, outline, now)
    db.session.rollback()


def play(person_id: UUID, outline: Outline, now: datetime) -> None:
    with transaction():
        walk = scenarios.start(
            person_id=person_id,
            course_id=outline.course_id,
            version_id=outline.version_id,
            name="scenario",
            language="en",
            now=now,
        )
        scenarios.choose(walk, step=1, move=0, now=now)


def sit(person_id: UUID, outline: Outline, now: datetime) -> None:
    with transaction():
        started = quizzes.start(
            person_id=person_id, outline=outline, language="en", purpose=Purpose.TEST, extra_time=0, now=now
        )
    assert isinstance(started, Started)
    questions = papers.questions_of_attempt(papers.lock(started.public_id)).questions
    saves = [
        Save(number, number, course.RIGHT[question.item.id], None, False)
        for number, question in enumerate(questions, 1)
    ]
    with transaction():
        quizzes.save(started.public_id, saves, arrived_at=now, now=now)
    with transaction():
        quizzes.hand_in(started.public_id, now)


def verify(person_id: UUID, competency: str, day: date, now: datetime) -> list[int]:
    """Let a trained person pass a watched check; return the numbers of the evidence."""
    with transaction():
        numbers = [
            competence.add_evidence(evidence.new(person_id, kind, day, competency=competency, right=right), now)
            for kind, right in ((EvidenceKind.MODULE, 1.0), (EvidenceKind.CHECK, 1.0))
        ]
    db.session.rollback()
    return [number for number in numbers if number is not None]


def officer(country: str = "IQ", *, now: datetime = NOW, roles: tuple[str, ...] = ("first_responder",)) -> UUID:
    return factories.person(country=country, roles=roles, now=now)


def coordinator() -> UUID:
    return factories.person(country="BG", roles=(), grants=((Role.COORDINATOR, Scope.ALL, ""),))


def by_hand(day: date) -> dict[str, dict[str, FigureSum]]:
    """Add up contributions one by one: the sums by code and country that hold on a day."""
    valid = defining.all_valid_on(figures.definitions(), day)
    sums: dict[str, dict[str, FigureSum]] = {code: defaultdict(FigureSum) for code in valid}
    for row in db.session.scalars(select(Contribution)):
        holds = row.since <= day and (row.until is None or row.until >= day)
        if holds and valid[row.code].version == row.version:
            sums[row.code][row.country] += FigureSum(row.numerator, row.denominator)
    return sums


def spans(code: str) -> list[tuple[str, date, date | None, float, float]]:
    """Return thing, days and worth of the contributions to an indicator."""
    query = select(Contribution).where(Contribution.code == code).order_by(Contribution.since, Contribution.id)
    return [
        (row.thing.partition(":")[0], row.since, row.until, row.numerator, row.denominator)
        for row in db.session.scalars(query)
    ]


def value(code: str, day: date = TODAY) -> float | None:
    figure = figures_on(day)[code].value
    db.session.rollback()
    return figure


def later(days: float) -> datetime:
    return NOW + timedelta(days=days)


@contextmanager
def statements() -> Iterator[list[str]]:
    """Note what reaches the database."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith("BEGIN"):
            seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
