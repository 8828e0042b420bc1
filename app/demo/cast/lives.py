"""Plan the half year of an officer in courses by the story of the country; `careers` has the steps of a course."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import takewhile
from random import Random

from app.demo.cast import careers
from app.demo.cast.careers import AttemptTaken, CareerStep, CourseMaterial, LessonRead, Study
from app.demo.cast.countries import GUIDE_COURSE, LAW, NEW_COURSES, ONLINE, SIGNS, CountryStory, SheetArrival

RECENT_DAYS = 20  # an officer without a step for three weeks is stalled
PASSES = 0.85  # ratio of right answers with which a test is passed


@dataclass(frozen=True, slots=True)
class LifeStart:
    """The first role of an officer, the time of arrival, and the sheet with which the officer came."""

    role: str
    since: datetime
    sheet: SheetArrival | None = None


def by_code(courses: Sequence[CourseMaterial]) -> dict[str, CourseMaterial]:
    """Return courses by code, in their order."""
    return {course.outline.code: course for course in courses}


def arrival(story: CountryStory, sheet: SheetArrival | None, now: datetime, random: Random) -> datetime:
    """Return when an officer arrives: at the time of the sheet, or on a day of the story, more likely an early one."""
    if sheet is not None:
        return now - timedelta(days=sheet.days_ago, minutes=random.randrange(60))
    first, last = story.arrivals
    return now - timedelta(days=last + (first - last) * random.random() ** 0.5)


def studies(
    story: CountryStory, start: LifeStart, courses: Mapping[str, CourseMaterial], now: datetime, random: Random
) -> list[Study]:
    """Return the courses of an officer in order; one that is not completed is the last."""
    if _is_idle(start, random):
        return []
    pace, written = timedelta(days=random.choice(story.paces)), list[Study]()
    at = start.since
    for course in _path(start.role, courses):
        at += pace * random.uniform(0.3, 1.7)
        if at >= now or random.random() >= story.begins.get(course.outline.code, 0):
            break
        completes = random.random() < story.completes.get(course.outline.code, 0)
        steps = _steps(story, course, at, pace, completes=completes, random=random)
        written.append(Study(course.outline.code, at, [*takewhile(lambda step: careers.end_of(step) < now, steps)]))
        if not completes or not written[-1].steps:
            break
        at = careers.end_of(written[-1].steps[-1])
    _continue_lately(story, written, now, random)
    return written


def _path(role: str, courses: Mapping[str, CourseMaterial]) -> Iterator[CourseMaterial]:
    """Yield the guide, the law course, and then the courses for a role: the newest last."""
    late = (ONLINE, *NEW_COURSES)
    for code in [*(code for code in courses if code not in late), *late]:
        if code in courses and _is_for(role, courses[code]):
            yield courses[code]


def _is_for(role: str, course: CourseMaterial) -> bool:
    return course.outline.code in {GUIDE_COURSE, LAW, SIGNS} or role in course.outline.facts.roles


def _is_idle(start: LifeStart, random: Random) -> bool:
    """Return whether an officer who came with a sheet has not started."""
    return start.sheet is not None and random.randrange(10) < start.sheet.idle_tenths


def _steps(
    story: CountryStory, course: CourseMaterial, at: datetime, pace: timedelta, *, completes: bool, random: Random
) -> list[CareerStep]:
    """Return the steps in a course that is completed or left."""
    steps = list(careers.steps_of(course, at, pace, skill=random.uniform(*story.skill), random=random))
    return _passed_at_last(steps) if completes else _left(story, course, steps, random)


def _passed_at_last(steps: list[CareerStep]) -> list[CareerStep]:
    """Return the steps with a last test that is passed."""
    last = steps[-1]
    return [*steps[:-1], replace(last, right=max(last.right, PASSES))] if isinstance(last, AttemptTaken) else steps


def _left(story: CountryStory, course: CourseMaterial, steps: Sequence[CareerStep], random: Random) -> list[CareerStep]:
    """Return the steps up to the one with which an officer leaves a course."""
    stall, lessons = story.stall, course.outline.facts.lessons
    if stall is not None and stall.code == course.outline.code and random.randrange(10) < stall.tenths:
        return _stalled_in(lessons[stall.lesson - 1].slug, steps, random)
    taken = list(steps[: random.randint(1, max(1, len(lessons)))])
    return _without_end(taken, random) if random.random() < 0.5 else taken


def _stalled_in(slug: str, steps: Sequence[CareerStep], random: Random) -> list[CareerStep]:
    """Return the steps up to a lesson, which is not finished."""
    before = list(takewhile(lambda step: not (isinstance(step, LessonRead) and step.lesson == slug), steps))
    return _without_end([*before, steps[len(before)]], random)


def _without_end(taken: list[CareerStep], random: Random) -> list[CareerStep]:
    """Return the steps with a last lesson that is not finished."""
    last = taken[-1]
    return [*taken[:-1], replace(last, element=random.randint(2, 6))] if isinstance(last, LessonRead) else taken


def _continue_lately(story: CountryStory, written: Sequence[Study], now: datetime, random: Random) -> None:
    """Move the last step of some unfinished courses into the last three weeks."""
    if not written or not written[-1].steps or random.random() >= story.restarts:
        return
    last, at = written[-1].steps[-1], now - timedelta(days=random.uniform(0.2, RECENT_DAYS))
    if isinstance(last, LessonRead) and last.at < at:
        written[-1].steps[-1] = replace(last, at=at)
