"""What invented officers did in a year, as a plan: services can carry it out, and rows can be written of it."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from app.catalogue.domain.scenarios import Scenario, Verdict
from app.catalogue.shapes import Outline
from app.quizzes.domain.attempts import Purpose

YEAR = timedelta(days=300)
LATE = timedelta(days=21)
HAND_IN = timedelta(minutes=25)
CHOICE = timedelta(minutes=1)
LOOKED_THROUGH = 1 / 9  # of the lessons that were ended
LIKELY = {Verdict.BEST: 6, Verdict.ACCEPTABLE: 3, Verdict.POOR: 2, Verdict.HARMFUL: 1}


@dataclass(frozen=True, slots=True)
class Reading:
    """A lesson at a time: ended, or (`place` above 0) left in the middle."""

    lesson: str
    at: datetime
    place: int = 0

    def seconds(self, minutes: int) -> int:
        """Return the seconds spent in the lesson: one in nine is looked through, most are read for their minutes.

        The lesson and its time decide, so that the same life has the same minutes.
        """
        dice = Random(f"{self.lesson} {self.at.isoformat()}")  # noqa: S311 - invented people
        share = dice.uniform(0.03, 0.15) if dice.random() < LOOKED_THROUGH else dice.uniform(0.6, 1.3)
        return round(min(1.0, share) * minutes * 60)


@dataclass(frozen=True, slots=True)
class Walking:
    """A case from its first decision to its end, one choice a minute."""

    name: str
    at: datetime
    moves: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Sitting:
    """A paper with this share of its questions right; `ended_at` None: still open, half of it answered."""

    purpose: Purpose
    at: datetime
    right: float
    ended_at: datetime | None


Step = Reading | Walking | Sitting


@dataclass(slots=True)
class Study:
    """A course and what was done in it, in the order of time."""

    code: str
    begun_at: datetime
    steps: list[Step] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Asked:
    """A course as lives need it: its outline and its cases by name."""

    outline: Outline
    cases: Mapping[str, Scenario]


def joined(start: datetime, now: datetime, random: Random, *, haste: float = 1.0) -> datetime:
    """Return when somebody came: after the start, but not in the last three weeks; with haste, sooner than evenly."""
    return start + math.pow(random.random(), haste) * (now - LATE - start)


def live(courses: Sequence[Asked], since: datetime, now: datetime, random: Random) -> list[Study]:
    """Return what one person did since then: courses in order, at an own pace, some given up on the way."""
    pace = timedelta(days=random.choice((0.4, 1.5, 4.0, 9.0)))
    stops_after = random.choice((2, 6, 9, 15, 99, 99, 99))
    skill = random.uniform(0.55, 0.95)
    at, taken = since, 0
    studies: list[Study] = []
    for course in courses:
        at += _pause(pace, random)
        if at >= now or taken >= stops_after:
            break
        study = Study(course.outline.code, at)
        for step in _steps(course, at, pace, skill=skill, random=random):
            if _end(step) >= now or taken >= stops_after:
                break
            study.steps.append(step)
            taken, at = taken + 1, _end(step)
        studies.append(study)
        if len(study.steps) < len(course.outline.facts.lessons):
            break  # one course after the other
    return studies


def leave_open(studies: list[Study], now: datetime, random: Random) -> None:
    """Let one in four who came as far as a test, and one in three in the lessons, stop in the middle of it."""
    if not studies or not studies[-1].steps:
        return
    last = studies[-1].steps[-1]
    if isinstance(last, Sitting) and last.purpose is Purpose.TEST and random.random() < 0.25:
        studies[-1].steps[-1] = Sitting(last.purpose, last.at, last.right, None)
    elif isinstance(last, Reading) and random.random() < 0.33:
        studies[-1].steps[-1] = Reading(last.lesson, last.at, place=random.randint(2, 9))


def walk(scenario: Scenario, random: Random) -> tuple[int, ...]:
    """Return choices that lead from the start of a case to an end."""
    nodes = {node.id: node for node in scenario.nodes}
    at, moves = nodes[scenario.start], []
    while at.moves:
        place = random.choices(range(len(at.moves)), [LIKELY[move.verdict] for move in at.moves])[0]
        moves.append(place)
        at = nodes[at.moves[place].to]
    return tuple(moves)


def _steps(course: Asked, at: datetime, pace: timedelta, *, skill: float, random: Random) -> Iterator[Step]:
    outline = course.outline
    if outline.facts.pretest is not None and random.random() < 0.5:
        at += timedelta(minutes=2)
        yield Sitting(Purpose.PRETEST, at, skill - 0.3, at + HAND_IN)
        at += HAND_IN
    for entry in outline.facts.lessons:
        at += _pause(pace, random)
        yield Reading(entry.slug, at)
    for name in outline.cases:
        at += _pause(pace, random)
        yield Walking(name, at, walk(course.cases[name], random))
    if outline.facts.test is not None:
        yield from _tests(outline, at, pace, skill=skill, random=random)


def _tests(outline: Outline, at: datetime, pace: timedelta, *, skill: float, random: Random) -> Iterator[Sitting]:
    rules = outline.facts.test
    if rules is None:
        return
    for number in range(rules.attempts or 3):
        at += _pause(pace, random) + (timedelta(hours=rules.wait_hours + 1) if number else timedelta(minutes=20))
        right = min(1.0, skill + 0.15 * number)
        yield Sitting(Purpose.TEST, at, right, at + HAND_IN)
        at += HAND_IN
        if right >= rules.pass_mark:
            return


def _end(step: Step) -> datetime:
    match step:
        case Walking(_, at, moves):
            return at + CHOICE * len(moves)
        case Sitting(_, at, _, ended_at):
            return ended_at or at + HAND_IN
    return step.at


def _pause(pace: timedelta, random: Random) -> timedelta:
    return pace * random.uniform(0.3, 1.7) + timedelta(minutes=20)
