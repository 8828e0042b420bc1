"""Locked quarters: two coordinators, frozen pages and files, adjustments, refused figures, faults of the checker."""

import random
import re
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from app.access.policy import Role, Scope
from app.db.session import db, transaction
from app.identity.models import Person
from app.kernel import clock
from app.kernel.errors import DomainError
from app.messages.domain import NoticeKind
from app.messages.models import Notice
from app.plan import jobs
from app.plan.domain import adjustments
from app.plan.domain.cells import quarter_ends
from app.plan.models import FrozenFigure, PeriodLock
from app.plan.queries import figures, locks, officers, rollups
from app.plan.service import consistency_checks, freezing, manual_figures, periods, recalculation, store
from app.plan.service.manual_figures import NewObservation
from app.plan.service.store import ContributionKey, ContributionValue
from tests.support import factories, plan_figures as numbers, plan_periods
from tests.support.concurrency import at_once
from tests.support.plan_figures import SINCE, Scene
from tests.support.plan_pages import hand_in, send, text, words_of
from tests.support.sql_statements import counted

Q1, Q2 = date(2027, 3, 31), date(2027, 6, 30)
LOCK_DAY, LATER = date(2027, 4, 20), date(2027, 5, 20)
HOME = "/plan/periods/2027-q1"
READERS = ("coordinator", "co-chair", "contact point")
PAGES = (
    "/plan?on=2027-03-31",
    "/plan?on=2027-03-31&compare=1",
    "/plan.csv?on=2027-03-31",
    "/plan/countries.csv?on=2027-03-31",
    "/plan/outcomes/OC1?on=2027-03-31",
    "/plan/outputs/OP1?on=2027-03-31",
    "/plan/indicators/OP2.1?on=2027-03-31",
    "/plan/indicators/OP2.1?on=2027-03-31&country=IQ",
    "/plan/indicators/OP2.1.csv?on=2027-03-31",
    "/plan/indicators/OP2.4?on=2027-03-31",
    "/plan/indicators/OP3.2?on=2027-03-31",
    "/plan/indicators/OC1.1?on=2027-03-31",
    "/plan/indicators/OC2.1?on=2027-03-31",
    "/plan/indicators/OC2.1.csv?on=2027-03-31",
    "/plan/countries/IQ?on=2027-03-31",
    "/plan/countries/IQ.csv?on=2027-03-31",
)


@pytest.fixture
def scene(app: Flask) -> Scene:
    made = numbers.make(app)
    _sit(made, 8)
    plan_periods.move_to(LOCK_DAY)
    return made


def _sit(scene: Scene, people: int, day: date = SINCE) -> None:
    """Let officers of each country attend a session, half of them twice."""
    seats = {
        ContributionKey("OP3.2", 1, uuid4(), f"session:{n}:{person_id}", day): ContributionValue(
            None, country, "border", "first_responder", float(n % 2), 1.0, person_id
        )
        for country, officers in scene.officers.items()
        for person_id in officers[:people]
        for n in range(2)
    }
    with scene.app.app_context(), transaction():
        store.replace({}, seats)


def _lock(scene: Scene, end: date = Q1) -> None:
    with scene.app.app_context():
        with transaction():
            periods.propose(end, by=scene.people["coordinator"], now=clock.now())
        with transaction():
            periods.agree(end, by=scene.people["second coordinator"], now=clock.now())
        db.session.remove()


def _complete(scene: Scene, country: str, *, first: int = 12, count: int = 2, day: date = date(2027, 3, 12)) -> None:
    """Let more officers have completed a course on a day, as if the evidence arrived now."""
    late = {
        ContributionKey("OP2.1", 1, person_id, "completion", day): ContributionValue(
            None, country, "police", "first_responder", 1.0, 0.0, person_id
        )
        for person_id in scene.officers[country][first : first + count]
    }
    with scene.app.app_context(), transaction():
        store.replace({}, late)


def _shown(scene: Scene) -> dict[tuple[str, str], str]:
    shown = {}
    for name in READERS:
        client = scene.client(name)
        for path in PAGES:
            shown[name, path] = _main(text(client, path))
    return shown


def _main(page: str) -> str:
    """Return what a page says, without ids that differ each time."""
    main = re.search(r"<main.*</main>", page, re.S)
    return words_of(main.group()) if main else page


# the lock


