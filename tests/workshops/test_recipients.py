"""Who gets a message about an event."""

from uuid import UUID, uuid4

import pytest
from hypothesis import given, strategies as st

from app.workshops.domain.recipients import EventPerson, RecipientChoice, RecipientGroup, recipients

CONFIRMED, WAITING = RecipientGroup.CONFIRMED, RecipientGroup.WAITING


def _person(alias: str, country: str, group: RecipientGroup) -> EventPerson:
    return EventPerson(uuid4(), alias, country, group)


PEOPLE = [
    _person("Officer 1", "BG", CONFIRMED),
    _person("Officer 2", "IQ", CONFIRMED),
    _person("Officer 3", "IQ", WAITING),
    _person("Officer 4", "", CONFIRMED),  # the country is hidden
]
IDS = [person.person_id for person in PEOPLE]


def _aliases(**choice: frozenset[object]) -> list[str]:
    return [person.alias for person in recipients(PEOPLE, RecipientChoice(**choice))]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("choice", "aliases"),
    [
        ({"groups": frozenset({CONFIRMED})}, ["Officer 1", "Officer 2", "Officer 4"]),
        ({"groups": frozenset({CONFIRMED}), "countries": frozenset({"IQ"})}, ["Officer 2"]),
        ({"groups": frozenset({CONFIRMED, WAITING}), "countries": frozenset({"IQ"})}, ["Officer 2", "Officer 3"]),
        ({"people": frozenset({IDS[3]})}, ["Officer 4"]),
        ({"groups": frozenset({WAITING}), "people": frozenset({IDS[0]})}, ["Officer 1", "Officer 3"]),
        ({"countries": frozenset({"IQ"})}, []),
    ],
)
def test_recipients_fit_groups_and_countries_or_are_named(
    choice: dict[str, frozenset[object]], aliases: list[str]
) -> None:
    assert _aliases(**choice) == aliases


@given(
    groups=st.frozensets(st.sampled_from(RecipientGroup)),
    countries=st.frozensets(st.sampled_from(("BG", "IQ", "")), min_size=1),
)
def test_hidden_country_is_never_chosen_by_a_country(
    groups: frozenset[RecipientGroup], countries: frozenset[str]
) -> None:
    chosen: list[UUID] = [
        person.person_id for person in recipients(PEOPLE, RecipientChoice(groups=groups, countries=countries))
    ]
    assert IDS[3] not in chosen
