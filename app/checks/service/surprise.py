"""Draw officers for surprise checks each quarter, excuse them, and record their seats and checks."""

import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from uuid import UUID, uuid4

from sqlalchemy import insert, select, tuple_, update

from app.catalogue.domain.items import Level
from app.catalogue.domain.references.competencies import Competencies
from app.catalogue.queries import courses as catalogue
from app.checks.domain import surprise as rules
from app.checks.domain.requests import REASON_LIMIT
from app.checks.domain.surprise import FEWEST, LEFT, OPEN, SEED_BITS, PickState
from app.checks.domain.watching import own_chain_at
from app.checks.events import SurpriseDrawn, SurpriseExcused
from app.checks.models import SittingTask, SurpriseDraw, SurprisePick
from app.checks.queries import surprise as queries, watching
from app.competence.queries import competencies as competence, watched
from app.db.session import db, record
from app.db.upsert import insert_ignore
from app.identity.queries import postings
from app.kernel.errors import DomainError


@dataclass(frozen=True, slots=True)
class NewDraw:
    """A draw that is not stored yet: the officers, each with level and country."""

    quarter: str
    competency: str
    seed: int
    pool: int
    picks: Mapping[UUID, tuple[Level, str]]


def prepare(now: datetime) -> list[NewDraw]:
    """Return a draw for each competency without one in this quarter, if at least 20 officers were trained in it.

    It only reads: the caller ends the snapshot and stores each draw.
    """
    framework, quarter, today = catalogue.competencies() or Competencies(), rules.quarter_of(now.date()), now.date()
    missing = {entry.id for entry in framework.competencies} - queries.drawn_competencies(quarter)
    if not missing:
        return []
    own_chain: dict[str, list[UUID]] = {}
    for competency, person_id in watched.newest_verifying(watching.own_chain_alone(), today):
        own_chain.setdefault(competency, []).append(person_id)
    drawn: list[tuple[str, int, int, list[UUID]]] = []
    for competency, pool in sorted(watched.trained_officers(missing, today).items()):
        if len(pool) >= FEWEST:
            seed = secrets.randbits(SEED_BITS)
            again = frozenset(own_chain.get(competency, ())).intersection(pool)
            drawn.append((competency, seed, len(pool), rules.drawn(seed, pool, again).all))
    return _with_levels(framework, quarter, drawn, now)


def store(draw: NewDraw, now: datetime) -> bool:
    """Store a draw; return False if the quarter has a draw of the competency already."""
    draw_id = uuid4()
    row = {
        "id": draw_id, "quarter": draw.quarter, "competency": draw.competency, "seed": draw.seed, "pool": draw.pool,
        "drawn_at": now,
    }  # fmt: skip
    adding = insert_ignore(SurpriseDraw, ("quarter", "competency")).values(row).returning(SurpriseDraw.id)
    if db.session.scalar(adding) is None:
        return False
    picks = [
        {"draw_id": draw_id, "person_id": person_id, "level": level, "country": country, "state": PickState.DRAWN}
        for person_id, (level, country) in draw.picks.items()
    ]
    db.session.execute(insert(SurprisePick), picks)
    record(
        SurpriseDrawn(
            at=now,
            draw_id=draw_id,
            quarter=draw.quarter,
            competency=draw.competency,
            pool=draw.pool,
            picks=len(picks),
        )
    )
    return True


def excuse(draw_id: UUID, person_id: UUID, *, reason: str, now: datetime) -> None:
    """Excuse an officer from a surprise check.

    Raises NoResultFound without such a pick, DomainError without a reason or if the check was done or missed.
    """
    pick = _lock(draw_id, person_id)
    text = " ".join(reason.split())
    if not text or len(text) > REASON_LIMIT:
        raise DomainError("Write a reason with at most %(n)s characters.", n=REASON_LIMIT)
    if pick.state is PickState.EXCUSED:
        return
    if pick.state not in OPEN:
        raise DomainError("This surprise check is over.")
    pick.state, pick.reason, pick.sitting_id = PickState.EXCUSED, text, None
    draw = db.session.get_one(SurpriseDraw, draw_id)
    record(
        SurpriseExcused(at=now, draw_id=draw_id, competency=draw.competency, person_id=person_id, country=pick.country)
    )


def mark_seated(sitting_id: UUID, person_ids: Collection[UUID], now: datetime) -> int:
    """Record that a sitting is planned for the surprise checks of these people; return how many they are.

    Only the competencies of the sitting count, in the quarter of `now`.
    """
    tasks = db.session.scalars(select(SittingTask.competency).where(SittingTask.sitting_id == sitting_id))
    lines = queries.open_picks(person_ids, list(tasks), rules.quarter_of(now.date()))
    return _set([(line.draw_id, line.person_id) for line in lines], PickState.SEATED, sitting_id=sitting_id)


def release(sitting_id: UUID) -> int:
    """Take back the seats of a sitting that was cancelled or closed without these checks; return their number."""
    seated = select(SurprisePick.draw_id, SurprisePick.person_id).where(
        SurprisePick.sitting_id == sitting_id, SurprisePick.state == PickState.SEATED
    )
    return _set([(row[0], row[1]) for row in db.session.execute(seated)], PickState.DRAWN)


