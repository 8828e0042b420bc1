import pytest
from flask import Flask
from sqlalchemy import select

from app.access.policy import Role, Scope
from app.checks.models import EvidenceWatcher
from app.checks.queries import watching
from app.checks.service import watchers
from app.checks.service.watchers import WatchedEvidence
from app.competence.service import evidence_records
from app.db.session import db, transaction
from app.kernel import clock
from app.rights.service import supervision
from tests.support import factories, sql_statements, surprise_scene
from tests.support.competency_evidence import TODAY, YEARLY, days
from tests.support.surprise_scene import SurpriseScene, checked, share_agency


@pytest.fixture
def scene(context: Flask) -> SurpriseScene:
    return surprise_scene.make()


def _watchers(number: int) -> dict[object, bool]:
    rows = db.session.execute(
        select(EvidenceWatcher.person_id, EvidenceWatcher.in_own_chain).where(EvidenceWatcher.evidence_id == number)
    )
    return {row[0]: row[1] for row in rows}


@pytest.mark.each_database
def test_watcher_of_the_same_agency_is_in_the_own_chain(scene: SurpriseScene) -> None:
    officer, (colleague, other, _third) = scene.officers[0], scene.invigilators
    share_agency(officer, colleague)
    number = checked(officer, [colleague, other])
    assert _watchers(number) == {colleague: True, other: False}


def test_supervisor_of_another_agency_is_in_the_own_chain(scene: SurpriseScene) -> None:
    officer = scene.officers[0]
    supervisor = factories.person(roles=(), grants=((Role.SUPERVISOR, Scope.COUNTRY, "IQ"),))
    before = checked(officer, [supervisor], days(3))
    with transaction():
        supervision.assign(officer, supervisor, clock.today())
    after = checked(officer, [supervisor], TODAY)
    assert (_watchers(before), _watchers(after)) == ({supervisor: False}, {supervisor: True})


@pytest.mark.each_database
def test_watchers_recorded_again_stay_as_they_are(scene: SurpriseScene) -> None:
    officer, (first, second, _third) = scene.officers[0], scene.invigilators
    number = checked(officer, [first])
    share_agency(officer, first)
    with transaction():
        watchers.record(number, officer, [first, second], TODAY)
    assert _watchers(number) == {first: False, second: False}


def test_many_watchers_take_as_many_statements_as_one(scene: SurpriseScene) -> None:
    numbers = [(officer, checked(officer, [])) for officer in scene.officers[:9]]
    rows = [
        WatchedEvidence(evidence_id=number, officer_id=officer, watcher_ids=scene.invigilators, day=TODAY)
        for officer, number in numbers
    ]

    def statements(some: list[WatchedEvidence]) -> int:
        with sql_statements.statements() as counted, transaction():
            watchers.record_all(some)
        return len(counted)

    assert statements(rows[:1]) == statements(rows[1:])


def test_no_watcher_records_nothing(scene: SurpriseScene) -> None:
    with transaction():
        watchers.record_all([])
    assert _watchers(checked(scene.officers[0], [])) == {}


def test_evidence_without_an_outside_watcher_is_of_the_own_chain_alone(scene: SurpriseScene) -> None:
    officer, (colleague, other, _third) = scene.officers[0], scene.invigilators
    share_agency(officer, colleague)
    alone, together, unknown = (
        checked(officer, people, days(ago)) for ago, people in ((9, [colleague]), (6, [colleague, other]), (3, []))
    )
    assert watching.own_chain_alone_of([officer]) == {alone}
    lines = watching.lines_of([officer], YEARLY)[officer]
    assert [(line.piece.id, line.own_chain_alone) for line in lines] == [
        (alone, True), (together, False), (unknown, False),
    ]  # fmt: skip


def test_voided_evidence_is_not_listed(scene: SurpriseScene) -> None:
    officer, watcher = scene.officers[0], scene.invigilators[0]
    share_agency(officer, watcher)
    number = checked(officer, [watcher])
    with transaction():
        evidence_records.void(number, by=watcher, reason="Wrong officer.", now=clock.now())
    assert watching.own_chain_alone_of([officer]) == frozenset()
    assert watching.lines_of([officer]) == {}
