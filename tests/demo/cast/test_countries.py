from collections import Counter

import pytest

from app.demo import year
from app.demo.cast import countries, roster
from app.demo.cast.countries import STORIES, SheetArrivals

SIZES = {
    "IQ": 150, "PK": 140, "BD": 110, "BG": 95, "RS": 85, "AZ": 70, "MK": 60, "BA": 55, "HU": 45, "AT": 35, "FR": 25,
    "DE": 20, "NL": 10,
}  # fmt: skip


def test_stories_have_900_officers_in_all_countries() -> None:
    assert {code: story.officers for code, story in STORIES.items()} == SIZES
    assert (set(STORIES), countries.OFFICERS) == (set(roster.ZONES), 900)


def test_further_countries_complete_the_stories() -> None:
    served = roster.officers(year.SERVED, 1)
    further = countries.further_countries(served, 1)
    assert Counter([*(player.country for player in served), *further]) == Counter(SIZES)
    assert further == countries.further_countries(served, 1)


def test_further_officers_continue_aliases_of_the_first() -> None:
    served = roster.officers(20, 1)
    players = roster.officers(20, 1, ["NL", "PK", "NL"])
    assert players[:20] == served
    assert [player.country for player in players[20:]] == ["NL", "PK", "NL"]
    assert len({player.alias for player in players} | {player.mail for player in players}) == 46


def test_sheet_is_taken_by_its_officers_only() -> None:
    sheets = SheetArrivals()
    taken = [sheets.take("PK") for _officer in range(SIZES["PK"])]
    assert (sum(sheet is not None for sheet in taken), sheets.take("IQ")) == (60, None)


@pytest.mark.parametrize("story", STORIES.values(), ids=STORIES)
def test_ratios_of_story_are_at_most_one(story: countries.CountryStory) -> None:
    assert all(0 <= ratio <= 1 for ratio in (*story.begins.values(), *story.completes.values()))
    assert set(story.begins) == set(story.completes)
    assert story.arrivals[0] > story.arrivals[1] >= 21
