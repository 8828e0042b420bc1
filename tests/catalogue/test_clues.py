import json
import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from app.catalogue.domain.clues import report
from app.catalogue.domain.clues.blind_sheets import blind_sheets
from app.catalogue.domain.clues.choices import SingleChoice, single_choices, tokens
from app.catalogue.domain.clues.gates import missed_gates, slack_of
from app.catalogue.domain.clues.measures import BankClues, bank_clues, betraying_words
from app.catalogue.domain.clues.solver import LuckyHits, found_by_words, hits_inside, length_hits, lucky_hits, word_hits
from app.catalogue.domain.item_reader import read_bank
from app.catalogue.domain.items import Item
from app.catalogue.domain.text import TextFile

COURSES = Path(__file__).parents[2] / "courses"
# single choices of the courses as they were measured on 28 November 2026: the courses themselves change
MEASURED = json.loads((Path(__file__).parent / "measured_choices.json").read_text("utf-8"))
BANKS = {
    "M01": "trafficking-smuggling-and-the-law",
    "M02": "recognising-victims",
    "M03": "the-identification-interview",
    "M05": "online-investigations-foundations",
}
PERFECT = BankClues(
    items=60, kinds={}, single=40, chance=0.25, across=0.25, inside=0.3, luck=None, longest=0.25, shortest=0.25,
    positions={1: 10, 2: 10, 3: 10, 4: 10}, true=0.5, several=10, three_of_five=0.3, equal_groups=None,
    hedged=(0.2, 0.2), absolute=(0.2, 0.2), firm=0.4, with_document=0.6, produced=0.3, in_test=0.3, stem_words=50.0,
    betraying=(),
)  # fmt: skip


@cache
def bank(code: str) -> Sequence[Item]:
    text = (COURSES / BANKS[code] / "test.en.md").read_text("utf-8")
    return read_bank(TextFile("test.en.md", text))[0].items


def choices(*codes: str) -> list[SingleChoice]:
    return [choice(entry["id"], entry["right"], *entry["options"]) for code in codes for entry in MEASURED[code]]


def others(code: str) -> list[SingleChoice]:
    return choices(*(other for other in MEASURED if other != code))


def choice(item_id: str, right: int, *options: str) -> SingleChoice:
    return SingleChoice(item_id, options, tuple(map(tokens, options)), right)


# M01 was 35 percent while H01 had its text of 25 November
@pytest.mark.parametrize(
    ("code", "across", "inside"),
    [("M01", 0.304, 0.739), ("M02", 0.407, 0.778), ("M03", 0.483, 0.379), ("M05", 0.556, 0.815)],
)
def test_words_find_options_of_real_banks_as_measured(code: str, across: float, inside: float) -> None:
    assert word_hits(others(code), choices(code)) == pytest.approx(across, abs=0.001)
    assert hits_inside(choices(code)) == pytest.approx(inside, abs=0.001)


def test_lengths_and_words_of_all_real_banks_are_as_measured() -> None:
    measured = choices(*MEASURED)
    assert len(measured) == 109
    assert length_hits(measured, max) == pytest.approx(0.23, abs=0.015)
    assert length_hits(measured, min) == pytest.approx(0.21, abs=0.015)
    assert {"needs", "alone", "stop", "safe", "until"} <= {word.text for word in betraying_words(measured)}


@pytest.mark.parametrize("code", BANKS)
def test_bank_on_documents_meets_every_gate(code: str) -> None:
    elsewhere = [item for other in BANKS if other != code for item in bank(other)]
    assert missed_gates(bank_clues(bank(code), elsewhere)) == []


def test_random_keys_are_found_as_often_as_by_chance() -> None:
    luck = lucky_hits(choices("H01"), choices("M03"))
    assert luck.mean == pytest.approx(0.25, abs=0.02)
    assert luck.mean < luck.one_in_twenty < 0.45


def test_bank_within_every_bar_misses_no_gate() -> None:
    assert missed_gates(PERFECT) == []


