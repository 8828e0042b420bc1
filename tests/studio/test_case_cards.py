from app.catalogue.domain.scenario_reader import read_scenario
from app.catalogue.domain.text import TextFile
from app.studio.domain.case_cards import cards
from tests.support.courses import SCENARIO


def test_cards_lead_where_the_case_leads() -> None:
    scenario, _problems = read_scenario(TextFile("scenario.en.md", SCENARIO))
    assert scenario is not None
    printed = cards(scenario)
    assert [card.number for card in printed] == list(range(1, len(scenario.nodes) + 1))
    assert printed[0].node.id == scenario.start
    by_number = {card.number: card.node.id for card in printed}
    for card in printed:
        assert sorted(choice.move for choice in card.choices) == list(range(len(card.node.moves)))
        assert all(by_number[choice.leads_to] == card.node.moves[choice.move].to for choice in card.choices)
    assert cards(scenario) == printed
