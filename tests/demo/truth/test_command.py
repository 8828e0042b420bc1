from collections.abc import Iterator

import click
import pytest
from flask import Flask

from app.demo.truth import command
from app.demo.truth.scores import Score
from app.demo.truth.trial import COMPLETION, EXPECTED, HEADCOUNT
from app.demo.truth.verdict import Outcome, Verdict, together

GOOD = {COMPLETION: Score(0.45, 0.46), HEADCOUNT: Score(-0.1, 0.1), EXPECTED: Score(0.01, 0.03, 0.02)}


def outcome(**changed: Score) -> Outcome:
    names = {"counted": COMPLETION, "expected": EXPECTED}
    return Outcome({**GOOD, **{names[name]: score for name, score in changed.items()}}, covered=0.9, entries=7)


@pytest.mark.parametrize(("text", "seeds"), [("200-207", range(200, 208)), ("5", range(5, 6)), ("0-1", range(2))])
def test_seeds_are_read(text: str, seeds: range) -> None:
    assert command.read_seeds(None, None, text) == seeds  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["", "a", "7-5", "1-", "-3", "1,2", "1 - 2", "1234567"])
def test_other_texts_are_refused(text: str) -> None:
    with pytest.raises(click.BadParameter, match="such as 200-207"):
        command.read_seeds(None, None, text)  # type: ignore[arg-type]


def test_what_is_good_enough_has_no_fault() -> None:
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
def test_each_miss_is_named(bad: dict[str, Score], words: str) -> None:
    [fault] = together([outcome(**bad)]).faults
    assert words in fault


def test_seeds_are_put_together_by_their_mean() -> None:
    found = together([outcome(expected=Score(-0.1, 0.1, 0.0)), outcome(expected=Score(0.1, 0.0, 0.02))])
    assert found.scores[EXPECTED] == Score(0.0, 0.05, 0.01)
    assert found.covered == pytest.approx(0.9)


def test_the_table_puts_the_completion_count_first() -> None:
    lines = list(Verdict(GOOD, 0.875).lines())
    assert [line.split("  ")[0] for line in lines[1:4]] == [COMPLETION, HEADCOUNT, EXPECTED]
    assert lines[1].split()[-2:] == ["+0.450", "0.460"]
    assert lines[3].split()[-3:] == ["+0.010", "0.030", "0.020"]
    assert "88%" in lines[-1]


@pytest.mark.parametrize(("made", "code"), [(outcome(), 0), (outcome(expected=Score(0.2, 0.2, 0.2)), 1)])
def test_the_command_ends_with_the_verdict(
    lite_app: Flask, monkeypatch: pytest.MonkeyPatch, made: Outcome, code: int
) -> None:
    def outcomes_of(seeds: range, officers: int, *, refits: bool) -> Iterator[Outcome]:
        assert (officers, refits) == (40, False)
        return iter([made] * len(seeds))

    monkeypatch.setattr(command, "outcomes_of", outcomes_of)
    asked = ["competence", "simulate", "--seeds", "1-2", "--officers", "40", "--no-refit"]
    done = lite_app.test_cli_runner().invoke(args=asked)
    assert done.exit_code == code, done.output
    assert COMPLETION in done.output
    assert ("Missed" in done.output) == bool(code)
