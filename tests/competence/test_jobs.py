"""Reminders go out once each: four weeks before something needed ends, and again after one and two weeks."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from uuid import UUID

import msgspec
import pytest
from flask import Flask

from app.catalogue.domain.items import Level
from app.catalogue.domain.references.competencies import Competencies
from app.catalogue.queries import courses as catalogue
from app.competence import jobs
from app.competence.domain import reminders
from app.competence.queries import competencies, consistency_checks
from app.competence.service import evidence_records, needs, reassessment
from app.db.session import db, transaction
from app.kernel import clock
from app.messages import queries as messages
from app.messages.domain import NoticeKind
from tests.support import competence_site as scenes
from tests.support.competence_site import Scene
from tests.support.settings import NOW
from tests.support.site_snapshots import kept

UNTIL = date(2027, 6, 30)


@pytest.fixture
@kept
def scene(context: Flask) -> Scene:
    return scenes.make()


def told(person_id: UUID, kind: NoticeKind = NoticeKind.COMPETENCE_DUE) -> list[str]:
    return [str(one.facts["competency"]) for one in messages.notices(person_id, 1) if one.kind is kind]


def on(day: date, do: Callable[[], int]) -> int:
    """Do something on another day."""
    shift = NOW.replace(year=day.year, month=day.month, day=day.day) - clock.real_now()
    clock.move(lambda: shift)
    return do()


@pytest.mark.parametrize(
    ("left", "turn"),
    [(28, None), (27, 0), (21, 0), (20, 1), (14, 1), (13, 2), (0, 2), (-1, None), (400, None)],
)
def test_the_words_come_four_three_and_two_weeks_before_the_end(left: int, turn: int | None) -> None:
    assert reminders.reminder_number(UNTIL, UNTIL - timedelta(days=left)) == turn


@pytest.mark.each_database
def test_officer_gets_at_most_three_reminders(scene: Scene) -> None:
    scenes.verify(scene.officer, "VIC-02", Level.PRACTITIONER, ago=3)
    [until] = [one.until for one in competencies.path(scene.officer, ["investigator"], clock.today()) if one.until]
    db.session.rollback()
    new = [on(until - timedelta(days=left), jobs.remind) for left in range(30, -3, -1)]
    assert {30 - place: n for place, n in enumerate(new) if n} == {27: 1, 20: 1, 13: 1}
    assert told(scene.officer) == ["VIC-02"] * 3


def test_competency_without_need_lapses_without_notice(scene: Scene) -> None:
    scenes.verify(scene.officer, "COP-05", Level.PRACTITIONER, ago=80)
    assert jobs.remind() == 0
    with transaction():
        needs.name_need(scene.officer, "COP-05", Level.PRACTITIONER, by=scene.contact_point, now=clock.now())
    assert jobs.remind() == 1
    assert jobs.remind() == 0
    assert told(scene.officer) == ["COP-05"]


def test_a_level_below_the_one_needed_is_not_spoken_of(scene: Scene) -> None:
    for person_id in (scene.officer, scene.colleague):
        scenes.verify(person_id, "LRE-01", Level.FOUNDATION, ago=80)
    assert jobs.remind() == 1
    assert (told(scene.officer), told(scene.colleague)) == ([], ["LRE-01"])


def test_without_a_framework_nothing_is_said(context: Flask) -> None:
    assert jobs.remind() == 0


def test_verified_officer_is_notified_once_for_all_levels(scene: Scene) -> None:
    scenes.verify(scene.officer, "VIC-02", Level.PRACTITIONER, ago=3)
    assert told(scene.officer, NoticeKind.COMPETENCE_VERIFIED) == ["VIC-02"]


def test_a_time_that_is_over_already_is_no_news(scene: Scene) -> None:
    day = clock.today() - timedelta(days=400)
    by = scenes.assessor()
    db.session.rollback()
    kind = scenes.EvidenceKind
    late, level = clock.now(), Level.PRACTITIONER
    scenes.add(scene.officer, "VIC-02", level, kind.MODULE, day, now=late)
    scenes.add(
        scene.officer, "VIC-02", level, kind.WORKSHOP, day, right=10, items=12, watched=True, assessor=by, now=late
    )
    assert [one.until for one in competencies.path(scene.officer, ["investigator"], clock.today()) if one.until]
    assert told(scene.officer, NoticeKind.COMPETENCE_VERIFIED) == []


@pytest.fixture
def changed(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> Competencies:
    """Return a framework in which VIC-02 fades twice as fast, loaded after three officers were verified."""
    for person_id in (scene.officer, scene.colleague, scene.foreigner):
        scenes.verify(person_id, "VIC-02", ago=20)
    assert jobs.carry_out() == 3  # the first rules are new, too
    assert jobs.carry_out() == 0
    found = catalogue.competencies()
    assert found is not None
    faster = [msgspec.structs.replace(one, half_gain=90) if one.id == "VIC-02" else one for one in found.competencies]
    framework = msgspec.structs.replace(found, competencies=tuple(faster))
    monkeypatch.setattr(catalogue, "competencies", lambda: framework)
    return framework


def test_a_changed_framework_makes_all_again(scene: Scene, changed: Competencies) -> None:
    assert len(list(consistency_checks.faults())) > 0
    db.session.rollback()
    assert jobs.carry_out() == 3
    assert list(consistency_checks.faults()) == []
    db.session.rollback()
    assert jobs.carry_out() == 0


@pytest.mark.each_database
def test_what_is_broken_off_goes_on_from_there(
    scene: Scene, changed: Competencies, monkeypatch: pytest.MonkeyPatch
) -> None:
    rebuild, seen = evidence_records.rebuild, []

    def dies(person_id: UUID, now: datetime) -> None:
        if len(seen) == 2:
            raise SystemExit
        rebuild(person_id, now)
        seen.append(person_id)

    with monkeypatch.context() as patch:
        patch.setattr(evidence_records, "rebuild", dies)
        with pytest.raises(SystemExit):
            jobs.carry_out()
    assert len({line.partition(":")[0] for line in consistency_checks.faults() if line[:4] != "cap_"}) == 1
    db.session.rollback()
    with monkeypatch.context() as patch:
        patch.setattr(
            evidence_records, "rebuild", lambda person_id, now: (seen.append(person_id), rebuild(person_id, now))
        )
        jobs.carry_out()
    assert sorted(seen) == sorted({scene.officer, scene.colleague, scene.foreigner})
    assert list(consistency_checks.faults()) == []


def test_only_values_that_affect_dates_are_a_change(scene: Scene) -> None:
    found = catalogue.competencies()
    assert found is not None
    before = reassessment.fingerprint(found)
    assert reassessment.fingerprint(msgspec.structs.replace(found, texts={}, roles=())) == before
    for change in ({"months": 6}, {"half_gain": 90}):
        other = msgspec.structs.replace(found.competencies[0], **change)
        assert (
            reassessment.fingerprint(msgspec.structs.replace(found, competencies=(other, *found.competencies[1:])))
            != before
        )
    levels = tuple(msgspec.structs.replace(one, verified_by=("assessor",)) for one in found.levels)
    assert reassessment.fingerprint(msgspec.structs.replace(found, levels=levels)) != before
