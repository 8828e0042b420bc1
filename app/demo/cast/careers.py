"""Plan a year of invented officers in courses; `history` runs the plans with services, `rows` writes them as rows."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import takewhile
from random import Random
from typing import assert_never

from app.catalogue.domain.scenarios import MoveRating, Scenario
from app.catalogue.shapes import Outline
from app.quizzes.domain.attempts import Purpose

YEAR = timedelta(days=300)
LATE = timedelta(days=21)
HAND_IN = timedelta(minutes=25)
CHOICE = timedelta(minutes=1)
SKIMMED_RATIO = 1 / 9  # of the finished lessons
OPEN_TESTS, OPEN_LESSONS = 0.25, 0.33  # of the last steps of their kind, at the end of a career
LIKELY = {MoveRating.BEST: 6, MoveRating.ACCEPTABLE: 3, MoveRating.POOR: 2, MoveRating.HARMFUL: 1}


@dataclass(frozen=True, slots=True)
class LessonRead:
    """A lesson read at a time: finished, or left at an `element` above 0."""

    lesson: str
    at: datetime
    element: int = 0

    def seconds(self, minutes: int) -> int:
        """Return the seconds spent in a lesson of so many minutes: one lesson in nine is only skimmed.

        The random numbers depend on the lesson and its time, so that the same career has the same seconds.
        """
        dice = Random(f"{self.lesson} {self.at.isoformat()}")  # noqa: S311 - invented people
        ratio = dice.uniform(0.03, 0.15) if dice.random() < SKIMMED_RATIO else dice.uniform(0.6, 1.3)
        return round(min(1.0, ratio) * minutes * 60)


@dataclass(frozen=True, slots=True)
class CasePlayed:
    """A case played from its first decision to its end, one choice a minute."""

    name: str
    at: datetime
    moves: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class AttemptTaken:
    """An attempt with the ratio of right answers. `ended_at` is None if it is open and half answered."""

    purpose: Purpose
    at: datetime
    right: float
    ended_at: datetime | None


CareerStep = LessonRead | CasePlayed | AttemptTaken


@dataclass(slots=True)
class Study:
    """A course and the steps taken in it, in the order of time."""

    code: str
    begun_at: datetime
    steps: list[CareerStep] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class CourseMaterial:
    """The outline of a course and its cases by name."""

    outline: Outline
    cases: Mapping[str, Scenario]


def joined(start: datetime, now: datetime, random: Random, *, haste: float = 1.0) -> datetime:
    """Return a random time of arrival, at least three weeks before `now`; earlier on average if `haste` is above 1."""
    return start + math.pow(random.random(), haste) * (now - LATE - start)


def live(courses: Sequence[CourseMaterial], since: datetime, now: datetime, random: Random) -> list[Study]:
    """Return the studies of a person: courses in order, at a random pace, some abandoned."""
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
        steps = steps_of(course, at, pace, skill=skill, random=random)
        for step in takewhile(lambda step: end_of(step) < now, steps):
            if taken >= stops_after:
                break
            study.steps.append(step)
            taken, at = taken + 1, end_of(step)
        studies.append(study)
        if len(study.steps) < len(course.outline.facts.lessons):
            break  # one course after the other
    return studies


def leave_open(studies: Sequence[Study], random: Random) -> None:
    """Leave some last tests and last lessons unfinished, at the ratios of the module."""
    if studies and studies[-1].steps:
        steps = studies[-1].steps
        steps[-1] = _unfinished_at_random(steps[-1], random)


def _unfinished_at_random(step: CareerStep, random: Random) -> CareerStep:
    if isinstance(step, AttemptTaken) and step.purpose is Purpose.TEST and random.random() < OPEN_TESTS:
        return replace(step, ended_at=None)
    if isinstance(step, LessonRead) and random.random() < OPEN_LESSONS:
        return replace(step, element=random.randint(2, 9))
    return step


def moves_to_an_end(scenario: Scenario, random: Random) -> tuple[int, ...]:
    """Return random choices that lead from the start of a case to an end."""
    nodes = {node.id: node for node in scenario.nodes}
    at, moves = nodes[scenario.start], []
    while at.moves:
        index = random.choices(range(len(at.moves)), [LIKELY[move.verdict] for move in at.moves])[0]
        moves.append(index)
        at = nodes[at.moves[index].to]
    return tuple(moves)


def steps_of(
    course: CourseMaterial, at: datetime, pace: timedelta, *, skill: float, random: Random
) -> Iterator[CareerStep]:
    """Return all steps in a course at a pace: a test before it, lessons, cases, and tests until one is passed."""
    outline = course.outline
    if outline.facts.pretest is not None and random.random() < 0.5:
        at += timedelta(minutes=2)
        yield AttemptTaken(Purpose.PRETEST, at, skill - 0.3, at + HAND_IN)
        at += HAND_IN
    for entry in outline.facts.lessons:
        at += _pause(pace, random)
        yield LessonRead(entry.slug, at)
    for name in outline.cases:
        at += _pause(pace, random)
        yield CasePlayed(name, at, moves_to_an_end(course.cases[name], random))
    if outline.facts.test is not None:
        yield from _tests(outline, at, pace, skill=skill, random=random)


def _tests(outline: Outline, at: datetime, pace: timedelta, *, skill: float, random: Random) -> Iterator[AttemptTaken]:
    rules = outline.facts.test
    if rules is None:
        return
    for number in range(rules.attempts or 3):
        at += _pause(pace, random) + (timedelta(hours=rules.wait_hours + 1) if number else timedelta(minutes=20))
        right = min(1.0, skill + 0.15 * number)
        yield AttemptTaken(Purpose.TEST, at, right, at + HAND_IN)
        at += HAND_IN
        if right >= rules.pass_mark:
            return


def end_of(step: CareerStep) -> datetime:
    """Return when a step ends."""
    match step:
        case CasePlayed(_, at, moves):
            return at + CHOICE * len(moves)
        case AttemptTaken(_, at, _, ended_at):
            return ended_at or at + HAND_IN
        case LessonRead(_, at):
            return at
        case _:
            assert_never(step)


def _pause(pace: timedelta, random: Random) -> timedelta:
    return pace * random.uniform(0.3, 1.7) + timedelta(minutes=20)