@pytest.mark.parametrize(
    ("clues", "gate"),
    [
        (replace(PERFECT, across=0.31), "G1"),
        (replace(PERFECT, inside=0.48), "G2"),
        (replace(PERFECT, longest=0.05), "G3"),
        (replace(PERFECT, shortest=0.44), "G3"),
        (replace(PERFECT, positions={1: 20, 2: 20}), "G4"),
        (replace(PERFECT, three_of_five=0.6), "G5"),
        (replace(PERFECT, true=0.61), "G6"),
        (replace(PERFECT, firm=0.2), "G7"),
        (replace(PERFECT, firm=0.7), "G7"),
        (replace(PERFECT, with_document=0.4), "G8"),
        (replace(PERFECT, produced=0.1), "G8"),
        (replace(PERFECT, in_test=0.4), "G8"),
        (replace(PERFECT, absolute=(0.03, 0.30)), "G9"),
    ],
)
def test_bank_misses_a_gate_beyond_its_bar(clues: BankClues, gate: str) -> None:
    assert [entry.gate for entry in missed_gates(clues)] == [gate]


def test_small_bank_has_one_standard_error_of_slack_in_the_first_gate() -> None:
    small = replace(PERFECT, single=39, across=0.36)
    assert missed_gates(small) == []
    assert [entry.gate for entry in missed_gates(replace(small, across=0.30 + slack_of(39) + 0.01))] == ["G1"]


def test_bank_with_few_single_choices_is_not_judged() -> None:
    assert missed_gates(replace(PERFECT, single=7, across=1.0, produced=0.0)) == []


def test_solver_finds_options_by_words_that_were_right_elsewhere() -> None:
    training = [choice("A-Q01", 0, "call the doctor", "wait until noon")]
    item = choice("B-Q01", 1, "wait until dark", "call the guard")
    assert word_hits(training, [item]) == 1
    assert found_by_words(training, [item, replace(item, id="B-Q02", right=0)]) == ["B-Q01"]


def test_options_that_tie_share_the_hit() -> None:
    assert length_hits([choice("A-Q01", 0, "abc", "def", "a")], max) == 0.5
    assert length_hits([choice("A-Q01", 2, "abc", "def", "a")], min) == 1


@given(st.lists(st.integers(0, 3), min_size=1, max_size=12))
def test_lengths_that_are_equal_give_no_clue(rights: list[int]) -> None:
    items = [choice(f"A-Q{n:02}", right, "aa", "bb", "cc", "dd") for n, right in enumerate(rights)]
    assert length_hits(items, max) == length_hits(items, min) == pytest.approx(0.25)


def test_word_betrays_from_six_options_on() -> None:
    items = [choice(f"A-Q{n:02}", 0, "safe now", "other", "third", "fourth") for n in range(6)]
    assert "safe" in {word.text for word in betraying_words(items)}
    assert betraying_words(items[:5]) == []


def test_blind_sheets_show_neither_key_nor_feedback() -> None:
    sheets = blind_sheets({"M05": bank("M05")}, 6, 7)
    drawn = {item.id: item for item in bank("M05")}
    key = json.loads(sheets["key.json"])
    assert key.pop("seed") == 7
    assert len({entry["id"] for entry in key.values()}) == len(key) == 12
    shown = sheets["blind-a.md"] + sheets["blind-b.md"]
    for name, entry in key.items():
        item, (sheet, number) = drawn[entry["id"]], name.split()
        question = _question(sheets[f"{sheet}.md"], number)
        right = single_choices([item])[0]
        assert f"{entry['right']}) {right.options[right.right]}" in question
        assert (item.stem in question) is (sheet == "blind-a")
        assert item.form in ("B", "reserve")
        assert item.id not in shown
    for hidden in ("[x]", "> ", "kind:", "cite:", "pass_value", "///"):
        assert hidden not in shown


def test_blind_sheets_of_the_same_seed_are_the_same() -> None:
    banks = {"M03": bank("M03")}
    assert blind_sheets(banks, 4, 1) == blind_sheets(banks, 4, 1) != blind_sheets(banks, 4, 2)


def test_report_has_at_most_100_characters_a_line() -> None:
    clues = replace(bank_clues(bank("M03"), []), across=0.5, luck=LuckyHits(0.25, 0.4))
    written = [*report.lines("the-identification-interview", clues), *report.item_lines(["M03-Q41"] * 30)]
    assert max(map(len, written)) <= 100
    assert any("one in twenty above 40%" in line for line in written)


def _question(sheet: str, number: str) -> str:
    return re.split(r"^### ", sheet, flags=re.MULTILINE)[int(number)]
