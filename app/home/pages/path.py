"""The own path: what the roles of a person need, where they stand with each competency, what comes next."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import url_for
from sqlalchemy.exc import NoResultFound

from app.access.policy import Actor
from app.catalogue.domain.items import Level
from app.catalogue.domain.references.competencies import Competencies, Competency
from app.catalogue.queries import courses as catalogue
from app.competence.domain.claims import ClaimState
from app.competence.domain.evidence import LEVELS
from app.competence.domain.statuses import Status
from app.competence.labels import competencies
from app.competence.queries import competencies as competence
from app.competence.shapes import ClaimLine, CompetencyStatus
from app.i18n.languages import direction
from app.i18n.stored_translations import SOURCE, TranslatedText
from app.learning import labels as courses
from app.learning.shapes import CourseStatus
from app.workshops.domain.events import is_for
from app.workshops.shapes import WorkshopLine

ORDER = {"here": 0, "open": 1, "done": 2}  # a course under way is the nearest step
COURSE_HELPS = {
    Status.NOT_STARTED: {"here", "open"},
    Status.IN_TRAINING: {"here", "open"},
    Status.DUE: {"here", "done"},
    Status.LAPSED: {"here", "open", "done"},
}


@dataclass(frozen=True, slots=True)
class Event:
    """A workshop to come, its title, and the competencies that are scored there."""

    line: WorkshopLine
    title: TranslatedText
    outcomes: frozenset[tuple[str, Level]]


@dataclass(frozen=True, slots=True)
class Ways:
    """What may lead on: the courses one may read, the workshops to come, the nearest first; the roles one serves in."""

    courses: Sequence[CourseStatus]
    events: Sequence[Event]
    roles: frozenset[str]

    def course(self, competency: str) -> CourseStatus | None:
        """Return the course that teaches a competency, one under way before others."""
        found = [one for one in self.courses if competency in {aim.id for aim in one.outline.facts.competencies}]
        return min(found, key=lambda one: ORDER[courses.state(one)], default=None)

    def event(self, stands: CompetencyStatus) -> Event | None:
        """Return the next workshop for one's roles that assesses a competency at the level in question or above."""
        return next((each for each in self._assessing(stands) if is_for(each.line.roles, self.roles)), None)

    def is_for_others(self, stands: CompetencyStatus) -> bool:
        """Say whether workshops assess a competency at that level, and each is for roles that one does not serve in."""
        return self.event(stands) is None and any(self._assessing(stands))

    def _assessing(self, stands: CompetencyStatus) -> Iterator[Event]:
        enough = LEVELS[LEVELS.index(stands.needed or stands.level) :]
        wanted = {(stands.competency, each) for each in enough}
        return (each for each in self.events if wanted & each.outcomes)


def events(
    lines: Sequence[WorkshopLine],
    outcomes: Mapping[UUID, frozenset[tuple[str, Level]]],
    said: Mapping[tuple[UUID, str], TranslatedText],
) -> list[Event]:
    """Return the workshops that score something, with their titles or their codes."""
    found = [
        Event(line, said.get((line.id, "title"), TranslatedText(line.code, SOURCE)), outcomes[line.id])
        for line in lines
    ]
    return [one for one in found if one.outcomes]


@dataclass(frozen=True, slots=True)
class FrameworkCompetency:
    """A competency of the framework."""

    framework: Competencies
    entry: Competency


def asked(_actor: Actor, competency: str) -> FrameworkCompetency:
    """Return the competency of this id, or raise NoResultFound."""
    framework = catalogue.competencies()
    entry = framework.get(competency) if framework is not None else None
    if framework is None or entry is None:
        raise NoResultFound
    return FrameworkCompetency(framework, entry)


def waiting(actor: Actor, competency: str) -> ClaimLine:
    """Return the actor's own claim that waits for a second person, or raise NoResultFound."""
    for line in competence.claims_of(actor.id):
        if line.competency == competency and line.state is ClaimState.WAITING:
            return line
    raise NoResultFound


def show(
    standings: Sequence[CompetencyStatus], framework: Competencies, ways: Ways, roles: Iterable[str]
) -> dict[str, Any]:
    """Return the needs by area, a line that sums them up, and what was shown beyond them."""
    needed = [one for one in standings if one.needed is not None]
    titles = [competencies.title(framework, role) for role in roles]
    return {
        "roles": titles,
        "areas": _areas(needed, framework, ways),
        "also": [_row(one, framework, ways) for one in standings if one.needed is None],
        "summary": competencies.summary(needed),
        "ready": True,
    }


def steps(stands: CompetencyStatus, ways: Ways) -> list[dict[str, Any]]:
    """Return what comes next for a competency: a course, a workshop, both or nothing."""
    if stands.status is Status.VERIFIED:
        return []
    found = []
    course = ways.course(stands.competency)
    if course is not None and courses.state(course) in COURSE_HELPS[stands.status]:
        found.append(_course(course))
    event = ways.event(stands)
    if event is not None:
        found.append(_workshop(event))
    return found


def course_href(stands: CourseStatus) -> str:
    """Return the address of a course."""
    return url_for("learning.course", course=stands.outline.slug)


def event_href(event: Event) -> str:
    """Return the address of a workshop."""
    return url_for("workshops.show_workshop", workshop_id=event.line.id)


def _areas(needed: Sequence[CompetencyStatus], framework: Competencies, ways: Ways) -> list[dict[str, Any]]:
    places: Mapping[str, str] = {one.id: one.area for one in framework.competencies}
    found = []
    for area in framework.areas:
        rows = [_row(one, framework, ways) for one in needed if places.get(one.competency) == area.id]
        if rows:
            found.append({"id": area.id.lower(), "title": competencies.title(framework, area.id), "rows": rows})
    return found


def _row(stands: CompetencyStatus, framework: Competencies, ways: Ways) -> dict[str, Any]:
    href = url_for("home.competency", competency=stands.competency)
    return competencies.row(stands, framework) | {
        "href": href,
        "steps": steps(stands, ways),
        "for_others": ways.is_for_others(stands),
    }


def _course(stands: CourseStatus) -> dict[str, Any]:
    code = courses.shown(stands.outline)
    state = courses.state(stands)
    return {
        "kind": {"open": "begin", "here": "go_on", "done": "again"}[state],
        "title": f"{stands.outline.code} {stands.outline.title(code)}",
        "lang": code,
        "dir": direction(code),
        "href": course_href(stands),
        "day": None,
    }


def _workshop(event: Event) -> dict[str, Any]:
    return {
        "kind": "workshop",
        "title": event.title.text,
        "lang": event.title.lang,
        "dir": event.title.dir,
        "href": event_href(event),
        "day": event.line.first_day,
    }


# what the page says before a framework was loaded
NOTHING = {"roles": [], "areas": [], "also": [], "summary": competencies.summary([]), "ready": False}