def mark_checked(person_id: UUID, competency: str, day: date) -> bool:
    """Record that the surprise check of a person was done; return False if there is none, or others must watch.

    It counts for the quarter of `day`, that of the evidence: a marker may be done after the end of the quarter. The
    evidence and its watchers are recorded before. Where the own chain alone had watched before the draw, a person from
    outside has to have watched this check.
    """
    quarter = rules.quarter_of(day)
    lines = queries.picks_in([person_id], [competency], quarter, rules.UNDONE)
    if any(line.needs_other for line in lines) and _is_own_chain_on(person_id, competency, day):
        return False
    keys = [(line.draw_id, line.person_id) for line in lines]
    return _set(keys, PickState.CHECKED, before=rules.UNDONE, keeps_sitting=True) > 0


def end_quarters(now: datetime) -> int:
    """Mark the open picks of earlier quarters as missed, but for work that waits for a marker; return their number."""
    earlier = select(SurpriseDraw.id).where(SurpriseDraw.quarter < rules.quarter_of(now.date()))
    missed = update(SurprisePick).where(
        SurprisePick.draw_id.in_(earlier), SurprisePick.state.in_(OPEN), ~queries.waits_for_marking()
    )
    return _changed(missed.values(state=PickState.MISSED))


def excuse_departed(now: datetime) -> int:
    """Excuse the drawn officers of this quarter who no longer serve; return the number of picks."""
    quarter = rules.quarter_of(now.date())
    people = queries.open_people(quarter)
    departed = people - postings.countries(people, now.date()).keys() if people else frozenset()
    of_quarter = select(SurpriseDraw.id).where(SurpriseDraw.quarter == quarter)
    picks = update(SurprisePick).where(
        SurprisePick.draw_id.in_(of_quarter), SurprisePick.person_id.in_(departed), SurprisePick.state.in_(OPEN)
    )
    return _changed(picks.values(state=PickState.EXCUSED, reason=LEFT, sitting_id=None)) if departed else 0


def release_ended() -> int:
    """Take back the seats of closed and cancelled sittings without a check; return their number."""
    return _set(queries.of_ended_sittings(), PickState.DRAWN)


def _with_levels(
    framework: Competencies, quarter: str, drawn: Sequence[tuple[str, int, int, list[UUID]]], now: datetime
) -> list[NewDraw]:
    """Return the draws with the level and country of each officer, by needs and training."""
    people = {person_id for _competency, _seed, _pool, picks in drawn for person_id in picks}
    countries = postings.countries(people, now.date())
    required = _required(framework, people, now)
    return [
        NewDraw(quarter, competency, seed, pool, _picks(competency, picks, required, countries))
        for competency, seed, pool, picks in drawn
    ]


def _required(framework: Competencies, people: Collection[UUID], now: datetime) -> dict[tuple[UUID, str], Level]:
    """Return the levels that these people need, by person and competency."""
    roles = postings.roles_on(people, now.date())
    needs = competence.needs_of_all(framework, {person_id: roles.get(person_id, ()) for person_id in people})
    return {(person_id, need.competency): need.level for person_id, asked in needs.items() for need in asked}


def _picks(
    competency: str,
    people: Sequence[UUID],
    required: Mapping[tuple[UUID, str], Level],
    countries: Mapping[UUID, str],
) -> dict[UUID, tuple[Level, str]]:
    levels = watched.trained_levels(people, competency)
    return {
        person_id: (rules.level_of(required.get((person_id, competency)), levels[person_id]), countries[person_id])
        for person_id in people
    }


def _is_own_chain_on(person_id: UUID, competency: str, day: date) -> bool:
    lines = watching.lines_of([person_id], competency).get(person_id, [])
    end = datetime.combine(day, time.max, UTC)
    return own_chain_at([(line.piece.done_at, line.own_chain_alone) for line in lines], end)


def _lock(draw_id: UUID, person_id: UUID) -> SurprisePick:
    query = select(SurprisePick).where(SurprisePick.draw_id == draw_id, SurprisePick.person_id == person_id)
    return db.session.scalars(query.with_for_update()).one()


def _set(
    keys: Iterable[tuple[UUID, UUID]],
    state: PickState,
    *,
    before: frozenset[PickState] = OPEN,
    sitting_id: UUID | None = None,
    keeps_sitting: bool = False,
) -> int:
    pairs = list(keys)
    if not pairs:
        return 0
    picks = update(SurprisePick).where(
        tuple_(SurprisePick.draw_id, SurprisePick.person_id).in_(pairs), SurprisePick.state.in_(before)
    )
    return _changed(picks.values(state=state) if keeps_sitting else picks.values(state=state, sitting_id=sitting_id))


def _changed(statement: object) -> int:
    result = db.session.execute(statement, execution_options={"synchronize_session": False})  # type: ignore[call-overload]
    return int(result.rowcount)
