import msgspec
from hypothesis import given, settings

from app.catalogue.domain.scenario_reader import merge_scenario, read_scenario
from app.catalogue.domain.scenario_writer import blocks_of_scenario, write_scenario
from app.catalogue.domain.text import TextFile
from tests.support import item_strategies
from tests.support.examples import examples


def without_lines(scenario):
    nodes = tuple(msgspec.structs.replace(node, line=0) for node in scenario.nodes)
    return msgspec.structs.replace(scenario, nodes=nodes)


def read(text, *, translation=False):
    return read_scenario(TextFile("scenario.en.md", text), translation=translation)


@settings(max_examples=examples(25), deadline=None)
@given(item_strategies.scenario)
def test_case_survives_writing_and_reading(scenario):
    written = write_scenario(scenario)
    again, problems = read(written)
    assert [str(problem) for problem in problems] == []
    assert without_lines(again) == scenario
    assert write_scenario(again) == written
    assert len(blocks_of_scenario(again)) == (4 if again.nodes[-1].text else 3)


@settings(max_examples=examples(25), deadline=None)
@given(item_strategies.scenario)
def test_a_translation_written_and_merged_is_the_same_case(scenario):
    written = write_scenario(scenario, translation=True)
    translated, _ = read(written, translation=True)
    merged, problems = merge_scenario(scenario, translated, "scenario.ku.md")
    assert [str(problem) for problem in problems] == []
    assert without_lines(merged) == scenario
    assert write_scenario(merged, translation=True) == written