@pytest.mark.each_database
def test_lock_freezes_what_pages_showed_before_and_later_deeds_change_none(scene: Scene) -> None:
    before = _shown(scene)
    _lock(scene)
    locked = _shown(scene)
    changed = {
        key: (before[key], locked[key]) for key in before if before[key] != locked[key].replace("Final", "Provisional")
    }
    assert changed == {}
    assert "Final" in locked["co-chair", PAGES[0]]
    assert "Provisional" in before["co-chair", PAGES[0]]
    _complete(scene, "IQ")
    _complete(scene, "BG", first=4, count=5)
    _sit(scene, 3, date(2027, 2, 2))
    with scene.app.app_context(), transaction():
        db.session.execute(update(Person).where(Person.id == scene.officers["FR"][1]).values(protected=True))
    with scene.app.app_context():
        with transaction():
            recalculation.recount_all()  # the scene's records have no source: all contributions go
        assert figures.count_rows("OP2.1", Q1) == 0
        db.session.remove()
    assert _shown(scene) == locked


def test_records_of_a_locked_figure_are_those_of_the_lock(scene: Scene) -> None:
    _lock(scene)
    page = "/plan/indicators/OP2.1/rows?on=2027-03-31"
    before = _main(text(scene.client("contact point"), page))
    assert "the records that existed then" in before
    _complete(scene, "IQ")
    assert _main(text(scene.client("contact point"), page)) == before
    assert "These numbers are not locked" in text(scene.client("coordinator"), "/plan/capacity?on=2027-03-31")


def test_officers_under_threat_stay_left_out_when_the_flag_ends(scene: Scene) -> None:
    hidden = scene.officers["IQ"][0]
    _protect(scene, hidden, protected=True)
    before = _shown(scene)
    _lock(scene)
    _protect(scene, hidden, protected=False)
    after = _shown(scene)
    assert {key: page.replace("Final", "Provisional") for key, page in after.items()} == before


def _protect(scene: Scene, person_id: UUID, *, protected: bool) -> None:
    with scene.app.app_context(), transaction():
        db.session.execute(update(Person).where(Person.id == person_id).values(protected=protected))


def test_plan_loaded_later_does_not_change_locked_figures(scene: Scene) -> None:
    _lock(scene)
    with scene.app.app_context():
        before = figures.history([Q1])[Q1]
        numbers.load_plan()
        after = figures.history([Q1])[Q1]
        assert {code: totals.cells for code, totals in after.items()} == {
            code: totals.cells for code, totals in before.items()
        }
        assert all(totals.defined.frozen is not None for totals in after.values())
        db.session.remove()


def test_queries_name_locked_quarters(scene: Scene) -> None:
    with scene.app.app_context():
        assert (locks.is_locked(Q1), locks.locked_quarters()) == (False, frozenset())
        db.session.remove()
    _lock(scene)
    with scene.app.app_context():
        assert (locks.is_locked(Q1), locks.is_locked(Q2)) == (True, False)
        assert locks.is_locked(date(2026, 12, 31))  # shown beside the first quarter of the plan
        assert locks.locked_quarters() == {Q1}
        assert locks.adjustments(Q1) == []
        db.session.remove()


def test_proposer_cannot_agree(scene: Scene) -> None:
    client = scene.client("coordinator")
    assert send(scene, client, f"{HOME}/propose")[0] == 302
    assert "another coordinator must agree" in text(client, HOME)
    assert send(scene, client, f"{HOME}/agree")[0] == 422
    with scene.app.app_context():
        assert not locks.is_locked(Q1)
        db.session.remove()


@pytest.mark.each_database
def test_database_rejects_a_lock_by_one_person(scene: Scene) -> None:
    person = scene.people["coordinator"]
    row = {"quarter_end": Q1, "proposed_by": person, "proposed_at": clock.now(), "figures": 0, "last_record": 0}
    with scene.app.app_context():
        db.session.add(PeriodLock(**row, agreed_by=person, locked_at=clock.now(), sha256="0" * 64))
        with pytest.raises(Exception, match="four_eyes"):
            db.session.flush()
        db.session.rollback()
        db.session.remove()


def test_second_coordinator_locks_and_others_are_notified(scene: Scene) -> None:
    first, second = scene.client("coordinator"), scene.client("second coordinator")
    assert "Propose the lock" in text(first, HOME)
    send(scene, first, f"{HOME}/propose")
    page = text(second, HOME)
    assert "Lock the quarter" in page
    assert "Proposed on 20 April 2027 by Coordinator" in words_of(page)
    assert send(scene, second, f"{HOME}/agree")[0] == 302
    with scene.app.app_context():
        lock = locks.lock_of(Q1)
        assert lock is not None
        assert lock.sha256 is not None
        notices = {(row.person_id, row.kind) for row in db.session.scalars(select(Notice))}
        db.session.remove()
    page = words_of(text(first, HOME))
    assert "Locked on 20 April 2027 by Coordinator and Second Coordinator." in page
    assert lock.sha256 in page
    assert lock.sha256[:16] in words_of(text(first, "/plan/periods"))
    assert (scene.people["second coordinator"], NoticeKind.PERIOD_PROPOSED) in notices
    assert (scene.people["coordinator"], NoticeKind.PERIOD_LOCKED) in notices
    assert (scene.people["coordinator"], NoticeKind.PERIOD_PROPOSED) not in notices


