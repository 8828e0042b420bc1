import pytest

from app.catalogue.domain.problems import Weight
from app.catalogue.domain.scenario_checks import check_scenario
from app.catalogue.domain.scenario_reader import merge_scenario, read_scenario
from app.catalogue.domain.scenario_writer import blocks_of_scenario, write_scenario
from app.catalogue.domain.scenarios import ErrorKind, MoveRating, Truth
from app.catalogue.domain.text import TextFile
from tests.support.cpu_time import counting

HEAD = "# The bakery van\nid: S01\ntruth: mixed\nstart: d1\n\nAt night a patrol stops a van.\n\n"
CANONICAL = (
    HEAD
    + """\
## d1
pass_value: 0.6

What do you do first?

---

- Separate driver and workers (best) -> then ask -> d2 (best)
  > Two workers begin to talk quietly.
  >
  > The phone stays in your sight.
  > Why: Safe first contact keeps both lines open.
- Ask the group aloud -> r1 (harmful, miss)
  > All say no.
  > Why: A label, no privacy.

## r1 recovery

An hour is lost. What now?

---

- Stop the transfer -> d2 (best)
  > Two talk.
  > Why: Assessment can be repeated.
- Too late -> end (poor)
  > They are moved.
  > Why: A first error became the last.

## d2
pass_value: 0.55

Your working view?

---

- Mixed -> end (best)
  > You learn of a locked door.
  > Why: Consent to travel is no consent to exploitation.
- Proved -> end (poor, false_alarm)
  > The file comes back.
  > Why: Signs open an enquiry.

## end
"""
)


def parse(text, *, translation=False):
    return read_scenario(TextFile("scenario.en.md", text), translation=translation)


def told(problems):
    return [(problem.line, problem.message % problem.values) for problem in problems]


def checked(text):
    scenario, problems = parse(text)
    assert [str(problem) for problem in problems] == []
    return told(check_scenario(scenario, "scenario.en.md"))


def test_canonical_text_is_read_and_written_unchanged():
    scenario, problems = parse(CANONICAL)
    assert problems == []
    assert write_scenario(scenario) == CANONICAL
    assert (scenario.id, scenario.truth, scenario.start) == ("S01", Truth.MIXED, "d1")
    assert [(node.id, node.recovery, node.line) for node in scenario.nodes] == [
        ("d1", False, 8),
        ("r1", True, 24),
        ("d2", False, 37),
        ("end", False, 51),
    ]
    first, second = scenario.nodes[0].moves
    assert first.text == "Separate driver and workers (best) -> then ask"
    assert first.consequence == "Two workers begin to talk quietly.\n\nThe phone stays in your sight."
    assert first.why == "Safe first contact keeps both lines open."
    assert (second.to, second.verdict, second.slip) == ("r1", MoveRating.HARMFUL, ErrorKind.MISS)


def test_a_sound_case_passes_the_checks():
    assert checked(CANONICAL) == []


