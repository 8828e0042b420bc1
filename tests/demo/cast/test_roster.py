import re
from collections import Counter

import pytest

from app.access.policy import Role
from app.demo.cast import roster
from app.demo.views import PARTS

PLAYERS = roster.officers(roster.OFFICERS, 1)
EVERYBODY = [*roster.staff(), *PLAYERS]


def test_the_same_seed_gives_the_same_people() -> None:
    assert roster.officers(50, 7) == roster.officers(50, 7)
    assert roster.officers(50, 7) != roster.officers(50, 8)


@pytest.mark.parametrize("name", ["alias", "name", "mail"])
def test_nobody_is_there_twice(name: str) -> None:
    values = [getattr(player, name) for player in EVERYBODY]
    assert len(set(values)) == len(values)


def test_aliases_are_a_role_and_a_number() -> None:
    assert [p.alias for p in EVERYBODY if not re.fullmatch(r"[A-Z][a-z-]+( [a-z]+)? \d+", p.alias)] == []


def test_everybody_is_obviously_invented() -> None:
    assert all(player.name.startswith("Fictional ") for player in EVERYBODY)
    assert all(player.mail.endswith("@example.org") for player in EVERYBODY)


def test_thirteen_countries_each_have_two_or_three_agencies() -> None:
    counts = [sum(one.country == code for one in roster.services()) for code in roster.ZONES]
    assert (len(counts), set(counts)) == (13, {2, 3})


def test_each_country_has_a_contact_point() -> None:
    countries = [p.country for p in roster.staff() for g in p.grants if g.role is Role.CONTACT_POINT]
    assert sorted(countries) == sorted(roster.ZONES)


def test_every_part_of_the_tour_is_played_by_somebody() -> None:
    assert {part.alias for part in PARTS.values()} <= {player.alias for player in EVERYBODY}


def test_the_practitioner_of_the_tour_is_a_first_responder_in_the_first_country() -> None:
    first = PLAYERS[0]
    assert (first.alias, first.country, first.roles) == (PARTS["practitioner"].alias, "IQ", ("first_responder",))


def test_countries_differ_in_size_and_the_largest_leads() -> None:
    sizes = Counter(player.country for player in PLAYERS)
    assert sizes == Counter(roster.SIZES)
    assert max(sizes, key=sizes.__getitem__) == roster.FIRST
    assert min(sizes.values()) < 5
    assert sum(size >= 18 for size in sizes.values()) == 4


def test_sizes_keep_their_proportions_in_a_crowd() -> None:
    sizes = Counter(player.country for player in roster.officers(10 * roster.OFFICERS, 3))
    assert sizes == Counter({code: size * 10 for code, size in roster.SIZES.items()})


@pytest.mark.parametrize("count", [1, 2, 25])
def test_a_small_cast_still_begins_with_the_tour(count: int) -> None:
    players = roster.officers(count, 5)
    assert (len(players), players[0].country) == (count, roster.FIRST)


def test_a_country_of_more_than_twenty_has_every_role() -> None:
    for country in roster.EAGER:
        roles = Counter(player.roles[0] for player in PLAYERS if player.country == country)
        assert all(roles[role] >= weight for role, (weight, _words) in roster.ROLES.items())
