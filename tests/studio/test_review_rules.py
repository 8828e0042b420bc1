"""Rules of reviews: steps between states, who may approve, and which revisions contribute to a reviewed one."""

from uuid import UUID, uuid4

import pytest
from hypothesis import given, strategies as st

from app.catalogue.domain.courses import ReviewPoint
from app.kernel.errors import IllegalMoveError
from app.studio.domain.reviews import (
    OPEN,
    REQUIRED,
    TRANSITIONS,
    DecisionRefusal,
    ReviewState,
    ReviewStep,
    contributing_revisions,
    decision_refusal,
    may_decide,
    may_resolve,
    missing_points,
    state_after,
    steps_from,
)

AUTHOR, SUBMITTER, OTHER = UUID(int=1), UUID(int=2), UUID(int=3)


@pytest.mark.parametrize("state", ReviewState)
@pytest.mark.parametrize("step", ReviewStep)
def test_step_is_offered_only_if_the_table_allows_it(state: ReviewState, step: ReviewStep) -> None:
    if (state, step) in TRANSITIONS:
        assert step in steps_from(state)
        assert state_after(state, step) is TRANSITIONS[state, step]
    else:
        assert step not in steps_from(state)
        with pytest.raises(IllegalMoveError):
            state_after(state, step)


def test_publishing_follows_an_approval_alone() -> None:
    assert [state for state in ReviewState if ReviewStep.PUBLISH in steps_from(state)] == [ReviewState.APPROVED]


def test_review_that_is_over_has_no_step() -> None:
    assert {state for state in ReviewState if steps_from(state)} == OPEN


@pytest.mark.parametrize(("person", "may"), [(AUTHOR, False), (SUBMITTER, False), (OTHER, True)])
def test_author_and_submitter_cannot_decide(person: UUID, may: bool) -> None:
    assert may_decide(person, SUBMITTER, {AUTHOR}) is may


@pytest.mark.parametrize(
    ("person", "remarks", "ticked", "refusal"),
    [
        (SUBMITTER, 0, REQUIRED, DecisionRefusal.SUBMITTED),
        (AUTHOR, 0, REQUIRED, DecisionRefusal.WROTE),
        (OTHER, 1, REQUIRED, DecisionRefusal.REMARKS),
        (OTHER, 0, REQUIRED - {ReviewPoint.FACTS}, DecisionRefusal.CHECKLIST),
        (OTHER, 0, REQUIRED, None),
    ],
)
def test_first_reason_against_an_approval_is_named(
    person: UUID, remarks: int, ticked: frozenset[ReviewPoint], refusal: DecisionRefusal | None
) -> None:
    assert decision_refusal(person, SUBMITTER, {AUTHOR}, open_remarks=remarks, ticked=ticked) is refusal


def test_optional_points_are_never_missing() -> None:
    assert missing_points([]) == tuple(point for point in ReviewPoint if point in REQUIRED)
    assert missing_points(REQUIRED) == ()


@pytest.mark.parametrize(
    ("revision", "published", "restored", "numbers"),
    [
        (5, (), {}, {1, 2, 3, 4, 5}),
        (5, (3,), {}, {4, 5}),
        (5, (3,), {5: 2}, {1, 2, 4, 5}),  # text of revision 2 was replaced before 3 was published
        (5, (3,), {5: 3}, {4, 5}),  # the published text came back
        (9, (2, 6), {9: 8, 8: 4}, {3, 4, 7, 8, 9}),
        (2, (), {2: 0}, {1, 2}),
    ],
)
def test_contributing_revisions_include_those_of_restored_states(
    revision: int, published: tuple[int, ...], restored: dict[int, int], numbers: set[int]
) -> None:
    ranges = contributing_revisions(revision, published=published, restored=restored)
    assert {number for part in ranges for number in part} == numbers


@given(st.data())
def test_contributing_revisions_contain_all_since_the_last_publication(data: st.DataObject) -> None:
    revision = data.draw(st.integers(1, 30))
    published = data.draw(st.sets(st.integers(1, revision - 1))) if revision > 1 else set()
    sources = data.draw(st.dictionaries(st.integers(2, 30), st.integers(0, 30)))
    restored = {number: state for number, state in sources.items() if state < number}
    ranges = contributing_revisions(revision, published=published, restored=restored)
    numbers = {number for part in ranges for number in part}
    assert numbers >= set(range(max(published, default=0) + 1, revision + 1))
    assert all(restored[number] in numbers | published | {0} for number in numbers & restored.keys())


def test_person_ids_are_compared_by_value() -> None:
    person = uuid4()
    assert not may_decide(UUID(str(person)), person, ())


@pytest.mark.parametrize("state", [None, *sorted(OPEN)])
def test_only_second_people_and_its_author_resolve_a_remark(state: ReviewState | None) -> None:
    reviewer, writer, second = UUID(int=1), UUID(int=2), UUID(int=3)
    is_before_approval = state is not ReviewState.APPROVED
    assert may_resolve(reviewer, reviewer, {writer}, state) is is_before_approval
    assert may_resolve(second, reviewer, {writer}, state) is is_before_approval
    assert may_resolve(writer, writer, {writer}, state) is is_before_approval
    assert not may_resolve(writer, reviewer, {writer}, state)
