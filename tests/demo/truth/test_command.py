from collections.abc import Iterator

import click
import pytest
from flask import Flask

from app.competence.domain.measure import Parameters
from app.demo.truth import command
from app.demo.truth.scores import Score
from app.demo.truth.trial import COMPLETION, EXPECTED, HEADCOUNT, Trial, completion
from app.demo.truth.verdict import SeedOutcome, TrialVerdict, together
from app.demo.truth.world import WORLDS, SimulatedWorld
from tests.support.memory_register import MemoryRegister

GOOD = {COMPLETION: Score(0.45, 0.46), HEADCOUNT: Score(-0.1, 0.1), EXPECTED: Score(0.01, 0.03, 0.02)}


def outcome(**changed: Score) -> SeedOutcome:
    names = {"counted": COMPLETION, "expected": EXPECTED}
    return SeedOutcome({**GOOD, **{names[name]: score for name, score in changed.items()}}, covered=0.9, entries=7)


@pytest.mark.parametrize(("text", "seeds"), [("200-207", range(200, 208)), ("5", range(5, 6)), ("0-1", range(2))])
def test_read_seeds_returns_range(text: str, seeds: range) -> None:
    assert command.read_seeds(None, None, text) == seeds  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["", "a", "7-5", "1-", "-3", "1,2", "1 - 2", "1234567"])
def test_read_seeds_refuses_other_texts(text: str) -> None:
    with pytest.raises(click.BadParameter, match="such as 200-207"):
        command.read_seeds(None, None, text)  # type: ignore[arg-type]


def test_verdict_within_limits_has_no_faults() -> None:
    assert together([outcome()]).faults == []


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        ({"expected": Score(-0.041, 0.03, 0.02)}, "bias of the expected"),
        ({"expected": Score(0.01, 0.051, 0.02)}, "RMSE"),
        ({"expected": Score(0.01, 0.03, 0.06)}, "ECE"),
        ({"expected": Score(0.01, 0.03)}, "ECE"),
        ({"counted": Score(0.40, 0.46)}, "completion count"),
    ],
)
def test_verdict_reports_each_missed_limit(bad: dict[str, Score], words: str) -> None:
    [fault] = together([outcome(**bad)]).faults
    assert words in fault


def test_verdict_is_the_mean_of_seeds() -> None:
    found = together([outcome(expected=Score(-0.1, 0.1, 0.0)), outcome(expected=Score(0.1, 0.0, 0.02))])
    assert found.scores[EXPECTED] == Score(0.0, 0.05, 0.01)
    assert found.covered == pytest.approx(0.9)


def test_table_starts_with_completion_count() -> None:
    lines = list(TrialVerdict(GOOD, 0.875).lines())
    assert [line.split("  ")[0] for line in lines[1:4]] == [COMPLETION, HEADCOUNT, EXPECTED]
    assert lines[1].split()[-2:] == ["+0.450", "0.460"]
    assert lines[3].split()[-3:] == ["+0.010", "0.030", "0.020"]
    assert "88%" in lines[-1]


@pytest.mark.parametrize(("made", "code"), [(outcome(), 0), (outcome(expected=Score(0.2, 0.2, 0.2)), 1)])
def test_command_exits_with_verdict(
    lite_app: Flask, monkeypatch: pytest.MonkeyPatch, made: SeedOutcome, code: int
) -> None:
    def outcomes_of(seeds: range, officers: int, *, refits: bool, world: str) -> Iterator[SeedOutcome]:
        assert (officers, refits, world) == (40, False, "base")
        return iter([made] * len(seeds))

    monkeypatch.setattr(command, "outcomes_of", outcomes_of)
    asked = ["competence", "simulate", "--seeds", "1-2", "--officers", "40", "--no-refit"]
    done = lite_app.test_cli_runner().invoke(args=asked)
    assert done.exit_code == code, done.output
    assert COMPLETION in done.output
    assert ("Missed" in done.output) == bool(code)


@pytest.mark.parametrize(
    ("score", "faults"),
    [
        (Score(-0.049, 0.055, 0.056), []),
        (Score(-0.051, 0.055, 0.056), ["bias"]),
        (Score(0.011, 0.055, 0.056), ["bias"]),
        (Score(-0.02, 0.056, 0.056), ["RMSE"]),
        (Score(-0.02, 0.02, 0.058), ["ECE"]),
    ],
)
def test_other_world_is_compared_with_research(score: Score, faults: list[str]) -> None:
    found = together([outcome(expected=score)], "click30").faults
    assert [fault.split()[0] for fault in found] == faults


@pytest.mark.parametrize("world", WORLDS)
def test_command_simulates_each_world(lite_app: Flask, monkeypatch: pytest.MonkeyPatch, world: str) -> None:
    def outcomes_of(seeds: range, officers: int, *, refits: bool, world: str) -> Iterator[SeedOutcome]:
        yield from (by_rules(seed, officers, refits, world) for seed in seeds)

    monkeypatch.setattr(command, "outcomes_of", outcomes_of)
    asked = ["competence", "simulate", "--seeds", "300", "--officers", "25", "--no-refit", "--world", world]
    done = lite_app.test_cli_runner().invoke(args=asked)
    assert done.exit_code in {0, 1}, done.output
    assert EXPECTED in done.output
    assert done.exception is None or isinstance(done.exception, SystemExit)


def by_rules(seed: int, officers: int, refits: bool, world: str) -> SeedOutcome:
    """Return the outcome of a seed with the rules only."""
    trial = Trial(
        SimulatedWorld(officers, seed, WORLDS[world]), MemoryRegister(officers, Parameters()), seed, refits=refits
    )
    course = trial.run()
    return SeedOutcome(
        {COMPLETION: completion(SimulatedWorld(officers, seed, WORLDS[world])), **course.scores()}, course.covered(), 0
    )


def test_unknown_world_is_refused(lite_app: Flask) -> None:
    done = lite_app.test_cli_runner().invoke(args=["competence", "simulate", "--world", "flat"])
    assert done.exit_code == 2
    assert "'base', 'guess90', 'click30', 'watched30'" in done.output
