"""Whoever is under threat is hidden at once, alias and all; to be shown again takes who decides, and is told."""

import re
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.accounts import aliases, leaving, people, queries
from app.accounts.models import GivenUpAlias, Invitation, Person
from app.audit.models import Entry
from app.db.session import db, transaction
from tests import factories, sites
from tests.conftest import NOW
from tests.privacy.test_views import chief

TODAY = NOW.date()
BEFORE, NEW = "Undercover liaison 3", r"Officer \d{1,4}"


@pytest.fixture
def officer(app: Flask) -> UUID:
    with app.app_context():
        return factories.person(alias=BEFORE, name="Planted Name")


def _alias(person_id: UUID) -> str:
    return queries.get(person_id).alias


def test_whoever_comes_under_threat_gets_an_alias_that_says_no_role(app: Flask, officer: UUID) -> None:
    client, path = chief(app), f"/people/{officer}/service"
    said = client.get(f"{path}/protection").text
    assert f"At once {BEFORE} gets another alias" in re.sub(r"<[^>]+>|\u2068|\u2069", "", said)
    assert sites.post(app, client, f"{path}/protection", {"protected": "yes"}).status_code == 302
    page = client.get(path).text
    assert BEFORE not in page
    with app.app_context():
        assert re.fullmatch(NEW, _alias(officer))
        assert _alias(officer) in page
        assert list(db.session.scalars(select(Entry.name).where(Entry.name.like("Alias%")))) == []  # it would tell why


def test_the_alias_of_before_leaves_no_trace(app: Flask, officer: UUID) -> None:
    with app.app_context():
        with transaction():
            assert aliases.change(officer, "Undercover liaison 4", NOW) is None
        with transaction():
            leaving.protect(officer, protected=True, today=TODAY)
        assert db.session.scalar(select(func.count()).select_from(GivenUpAlias)) == 0
        stranger = factories.person(alias="Stranger 1")
        for before in (BEFORE, "Undercover liaison 4"):
            assert people.unfit_alias(before, names=(), addresses=(), but=stranger) is None
        assert not set(db.session.scalars(select(Invitation.alias))) & {BEFORE, "Undercover liaison 4"}
        with transaction():  # and they may choose another one at once
            assert aliases.change(officer, "Heron 2", NOW) is None


def test_the_new_alias_is_nobodys(app: Flask, officer: UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leaving, "NUMBERS", 10)
    with app.app_context():
        with transaction():
            for number in range(1, 11):
                factories.person(alias=f"Officer {number}")
        with transaction():
            leaving.protect(officer, protected=True, today=TODAY)
        assert int(_alias(officer).removeprefix("Officer ")) > 10


def test_the_alias_stays_when_the_threat_is_over(app: Flask, officer: UUID) -> None:
    with app.app_context():
        with transaction():
            leaving.protect(officer, protected=True, today=TODAY)
        alias = _alias(officer)
        with transaction():
            leaving.protect(officer, protected=True, today=TODAY)  # said twice
            leaving.protect(officer, protected=False, today=TODAY)
        assert _alias(officer) == alias
        assert not db.session.get_one(Person, officer).protected