def test_quarter_is_not_offered_within_14_days(scene: Scene) -> None:
    plan_periods.move_to(date(2027, 4, 13))
    client = scene.client("coordinator")
    assert "Can be locked from 14 April 2027." in words_of(text(client, "/plan/periods"))
    assert send(scene, client, f"{HOME}/propose")[0] == 422


def test_second_proposal_and_agreement_change_nothing(scene: Scene) -> None:
    first, second = scene.people["coordinator"], scene.people["second coordinator"]
    with scene.app.app_context():
        for person in (first, second):
            with transaction():
                periods.propose(Q1, by=person, now=clock.now())
        line = locks.lock_of(Q1)
        assert line is not None
        assert line.proposed_by == first
        db.session.remove()
    _lock_again(scene)


def _lock_again(scene: Scene) -> None:
    second = scene.people["second coordinator"]
    with scene.app.app_context():
        for _ in range(2):
            with transaction():
                periods.agree(Q1, by=second, now=clock.now())
        count = db.session.scalar(select(func.count()).where(FrozenFigure.day == Q1))
        line = locks.lock_of(Q1)
        assert line is not None
        assert line.figures == count
        with pytest.raises(DomainError, match="locked"), transaction():
            periods.propose(Q1, by=second, now=clock.now())
        db.session.remove()


@pytest.mark.each_database
def test_two_agreements_at_once_freeze_once(scene: Scene) -> None:
    third = _third(scene)
    with scene.app.app_context():
        with transaction():
            periods.propose(Q1, by=scene.people["coordinator"], now=clock.now())
        db.session.remove()
    now = clock.now()
    people = (scene.people["second coordinator"], third)
    results = at_once(scene.app, [lambda by=by: periods.agree(Q1, by=by, now=now) for by in people])
    assert sorted(str(result) for result in results) == ["None", "This quarter is locked."]
    with scene.app.app_context():
        assert list(consistency_checks.locked_quarters()) == []
        db.session.remove()


def _third(scene: Scene) -> UUID:
    with scene.app.app_context(), transaction():
        return factories.person(country="DE", roles=(), grants=((Role.COORDINATOR, Scope.ALL, ""),))


