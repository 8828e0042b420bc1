import msgspec
import pytest
from hypothesis import given, strategies as st

from app.catalogue.domain.scenarios import ErrorKind, Move, MoveRating, Node, Scenario, Truth
from app.kernel.errors import IllegalMoveError
from app.scenarios.domain import (
    NotFinishedError,
    debrief,
    false_alarms,
    follow,
    is_finished,
    may_choose,
    missed_victims,
    pass_mark,
    reached,
    score,
    usual_length,
)

BEST, ACCEPTABLE, POOR, HARMFUL = MoveRating

CASE = Scenario(
    "S01",
    "The van",
    Truth.MIXED,
    "d1",
    "At night.",
    (
        Node(
            "d1",
            "First?",
            (
                Move("Separate", "d2", BEST),
                Move("Wait", "d2", ACCEPTABLE),
                Move("Ask aloud", "r1", HARMFUL, ErrorKind.MISS, "Silence.", "No privacy."),
                Move("Look away", "r1", POOR, ErrorKind.MISS),
            ),
        ),
        Node("r1", "Now?", (Move("Mend", "d2", BEST), Move("Insist", "r2", HARMFUL)), recovery=True),
        Node("r2", "And now?", (Move("Stop", "d2", BEST), Move("Go on", "end", HARMFUL)), recovery=True),
        Node("d2", "Then?", (Move("Refer", "end", BEST), Move("Arrest all", "end", POOR, ErrorKind.FALSE_ALARM))),
        Node("end", "It ends."),
    ),
)


def test_usual_length_leaves_out_recoveries_and_ways_beside_the_best_one() -> None:
    late = Node("d2late", "Too late?", (Move("Refer", "end", BEST),))
    first = msgspec.structs.replace(CASE.nodes[0].moves[1], to="d2late")
    begin = msgspec.structs.replace(CASE.nodes[0], moves=(CASE.nodes[0].moves[0], first))
    assert usual_length(msgspec.structs.replace(CASE, nodes=(begin, *CASE.nodes[1:], late))) == 2


@pytest.mark.parametrize(
    ("choices", "at", "share"),
    [
        ([], "d1", 0.0),
        ([0], "d2", 1.0),
        ([0, 0], "end", 1.0),
        ([1, 0], "end", 5 / 6),
        ([2], "r1", 0.0),
        ([2, 0], "d2", 1.5 / 3),
        ([2, 0, 0], "end", 4.5 / 6),
        ([3, 0, 0], "end", 5 / 6),
        ([3, 1, 1], "end", 1 / 3),
        ([2, 1, 0, 0], "end", (0.75 + 3) / 6),
        ([0, 1], "end", 4 / 6),
    ],
)
def test_choices_lead_and_are_marked(choices: list[int], at: str, share: float) -> None:
    path = follow(CASE, choices)
    assert path.at.id == at
    assert is_finished(path) == (at == "end")
    assert score(path) == pytest.approx(share)


@pytest.mark.parametrize("choices", [[4], [-1], [0, 2], [0, 0, 0]])
def test_a_choice_that_is_not_open_is_refused(choices: list[int]) -> None:
    assert not may_choose(follow(CASE, choices[:-1]), choices[-1])
    with pytest.raises(IllegalMoveError):
        follow(CASE, choices)


def test_both_kinds_of_error_are_counted_apart() -> None:
    path = follow(CASE, [2, 0, 1])
    assert (missed_victims(path), false_alarms(path)) == (1, 1)
    assert (missed_victims(follow(CASE, [0, 0])), false_alarms(follow(CASE, [0, 0]))) == (0, 0)


def test_the_debrief_shows_every_move_and_marks_the_taken() -> None:
    shown = debrief(CASE, follow(CASE, [2, 0, 0]))
    assert [(one.node.id, one.visited) for one in shown] == [("d1", True), ("r1", True), ("d2", True), ("r2", False)]
    assert [one.taken for one in shown[0].moves] == [False, False, True, False]
    assert (shown[0].moves[2].move.consequence, shown[0].moves[2].move.why) == ("Silence.", "No privacy.")
    assert not any(one.taken for one in shown[3].moves)


def test_there_is_no_debrief_before_the_end() -> None:
    with pytest.raises(NotFinishedError):
        debrief(CASE, follow(CASE, [0]))


@given(st.sampled_from(MoveRating), st.lists(st.sampled_from(MoveRating), max_size=4), st.sampled_from(MoveRating))
def test_a_recovery_never_harms_below_and_never_makes_good_in_full(
    first: MoveRating, recoveries: list[MoveRating], last: MoveRating
) -> None:
    names = ["d1", *(f"r{n}" for n in range(len(recoveries))), "d2", "end"]
    verdicts = [first, *recoveries, last]
    nodes = [
        Node(name, "", (Move("", names[n + 1], verdict),), recovery=name.startswith("r"))
        for n, (name, verdict) in enumerate(zip(names, verdicts, strict=False))
    ]
    path = follow(Scenario("S02", "", Truth.OTHER, "d1", "", (*nodes, Node("end", ""))), [0] * len(verdicts))
    plain = {BEST: 3, ACCEPTABLE: 2, POOR: 1, HARMFUL: 0}
    lifted = score(path) * 6 - plain[last]
    if recoveries:
        assert min(plain[first], 2) - 1e-9 <= lifted <= 2 + 1e-9
    else:
        assert lifted == pytest.approx(plain[first])
    assert 0 <= score(path) <= 1


def _judged(**values: float) -> Scenario:
    nodes = tuple(msgspec.structs.replace(node, pass_value=values.get(node.id)) for node in CASE.nodes)
    return msgspec.structs.replace(CASE, nodes=nodes)


@pytest.mark.parametrize(
    ("choices", "mark"), [([0, 0], 0.65), ([2, 0, 0], 0.65), ([2, 1, 1], 0.5), ([2, 1, 0, 1], 0.65), ([0], 0.5)]
)
def test_the_pass_mark_is_the_mean_of_the_scored_decisions_met(choices: list[int], mark: float) -> None:
    assert pass_mark(follow(_judged(d1=0.5, d2=0.8, r1=0.9, r2=0.9), choices)) == pytest.approx(mark)


def test_a_decision_not_judged_yet_counts_as_0_62() -> None:
    assert pass_mark(follow(CASE, [0, 0])) == 0.62
    assert pass_mark(follow(_judged(d1=0.7), [0, 0])) == pytest.approx(0.66)


def test_a_share_equal_to_the_mark_reaches_it() -> None:
    assert reached(follow(_judged(d1=1 / 3, d2=1.0), [1, 1])) is False
    assert reached(follow(_judged(d1=0.5, d2=0.5), [1, 1]))
    assert reached(follow(_judged(d1=0.6, d2=0.4), [2, 0, 1])) is False
