import math
import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask

from app.competence.domain.audit import LOGISTIC
from app.competence.domain.evidence import EvidenceKind, Piece
from app.competence.domain.history import CompetencyRule
from app.competence.domain.measure import Parameters, SkillState, offset, project, weight
from app.competence.domain.refit import LEAST_CHECKS, WatchedCheck, half_gain, shows_fading, watched_checks
from app.db.session import db
from tests.support import competency_evidence as it, factories

K = Parameters()
RULE = CompetencyRule(K, frozenset({"watched_check"}), frozenset({"quiz"}))
DAY = date(2027, 1, 4)
MARK = 0.62


def check(days: int, right: float, kind: EvidenceKind = EvidenceKind.CHECK) -> Piece:
    return Piece(
        day=DAY + timedelta(days), kind=kind, share=right, mark=MARK, items=12, trust=1.0, watched=True, guess=0.25
    )


def known(level: float = 1.5) -> SkillState:
    return SkillState(mu=level, var=0.6, du=0.0, uvar=0.36, peak=level, last=DAY.toordinal(), trained=True)


def faded(number: int, half: float) -> WatchedCheck:
    """Return the check of an officer whose gain fades just so: as far above the likely share, or below, as is usual."""
    days = 30 + number
    at = project(known(), DAY.toordinal() + days, replace(K, half_gain=half))
    flatter = (1 + LOGISTIC * at.var) ** 0.5  # the level is not known exactly
    q = 0.25 + 0.75 / (1 + math.exp(-(at.level + offset(MARK, 0.25)) / flatter))
    spread = q * (1 - q) / weight(12, 1.0, K) + ((q - 0.25) * (1 - q) / 0.75) ** 2 * at.var
    return WatchedCheck(known(), check(days, q + spread**0.5 * (-1) ** number))


@pytest.mark.parametrize(("half", "least", "most"), [(60, 60, 140), (198, 180, 220), (800, 500, 900)])
def test_checks_tell_how_fast_it_fades(half: float, least: int, most: int) -> None:
    found = half_gain([faded(number, half) for number in range(300)], K)
    assert found is not None
    assert least <= found <= most


def test_few_checks_say_nothing() -> None:
    checks = [faded(number, 800) for number in range(LEAST_CHECKS)]
    assert half_gain(checks, K) is not None
    assert half_gain(checks[1:], K) is None
    assert half_gain([*checks[1:], *(faded(-17, 800) for _ in range(50))], K) is None


@pytest.mark.parametrize(
    ("one", "told"),
    [
        (WatchedCheck(known(), check(14, 0.5)), True),
        (WatchedCheck(known(), check(13, 0.5)), False),
        (WatchedCheck(known(0.0), check(100, 0.5)), False),
        (
            WatchedCheck(known(), Piece(day=DAY + timedelta(60), kind=EvidenceKind.REVIEW, share=1, mark=1, items=4)),
            False,
        ),
    ],
)
def test_checks_that_count_for_fading(one: WatchedCheck, told: bool) -> None:
    assert shows_fading(one) is told


def test_check_is_compared_with_the_state_before_it() -> None:
    pieces = [
        Piece(day=DAY, kind=EvidenceKind.MODULE, trust=1.0, training="course:1"),
        check(0, 10 / 12),
        check(100, 6 / 12, EvidenceKind.SURPRISE),
        Piece(day=DAY + timedelta(120), kind=EvidenceKind.REFRESHER, training="course:2"),
    ]
    closing, surprise = watched_checks(pieces, RULE)
    assert (closing.check, surprise.check) == (pieces[1], pieces[2])
    assert closing.state.mu == pytest.approx(2.0)  # straight after the module
    assert surprise.state.watched == DAY.toordinal()
    assert watched_checks(pieces[1:2], RULE) == []  # nothing was known before


def test_the_command_proposes_and_changes_nothing(context: Flask) -> None:
    it.load_framework()
    for number in range(LEAST_CHECKS):
        person_id = factories.person()
        day = it.days(60 + number)
        it.trained_and_checked(person_id, day)
        # sixty days later nothing is lost
        it.record(it.new(person_id, EvidenceKind.SURPRISE, it.days(number), right=11 / 12))
    before = it.book(person_id)
    db.session.rollback()
    lines = context.test_cli_runner().invoke(args=["competence", "refit"]).output.splitlines()
    found = {line.partition(":")[0]: line for line in lines}
    assert len(lines) == len(it.framework().competencies)
    assert found["LRE-01"] == "LRE-01: 0 checks, 30 are needed."
    proposed = re.fullmatch(r"VIC-02: half_gain = (\d+)  # 30 checks, 330 days are assumed", found["VIC-02"])
    assert proposed is not None
    assert int(proposed[1]) > 400
    db.session.rollback()
    assert it.book(person_id) == before
