"""What must hold of the measure whatever its numbers: random histories of one officer, competency and level."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from random import Random
from uuid import UUID

import pytest

from app.catalogue.domain.items import Level
from app.competence.domain import measure
from app.competence.domain.assessment import EvidenceBook, EvidenceRow, Rules, counted_at, with_evidence
from app.competence.domain.display import Likelihood, TrainingStage, likelihood, shown_chance, training_stage
from app.competence.domain.evidence import EvidenceKind as Kind, Piece
from app.competence.domain.history import CompetencyRule, last_state, next_state
from app.competence.domain.measure import Parameters, SkillState
from app.competence.domain.statuses import VerificationStatus, status

K = Parameters()
EVERY_KIND = frozenset({"quiz", "scenario", "observed_practice"})
RULE = CompetencyRule(K, frozenset({"watched_check", "assessor"}), EVERY_KIND)
MARKS = (0.5, 0.62, 0.7, 0.8)
WATCHED = (Kind.CHECK, Kind.SURPRISE, Kind.WORKSHOP, Kind.DESK_TASK)
UNWATCHED = (Kind.QUIZ, Kind.REVIEW, Kind.SCENARIO, Kind.SUPERVISOR)
RUBRICS = (Kind.WORKSHOP, Kind.DESK_TASK)
ITEMS = {Kind.CHECK: 12, Kind.SURPRISE: 12, Kind.REVIEW: 4, Kind.SCENARIO: 6, Kind.SUPERVISOR: 3}
FIRST = date(2027, 1, 4)
RUNS = 100
NEAR = 1e-9
A_TRACE = 0.001  # far below the mark (p under 0.001) being surer outweighs what was right


@dataclass(frozen=True)
class Move:
    """A piece that comes after others: what stood before it, and what each of its possible results leads to."""

    earlier: list[Piece]
    before: SkillState | None
    piece: Piece  # its share is 0 of `items`

    @property
    def day(self) -> int:
        return self.piece.day.toordinal()

    @property
    def first_training(self) -> bool:
        return self.piece.kind is Kind.WORKSHOP and not (self.before and self.before.trained)

    @property
    def until(self) -> int | None:
        return self.before.verified_until if self.before else None

    @property
    def verified(self) -> bool:
        return self.until is not None and self.until >= self.day

    def result(self, right: int) -> Piece:
        return replace(self.piece, share=right / self.piece.items)

    def after(self, right: int) -> SkillState:
        state = next_state(self.before, self.result(right), self.earlier, RULE)
        assert state is not None
        return state


def _drawn(random: Random, kind: Kind, day: date, number: int, *, right: int | None = None) -> Piece:
    items = ITEMS.get(kind, random.choice((2, 4, 5, 6, 10)))
    right = random.randint(0, items) if right is None else right
    rubric = kind in RUBRICS
    return Piece(
        day=day,
        kind=kind,
        share=right / items,
        mark=random.choice(MARKS),
        items=items,
        trust=1.0 if kind in WATCHED else random.choice((0.25, 0.5)),
        watched=kind in WATCHED,
        guess=0.05 if rubric else random.choice((0.05, 0.25, 0.5)),
        assessor=UUID(int=7) if rubric else None,
        reporter=UUID(int=number),
        training=f"course:{random.choice((1, 2, number))}" if kind in {Kind.QUIZ, Kind.WORKSHOP} else "",
    )


def _moves(seed: int, kinds: Sequence[Kind] = (*UNWATCHED, *WATCHED)) -> list[Move]:
    """Return the steps of one random history; the result that was drawn leads on to the next."""
    random = Random(seed)
    day, state, earlier, found = FIRST, None, [], []
    for number in range(random.randint(1, 8)):
        day += timedelta(days=random.choice((0, 1, 14, 40, 90, 200)))
        piece = _drawn(random, random.choice(kinds), day, number + 10)
        found.append(Move(list(earlier), state, replace(piece, share=0.0)))
        state = next_state(state, piece, earlier, RULE)
        earlier.append(piece)
    return found


MOVES = [move for seed in range(RUNS) for move in _moves(seed)]
RESULTS = [(move, right) for move in MOVES for right in range(move.piece.items + 1)]
AFTER = {id(move): [move.after(right) for right in range(move.piece.items + 1)] for move in MOVES}


def _p(state: SkillState | None, day: int) -> float:
    return measure.p(state, day, K)


def _until(state: SkillState) -> int:
    return state.verified_until or -1


def _cases(wanted: Callable[[Move, Piece], bool]) -> list[tuple[Move, SkillState]]:
    """Return the moves with each result that is wanted, and what it leads to; there are many of them."""
    found = [(move, AFTER[id(move)][right]) for move, right in RESULTS if wanted(move, move.result(right))]
    assert len(found) > 20
    return found


def test_p_is_never_lower_when_result_is_better() -> None:
    for move in MOVES:
        chances = [_p(state, move.day) for state in AFTER[id(move)]]
        assert all(worse <= better + NEAR for worse, better in pairwise(chances)), move


def test_date_is_never_earlier_when_result_is_better() -> None:
    for move in MOVES:
        dates = [_until(state) for state in AFTER[id(move)]]
        assert dates == sorted(dates), move


def test_p_is_never_raised_when_mark_is_not_reached() -> None:
    for move, state in _cases(lambda move, piece: not piece.reached and not move.first_training):
        assert _p(state, move.day) <= _p(move.before, move.day) + NEAR, move


def test_date_is_never_later_when_mark_is_not_reached() -> None:
    for move, state in _cases(lambda _move, piece: not piece.reached):
        assert _until(state) <= (move.until or -1), move


def test_nothing_is_verified_when_mark_is_not_reached() -> None:
    for move, state in _cases(lambda move, piece: not piece.reached and not move.verified):
        assert _until(state) < move.day, move


def test_date_is_never_earlier_when_mark_is_reached() -> None:
    for move, state in _cases(lambda move, piece: piece.reached and move.verified):
        assert _until(state) >= (move.until or 0), move


def test_verification_stays_as_it_was_when_result_is_unwatched() -> None:
    for move, state in _cases(lambda _move, piece: not piece.watched):
        assert (_until(state) >= move.day) == move.verified, move


def test_state_is_verified_only_after_reached_watched_piece() -> None:
    for move, state in _cases(
        lambda move, piece: not any(one.watched and one.reached for one in [*move.earlier, piece])
    ):
        assert state.verified_until is None, move


def test_p_is_never_raised_by_three_bad_reviews() -> None:
    for move, state in _cases(lambda _move, piece: not piece.watched and piece.reached):
        pieces, after = [*move.earlier, move.piece], state
        for _ in range(3):
            bad = Piece(day=move.piece.day, kind=Kind.REVIEW, share=0.25, mark=0.62, items=4, trust=0.5)
            worse = next_state(after, bad, pieces, RULE)
            assert worse is not None
            after, pieces = worse, [*pieces, bad]
        assert _p(after, move.day) <= _p(state, move.day) + NEAR, move


# beyond the nine of the reference


def _rows(seed: int) -> list[EvidenceRow]:
    """Return a random history of all levels, each row recorded when it was done; half of the days are shared."""
    random = Random(seed)
    rows = []
    for number in range(random.randint(2, 7)):
        day = FIRST + timedelta(days=random.choice((0, 30, 31, 160)))
        piece = _drawn(random, random.choice((*UNWATCHED, *WATCHED)), day, number)
        done_at = datetime.combine(day, time(8 + number), UTC)
        rows.append(EvidenceRow(number, random.choice(list(Level)), done_at, done_at, piece))
    return rows


def _rules(level: Level) -> CompetencyRule:
    named = {Level.FOUNDATION: EVERY_KIND, Level.PRACTITIONER: frozenset({"scenario"})}
    return CompetencyRule(K, frozenset({"watched_check", "assessor"}), named.get(level, frozenset()))


def _arrived(rows: Sequence[EvidenceRow], rules: Rules) -> EvidenceBook:
    """Return the book after rows that arrived in this order, one a day, long after they were done."""
    book = EvidenceBook()
    for place, row in enumerate(rows):
        arrived = replace(row, id=place, recorded_at=datetime(2029, 1, 1, tzinfo=UTC) + timedelta(days=place))
        book = with_evidence(book, arrived, rules, ())
    return book


@pytest.mark.parametrize("seed", range(12))
def test_states_are_the_same_in_every_order_of_arrival(seed: int) -> None:
    rows = _rows(seed)
    first = _arrived(rows, _rules)
    for number in range(5):
        shuffled = Random(number).sample(rows, len(rows))
        book = _arrived(shuffled, _rules)
        assert (book.states, book.periods) == (first.states, first.periods)


def _evening(pieces: Sequence[Piece], day: date) -> float:
    """Return p at the end of a day."""
    return _p(last_state([piece for piece in pieces if piece.day <= day], RULE), day.toordinal())


def test_p_of_the_day_is_never_lower_when_failure_is_voided() -> None:
    for move, after in _cases(lambda move, piece: not piece.reached and not move.first_training):
        assert _evening(move.earlier, move.piece.day) >= _p(after, move.day) - NEAR, move


def test_date_is_never_later_when_success_is_voided() -> None:
    """Voiding a success may raise p: a result over the mark, yet under what was expected, lowered it.

    Reference vector C3: before the check p is 0.9627; 8 of 12 is over the mark of 0.62 and leads to 0.9498. Checked is
    the second of the six rules: the date is never later without the success.
    """
    for move, after in _cases(lambda move, piece: piece.reached and not move.first_training):
        without = last_state(move.earlier, RULE)
        until = without.verified_until if without else None
        assert until is None or until <= _until(after), move


def test_p_is_never_raised_when_perfect_result_is_voided() -> None:
    for move, after in _cases(lambda _move, piece: piece.share == 1.0):
        chance = _evening(move.earlier, move.piece.day)
        assert chance <= _p(after, move.day) + A_TRACE, move


def test_voided_success_raises_p_when_more_was_expected() -> None:
    quiz = Piece(day=FIRST, kind=Kind.QUIZ, share=1.0, mark=0.62, items=10, trust=0.5, training="course:1")
    sure = [quiz, *(_check(12, FIRST) for _ in range(3))]
    barely = _check(8, FIRST)
    assert barely.reached
    assert _evening(sure, FIRST) > _evening([*sure, barely], FIRST)


def _check(right: int, day: date) -> Piece:
    return Piece(day=day, kind=Kind.CHECK, share=right / 12, mark=0.62, items=12, trust=1.0, watched=True)


@pytest.mark.parametrize("seed", range(8))
def test_status_is_in_training_after_perfect_unwatched_results(seed: int) -> None:
    random = Random(seed)
    pieces = []
    for number in range(random.randint(1, 30)):
        kind = random.choice(UNWATCHED)
        piece = _drawn(random, kind, FIRST + timedelta(days=7 * number), number)
        pieces.append(replace(piece, share=1.0))
    state = last_state(pieces, RULE)
    assert state is not None
    assert (state.watched, state.verified_until) == (None, None)
    today = pieces[-1].day
    found = status(True, None, today)
    assert found is VerificationStatus.IN_TRAINING
    assert shown_chance(_p(state, today.toordinal()), found, watched=state.watched is not None) is None


@pytest.mark.parametrize("kind", UNWATCHED)
def test_state_stays_when_level_does_not_name_the_kind(kind: Kind) -> None:
    silent = replace(RULE, evidence=frozenset())
    for move in MOVES:
        piece = _drawn(Random(move.day), kind, move.piece.day, 99)
        assert next_state(move.before, piece, move.earlier, silent) == move.before


def test_scenario_counts_when_watched_whatever_the_level_names() -> None:
    silent = replace(RULE, evidence=frozenset())
    played = Piece(day=FIRST, kind=Kind.SCENARIO, share=1.0, mark=0.62, items=6, trust=1.0, watched=True)
    assert next_state(None, played, [], silent) is not None


@pytest.mark.parametrize(
    ("kind", "level", "expected"),
    [
        (Kind.QUIZ, Level.FOUNDATION, Level.FOUNDATION),
        (Kind.QUIZ, Level.SPECIALIST, Level.FOUNDATION),
        (Kind.REVIEW, Level.PRACTITIONER, Level.FOUNDATION),
        (Kind.SCENARIO, Level.PRACTITIONER, Level.PRACTITIONER),
        (Kind.CHECK, Level.PRACTITIONER, Level.PRACTITIONER),
        (Kind.WORKSHOP, Level.SPECIALIST, Level.SPECIALIST),
    ],
)
def test_row_counts_at_the_level_that_names_it(kind: Kind, level: Level, expected: Level) -> None:
    piece = _drawn(Random(1), kind, FIRST, 1)
    assert counted_at(level, piece, _rules) is expected


def test_later_attempt_trains_only_when_no_earlier_one_reached_the_mark() -> None:
    failed = Piece(day=FIRST, kind=Kind.QUIZ, share=0.5, mark=0.72, items=4, trust=0.5, training="course:1")
    again = replace(failed, share=1.0, trust=0.25)
    state = last_state([failed, again], RULE)
    assert state is not None
    assert state.trained
    assert state.peak == pytest.approx(_mu(failed) + K.gain)
    third = last_state([failed, again, again], RULE)
    assert third is not None
    assert third.mu - state.mu < 0.5  # evidence alone


def _mu(piece: Piece) -> float:
    state = last_state([piece], RULE)
    assert state is not None
    return state.mu


@pytest.mark.parametrize(
    ("chance", "at", "watched", "shown"),
    [
        (0.97, VerificationStatus.LAPSED, True, None),
        (0.80, VerificationStatus.LAPSED, True, 0.80),
        (0.97, VerificationStatus.IN_TRAINING, True, None),
        (0.55, VerificationStatus.IN_TRAINING, True, 0.55),
        (0.97, VerificationStatus.VERIFIED, True, 0.97),
        (0.88, VerificationStatus.DUE, True, 0.88),
        (0.30, VerificationStatus.IN_TRAINING, False, None),
        (0.09, VerificationStatus.NOT_STARTED, False, None),
    ],
)
def test_chance_is_shown_when_it_fits_the_status(
    chance: float, at: VerificationStatus, watched: bool, shown: float | None
) -> None:
    assert shown_chance(chance, at, watched=watched) == shown


@pytest.mark.parametrize(
    ("chance", "word"),
    [
        (0.95, Likelihood.VERY_LIKELY),
        (0.90, Likelihood.VERY_LIKELY),
        (0.70, Likelihood.LIKELY),
        (0.40, Likelihood.OPEN),
        (0.39, Likelihood.UNLIKELY),
    ],
)
def test_likelihood_is_the_word_of_its_range(chance: float, word: Likelihood) -> None:
    assert likelihood(chance) is word


@pytest.mark.parametrize(
    ("right", "watched", "expected"),
    [(2, False, TrainingStage.COURSE_BEGUN), (8, False, TrainingStage.TEST_PASSED), (8, True, TrainingStage.WATCHED)],
)
def test_training_stage_says_how_far_an_officer_is(right: int, watched: bool, expected: TrainingStage) -> None:
    quiz = Piece(day=FIRST, kind=Kind.QUIZ, share=right / 10, mark=0.7, items=10, trust=0.5, training="course:1")
    state = last_state([quiz, *([_check(1, FIRST)] if watched else [])], RULE)
    assert state is not None
    assert training_stage({Level.FOUNDATION: state}, Level.FOUNDATION) is expected


def test_failed_workshop_is_no_second_training() -> None:
    bad = Piece(
        day=FIRST, kind=Kind.WORKSHOP, share=0.2, mark=2 / 3, items=5, trust=1.0, watched=True, guess=0.05,
        training="workshop:1",
    )  # fmt: skip
    first = last_state([bad], RULE)
    assert first is not None
    assert first.trained
    again = next_state(first, replace(bad, day=FIRST + timedelta(days=60), training="workshop:2"), [bad], RULE)
    assert again is not None
    assert _p(again, again.last) <= _p(first, again.last) + NEAR
