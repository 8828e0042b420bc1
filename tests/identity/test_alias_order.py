import pytest
from flask import Flask
from hypothesis import given, strategies as st
from sqlalchemy import select

from app.access.policy import Role, Scope
from app.db.session import db
from app.directory.queries import accounts, people
from app.directory.queries.accounts import AccountFilter
from app.directory.queries.people import PeopleFilter
from app.identity.domain.alias_order import LONGEST, alias_key
from app.identity.models import Person
from app.identity.queries import people as identity_people
from app.kernel import clock
from tests.support import factories

NUMBERS = (1, 2, 9, 10, 11, 99, 100)
IN_ORDER = [f"Listed {number}" for number in NUMBERS]


def test_numbers_are_sorted_by_their_value() -> None:
    assert sorted(IN_ORDER, key=alias_key) == IN_ORDER
    assert sorted(["A 10 b 2", "A 9 b 10", "A 9 b 9"], key=alias_key) == ["A 9 b 9", "A 9 b 10", "A 10 b 2"]
    assert sorted(["ضابط ١٠", "ضابط ٩"], key=alias_key) == ["ضابط ٩", "ضابط ١٠"]
    assert alias_key("Officer 09") != alias_key("Officer 9")


@given(st.text(max_size=80))
def test_key_fits_its_column_and_is_unique(alias: str) -> None:
    assert len(alias_key(alias)) <= LONGEST
    assert alias_key(alias).endswith(alias)


@pytest.mark.each_database
def test_lists_of_people_go_on_after_an_alias_in_the_order_of_numbers(context: Flask) -> None:
    for alias in reversed(IN_ORDER):
        factories.person(alias=alias, country="IQ", grants=((Role.TRAINER, Scope.ALL, ""),))
    today = clock.today()
    of_country = people.of_country("IQ", today, PeopleFilter(after="Listed 2"), size=3)
    assert [line.alias for line in of_country][:3] == IN_ORDER[2:5]
    everybody = accounts.accounts(AccountFilter(role=Role.TRAINER, after="Listed 9"), today)
    assert [line.alias for line in everybody] == IN_ORDER[3:]
    assert [officer.alias for officer in identity_people.officers_of("IQ", today)] == IN_ORDER
    assert [officer.alias for officer in identity_people.officers_of("IQ", today, after="Listed 10")] == IN_ORDER[4:]
    keys = db.session.execute(select(Person.alias, Person.alias_key)).all()
    assert all(key == alias_key(alias) for alias, key in keys)
