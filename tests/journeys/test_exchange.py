"""A case of the course on information sharing: played on a phone, and printed for a room."""

import re
from functools import cache

import pytest
from playwright.sync_api import expect

from app.catalogue.domain.scenario_reader import read_scenario
from app.catalogue.domain.scenarios import MoveRating, Node, Scenario
from app.catalogue.domain.text import TextFile
from app.scenarios.domain import shuffled_moves
from tests.support.course_authors import TRAINER_OF_ALL
from tests.support.examples import views
from tests.support.lesson_journey import main
from tests.support.page_checks import SIDEWAYS
from tests.support.served_academy import Academy
from tests.support.settings import REPOSITORY
from tests.support.visitors import DESKTOP, PHONE, Invite, press

pytestmark = pytest.mark.browser
SLUG, CASE = "information-sharing", "the-desk"
DECISIONS = 7  # of the way on which nothing is lost
BEST = {"en": "Best choice", "ar": "الخيار الأفضل"}


@pytest.mark.parametrize("language", views("en", "ar"))
def test_best_choices_lead_to_a_debrief_with_their_ratings(academy: Academy, visitor: Invite, language: str) -> None:
    officer = visitor(language, PHONE, roles=("single_point_of_contact",))
    page = officer.go(f"/courses/{SLUG}/cases/{CASE}")
    press(main(page).locator("form button.primary"))
    playthrough = page.url.split("/")[-1]
    best = _best_way(_scenario())
    assert len(best) == DECISIONS
    for node, move in best:
        position = shuffled_moves(playthrough, node).index(move)
        main(page).locator(f"[name=move][value='{position}']").check()
        assert page.evaluate(SIDEWAYS) == ""
        press(main(page).locator("form button.primary"))
    expect(page).to_have_url(re.compile(f"/cases/{playthrough}/debrief$"))
    steps = main(page).locator(".timeline > li")
    expect(steps).to_have_count(DECISIONS)
    for step in steps.all():
        expect(step).to_contain_text(BEST[language])
        step.locator("summary").click()
        expect(step.locator("details ul > li").first).to_be_visible()  # what else could be done, with its rating
    expect(main(page).locator("aside .status")).to_have_class(re.compile(r"\bgood\b"))
    assert page.evaluate(SIDEWAYS) == ""
    assert not officer.complaints


def test_printed_case_has_every_decision(visitor: Invite) -> None:
    trainer = visitor("en", DESKTOP, grants=TRAINER_OF_ALL)
    scenario = _scenario()
    moves = sum(len(node.moves) for node in scenario.nodes)
    ratings = main(trainer.page).locator(".sheet .sub", has_text=re.compile("Best choice|Acceptable|Risky|Harmful"))
    for query, rated in (("", 0), ("?key=1", moves)):
        page = trainer.go(f"/teaching/courses/{SLUG}/cases/{CASE}/print{query}")
        cards = main(page).locator(".sheet")
        expect(cards).to_have_count(len(scenario.nodes))
        expect(cards.locator("b")).to_have_count(moves)
        expect(ratings).to_have_count(rated)
        for node in scenario.nodes:
            expect(cards.filter(has_text=node.text.splitlines()[0])).not_to_have_count(0)
    assert not trainer.complaints


@cache
def _scenario() -> Scenario:
    """Read the case from its file: order and ratings of its moves are the same in each language."""
    file = REPOSITORY / "courses" / SLUG / f"scenario-{CASE}.en.md"
    scenario, problems = read_scenario(TextFile(file.name, file.read_text()))
    assert scenario is not None
    assert not problems
    return scenario


def _best_way(scenario: Scenario) -> list[tuple[Node, int]]:
    """Return the decisions from the start to the end, each with the index of its best move."""
    nodes = {node.id: node for node in scenario.nodes}
    at, way = nodes[scenario.start], []
    while at.moves:
        best = next(index for index, move in enumerate(at.moves) if move.verdict is MoveRating.BEST)
        way.append((at, best))
        at = nodes[at.moves[best].to]
    return way
