"""Figures entered by hand: two people, a source, a document."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError, NoResultFound

from app.audit.models import Entry
from app.db.session import db, transaction
from app.kernel.errors import DomainError, IllegalMoveError
from app.plan.domain.entries import entry_rule
from app.plan.domain.observations import MOVES, ObservationState, ObservationStep, after
from app.plan.domain.sums import FigureSum
from app.plan.models import Contribution, Observation
from app.plan.queries import evidence, figures
from app.plan.service import consistency_checks, manual_figures
from app.plan.service.manual_figures import NewObservation
from tests.support import plans as it
from tests.support.concurrency import at_once
from tests.support.indicator_figures import figure_line
from tests.support.plans import NOW, TODAY, coordinator, value

PDF = b"%PDF-1.7\n..."


@pytest.fixture(autouse=True)
def plan(context: Flask) -> None:
    it.load()


@pytest.fixture
def pair(context: Flask) -> tuple[UUID, UUID]:
    return coordinator(), coordinator()


def new(code: str = "OC2.3", amount: float = 17, *, country: str = "IQ", ago: int = 0, source: str = "Form 3"):
    day = TODAY - timedelta(days=ago)
    return NewObservation(
        code=code, day=day, value=amount, source=source, country=country, explanation="Another way of counting"
    )


def entered(given: NewObservation, by: UUID) -> UUID:
    with transaction():
        return manual_figures.enter(given, by=by, now=NOW)


def hand_in(found: UUID, *, by: UUID, now: datetime) -> None:
    """Add a document if there is none, and submit the figure."""
    if not figures.observation(found).has_file:
        manual_figures.add_file(found, PDF, by=by, now=now)
    manual_figures.submit(found, by=by, now=now)


def approved(given: NewObservation, pair: tuple[UUID, UUID]) -> UUID:
    found = entered(given, pair[0])
    with transaction():
        hand_in(found, by=pair[0], now=NOW)
    with transaction():
        manual_figures.approve(found, by=pair[1], now=NOW)
    db.session.rollback()
    return found


@pytest.mark.each_database
def test_a_figure_counts_when_a_second_person_has_approved_it(pair: tuple[UUID, UUID]) -> None:
    found = entered(new(), pair[0])
    assert value("OC2.3") is None
    with transaction():
        hand_in(found, by=pair[0], now=NOW)
    assert value("OC2.3") is None
    with transaction():
        manual_figures.approve(found, by=pair[1], now=NOW)
    assert [value("OC2.3", TODAY - timedelta(days=1)), value("OC2.3")] == [None, 1]
    assert figures.cells("OC2.3", TODAY, "country") == {"IQ": FigureSum(1, 1)}
    one = figures.observation(found)
    assert (one.state, one.decided_by, one.approved_at) == (ObservationState.APPROVED, pair[1], NOW)
    names = list(db.session.scalars(select(Entry.name).where(Entry.name.like("Figure%")).order_by(Entry.id)))
    assert names == ["FigureEntered"] * 3 + ["FigureDecided"]
    assert list(consistency_checks.faults()) == []


INTERIM = {"OP5.1": 5, "OP6.1": 3, "OC1.4": 24.5, "OP3.4": 4.1}  # unit: count, count, percent, score


def load_interim(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(it.RULES, "OC1.4", ("follow_up_share", "percent", ""))
    monkeypatch.setitem(it.RULES, "OP3.4", ("mean_answer", "score", ""))
    monkeypatch.setitem(it.RULES, "OC3.2", ("exercise_median_time", "hours", ""))
    it.load(now=NOW)


def test_indicator_without_feature_takes_a_value_of_the_community(
    pair: tuple[UUID, UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    load_interim(monkeypatch)
    for code, amount in INTERIM.items():
        approved(new(code, amount, country=""), pair)
        assert value(code, TODAY - timedelta(days=1)) is None
        assert value(code) == amount
    assert list(consistency_checks.faults()) == []


@pytest.mark.parametrize(
    ("refused", "says"),
    [
        (new("OC3.2", 5, country=""), "not entered by hand"),
        (new("OP6.1", 5, country="IQ"), "community as a whole"),
        (new("OP6.1", 1.5, country=""), "whole number"),
        (new("OC1.4", 100.5, country=""), "0 to 100"),
        (new("OP3.4", 5.1, country=""), "1 to 5"),
        (new("OP3.4", 4.15, country=""), "one decimal place"),
    ],
)
def test_interim_value_outside_its_unit_is_refused(
    context: Flask, refused: NewObservation, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    load_interim(monkeypatch)
    with pytest.raises(DomainError, match=says):
        manual_figures.check(refused, NOW)


@pytest.mark.each_database
def test_author_cannot_decide_on_the_figure(pair: tuple[UUID, UUID]) -> None:
    found = entered(new(), pair[0])
    with transaction():
        hand_in(found, by=pair[0], now=NOW)
    for decide in (
        lambda: manual_figures.approve(found, by=pair[0], now=NOW),
        lambda: manual_figures.return_(found, by=pair[0], reason="No.", now=NOW),
    ):
        with pytest.raises(DomainError, match="second person"), transaction():
            decide()
    with pytest.raises(IntegrityError, match="four_eyes"), transaction():
        db.session.execute(update(Observation).values(decided_by=pair[0]))
    assert figures.observation(found).state is ObservationState.PENDING


def test_returned_figure_has_a_reason_and_can_be_resubmitted(pair: tuple[UUID, UUID]) -> None:
    found = entered(new(), pair[0])
    with transaction():
        hand_in(found, by=pair[0], now=NOW)
    with pytest.raises(DomainError, match="why"), transaction():
        manual_figures.return_(found, by=pair[1], reason="  ", now=NOW)
    with transaction():
        manual_figures.return_(found, by=pair[1], reason="Two points are missing.", now=NOW)
    assert figures.observation(found).reason == "Two points are missing."
    with transaction():
        manual_figures.change(found, new(amount=18), by=pair[0], now=NOW)
        hand_in(found, by=pair[0], now=NOW)
    with transaction():
        manual_figures.approve(found, by=pair[1], now=NOW)
    assert (figures.observation(found).value, figures.observation(found).reason) == (18, "")


def test_submitted_and_foreign_figures_cannot_be_changed(pair: tuple[UUID, UUID]) -> None:
    found = entered(new(), pair[0])
    with pytest.raises(DomainError, match="Another person"), transaction():
        manual_figures.change(found, new(), by=pair[1], now=NOW)
    with transaction():
        hand_in(found, by=pair[0], now=NOW)
    with pytest.raises(DomainError, match="no longer"), transaction():
        manual_figures.change(found, new(), by=pair[0], now=NOW)
    with pytest.raises(DomainError, match="no longer"), transaction():
        manual_figures.add_file(found, PDF, by=pair[0], now=NOW)


def test_transitions_follow_the_table() -> None:
    for state in ObservationState:
        for step in ObservationStep:
            if (state, step) in MOVES:
                assert after(state, step) is MOVES[state, step]
            else:
                with pytest.raises(IllegalMoveError):
                    after(state, step)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (new("OP2.1"), "not entered by hand"),
        (new("OP9.9"), "no such indicator"),
        (new(country="XX"), "Name the member country"),
        (new(country=""), "Name the member country"),
        (new("OC3.4"), "leave out the country"),
        (new(ago=-1), "future"),
        (new(amount=21), "from 0 to 20"),
        (new(amount=16.5), "whole number"),
        (new(amount=-1), "from 0 to 20"),
        (new(amount=float("nan")), "from 0 to 20"),
        (new("C-1", 1e10), "from 0 to 1,000,000,000"),
        (new("C-1", -1), "Enter 0 or more"),
        (new(source=" "), "source"),
        (new(source="x" * 301), "source"),
    ],
)
def test_invalid_figure_is_refused_with_a_message(given: NewObservation, says: str, pair: tuple[UUID, UUID]) -> None:
    with pytest.raises(DomainError, match=says), transaction():
        manual_figures.enter(given, by=pair[0], now=NOW)
    assert figures.observations() == []


@pytest.mark.each_database
def test_newest_figure_of_each_country_counts(pair: tuple[UUID, UUID]) -> None:
    approved(new("C-1", 40, ago=20), pair)
    approved(new("C-1", 50, ago=5), pair)
    approved(new("C-1", 8, ago=9, country="BG"), pair)
    approved(new("C-1", 45, ago=10), pair)  # comes late, between the two
    days = [TODAY - timedelta(days=ago) for ago in (21, 20, 11, 10, 9, 6, 5, 0)]
    assert figure_line("C-1", days) == [None, 40, 40, 45, 53, 53, 58, 58]
    assert list(consistency_checks.faults()) == []


@pytest.mark.each_database
def test_figure_approved_last_counts_for_a_day(pair: tuple[UUID, UUID]) -> None:
    approved(new("OC3.4", 3, country=""), pair)
    with transaction():
        again = manual_figures.enter(new("OC3.4", 4, country=""), by=pair[0], now=NOW)
        hand_in(again, by=pair[0], now=NOW)
        manual_figures.approve(again, by=pair[1], now=NOW + timedelta(hours=1))
    assert value("OC3.4") == 4
    assert [row.subject for row in db.session.scalars(select(Contribution))] == [again]
    assert list(consistency_checks.faults()) == []


def test_country_below_the_points_does_not_count(pair: tuple[UUID, UUID]) -> None:
    approved(new(amount=15), pair)
    assert figures.cells("OC2.3", TODAY, "country") == {"IQ": FigureSum(0, 1)}
    assert value("OC2.3") == 0


@pytest.mark.parametrize(
    ("content", "says"), [(b"<html>", "not a PDF"), (b"%PDF-" + b"x" * manual_figures.FILE_LIMIT, "larger than 5")]
)
def test_document_is_a_pdf_of_at_most_five_megabytes(content: bytes, says: str, pair: tuple[UUID, UUID]) -> None:
    found = entered(new(), pair[0])
    with pytest.raises(DomainError, match=says), transaction():
        manual_figures.add_file(found, content, by=pair[0], now=NOW)
    with pytest.raises(NoResultFound):
        figures.file(found)


@pytest.mark.each_database
def test_document_is_saved_unchanged_and_can_be_replaced(pair: tuple[UUID, UUID]) -> None:
    found = entered(new(), pair[0])
    assert not figures.observation(found).has_file
    for content in (PDF, PDF + b"second"):
        with transaction():
            manual_figures.add_file(found, content, by=pair[0], now=NOW)
        assert figures.file(found) == (content, hashlib.sha256(content).hexdigest())
    assert figures.observation(found).has_file


@pytest.mark.each_database
def test_figures_are_listed_by_state_and_country_the_newest_first(pair: tuple[UUID, UUID]) -> None:
    old, fresh = approved(new(ago=9), pair), entered(new(ago=1), pair[0])
    other = entered(new("C-1", 3, country="BG"), pair[0])
    assert [one.id for one in figures.observations()] == [other, fresh, old]
    assert [one.id for one in figures.observations("OC2.3")] == [fresh, old]
    assert [one.id for one in figures.observations(state=ObservationState.APPROVED)] == [old]
    assert [one.id for one in figures.observations(country="BG")] == [other]
    assert [one.id for one in figures.observations(size=1)] == [other]


def test_evidence_of_report_is_the_figure_entered_by_hand(pair: tuple[UUID, UUID]) -> None:
    found = approved(new(ago=3), pair)
    row = figures.rows("OC2.3", TODAY)[0]
    assert [(one.kind, one.day, one.facts) for one in evidence.evidence_for(row)] == [
        ("reported", TODAY - timedelta(days=3),
         {"observation": str(found), "value": 17, "source": "Form 3", "has_file": True}),
        ("approved", TODAY, {"observation": str(found)}),
    ]  # fmt: skip


def test_notes_are_added_only_to_outcomes_and_outputs(pair: tuple[UUID, UUID]) -> None:
    with transaction():
        first = manual_figures.write_note("OC1", "  The first workshop is in May. ", by=pair[0], now=NOW)
    with transaction():
        second = manual_figures.write_note("OC1", "x" * 1000, by=pair[1], now=NOW + timedelta(hours=1))
    assert first != second
    assert [note.written_by for note in figures.notes("OC1")] == [pair[1], pair[0]]
    assert figures.notes("OC1")[1].text == "The first workshop is in May."
    for code, text in (("OC9", "x"), ("OC1.1", "x"), ("OC1", " "), ("OC1", "x" * 1001)):
        with pytest.raises(DomainError), transaction():
            manual_figures.write_note(code, text, by=pair[0], now=NOW)
    assert figures.notes("OP1") == []


def test_the_plan_of_a_day_is_the_one_loaded_by_then(context: Flask) -> None:
    it.load(it.indicator("OP2.1"), now=NOW + timedelta(days=10))
    codes = [len(figures.plan_of(day).indicator) for day in (date(2020, 1, 1), TODAY, TODAY + timedelta(days=10))]
    assert codes == [len(it.RULES), len(it.RULES), 1]
    assert len(figures.plan_of().indicator) == 1


def test_figure_without_document_is_not_submitted(pair: tuple[UUID, UUID]) -> None:
    found = entered(new(), pair[0])
    with pytest.raises(DomainError, match="Add the document first"), transaction():
        manual_figures.submit(found, by=pair[0], now=NOW)
    with transaction():
        db.session.execute(update(Observation).values(state=ObservationState.PENDING))
    with pytest.raises(DomainError, match="no document behind"), transaction():
        manual_figures.approve(found, by=pair[1], now=NOW)


@pytest.mark.each_database
def test_large_change_needs_an_explanation(pair: tuple[UUID, UUID]) -> None:
    approved(new("C-1", 40, ago=20), pair)
    small = entered(replace(new("C-1", 60), explanation=""), pair[0])
    large = entered(replace(new("C-1", 61), explanation=""), pair[0])
    with transaction():
        hand_in(small, by=pair[0], now=NOW)
    with pytest.raises(DomainError, match="by more than half"), transaction():
        hand_in(large, by=pair[0], now=NOW)
    with transaction():
        manual_figures.change(
            large, replace(new("C-1", 61), explanation="Two more services report."), by=pair[0], now=NOW
        )
        hand_in(large, by=pair[0], now=NOW)
    assert figures.observation(large).state is ObservationState.PENDING


def test_repeated_steps_count_once(pair: tuple[UUID, UUID]) -> None:
    found = entered(new(), pair[0])
    for _ in range(2):
        with transaction():
            hand_in(found, by=pair[0], now=NOW)
    for _ in range(2):
        with transaction():
            manual_figures.approve(found, by=pair[1], now=NOW)
    assert figures.observation(found).state is ObservationState.APPROVED


@pytest.mark.parametrize(
    ("code", "takes", "refuses", "counts"),
    [
        ("OC2.3", (0, 20), (-1, 21, 16.5), {15: 0, 16: 1, 20: 1}),
        ("OC3.4", (0, 7, 1e9), (-1, 2.5, 2e9), {7: 7}),
    ],
)
def test_entry_rule_has_range_and_effect(
    code: str, takes: Sequence[float], refuses: Sequence[float], counts: Mapping[float, float], pair: object
) -> None:
    rule = entry_rule(figures.definition(code, TODAY).indicator)
    assert [rule.takes(value) for value in (*takes, *refuses)] == [True] * len(takes) + [False] * len(refuses)
    assert {value: rule.counts_as(value) for value in counts} == counts


@pytest.mark.each_database
def test_forms_submitted_twice_at_once_count_once(app: Flask) -> None:
    with app.app_context():
        by = coordinator()
        db.session.remove()
    figure = replace(new("OC3.4", 3), country="")
    enter = [lambda: manual_figures.enter(figure, by=by, now=NOW, submission="one")] * 6
    enter.append(lambda: manual_figures.enter(figure, by=by, now=NOW, submission="two"))
    write = [lambda: manual_figures.write_note("OC1", "Later.", by=by, now=NOW, submission="one")] * 6
    assert len(set(at_once(app, enter))) == 2
    assert len(set(at_once(app, write))) == 1
    with app.app_context():
        assert (len(figures.observations()), len(figures.notes("OC1"))) == (2, 1)
        db.session.remove()