NODE = "## d1\nWhat?\n\n---\n\n- A -> end (best)\n\n## end\n"
MISTAKES = [
    ("id: S01\n", (1, "The file has no title.")),
    ("# T\nid: S01\nstart: d1\n\n" + NODE, (1, "The case has no key truth.")),
    ("# T\nid: S01\ntruth: maybe\nstart: d1\n\n" + NODE, (3, "maybe is not a valid value of the key truth.")),
    ("# T\nid: s\ntruth: mixed\nstart: d1\n\n" + NODE, (2, "s is not a valid value of the key id.")),
    ("# T\nid: S01\ncolour: red\n\n" + NODE, (3, "The key colour is not known.")),
    (HEAD + NODE.replace("d1", "D 1"), (8, "D 1 is not an id of a node.")),
    (HEAD + NODE + "\n## d1\n", (17, "The id d1 is taken by the node at line 8.")),
    (HEAD + NODE.replace(" (best)", ""), (13, "This option does not say where it leads and how good it is.")),
    (HEAD + NODE.replace("best", "good"), (13, "This option does not say where it leads and how good it is.")),
    (
        HEAD + NODE.replace("(best)", "(best, late)"),
        (13, "This option does not say where it leads and how good it is."),
    ),
    (HEAD + NODE.replace("- A", "-"), (13, "This option is empty.")),
    (HEAD + NODE.replace("---\n\n", ""), (11, "There is no line --- between the text and the options.")),
    (HEAD + NODE.replace("- A -> end (best)\n", ""), (8, "The node d1 has no options.")),
    (HEAD + NODE.replace("- A", "lost\n- A"), (13, "This line is not part of an answer.")),
    (HEAD + NODE.replace("What?", "/// note\nWhat?"), (9, "This block is not closed.")),
    (
        HEAD + NODE.replace("What?", "pass_value: high\n\nWhat?"),
        (9, "high is not a valid value of the key pass_value."),
    ),
    (HEAD + NODE.replace("What?", "pass_value: 1.2\n\nWhat?"), (9, "1.2 is not a valid value of the key pass_value.")),
    (HEAD + NODE.replace("What?", "passvalue: 0.6\n\nWhat?"), (9, "The key passvalue is not known.")),
    (
        HEAD + NODE.replace("What?", "\npass_value: 0.6\n\nWhat?"),
        (10, "The key pass_value comes after the blank line, so it is read as text."),
    ),
]


@pytest.mark.parametrize(("text", "problem"), MISTAKES)
def test_problem_has_its_line(text, problem):
    assert problem in told(parse(text)[1])


CHECKS = [
    (("start: d1", "start: d9"), (1, "There is no node d9 to start at.")),
    (("Mixed -> end", "Mixed -> d7"), (37, "Option 1 of d2 leads to d7, which does not exist.")),
    (("-> r1 (harmful, miss)", "-> d2 (harmful)"), (24, "No path reaches r1.")),
    (("Too late -> end", "Too late -> d1"), (8, "A path leads back to d1, so it may never end.")),
    (("Too late -> end", "Too late -> d1"), (24, "A path leads back to r1, so it may never end.")),
    (("  > Why: Signs open an enquiry.\n", ""), (37, "The rating of option 2 of d2 has no reason.")),
    (("  > All say no.\n", ""), (8, "Option 2 of d1 has no consequence.")),
    (("(harmful, miss)", "(best)"), (24, "A path through the recovery r1 earns full marks.")),
    (("Mixed -> end (best)", "Mixed -> end (poor)"), (37, "No option of d2 is the best one.")),
    (("## end\n", "## end recovery\n"), (51, "The recovery end has no options.")),
    (("Your working view?\n\n", ""), (37, "The decision d2 has no question.")),
    (("pass_value: 0.6\n", ""), (8, "The decision d1 has no pass value; 0.62 is used until then.")),
    (("pass_value: 0.6\n", "pass_value: 0.96\n"), (8, "The pass value of d1 is not between 0.25 and 0.95.")),
    (("pass_value: 0.6\n", "pass_value: 0.2\n"), (8, "The pass value of d1 is not between 0.25 and 0.95.")),
    (("recovery\n", "recovery\npass_value: 0.6\n"), (24, "The node r1 is not scored, so it has no pass value.")),
    (("## end\n", "## end\npass_value: 0.6\n"), (51, "The node end is not scored, so it has no pass value.")),
]


@pytest.mark.parametrize(("change", "problem"), CHECKS)
def test_every_path_is_followed(change, problem):
    assert change[0] in CANONICAL
    assert problem in checked(CANONICAL.replace(*change))


def test_a_case_that_only_turns_in_a_circle_never_ends():
    circle = HEAD + "## d1\nWhat?\n\n---\n\n- A -> d2 (best)\n\n## d2\nWhat?\n\n---\n\n- B -> d1 (best)\n"
    found = checked(circle)
    assert (1, "No path ends.") in found
    assert (8, "A path leads back to d1, so it may never end.") in found


def test_a_recovery_after_a_lesser_choice_may_be_mended_with_best_choices():
    assert checked(CANONICAL.replace("(harmful, miss)", "(acceptable)")) == []


