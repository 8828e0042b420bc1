import json
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Table, func, select

from app.catalogue.queries import courses as catalogue
from app.checks.domain.products import MarkingPart, ProductState
from app.checks.domain.requests import CheckRequestState
from app.checks.domain.sittings import SeatState, SittingState, Way
from app.checks.domain.surprise import PickState
from app.checks.domain.watching import WatchingStatus
from app.checks.queries import offers, pools, watching
from app.competence.domain.evidence import EvidenceKind
from app.competence.domain.statuses import VerificationStatus
from app.competence.queries import competencies as competence
from app.competence.shapes import CompetencyStatus
from app.db.session import db
from app.demo.cast.role_models import RoleModel, role_models
from app.demo.history import timeline
from app.demo.sittings import programme
from app.demo.sittings.role_officers import core
from app.identity.queries import people
from tests.support.demo_year import BEGINS
from tests.support.factories import sign_in

VERIFIED = [model for model in role_models() if model.is_verified]
LAPSING = [model for model in role_models() if not model.is_verified]


@pytest.fixture
def filled(half_year: Flask) -> Iterator[Flask]:
    with half_year.app_context(), timeline.as_of(BEGINS):
        yield half_year
        db.session.rollback()


def _rows(name: str) -> Sequence[Any]:
    return db.session.execute(select(db.metadata.tables[name])).all()


def _table(name: str) -> Table:
    return db.metadata.tables[name]


def _core_statuses(model: RoleModel) -> list[CompetencyStatus]:
    me = people.person_by_alias(model.player.alias)
    assert me is not None
    names = {competency for competency, _level in core(model.role)}
    path = competence.path(me, [model.role], BEGINS.date())
    return [status for status in path if status.competency in names]


@pytest.mark.parametrize("model", VERIFIED, ids=lambda model: model.role)
def test_officer_is_verified_in_whole_core(filled: Flask, model: RoleModel) -> None:
    statuses = _core_statuses(model)
    assert len(statuses) == len(core(model.role)) > 0
    assert {status.status for status in statuses} <= {VerificationStatus.VERIFIED, VerificationStatus.DUE}


@pytest.mark.parametrize("model", LAPSING, ids=lambda model: model.role)
def test_verification_of_officer_has_lapsed(filled: Flask, model: RoleModel) -> None:
    assert VerificationStatus.LAPSED in {status.status for status in _core_statuses(model)}


def test_half_year_of_first_verified_officer_has_each_kind(filled: Flask) -> None:
    me = people.person_by_alias(VERIFIED[0].player.alias)
    kinds = {row.kind for row in _rows("evidence") if row.person_id == me}
    assert kinds >= {
        EvidenceKind.MODULE, EvidenceKind.QUIZ, EvidenceKind.DESK_TASK, EvidenceKind.REVIEW, EvidenceKind.SURPRISE,
    }  # fmt: skip


def test_sittings_are_past_running_planned_and_cancelled(filled: Flask) -> None:
    states = Counter(row.state for row in _rows("sitting"))
    assert states[SittingState.CLOSED] > 10
    assert states[SittingState.OPEN] == states[SittingState.CANCELLED] == 1
    assert states[SittingState.PLANNED] == len(programme.PLANNED)


def test_group_of_eight_had_two_invigilators_and_an_interruption(filled: Flask) -> None:
    closed = [row for row in _rows("sitting") if row.state is SittingState.CLOSED]
    (group,) = [row for row in closed if row.place == programme.GROUP_OF_EIGHT.location]
    seats = [row for row in _rows("sitting_seat") if row.sitting_id == group.id]
    assert [row.state for row in seats] == [SeatState.FINISHED] * 8
    assert (sum(row.is_late for row in seats), sum(row.moves for row in seats)) == (1, 1)
    assert len({row.confirmed_by for row in seats}) == 2
    assert [row.sitting_id for row in _rows("sitting_interruption")] == [group.id]


def test_first_responders_are_checked_with_questions_of_the_reserve(filled: Flask) -> None:
    asked = {row.sitting_id for row in _rows("sitting_task") if row.way is Way.QUESTIONS}
    place = programme.FIRST_RESPONDERS.location
    (sitting,) = [row for row in _rows("sitting") if row.place == place and row.id in asked]
    seats = {row.id for row in _rows("sitting_seat") if row.sitting_id == sitting.id}
    worked = {row.attempt_id for row in _rows("seat_work") if row.seat_id in seats}
    papers = [row.paper for row in _rows("attempt") if row.public_id in worked]
    items = [slip["item"] for paper in papers for slip in json.loads(paper)]
    assert len(papers) == programme.FIRST_RESPONDERS.seats * programme.FIRST_RESPONDERS.parts
    assert set(items) <= {row.item for row in _rows("bank_item") if json.loads(row.key).get("form") == "reserve"}, items


