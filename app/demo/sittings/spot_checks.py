"""Surprise checks of trained officers in the demonstration; the likely range on `/plan/capacity` needs them.

Officers whose own chain alone watched their verification are drawn again, and an invigilator of another country
watches them.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from random import Random
from uuid import UUID

from app.catalogue.domain.items import Level
from app.checks.domain import surprise as rules
from app.checks.domain.surprise import FEWEST, PickState
from app.checks.domain.watching import own_chain_at
from app.checks.models import SurpriseDraw, SurprisePick
from app.checks.queries import watching
from app.checks.service import surprise
from app.checks.service.surprise import NewDraw
from app.competence.queries import competencies
from app.db.session import db
from app.demo.cast import roster
from app.demo.history.accounts import DemoOfficer
from app.demo.history.manual_entries import DemoStaff
from app.demo.history.timeline import TimedAction
from app.demo.sittings import watched_rows
from app.demo.sittings.programme import INVIGILATORS, OUTLIER
from app.demo.sittings.watched_rows import QuestionSitting
from app.kernel.errors import DomainError

COMPETENCIES = ("LRE-01", "LRE-02")  # at the foundation level, with enough reserve questions
SAMPLE = 24
CORRECT_ANSWERS = (7, 9, 10, 10, 11, 11, 12, 12)
DAYS_AGO = (16, 20)  # range of days ago; the draw is after the checks of `watched_groups`
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
        at = office.at(-random.randint(*DAYS_AGO))  # a morning: a sitting is over on the day on which it begins
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
    draw, again = _draw([*trained, *shown], always, competency, now)
    sample = _sample(trained, draw, random)
    correct = {officer: random.choice(CORRECT_ANSWERS) for officer in [*sample, *again]}
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
) -> tuple[NewDraw | None, Sequence[DemoOfficer]]:
    """Store the draw of the quarter, some days before the check; return it with those whom it draws again.

    There is none from a pool that is too small.
    """
    quarter = rules.quarter_of(now.date())
    pool = {officer.id: officer for officer in trained}
    if len(pool) < FEWEST:
        return None, ()
    first = rules.first_day(quarter)
    at = max(now - DRAWN_BEFORE, now.replace(year=first.year, month=first.month, day=1, hour=1))
    own_chain = _own_chain(pool, competency, at)
    seed = _seed(f"{competency} {quarter}", pool, own_chain, always)
    officers = rules.drawn(seed, pool, own_chain)
    picks = {key: (Level.FOUNDATION, pool[key].player.country) for key in officers.all}
    draw = NewDraw(quarter, competency, seed, len(pool), picks)
    if not surprise.store(draw, at):
        raise DomainError("This quarter has a draw of the competency already.")
    return draw, [pool[key] for key in sorted(officers.again)]


def _own_chain(people: Collection[UUID], competency: str, at: datetime) -> list[UUID]:
    """Return those of these people whose newest watched result before a draw only their own chain watched."""
    watched = watching.lines_of(people, competency)
    pieces = {key: [(line.piece.done_at, line.own_chain_alone) for line in lines] for key, lines in watched.items()}
    return [key for key, of_person in pieces.items() if own_chain_at(of_person, at)]


def _seed(name: str, pool: Mapping[UUID, DemoOfficer], own_chain: Sequence[UUID], always: Sequence[DemoOfficer]) -> int:
    """Return the first seed that draws these officers."""
    wanted = {officer.id for officer in always}
    seeds = (Random(f"{name} {number}").getrandbits(rules.SEED_BITS) for number in count())  # noqa: S311 - invented
    return next(seed for seed in seeds if wanted <= rules.drawn(seed, pool, own_chain).sample)


def _hold(office: DemoStaff, competency: str, correct: Mapping[DemoOfficer, int], now: datetime) -> Mapping[UUID, UUID]:
    """Write one sitting for each country, and return the sitting of each officer.

    The invigilator with the unlikely results watches none: these would hide them.
    """
    homes = {player.alias: player.country for player in roster.staff()}
    by_country: dict[str, dict[UUID, Mapping[str, int]]] = {}
    for officer, right in correct.items():
        by_country.setdefault(officer.player.country, {})[officer.id] = {competency: right}
    seated: dict[UUID, UUID] = {}
    for number, (country, results) in enumerate(sorted(by_country.items())):
        foreign = [alias for alias in INVIGILATORS if homes[alias] != country and alias != OUTLIER]
        sitting = QuestionSitting(
            key=f"surprise {competency} {country} {now.date()}",
            country=country,
            at=now - timedelta(hours=3),
            location="Training room (fictional)",
            watchers=(office.contacts[country], office.staff[foreign[number % len(foreign)]]),
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
