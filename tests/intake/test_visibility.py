"""SQL conditions and rules in Python agree about imports and export requests, for all roles and countries."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import combinations, product
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from app.access.policy import Action, Actor, Role, allows
from app.db.session import db, transaction
from app.intake.models import Batch, ExportWish
from app.intake.queries import imports
from app.intake.service import export
from app.kernel import clock
from tests.support.intake_service import Room

ROLES = (Role.PRACTITIONER, Role.CONTACT_POINT, Role.COORDINATOR, Role.ADMINISTRATOR, Role.CO_CHAIR)


@pytest.fixture
def senders(context: Flask) -> list[UUID]:
    """Return contact points of IQ and BG; each sends an import of IQ, BG and several countries, and a request."""
    room = Room(context)
    ids = [room.actor.id, room.contact_point("BG").id]
    now = clock.real_now()
    with transaction():
        for sender, country in product(ids, ("IQ", "BG", "")):
            db.session.add(
                Batch(
                    id=uuid4(), sheet_id=uuid4(), person_id=sender, country=country, invited=1, changed=0, same=0,
                    made_at=now,
                )
            )  # fmt: skip
        for sender, country in zip(ids, ("IQ", "BG"), strict=True):
            ends_at = now + timedelta(hours=1)
            db.session.add(ExportWish(id=uuid4(), person_id=sender, country=country, asked_at=now, ends_at=ends_at))
    return ids


def actors(ids: list[UUID]) -> Iterator[Actor]:
    sets = [frozenset(roles) for size in range(len(ROLES) + 1) for roles in combinations(ROLES, size)]
    for person_id, country, roles in product([*ids, uuid4()], ("IQ", "BG", ""), sets):
        yield Actor(person_id, country, roles)


@pytest.mark.each_database
def test_visible_imports_agree_with_the_rule(senders: list[UUID]) -> None:
    batches = list(db.session.scalars(select(Batch)))
    for actor in actors(senders):
        visible = set(db.session.scalars(select(Batch.id).where(imports.visible(actor))))
        allowed = {batch.id for batch in batches if imports.can_see_import(actor, batch.country, batch.person_id)}
        assert visible == allowed, actor


@pytest.mark.each_database
def test_answerable_export_requests_agree_with_the_policy(senders: list[UUID]) -> None:
    now = clock.real_now()
    wishes = list(db.session.scalars(select(ExportWish)))
    for actor in actors(senders):
        answerable = set(db.session.scalars(select(ExportWish.id).where(*export.answerable(actor, now))))
        others = [wish for wish in wishes if wish.person_id != actor.id]
        assert answerable == {wish.id for wish in others if allows(actor, Action.ANSWER_EXPORT, wish)}, actor
