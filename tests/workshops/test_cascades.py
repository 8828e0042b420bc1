"""National sessions of verified trainers: counted apart, never a verification."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import NoResultFound

from app.access.policy import Actor, Role
from app.competence.models import CompetencyValidity, Evidence
from app.db.session import db, transaction
from app.identity.queries import people
from app.kernel import clock
from app.kernel.errors import DomainError
from app.workshops.domain.cascades import CascadeTotals
from app.workshops.queries import cascades as queries
from app.workshops.service import cascades
from tests.support import factories, workshop_rubrics
from tests.support.national_sessions import PDF, new, record, trainer


@pytest.fixture(autouse=True)
def rubrics(context: Flask) -> None:
    workshop_rubrics.load()


def competence() -> tuple[int, list[tuple[object, ...]]]:
    """Return the number of pieces of evidence, and all validities."""
    rows = db.session.execute(select(*CompetencyValidity.__table__.columns)).all()
    return db.session.scalar(select(func.count()).select_from(Evidence)) or 0, sorted(map(tuple, rows), key=repr)


def test_cascade_never_changes_a_verification(context: Flask) -> None:
    actor = trainer()
    officers = [factories.person() for _ in range(3)]
    before = competence()
    aliases = tuple(people.names(officers).values())
    cascade_id = record(actor, aliases=aliases)
    with transaction():
        cascades.correct_cascade(cascade_id, new(aliases=aliases[:2]), actor, reason="One left.", now=clock.now())
    assert queries.totals(actor) == CascadeTotals(1, 2, 2)
    with transaction():
        cascades.withdraw_cascade(cascade_id, actor, reason="Wrong day.", now=clock.now())
    assert queries.totals(actor) == CascadeTotals()
    assert competence() == before


def test_trainer_without_verification_cannot_record(context: Flask) -> None:
    with pytest.raises(DomainError, match="verified trainer"):
        record(trainer(is_verified=False), head_count=5, signed_list=PDF)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"head_count": 12}, "signed list"),
        ({"head_count": 12, "signed_list": b"no"}, "not a PDF"),
        ({"head_count": 0, "signed_list": PDF}, "1 to 500"),
        ({"aliases": ("Missing 99",)}, "No officer of your country"),
        ({"head_count": 12, "signed_list": PDF, "day": date(2026, 1, 1)}, "90 days"),
    ],
)
def test_cascade_that_cannot_be_counted_is_refused(context: Flask, values: dict[str, object], message: str) -> None:
    with pytest.raises(DomainError, match=message):
        record(trainer(), **values)


def test_officers_of_another_country_are_refused(context: Flask) -> None:
    actor, foreigner = trainer(), factories.person(country="BG")
    with pytest.raises(DomainError, match="No officer of your country"):
        record(actor, aliases=tuple(people.names([foreigner]).values()))


def test_session_is_visible_to_its_trainer_country_and_coordinators_only(context: Flask) -> None:
    actor = trainer()
    cascade_id = record(actor, head_count=12, signed_list=PDF)
    readers = {
        Actor(factories.person(), "IQ", frozenset({Role.CONTACT_POINT})): True,
        Actor(factories.person(), "BG", frozenset({Role.CONTACT_POINT})): False,
        Actor(factories.person(), "BG", frozenset({Role.COORDINATOR})): True,
        Actor(factories.person(), "IQ", frozenset({Role.TRAINER})): False,
    }
    assert {reader: len(queries.listing(reader)) == 1 for reader in readers} == readers
    with pytest.raises(NoResultFound):
        queries.visible(Actor(factories.person(), "BG", frozenset({Role.CONTACT_POINT})), cascade_id)


def test_signed_list_is_deleted_on_withdrawal_and_after_a_year(context: Flask) -> None:
    actor = trainer()
    kept, withdrawn = (record(actor, head_count=12, signed_list=PDF) for _ in range(2))
    with transaction():
        cascades.withdraw_cascade(withdrawn, actor, reason="Counted twice.", now=clock.now())
    assert (queries.signed_list(withdrawn), bool(queries.signed_list(kept))) == (None, True)
    with transaction():
        assert cascades.delete_old_lists(clock.now() + timedelta(days=366)) == 1
    assert queries.signed_list(kept) is None
    assert queries.totals(actor).people == 12