@pytest.mark.each_database
def test_lock_interrupted_while_freezing_leaves_nothing(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    collect = freezing.collect
    with scene.app.app_context():
        with transaction():
            periods.propose(Q1, by=scene.people["coordinator"], now=clock.now())
        expected = periods.rules.digest(Q1, [row for day in quarter_ends(Q1, 8) for row in collect(day)])
        db.session.rollback()
        monkeypatch.setattr(periods, "record", _killed)
        with pytest.raises(KeyboardInterrupt), transaction():
            periods.agree(Q1, by=scene.people["second coordinator"], now=clock.now())
        db.session.rollback()
        assert not locks.is_locked(Q1)
        assert db.session.scalar(select(func.count()).select_from(FrozenFigure)) == 0
        monkeypatch.undo()
        db.session.rollback()
        with transaction():
            periods.agree(Q1, by=scene.people["second coordinator"], now=clock.now())
        line = locks.lock_of(Q1)
        assert line is not None
        assert line.sha256 == expected
        db.session.remove()


def _killed(_event: object) -> None:
    raise KeyboardInterrupt


def test_lock_waits_until_figures_are_recalculated(scene: Scene) -> None:
    with scene.app.app_context():
        with transaction():
            periods.propose(Q1, by=scene.people["coordinator"], now=clock.now())
            recalculation.mark_due(recalculation.sources("OP2.1")[0])
        with pytest.raises(DomainError, match="recalculated"), transaction():
            periods.agree(Q1, by=scene.people["second coordinator"], now=clock.now())
        db.session.remove()


# adjustments


@pytest.mark.each_database
def test_late_evidence_becomes_an_adjustment_of_the_open_quarter(scene: Scene) -> None:
    _lock(scene)
    _complete(scene, "IQ", count=2)
    plan_periods.move_to(LATER)
    with scene.app.app_context():
        with transaction():
            assert periods.note_adjustments(clock.now()) == 1
        with transaction():
            assert periods.note_adjustments(clock.now()) == 0
        [line] = locks.adjustments(Q1)
        assert (line.code, line.country, line.numerator, line.counts_in) == ("OP2.1", "IQ", 2.0, Q2)
        assert (line.first_evidence, line.last_evidence) == (date(2027, 3, 12), date(2027, 3, 12))
        db.session.remove()
    expected = "Adjustment of Q1 2027: 2 more. Evidence of March 2027 arrived by 20 May 2027."
    client = scene.client("coordinator")
    for path in ("/plan/indicators/OP2.1?on=2027-03-31", "/plan/indicators/OP2.1"):
        assert expected in words_of(text(client, path))
    page = words_of(text(client, HOME))
    assert "2 more" in page
    assert "Evidence of March 2027 arrived by 20 May 2027." in page
    assert "12 March" not in page
    assert "1 indicator" in words_of(text(client, "/plan/periods"))


def test_small_adjustment_is_not_shown_outside(scene: Scene) -> None:
    _lock(scene)
    _complete(scene, "IQ", count=1)
    plan_periods.move_to(LATER)
    with scene.app.app_context(), transaction():
        periods.note_adjustments(clock.now())
    for name in ("co-chair", "another contact point"):
        assert "1 more" not in words_of(text(scene.client(name), "/plan/indicators/OP2.1?on=2027-03-31"))


def test_withdrawn_records_are_a_negative_adjustment(scene: Scene) -> None:
    _lock(scene)
    with scene.app.app_context():
        with transaction():
            people = scene.officers["DE"][:3]
            store.replace(store.stored(["OP2.1"], people), {})
        plan_periods.move_to(LATER)
        with transaction():
            periods.note_adjustments(clock.now())
        [line] = locks.adjustments(Q1)
        assert (line.numerator, line.first_evidence) == (-3.0, None)
        db.session.remove()
    page = words_of(text(scene.client("coordinator"), "/plan/indicators/OP2.1?on=2027-03-31"))
    assert "3 fewer. Records were corrected or withdrawn by 20 May 2027." in page


def test_evidence_of_the_open_quarter_is_no_adjustment(scene: Scene) -> None:
    _lock(scene)
    _complete(scene, "IQ", day=date(2027, 4, 2))
    with scene.app.app_context(), transaction():
        assert periods.note_adjustments(clock.now()) == 0


def test_nightly_run_notes_adjustments(scene: Scene) -> None:
    _lock(scene)
    _complete(scene, "IQ", count=2)
    with scene.app.app_context():
        jobs.check_nightly()
        assert [line.code for line in locks.adjustments(Q1)] == ["OP2.1"]
        db.session.remove()


# figures entered by hand


def test_figure_for_a_locked_day_is_refused_with_the_cure(scene: Scene) -> None:
    _lock(scene)
    new = NewObservation(code="OC2.3", country="IQ", day=Q1, value=17, source="Form 3")
    with scene.app.app_context(), pytest.raises(DomainError, match="Enter a later day"), transaction():
        manual_figures.enter(new, by=scene.people["contact point"], now=clock.now())
    figure = {"code": "OC2.3", "country": "IQ", "day": "2027-04-01", "value": "17", "source": "Form 3"}
    assert send(scene, scene.client("contact point"), "/plan/figures/new", **figure)[0] == 302


def test_pending_figure_of_a_locked_day_cannot_be_approved(scene: Scene) -> None:
    owner = scene.client("contact point")
    figure = {"code": "OC2.3", "country": "IQ", "day": "2027-03-20", "value": "17", "source": "Form 3"}
    _status, place = send(scene, owner, "/plan/figures/new", **figure)
    assert hand_in(scene, owner, place) == 302
    assert "Waits for a second person" in words_of(text(scene.client("coordinator"), HOME))
    _lock(scene)
    second = scene.client("second coordinator")
    assert send(scene, second, f"{place}/approve")[0] == 409
    assert send(scene, second, f"{place}/return", reason="Enter a later day.")[0] == 302
    assert send(scene, owner, f"{place}/change", **figure)[0] == 422
    assert send(scene, owner, f"{place}/change", **{**figure, "day": "2027-04-02"})[0] == 302


def test_missing_figures_are_named_before_the_lock(scene: Scene) -> None:
    page = words_of(text(scene.client("coordinator"), HOME))
    assert "Not entered" in page
    assert "A lock freezes" in page
    assert "Iraq" in page


# the checker


@pytest.mark.each_database
@pytest.mark.parametrize("column", ["numerator", "officers", "need", "version"])
def test_changed_frozen_row_is_a_fault(scene: Scene, column: str) -> None:
    _lock(scene)
    with scene.app.app_context():
        assert list(consistency_checks.locked_quarters()) == []
        with transaction():
            changed = update(FrozenFigure).where(FrozenFigure.code == "OP2.1", FrozenFigure.country == "IQ")
            db.session.execute(changed.values({column: getattr(FrozenFigure, column) + 1}))
        assert list(consistency_checks.locked_quarters()) == [
            "quarter 2027-03-31: a frozen figure is not what was locked"
        ]
        db.session.remove()


# roles


@pytest.mark.parametrize("name", ["co-chair", "contact point", "administrator", "practitioner"])
def test_periods_are_for_coordinators(scene: Scene, name: str) -> None:
    client = scene.client(name)
    for path in ("/plan/periods", HOME):
        assert client.get(path).status_code == 403
    assert send(scene, client, f"{HOME}/propose")[0] == 403
    if name not in {"administrator", "practitioner"}:
        assert "/plan/periods" not in text(client, "/plan")


def test_unknown_quarter_is_missing(scene: Scene) -> None:
    client = scene.client("coordinator")
    for quarter in ("2026-q4", "2027-q3", "2031-q1"):
        assert client.get(f"/plan/periods/{quarter}").status_code == 404


def test_second_quarter_waits_for_the_first(scene: Scene) -> None:
    plan_periods.move_to(Q2 + timedelta(days=20))
    client = scene.client("coordinator")
    assert send(scene, client, "/plan/periods/2027-q2/propose")[0] == 422
    _lock(scene)
    assert send(scene, client, "/plan/periods/2027-q2/propose")[0] == 302


def test_pages_of_a_locked_day_need_few_statements_more(scene: Scene) -> None:
    client = scene.client("coordinator")
    before = _statements(scene, client)
    _lock(scene)
    after = _statements(scene, client)
    assert {path: (before[path], n) for path, n in after.items() if n > before[path] + 3} == {}


def _statements(scene: Scene, client: FlaskClient) -> dict[str, int]:
    numbers_of = {}
    text(client, "/plan")
    for path in PAGES:
        with counted(scene.app) as statements:
            text(client, path)
        numbers_of[path] = len(statements)
    return numbers_of


@pytest.mark.each_database
def test_random_deeds_change_no_locked_cell_and_adjustments_add_up(scene: Scene) -> None:
    _lock(scene)
    chance = random.Random(20_270_331)
    with scene.app.app_context():
        before = _locked_cells()
        for _ in range(12):
            with transaction():
                _random_deed(scene, chance)
            if chance.random() < 0.3:
                with transaction():
                    periods.note_adjustments(clock.now())
            assert _locked_cells() == before
        with transaction():
            periods.note_adjustments(clock.now())
        history, noted = figures.history([Q1])[Q1], locks.adjustments(Q1)
        live = rollups.history(figures.definitions(), [Q1])
        for code in ("OP2.1", "OP3.2"):
            changes = [{line.country: line.amount} for line in noted if line.code == code]
            assert adjustments.adjusted(history[code].cells, *changes) == live[code, 1, Q1]
        assert {line.code for line in noted} == {"OP2.1", "OP3.2"}
        assert list(consistency_checks.locked_quarters()) == []
        db.session.remove()


def _random_deed(scene: Scene, chance: random.Random) -> None:
    """Add or remove a record of a random officer around the end of the quarter, or change who is under threat."""
    country = chance.choice(numbers.MEMBERS)
    person_id, day = chance.choice(scene.officers[country]), Q1 - timedelta(days=chance.randint(-10, 80))
    code = chance.choice(("OP2.1", "OP3.2"))
    existing = store.stored([code], [person_id])
    added = ContributionValue(None, country, "police", "first_responder", 1.0, float(code == "OP3.2"), person_id)
    match chance.randint(0, 2):
        case 0:
            store.replace(existing, {})
        case 1:
            store.replace(existing, {ContributionKey(code, 1, person_id, "late", day): added})
        case _:
            protected = update(Person).where(Person.id == person_id)
            db.session.execute(protected.values(protected=chance.random() < 0.5))


def _locked_cells() -> list[object]:
    """Return all that pages read of two locked figures."""
    shown: list[object] = []
    for code in ("OP2.1", "OP3.2"):
        defined = figures.definition(code, Q1)
        shown.append(figures.history([Q1], only=code)[Q1][code].cells)
        shown += [figures.cells(defined, Q1, split) for split in freezing.SPLITS]
        shown += [officers.people(defined, Q1, split, {"IQ", "police", "first_responder"}) for split in freezing.SPLITS]
        shown += [officers.of_few([(defined, Q1)], 30, without=country) for country in ("", "IQ")]
    return shown
