import pytest

from app.catalogue.domain.problems import Weight
from app.studio.domain.case_texts import add_case, can_be_played, case_path, check_case, new_case_text

TOML = b'id = "T10"\nsource_language = "en"\nsensitivity = "unrestricted"\nhours = 1\nlicence = "CC-BY-4.0"\n'


def test_new_case_has_no_problems_and_can_be_played() -> None:
    case = check_case("scenario-new.en.md", new_case_text("The night {ferry}", "T10", []))
    assert case.problems == ()
    assert case.scenario is not None
    assert (case.scenario.id, case.scenario.title) == ("T10-S01", "The night {ferry}")
    assert can_be_played(case.scenario)


def test_new_case_has_an_id_and_a_name_of_its_own() -> None:
    files = {"course.toml": TOML}
    first, changes = add_case(files, "The night ferry")
    files |= {path: content for path, content in changes.items() if content is not None}
    second, changes = add_case(files, "The night ferry")
    assert (first, second) == ("the-night-ferry", "the-night-ferry-2")
    assert b"id: T10-S02" in (changes["scenario-the-night-ferry-2.en.md"] or b"")


@pytest.mark.parametrize("title", ["Scenario", "قضية", "-"])
def test_new_case_has_a_usable_name_for_any_title(title: str) -> None:
    address, changes = add_case({"course.toml": TOML}, title)
    assert address != "scenario"
    assert list(changes) == [f"scenario-{address}.en.md"]


def test_case_without_name_has_the_address_scenario() -> None:
    assert case_path("scenario", "fr") == "scenario.fr.md"
    assert case_path("the-ferry", "fr") == "scenario-the-ferry.fr.md"


@pytest.mark.parametrize(
    ("text", "playable"),
    [
        ("# T\nid: S01\ntruth: other\nstart: d1\n\n## d1\n\nText\n", True),
        ("# T\nid: S01\ntruth: other\nstart: d2\n\n## d1\n\nText\n", False),
        ("# T\nid: S01\ntruth: other\nstart: d1\n\n## d1\n\nText\n\n---\n\n- Act -> d9 (best)\n", False),
        ("# T\nid: S01\ntruth: other\nstart: d1\n\n## d1\n\nText\n\n---\n\n- Act -> d1 (best)\n", True),
    ],
)
def test_case_can_be_played_when_each_option_leads_to_a_node(text: str, playable: bool) -> None:
    scenario = check_case("scenario.en.md", text).scenario
    assert scenario is not None
    assert can_be_played(scenario) is playable


@pytest.mark.parametrize("text", ["", "\n", "# Only a title", "## d1\n\n---\n\n- a", "[" * 61_000, "- \n" * 20_000])
def test_unusable_text_has_problems_and_no_case(text: str) -> None:
    case = check_case("scenario.en.md", text)
    assert case.scenario is None
    assert any(problem.weight is Weight.ERROR for problem in case.problems)