def test_a_translation_takes_tails_keys_and_recovery_from_the_source():
    source, _ = parse(CANONICAL)
    text = write_scenario(source, translation=True).replace("What do you do first?", "Tu pêşî çi dikî?")
    assert "truth" not in text
    assert "(harmful" not in text
    assert "recovery" not in text
    translated, problems = parse(text, translation=True)
    merged, more = merge_scenario(source, translated, "scenario.ku.md")
    assert problems + more == []
    assert merged.nodes[0].text == "Tu pêşî çi dikî?"
    assert write_scenario(merged) == CANONICAL.replace("What do you do first?", "Tu pêşî çi dikî?")


def test_pass_value_is_read_with_its_decision():
    source, _ = parse(CANONICAL)
    assert [node.pass_value for node in source.nodes] == [0.6, None, 0.55, None]
    assert [node.scored for node in source.nodes] == [True, False, True, False]
    text = write_scenario(source, translation=True)
    assert "pass_value" not in text
    merged, problems = merge_scenario(source, parse(text, translation=True)[0], "scenario.ku.md")
    assert problems == []
    assert [node.pass_value for node in merged.nodes] == [0.6, None, 0.55, None]


def test_a_pass_value_is_no_translation_block():
    source, _ = parse(CANONICAL)
    plain, _ = parse(CANONICAL.replace("pass_value: 0.6\n", ""))
    assert blocks_of_scenario(source) == blocks_of_scenario(plain)


ALOUD = "the option Ask the group aloud"
DIFFERENCES = [
    (("truth: mixed", "truth: other"), (3, "The key truth differs from the source.")),
    (
        ("-> r1 (harmful, miss)", "-> r1 (poor, miss)"),
        (8, f"The arrow or the rating of {ALOUD} differs from the source."),
    ),
    (("pass_value: 0.6\n", "pass_value: 0.7\n"), (8, "The key pass_value differs from the source.")),
    (("## d2\n", "## d3\n"), (37, "The source has no node d3.")),
    (("## d2\n", "## d3\n"), (1, "The node d2 is not translated.")),
    (("## d2\n", "## d2 recovery\n"), (37, "The node d2 is not a recovery in the source.")),
    (
        ("  > Why: A label, no privacy.\n", ""),
        (8, f"Source and translation do not both have a reason for {ALOUD}."),
    ),
    (("- Too late -> end (poor)\n", "  and\n"), (24, "There are 1 options here, and 2 in the source.")),
]


@pytest.mark.parametrize(("change", "problem"), DIFFERENCES)
def test_difference_from_the_source_has_its_line(change, problem):
    source, _ = parse(CANONICAL)
    assert change[0] in CANONICAL
    translated, _ = parse(CANONICAL.replace(*change), translation=True)
    _, problems = merge_scenario(source, translated, "scenario.ku.md")
    assert problem in told(problems)


def test_nodes_in_another_order_are_a_mistake():
    source, _ = parse(CANONICAL)
    translated, _ = parse(HEAD + "## end\n\n## d1\nWhat?\n", translation=True)
    _, problems = merge_scenario(source, translated, "scenario.ku.md")
    assert (10, "The node d1 is at another position than in the source.") in told(problems)


def test_weights_part_errors_from_warnings():
    scenario, _ = parse(CANONICAL.replace("  > All say no.\n", "").replace("Mixed -> end", "Mixed -> d7"))
    weights = {problem.line: problem.weight for problem in check_scenario(scenario, "scenario.en.md")}
    assert weights == {8: Weight.WARNING, 36: Weight.ERROR}


@pytest.mark.parametrize(
    "unit", ["[", "{", "*", "->", "- a -> d1 (best)\n", "  > Why:\n", "## d1\n", "```\n", "## a\n"]
)
def test_hostile_text_is_read_in_a_moment(unit):
    with counting() as took:
        scenario, _ = parse(HEAD + NODE[:16] + unit * (60_000 // len(unit)))
        check_scenario(scenario, "scenario.en.md")
    assert took.seconds < 5
