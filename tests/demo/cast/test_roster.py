import re
from collections import Counter

import pytest

from app.access.policy import Role
from app.demo.cast import roster
from app.demo.cast.role_models import role_models
from app.demo.views import TOUR_ROLES

PLAYERS = roster.officers(roster.OFFICERS, 1)
EVERYBODY = [*roster.staff(), *PLAYERS, *(model.player for model in role_models())]


def test_officers_are_equal_for_same_seed() -> None:
    assert roster.officers(50, 7) == roster.officers(50, 7)
    assert roster.officers(50, 7) != roster.officers(50, 8)


@pytest.mark.parametrize("name", ["alias", "name", "mail"])
def test_players_have_unique_values(name: str) -> None:
    values = [getattr(player, name) for player in EVERYBODY]
    assert len(set(values)) == len(values)


def test_aliases_consist_of_title_and_number() -> None:
    assert [p.alias for p in EVERYBODY if not re.fullmatch(r"[A-Z][a-z-]+( [a-z]+)? \d+", p.alias)] == []


def test_names_and_mails_are_fictional() -> None:
    assert all(player.name.startswith("Fictional ") for player in EVERYBODY)
    assert all(player.mail.endswith("@example.org") for player in EVERYBODY)


def test_thirteen_countries_have_two_or_three_agencies() -> None:
    counts = [sum(one.country == code for one in roster.agencies()) for code in roster.ZONES]
    assert (len(counts), set(counts)) == (13, {2, 3})


def test_each_country_has_one_contact_point() -> None:
    countries = [p.country for p in roster.staff() for g in p.grants if g.role is Role.CONTACT_POINT]
    assert sorted(countries) == sorted(roster.ZONES)


def test_each_tour_role_has_a_player() -> None:
    assert {part.alias for part in TOUR_ROLES.values()} <= {player.alias for player in EVERYBODY}


def test_tour_practitioner_is_first_responder_in_first_country() -> None:
    first = PLAYERS[0]
    assert (first.alias, first.country, first.roles) == (TOUR_ROLES["practitioner"].alias, "IQ", ("first_responder",))


def test_country_sizes_differ_and_first_is_largest() -> None:
    sizes = Counter(player.country for player in PLAYERS)
    assert sizes == Counter(roster.SIZES)
    assert max(sizes, key=sizes.__getitem__) == roster.FIRST
    assert min(sizes.values()) < 5
    assert sum(size >= 18 for size in sizes.values()) == 4


def test_country_sizes_are_proportional_for_many_officers() -> None:
    sizes = Counter(player.country for player in roster.officers(10 * roster.OFFICERS, 3))
    assert sizes == Counter({code: size * 10 for code, size in roster.SIZES.items()})


@pytest.mark.parametrize("count", [1, 2, 25])
def test_small_roster_starts_with_first_country(count: int) -> None:
    players = roster.officers(count, 5)
    assert (len(players), players[0].country) == (count, roster.FIRST)


def test_large_countries_have_every_role() -> None:
    for country in roster.EAGER:
        roles = Counter(player.roles[0] for player in PLAYERS if player.country == country)
        assert all(roles[role] >= weight for role, (weight, _words) in roster.ROLES.items())
