"""Targets and planned needs: two people, replaced versions, forms sent twice, stale versions, constraints."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from app.access.policy import Actor, Role
from app.db.session import db, transaction
from app.kernel.errors import DomainError
from app.plan.domain.figures import targets_of
from app.plan.domain.planned_needs import NewPlannedNeed, PlannedNeedState
from app.plan.domain.targets import NewTarget, TargetCell, TargetOpinion, TargetState
from app.plan.models import PlannedNeed, Target
from app.plan.queries import figures, planned_needs as planned, targets
from app.plan.service import planned_needs, targets as service
from tests.support import factories, plans as it
from tests.support.plans import NOW, TODAY, coordinator

DAY = timedelta(days=1)
CODE = "OC1.1"


@pytest.fixture(autouse=True)
def plan(context: Flask) -> None:
    it.load()


@pytest.fixture
def pair(context: Flask) -> tuple[UUID, UUID]:
    return coordinator(), coordinator()


def new(value: float = 70, *, country: str = "IQ", period: str = "2028", valid_from: date | None = None) -> NewTarget:
    cell = TargetCell(CODE, country, period)
    return NewTarget(cell=cell, value=value, reason="Meeting of March", valid_from=valid_from)


def proposed(target: NewTarget, by: UUID, **options) -> UUID:
    with transaction():
        return service.propose_target(target, by=by, now=NOW, **options)


def agree(target_id: UUID, by: UUID, days: int = 0) -> None:
    with transaction():
        service.agree_target(target_id, by=by, now=NOW + days * DAY)


def of_plan(country: str = "IQ", day: date = TODAY) -> list[float]:
    plan = figures.plan_of(day)
    assert plan is not None
    indicator = next(indicator for indicator in plan.indicator if indicator.id == CODE)
    return [target.value for target in targets_of(indicator, country)]


def test_target_counts_from_the_agreement_of_a_second_coordinator(pair: tuple[UUID, UUID]) -> None:
    target_id = proposed(new(), pair[0])
    assert of_plan() == []
    agree(target_id, pair[1])
    assert of_plan() == [70]
    assert of_plan(day=TODAY - DAY) == []
    assert targets.version(target_id).valid_from == TODAY


def test_target_of_a_later_day_waits_for_it(pair: tuple[UUID, UUID]) -> None:
    agree(proposed(new(60), pair[0]), pair[1])
    agree(proposed(new(80, valid_from=TODAY + 5 * DAY), pair[0]), pair[1])
    assert of_plan() == [60]
    assert of_plan(day=TODAY + 5 * DAY) == [80]
    assert [version.state for version in targets.history_of(CODE, "IQ", "2028")] == [
        TargetState.AGREED, TargetState.REPLACED,
    ]  # fmt: skip


def test_agreed_targets_are_by_code_and_country(pair: tuple[UUID, UUID]) -> None:
    for period, value in (("2029", 90.0), ("2028", 70.0)):
        agree(proposed(new(value, period=period), pair[0]), pair[1])
    row = targets.agreed_targets(TODAY)[CODE, "IQ"]
    assert [(target.cell.period, target.value) for target in row] == [("2028", 70), ("2029", 90)]


def test_author_cannot_agree(pair: tuple[UUID, UUID]) -> None:
    target_id = proposed(new(), pair[0])
    with pytest.raises(DomainError, match="Another coordinator"):
        agree(target_id, pair[0])
    with pytest.raises(IntegrityError), transaction():
        row = {"state": TargetState.AGREED, "agreed_by": pair[0], "agreed_at": NOW}
        db.session.execute(update(Target).where(Target.id == target_id).values(row))


def test_draft_is_proposed_by_its_author_alone(pair: tuple[UUID, UUID]) -> None:
    target_id = proposed(new(), pair[0], is_draft=True)
    with pytest.raises(DomainError):
        agree(target_id, pair[1])
    with pytest.raises(DomainError, match="Another user"), transaction():
        service.propose_draft(target_id, by=pair[1], now=NOW)
    with transaction():
        service.propose_draft(target_id, by=pair[0], now=NOW)
        service.propose_draft(target_id, by=pair[0], now=NOW)
    agree(target_id, pair[1])
    agree(target_id, pair[1])
    assert of_plan() == [70]


def test_replaced_proposal_cannot_be_agreed(pair: tuple[UUID, UUID]) -> None:
    first = proposed(new(60), pair[0])
    second = proposed(new(80), pair[0], shown_version=1)
    with pytest.raises(DomainError, match="changed after you opened it"):
        agree(first, pair[1])
    agree(second, pair[1])
    assert of_plan() == [80]


def test_proposal_on_an_older_version_is_refused(pair: tuple[UUID, UUID]) -> None:
    proposed(new(60), pair[0], shown_version=0)
    with pytest.raises(DomainError, match="changed after you opened it"):
        proposed(new(80), pair[1], shown_version=0)
    assert len(targets.history_of(CODE, "IQ", "2028")) == 1


def test_same_form_sent_twice_proposes_once(pair: tuple[UUID, UUID]) -> None:
    sent = [proposed(new(), pair[0], shown_version=0, submission="a1") for _attempt in range(2)]
    assert sent[0] == sent[1]
    assert len(targets.history_of(CODE, "IQ", "2028")) == 1


def test_opinion_does_not_block_a_target(pair: tuple[UUID, UUID]) -> None:
    target_id = proposed(new(), pair[0])
    writer = factories.person(country="IQ")
    with transaction():
        ids = {
            service.note_target(
                target_id, TargetOpinion.OBJECTION, "Too high.", by=writer, now=NOW, submission="b"
            )
            for _attempt in range(2)
        }  # fmt: skip
    agree(target_id, pair[1])
    assert len(ids) == 1
    assert [(note.opinion, note.text) for note in targets.notes([target_id])] == [
        (TargetOpinion.OBJECTION, "Too high.")
    ]
    with pytest.raises(DomainError), transaction():
        service.note_target(target_id, TargetOpinion.AGREEMENT, " ", by=writer, now=NOW)


def need(value: int = 120, *, role: str = "*") -> NewPlannedNeed:
    return NewPlannedNeed(country="IQ", role=role, value=value, day=TODAY, source="Letter 3")


def second(role: Role, country: str = "IQ") -> Actor:
    return Actor(factories.person(country=country), country, frozenset({role}))


@pytest.mark.parametrize(
    ("role", "country", "is_allowed"),
    [
        (Role.CONTACT_POINT, "IQ", True), (Role.SUPERVISOR, "IQ", True), (Role.COORDINATOR, "BG", True),
        (Role.CONTACT_POINT, "BG", False), (Role.SUPERVISOR, "BG", False), (Role.CO_CHAIR, "IQ", False),
        (Role.PRACTITIONER, "IQ", False),
    ],
)  # fmt: skip
def test_planned_need_needs_a_second_person_of_the_right_role(role: Role, country: str, is_allowed: bool) -> None:
    with transaction():
        need_id = planned_needs.propose_need(need(), by=factories.person(country="IQ"), now=NOW)
    actor = second(role, country)
    assert planned.agreed_needs(TODAY) == {}
    if is_allowed:
        with transaction():
            planned_needs.agree_need(need_id, by=actor, now=NOW)
    else:
        with pytest.raises(DomainError), transaction():
            planned_needs.agree_need(need_id, by=actor, now=NOW)
    assert planned.agreed_needs(TODAY) == ({"IQ": {"*": 120}} if is_allowed else {})
    assert planned.agreed_needs(TODAY - DAY) == {}


def test_planned_need_is_never_agreed_by_its_author() -> None:
    author = second(Role.CONTACT_POINT)
    with transaction():
        need_id = planned_needs.propose_need(need(), by=author.id, now=NOW)
    with pytest.raises(DomainError, match="Another user"), transaction():
        planned_needs.agree_need(need_id, by=author, now=NOW)
    with pytest.raises(IntegrityError), transaction():
        row = {"state": PlannedNeedState.AGREED, "agreed_by": author.id, "agreed_at": NOW}
        db.session.execute(update(PlannedNeed).where(PlannedNeed.id == need_id).values(row))


def test_newer_planned_need_replaces_the_agreed_one() -> None:
    author, other = second(Role.CONTACT_POINT), second(Role.SUPERVISOR)
    for version, value in enumerate((120, 130)):
        with transaction():
            need_id = planned_needs.propose_need(need(value), by=author.id, now=NOW, shown_version=version)
            planned_needs.agree_need(need_id, by=other, now=NOW + version * DAY)
    assert planned.agreed_needs(TODAY) == {"IQ": {"*": 120}}
    assert planned.agreed_needs(TODAY + DAY) == {"IQ": {"*": 130}}
    with pytest.raises(DomainError, match="changed after you opened it"), transaction():
        planned_needs.propose_need(need(140), by=author.id, now=NOW, shown_version=1)
