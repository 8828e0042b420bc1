"""Rules of nominated events: phases, steps and the next actor, eligibility, problems of a draft."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from app.access.policy import Sensitivity
from app.kernel.errors import IllegalMoveError
from app.workshops.domain.eligibility import (
    Obstacle,
    ObstacleKind,
    OfficerQualifications,
    Requirements,
    obstacles,
)
from app.workshops.domain.events import EnrolmentMode, WorkshopState
from app.workshops.domain.nomination_drafts import nomination_problems
from app.workshops.domain.nominations import (
    ENDED,
    LIVE,
    OFFICES,
    TOOK_PART,
    TRANSITIONS,
    EventDeadlines,
    LanguageLevel,
    NextActor,
    NominationFacts,
    NominationOffice,
    NominationState,
    NominationStep,
    next_step,
    state_after,
)
from app.workshops.domain.phases import EventTimes, NominationRules, Phase, phase

MIDNIGHT = datetime(2027, 2, 28, 22, tzinfo=UTC)  # begin of 1 March in Sofia
SECOND = timedelta(seconds=1)
NOMINATED = EventTimes(
    state=WorkshopState.ANNOUNCED,
    enrolment=EnrolmentMode.NOMINATED,
    time_zone="Europe/Sofia",
    starts_at=datetime(2027, 5, 4, 6, tzinfo=UTC),
    ends_at=datetime(2027, 5, 5, 14, tzinfo=UTC),
    nomination_opens=date(2027, 3, 1),
    nomination_deadline=date(2027, 3, 20),
)
CLOSES = datetime(2027, 3, 20, 22, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (MIDNIGHT - SECOND, Phase.ANNOUNCED),
        (MIDNIGHT, Phase.NOMINATIONS_OPEN),
        (CLOSES - SECOND, Phase.NOMINATIONS_OPEN),
        (CLOSES, Phase.NOMINATIONS_CLOSED),
        (NOMINATED.starts_at, Phase.RUNNING),
        (NOMINATED.ends_at, Phase.FINISHED),
    ],
)
def test_phase_follows_the_days_in_the_zone_of_the_event(now: datetime, expected: Phase) -> None:
    assert phase(NOMINATED, now) is expected


@pytest.mark.parametrize("state", [WorkshopState.SELECTION_MADE, WorkshopState.SEATS_CONFIRMED])
def test_decided_phase_lasts_until_the_event_begins(state: WorkshopState) -> None:
    event = replace(NOMINATED, state=state)
    assert phase(event, MIDNIGHT).value == state.value
    assert phase(event, event.starts_at) is Phase.RUNNING


@pytest.mark.parametrize(
    "state", [WorkshopState.DRAFT, WorkshopState.POSTPONED, WorkshopState.CLOSED, WorkshopState.CANCELLED]
)
def test_phase_of_other_states_does_not_depend_on_time(state: WorkshopState) -> None:
    event = replace(NOMINATED, state=state)
    assert {phase(event, now).value for now in (MIDNIGHT, event.starts_at, event.ends_at)} == {state.value}


def test_open_event_has_no_nomination_phases() -> None:
    event = replace(NOMINATED, enrolment=EnrolmentMode.OPEN, nomination_opens=None, nomination_deadline=None)
    assert phase(event, MIDNIGHT) is Phase.ANNOUNCED


def test_ended_nomination_has_no_step_and_live_one_can_be_withdrawn() -> None:
    for state in NominationState:
        steps = {step for before, step in TRANSITIONS if before is state}
        assert (NominationStep.WITHDRAW in steps) == (state in LIVE)
        assert not steps or state not in ENDED
    assert set(OFFICES) == set(NominationStep)
    assert {*LIVE, *ENDED, *TOOK_PART} == set(NominationState)
    with pytest.raises(IllegalMoveError):
        state_after(NominationState.INTERESTED, NominationStep.SELECT)


DEADLINES = EventDeadlines(
    state=WorkshopState.ANNOUNCED,
    closes_at=CLOSES,
    reallocates_at=datetime(2027, 4, 14, 21, tzinfo=UTC),
    starts_at=NOMINATED.starts_at,
)
OFFER_ENDS = datetime(2027, 3, 28, 21, tzinfo=UTC)


@pytest.mark.parametrize(
    ("state", "office", "until"),
    [
        (NominationState.INTERESTED, NominationOffice.SUPERVISOR, CLOSES),
        (NominationState.ENDORSED, NominationOffice.CONTACT_POINT, CLOSES),
        (NominationState.NOMINATED, NominationOffice.SECRETARIAT, DEADLINES.reallocates_at),
        (NominationState.SELECTED, NominationOffice.SECRETARIAT, DEADLINES.reallocates_at),
        (NominationState.WAITLISTED, NominationOffice.SYSTEM, DEADLINES.starts_at),
        (NominationState.OFFERED, NominationOffice.NOMINEE, OFFER_ENDS),
    ],
)
def test_next_step_names_actor_and_deadline(state: NominationState, office: NominationOffice, until: datetime) -> None:
    nomination = NominationFacts(state, OFFER_ENDS, has_supervisor=True)
    assert next_step(nomination, DEADLINES, MIDNIGHT) == NextActor(office, until)
    assert next_step(nomination, DEADLINES, until) is None
    assert next_step(nomination, replace(DEADLINES, state=WorkshopState.POSTPONED), MIDNIGHT) is None


def test_contact_point_acts_for_an_officer_without_supervisor() -> None:
    nomination = NominationFacts(NominationState.INTERESTED, None, has_supervisor=False)
    assert next_step(nomination, DEADLINES, MIDNIGHT) == NextActor(NominationOffice.CONTACT_POINT, CLOSES)


@pytest.mark.parametrize("state", [*ENDED, *TOOK_PART, NominationState.CONFIRMED])
def test_settled_nomination_waits_for_no_actor(state: NominationState) -> None:
    assert next_step(NominationFacts(state, None, has_supervisor=True), DEADLINES, MIDNIGHT) is None


EVENT = Requirements(
    roles=("investigator", "analyst"),
    courses=("M01", "M02"),
    competencies=("ONL-07:foundation",),
    sensitivity=Sensitivity.LAW_ENFORCEMENT_ONLY,
    languages=("en", "ar"),
)
ELIGIBLE = OfficerQualifications(
    is_practitioner=True,
    roles=("analyst",),
    courses={"M01", "M02"},
    competencies={"ONL-07:foundation"},
    language="fr",
    language_level=LanguageLevel.BASIC,
    overlapping=(),
)


def test_eligible_officer_has_no_obstacle() -> None:
    assert obstacles(EVENT, ELIGIBLE) == []
    assert obstacles(EVENT, replace(ELIGIBLE, language="ar", language_level=LanguageLevel.NONE)) == []


def test_every_obstacle_is_named_with_what_is_missing() -> None:
    officer = OfficerQualifications(
        is_practitioner=False,
        roles=("first_responder",),
        courses={"M02"},
        competencies=(),
        language="fr",
        language_level=LanguageLevel.NONE,
        overlapping=("WS-2027-09",),
    )
    missing = obstacles(EVENT, officer)
    assert missing == [
        Obstacle(ObstacleKind.ROLE, ("investigator", "analyst")),
        Obstacle(ObstacleKind.COURSES, ("M01",)),
        Obstacle(ObstacleKind.COMPETENCIES, ("ONL-07:foundation",)),
        Obstacle(ObstacleKind.SENSITIVITY),
        Obstacle(ObstacleKind.LANGUAGE, ("en", "ar")),
        Obstacle(ObstacleKind.OVERLAP, ("WS-2027-09",)),
    ]
    assert len({obstacle.remedy for obstacle in missing}) == len(missing)


RULES = NominationRules(opens=date(2027, 3, 1), deadline=date(2027, 3, 20), guaranteed=1)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"guaranteed": 3}, "More seats are guaranteed"),  # 3 for each of 13 countries
        ({"guaranteed": -1}, "More seats are guaranteed"),
        ({"observers": 4}, "at most"),
        ({"offer_days": 0}, "open for 1 to"),
        ({"minimum": 27}, "minimum of participants"),
        ({"opens": date(2027, 3, 21)}, "close before"),
        ({"deadline": date(2027, 5, 4)}, "close before"),
        ({"reallocation": date(2027, 3, 19)}, "other days"),
        ({"withdraw_by": date(2027, 5, 5)}, "other days"),
        ({"countries": ("Bulgaria",)}, "member countries"),
    ],
)
def test_impossible_rules_are_named(values: dict[str, object], message: str) -> None:
    rules = replace(RULES, **values)  # type: ignore[arg-type]
    problems = [str(error) for error in nomination_problems(rules, capacity=26, first_day=date(2027, 5, 4))]
    assert any(message in problem for problem in problems), problems


def test_two_guaranteed_seats_for_thirteen_countries_fill_twenty_six() -> None:
    assert list(nomination_problems(replace(RULES, guaranteed=2), capacity=26, first_day=date(2027, 5, 4))) == []