def test_running_sitting_has_officers_in_each_state(filled: Flask) -> None:
    (running,) = [row for row in _rows("sitting") if row.state is SittingState.OPEN]
    states = Counter(row.state for row in _rows("sitting_seat") if row.sitting_id == running.id)
    assert states == Counter(SeatState(stage) for stage in programme.STAGES)


def test_products_are_settled_different_waiting_and_overdue(filled: Flask) -> None:
    products = {row.id: row for row in _rows("product")}
    settled = [row.product_id for row in _rows("marking") if row.part is MarkingPart.SETTLING]
    assert [products[key].state for key in settled] == [ProductState.MARKED]
    open_ones = [row for row in products.values() if row.state is not ProductState.MARKED]
    assert Counter(row.state for row in open_ones)[ProductState.DIFFERENT] == 1
    assert {row.wanted_by < BEGINS.date() for row in open_ones} == {True, False}
    specialist = {row.id for row in products.values() if row.level == "specialist"}
    countries: dict[Any, set[str]] = {}
    for row in _rows("marking"):
        countries.setdefault(row.product_id, set()).add(row.country)
    assert specialist
    assert {len(countries[key]) for key in specialist} == {2}


def test_marked_products_are_evidence_with_their_watchers(filled: Flask) -> None:
    evidence, watcher = _table("evidence"), _table("evidence_watcher")
    query = select(func.count()).select_from(evidence).where(evidence.c.kind == EvidenceKind.DESK_TASK)
    unwatched = query.where(evidence.c.id.not_in(select(watcher.c.evidence_id)))
    assert db.session.scalar(query) == sum(row.evidence_id is not None for row in _rows("marking"))
    assert db.session.scalar(unwatched) == 0


def test_one_invigilator_is_above_the_limits(filled: Flask) -> None:
    status = {line.invigilator: line.status for line in watching.comparison(BEGINS).results}
    above = people.person_by_alias(programme.OUTLIER)
    assert above is not None
    assert status[above] in {WatchingStatus.ABOVE, WatchingStatus.FAR_ABOVE}
    assert WatchingStatus.WITHIN in status.values()


def test_surprise_checks_have_draw_and_sittings(filled: Flask) -> None:
    assert all(row.pool >= 20 and row.seed for row in _rows("surprise_draw"))
    states = Counter(row.state for row in _rows("surprise_pick"))
    assert states[PickState.CHECKED] > 10
    assert PickState.DRAWN not in states, "the quarter is over"
    seats = [row for row in _rows("sitting_seat") if row.is_surprise]
    assert len(seats) >= states[PickState.CHECKED]


def test_questions_are_asked_only_where_a_check_can_draw_them(filled: Flask) -> None:
    framework = catalogue.competencies()
    assert framework is not None
    drawable = {
        (*aim, pool.course_id)
        for aim, pool in pools.pools().items()
        if pools.is_large_enough(pool) and offers.asks_questions(framework, aim[1])
    }
    tasks = [row for row in _rows("sitting_task") if row.way is Way.QUESTIONS]
    surprised = {row.sitting_id for row in _rows("sitting_seat") if row.is_surprise}
    assert {row.sitting_id for row in tasks} > surprised > set()
    assert {(row.competency, row.level, row.course_id) for row in tasks} <= drawable


def test_surprise_checks_are_drawn_only_where_questions_can_be_asked(filled: Flask) -> None:
    draws = {row.id: row.competency for row in _rows("surprise_draw")}
    drawn = {(draws[row.draw_id], row.level) for row in _rows("surprise_pick")}
    sizes = pools.pools()
    assert drawn
    assert {aim for aim in drawn if aim not in sizes or not pools.is_large_enough(sizes[aim])} == set()


def test_contact_point_has_open_requests(filled: Flask) -> None:
    states = Counter(row.state for row in _rows("check_request"))
    assert states[CheckRequestState.OPEN] >= 3
    assert states[CheckRequestState.DECLINED] == 1


@pytest.mark.parametrize(
    ("alias", "path"),
    [
        ("Contact point 1", "/sittings"),
        ("Contact point 1", "/sittings/requests"),
        ("Invigilator 1", "/sittings"),
        ("Assessor 1", "/teaching/marking"),
        ("Coordinator 1", "/sittings/watching"),
        ("Verified officer 1", "/path"),
        ("Lapsing officer 4", "/path"),
        ("Border officer 1", "/path"),
    ],
)
def test_page_of_role_opens(half_year: Flask, alias: str, path: str) -> None:
    with half_year.app_context():
        me = people.person_by_alias(alias)
    assert me is not None
    with timeline.as_of(BEGINS):
        assert sign_in(half_year, me, BEGINS).get(path).status_code == 200
