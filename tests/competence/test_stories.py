"""The three stories of the usability trial, by the rules and through the service: figures, dates, what changed."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from flask import Flask

from app.competence.domain.display import TrainingStage
from app.competence.domain.effects import Effect, NotCounted, effects
from app.competence.domain.evidence import EvidenceKind, Piece
from app.competence.domain.history import CompetencyRule, replay
from app.competence.domain.measure import Parameters, p
from app.competence.domain.statuses import VerificationStatus, status
from app.competence.queries import competencies
from app.competence.service import evidence_records
from app.db.session import transaction
from tests.support import competence_site
from tests.support.evidence_stories import AGAIN, DUE, FIRST, LAPSED, STORIES, TODAY, Deed, evidence, piece

K = Parameters()
RULE = CompetencyRule(K, frozenset({"watched_check", "assessor"}), frozenset({"quiz", "scenario"}))


def _chances(deeds: tuple[Deed, ...]) -> list[float]:
    pieces = [piece(deed) for deed in deeds]
    return [round(p(one.state, TODAY.toordinal(), K), 2) for one in replay(pieces, RULE)]


def _until(deeds: tuple[Deed, ...]) -> date | None:
    state = replay([piece(deed) for deed in deeds], RULE)[-1].state
    assert state is not None
    return None if state.verified_until is None else date.fromordinal(state.verified_until)


def _effects(deeds: tuple[Deed, ...], rule: CompetencyRule = RULE) -> list[Effect]:
    return effects([piece(deed) for deed in deeds], rule)


def test_a_lapsed_competency_falls_with_a_failed_test_and_a_failed_case() -> None:
    assert _chances(LAPSED) == [0.51, 0.30, 0.21]
    until = _until(LAPSED)
    assert until == FIRST + timedelta(days=62)
    assert status(True, until, TODAY) is VerificationStatus.LAPSED
    none = Effect(not_counted=None, quarter=False, trained=False, before=None, after=None)
    assert _effects(LAPSED)[1:] == [none, none]


def test_a_failed_case_makes_due_and_moves_no_date_past_its_own() -> None:
    assert _until(DUE) == date(2027, 7, 27)
    assert status(True, _until(DUE), TODAY) is VerificationStatus.DUE
    [first, case] = _effects(DUE)
    assert (first.before, first.after, first.trained) == (None, date(2027, 7, 27), True)
    assert (case.before, case.after, case.trained) == (date(2027, 7, 27), date(2027, 7, 27), False)


def test_a_perfect_second_attempt_counts_a_quarter_and_carries_the_training() -> None:
    first, second, assessed = _effects(AGAIN)
    assert (first.quarter, first.trained) == (False, False)
    assert (second.quarter, second.trained, second.not_counted) == (True, True, None)
    assert (assessed.trained, assessed.after) == (False, None)


def _extra(kind: EvidenceKind, day: int, trust: float, **more: object) -> Piece:
    values = {"share": 1.0, "mark": 0.62, "items": 4} | more
    return Piece(day=FIRST + timedelta(days=day), kind=kind, trust=trust, **values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("extra", "reason"),
    [
        (_extra(EvidenceKind.QUIZ, 30, 0.0), NotCounted.SEEN),
        (_extra(EvidenceKind.SCENARIO, 30, 0.0), NotCounted.SEEN),
        (_extra(EvidenceKind.REVIEW, 30, 0.0), NotCounted.TOO_FAST),
        (_extra(EvidenceKind.MODULE, 30, 0.0, share=None, mark=None, items=0), NotCounted.CARRIED_BY_TEST),
        (_extra(EvidenceKind.CLAIM, 30, 0.0, share=None, mark=None, items=0), NotCounted.NOT_FIRST),
        (_extra(EvidenceKind.SUPERVISOR, 30, 0.5), NotCounted.LEVEL),
    ],
)
def test_a_piece_that_counts_for_nothing_says_why(extra: Piece, reason: NotCounted) -> None:
    found = effects([piece(DUE[0]), extra], RULE)[-1]
    assert (found.not_counted, found.trained, found.quarter) == (reason, False, False)
    assert found.before == found.after == date(2027, 7, 27)


@pytest.mark.parametrize(("kind", "trust", "quarter"), [("scenario", 0.25, True), ("scenario", 0.5, False)])
def test_a_case_played_again_counts_a_quarter(kind: str, trust: float, quarter: bool) -> None:
    found = effects([piece(DUE[0]), _extra(EvidenceKind(kind), 100, trust)], RULE)[-1]
    assert (found.quarter, found.not_counted) == (quarter, None)


def test_a_second_report_within_30_days_says_why_it_counts_for_nothing() -> None:
    rule = CompetencyRule(K, RULE.verified_by, frozenset({"observed_practice"}))
    reporter = piece(DUE[0]).assessor
    reports = [_extra(EvidenceKind.SUPERVISOR, day, 0.5, reporter=reporter) for day in (10, 20, 50)]
    found = effects([piece(DUE[0]), *reports], rule)
    assert [one.not_counted for one in found] == [None, None, NotCounted.REPORTED_LATELY, None]


def test_a_failed_watched_check_ends_the_verification() -> None:
    failed = Deed(day=100, kind=EvidenceKind.WORKSHOP, share=0.2, mark=2 / 3, items=5, source="workshop:2", trust=1.0)
    found = _effects((*DUE[:1], failed))[-1]
    assert (found.before, found.after) == (date(2027, 7, 27), None)


def test_a_reached_review_moves_the_date_on_and_a_failed_one_back() -> None:
    review = {"day": 80, "kind": EvidenceKind.REVIEW, "mark": 0.62, "items": 4, "source": "review:1"}
    good, bad = (_effects((DUE[0], Deed(share=share, **review)))[-1] for share in (1.0, 0.0))  # type: ignore[arg-type]
    assert good.after is not None
    assert bad.after is not None
    assert bad.after < date(2027, 7, 27) < good.after


def test_the_stories_through_the_service(lite_app: Flask) -> None:
    with lite_app.app_context():
        officer = competence_site.make().officer
        for name in STORIES:
            for new in evidence(officer, name, competence_site.assessor()):
                with transaction():
                    evidence_records.add_evidence(new, datetime.combine(new.day, time(9), UTC))
        standings = {one.competency: one for one in competencies.path(officer, ["investigator"], TODAY)}
        assert [(name, round(standings[name].p, 2), standings[name].status) for name in ("ONL-07", "LRE-03")] == [
            ("ONL-07", 0.21, VerificationStatus.LAPSED),
            ("LRE-03", 0.51, VerificationStatus.DUE),
        ]
        assert standings["LRE-03"].until == date(2027, 7, 27)
        outlooks = {
            name: competencies.outlook(officer, name, level, TODAY) for name, (level, _deeds) in STORIES.items()
        }
        assert outlooks["ONL-04"].stage is TrainingStage.WATCHED
        assert all(one.chance is None or one.chance <= 0.8 for one in outlooks.values())
        lines = competencies.evidence_of(officer, "ONL-04")
        assert [line.effect.quarter for line in lines if line.effect] == [False, True, False]
