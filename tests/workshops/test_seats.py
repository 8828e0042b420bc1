from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from hypothesis import settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from app.kernel.errors import IllegalMoveError
from app.workshops.domain.seats import (
    AlreadyBooked,
    BookingClosed,
    BookingState,
    BookingStep,
    PrerequisitesMissing,
    Seat,
    SeatSituation,
    Shortfall,
    WaitingListPlace,
    place_booking,
    promotions,
    state_after,
)
from tests.support.examples import examples
from tests.support.workshop_seats import room

NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("given", "answer"),
    [
        (room(), Seat(1)),
        (room(taken=frozenset({1, 3})), Seat(2)),
        (room(taken=frozenset({1, 2, 3})), WaitingListPlace(1)),
        (room(taken=frozenset({1, 2, 3}), queue=4), WaitingListPlace(5)),
        (room(taken=frozenset({1}), queue=1), WaitingListPlace(2)),  # waiting people go first
        (room(taken=frozenset({2, 3, 4, 5})), WaitingListPlace(1)),  # lowered below the seated: full
        (room(is_open=False), BookingClosed()),
    ],
)
def test_seats_are_given_in_order_of_arrival(given: SeatSituation, answer: object) -> None:
    assert place_booking(given, now=NOW) == answer


def test_booking_is_closed_from_the_closing_time_on() -> None:
    given = room()
    assert place_booking(given, now=given.closes_at - timedelta(seconds=1)) == Seat(1)
    assert place_booking(given, now=given.closes_at) == BookingClosed()


def test_repeated_booking_returns_the_existing_one_after_closing() -> None:
    given = room(taken=frozenset({1}))
    late = given.closes_at + timedelta(days=1)
    assert place_booking(
        given, now=late, booking_state=BookingState.WAITING, shortfall=Shortfall(courses=("M01",))
    ) == AlreadyBooked(BookingState.WAITING)


def test_missing_prerequisites_are_named_in_order() -> None:
    assert place_booking(room(), now=NOW, shortfall=Shortfall(courses=("M03", "M01"))) == PrerequisitesMissing(
        ("M03", "M01")
    )


def test_closed_booking_hides_missing_prerequisites() -> None:
    assert place_booking(room(is_open=False), now=NOW, shortfall=Shortfall(courses=("M01",))) == BookingClosed()


@pytest.mark.parametrize(
    ("capacity", "taken", "given"),
    [
        (3, {1, 2, 3}, []),
        (3, {1, 3}, [("a", 2)]),
        (5, {1, 2, 3}, [("a", 4), ("b", 5)]),
        (9, set(), [("a", 1), ("b", 2), ("c", 3)]),
        (2, {1, 4, 5}, []),  # still more seated than seats
        (2, {4}, [("a", 1)]),
    ],
)
def test_waiting_list_gets_the_lowest_free_seats_in_order(
    capacity: int, taken: set[int], given: list[tuple[str, int]]
) -> None:
    assert promotions(capacity, frozenset(taken), ["a", "b", "c"]) == given


def test_withdrawn_booking_has_no_further_step() -> None:
    assert state_after(BookingState.SEATED, BookingStep.WITHDRAW) is BookingState.WITHDRAWN
    for state, step in [
        (BookingState.WITHDRAWN, BookingStep.PROMOTE),
        (BookingState.WITHDRAWN, BookingStep.WITHDRAW),
        (BookingState.SEATED, BookingStep.PROMOTE),
    ]:
        with pytest.raises(IllegalMoveError):
            state_after(state, step)


class Queue(RuleBasedStateMachine):
    """R5: seats and waiting list after any steps are those of a plain list in the order of arrival."""

    def __init__(self) -> None:
        super().__init__()
        self.capacity = 2
        self.people = count(1)
        self.seats: dict[int, int] = {}
        self.queue: list[int] = []
        # the model: a list of seated people and a list of waiting people, without seat numbers
        self.inside: list[int] = []
        self.line: list[int] = []

    def _move_up(self) -> None:
        for person, seat in promotions(self.capacity, frozenset(self.seats.values()), self.queue):
            self.seats[person] = seat
        self.queue = [person for person in self.queue if person not in self.seats]
        while self.line and len(self.inside) < self.capacity:
            self.inside.append(self.line.pop(0))

    @rule()
    def enrol(self) -> None:
        person = next(self.people)
        given = room(capacity=self.capacity, taken=frozenset(self.seats.values()), queue=len(self.queue))
        if not self.line and len(self.inside) < self.capacity:
            self.inside.append(person)
        else:
            self.line.append(person)
        match place_booking(given, now=NOW):
            case Seat(number):
                self.seats[person] = number
            case WaitingListPlace(position=last):
                self.queue.append(person)
                assert last == len(self.line)

    @rule(which=st.integers(0, 50))
    def cancel(self, which: int) -> None:
        there = [*self.seats, *self.queue]
        if not there:
            return
        person = there[which % len(there)]
        self.seats.pop(person, None)
        for held in (self.queue, self.inside, self.line):
            if person in held:
                held.remove(person)
        self._move_up()

    @rule(capacity=st.integers(1, 12))
    def set_capacity(self, capacity: int) -> None:
        kept = dict(self.seats)
        self.capacity = capacity
        self._move_up()
        assert kept.items() <= self.seats.items()

    @invariant()
    def equals_the_model(self) -> None:
        assert sorted(self.seats) == sorted(self.inside)
        assert self.queue == self.line
        assert len(set(self.seats.values())) == len(self.seats)


class LongQueue(Queue):
    """The same rules in runs of many steps."""


TestShortRuns = Queue.TestCase
TestShortRuns.settings = settings(max_examples=examples(100), stateful_step_count=50, deadline=None)
TestLongRuns = LongQueue.TestCase
TestLongRuns.settings = settings(max_examples=examples(20), stateful_step_count=250, deadline=None)


def test_ten_thousand_random_steps_equal_the_model() -> None:
    from random import Random

    chance, queue = Random(20270301), Queue()
    for _ in range(10_000):
        step = chance.random()
        if step < 0.5:
            queue.enrol()
        elif step < 0.95:
            queue.cancel(chance.randrange(50))
        else:
            queue.set_capacity(chance.randint(1, 12))
        queue.equals_the_model()
        assert (sorted(queue.seats), queue.queue) == (sorted(queue.inside), queue.line)
