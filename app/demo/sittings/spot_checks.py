"""Surprise checks of trained officers in the demonstration; the likely range on `/plan/capacity` needs them."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from random import Random
from uuid import UUID

from app.catalogue.domain.items import Level
from app.checks.domain import surprise as rules
from app.checks.domain.surprise import FEWEST, PickState
from app.checks.models import SurpriseDraw, SurprisePick
from app.checks.service import surprise
from app.checks.service.surprise import NewDraw
from app.competence.queries import competencies
from app.db.session import db
from app.demo.history.accounts import DemoOfficer
from app.demo.history.manual_entries import DemoStaff
from app.demo.history.timeline import TimedAction
from app.demo.sittings import watched_rows
from app.demo.sittings.programme import INVIGILATORS
from app.demo.sittings.watched_rows import QuestionSitting
from app.kernel.errors import DomainError

COMPETENCIES = ("VIC-06", "LRE-04")  # at the foundation level; the second is taught by a course, too
SAMPLE = 24
CORRECT_ANSWERS = (7, 9, 10, 10, 11, 11, 12, 12)
DAYS_AGO = (16, 30)  # range of days ago
DRAWN_BEFORE = timedelta(days=14)
EXCUSED = 2  # officers of a draw, with a reason
REASON = "On leave for family reasons until the end of the quarter."


def actions(
    office: DemoStaff, officers: Sequence[DemoOfficer], models: Sequence[DemoOfficer], random: Random
) -> Iterator[TimedAction]:
    """Return a check for each competency. It draws its officers when it runs, from those with evidence on that day.

    The role `models` are in the pool; the seed is one that draws the first of them, who takes part.
    """
    for competency in COMPETENCIES:
        at = office.now - timedelta(days=random.randint(*DAYS_AGO))
        act = partial(_check, office, officers[1:], models, competency, at, random)
        yield TimedAction(at, None, act)
    yield TimedAction(office.now, None, partial(surprise.end_quarters, office.now))


def _check(
    office: DemoStaff,
    officers: Sequence[DemoOfficer],
    models: Sequence[DemoOfficer],
    competency: str,
    now: datetime,
    random: Random,
) -> None:
    trained, shown = _with_evidence(officers, competency), _with_evidence(models, competency)
    always = [officer for officer in shown if officer is models[0]]
    draw = _draw([*trained, *shown], always, competency, now)
    sample = _sample(trained, draw, random)
    correct = {officer: random.choice(CORRECT_ANSWERS) for officer in sample}
    correct |= {officer: max(CORRECT_ANSWERS) for officer in always}
    seated = _hold(office, competency, correct, now)
    if draw is not None:
        _set_states(draw, seated)


def _with_evidence(officers: Sequence[DemoOfficer], competency: str) -> list[DemoOfficer]:
    return [officer for officer in officers if competencies.evidence_of(officer.id, competency)]


def _sample(trained: Sequence[DemoOfficer], draw: NewDraw | None, random: Random) -> list[DemoOfficer]:
    """Return some of the officers who were drawn, some of all without a draw."""
    drawn = [officer for officer in trained if draw is None or officer.id in draw.picks]
    return random.sample(drawn, min(SAMPLE, len(drawn)))


def _draw(
    trained: Sequence[DemoOfficer], always: Sequence[DemoOfficer], competency: str, now: datetime
) -> NewDraw | None:
    """Store the draw of the quarter, some days before the check; None from a pool that is too small."""
    quarter = rules.quarter_of(now.date())
    pool = {officer.id: officer for officer in trained}
    if len(pool) < FEWEST:
        return None
    seed = _seed(f"{competency} {quarter}", pool, always)
    picks = {key: (Level.FOUNDATION, pool[key].player.country) for key in rules.drawn(seed, pool, ()).all}
    draw = NewDraw(quarter, competency, seed, len(pool), picks)
    first = rules.first_day(quarter)
    at = max(now - DRAWN_BEFORE, now.replace(year=first.year, month=first.month, day=1, hour=1))
    if not surprise.store(draw, at):
        raise DomainError("This quarter has a draw of the competency already.")
    return draw


def _seed(name: str, pool: Mapping[UUID, DemoOfficer], always: Sequence[DemoOfficer]) -> int:
    """Return the first seed that draws these officers."""
    wanted = {officer.id for officer in always}
    seeds = (Random(f"{name} {number}").getrandbits(rules.SEED_BITS) for number in count())  # noqa: S311 - invented
    return next(seed for seed in seeds if wanted <= rules.drawn(seed, pool, ()).sample)


def _hold(office: DemoStaff, competency: str, correct: Mapping[DemoOfficer, int], now: datetime) -> Mapping[UUID, UUID]:
    """Write one sitting for each country, and return the sitting of each officer."""
    by_country: dict[str, dict[UUID, Mapping[str, int]]] = {}
    for officer, right in correct.items():
        by_country.setdefault(officer.player.country, {})[officer.id] = {competency: right}
    seated: dict[UUID, UUID] = {}
    for number, (country, results) in enumerate(sorted(by_country.items())):
        sitting = QuestionSitting(
            key=f"surprise {competency} {country} {now.date()}",
            country=country,
            at=now - timedelta(hours=3),
            location="Training room (fictional)",
            watchers=(office.contacts[country], office.staff[INVIGILATORS[number % len(INVIGILATORS)]]),
            correct=results,
            is_surprise=True,
        )
        watched_rows.write(sitting)
        seated |= dict.fromkeys(results, sitting.id)
    return seated


def _set_states(draw: NewDraw, seated: Mapping[UUID, UUID]) -> None:
    """Set the state of each pick: checked in its sitting, excused, or still open."""
    query = db.session.query(SurprisePick).join(SurpriseDraw, SurpriseDraw.id == SurprisePick.draw_id)
    rows = query.filter(SurpriseDraw.quarter == draw.quarter, SurpriseDraw.competency == draw.competency)
    absent = 0
    for pick in rows.order_by(SurprisePick.person_id):
        if pick.person_id in seated:
            pick.state, pick.sitting_id = PickState.CHECKED, seated[pick.person_id]
        elif absent < EXCUSED:
            pick.state, pick.reason, absent = PickState.EXCUSED, REASON, absent + 1
